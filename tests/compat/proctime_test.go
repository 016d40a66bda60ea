package compat_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestClockWindows: in either model a window of processing time closes when the clock has passed its end, also if no more rows come and
// nobody asks for the newest epoch; so do windows of windows, and sessions. Each row is in the window of the time at which it came, in
// every view, whenever that was made.
func TestClockWindows(t *testing.T) {
	c := connect(t, startStreamDB(t))
	run(t, c, "CREATE STREAM bid (bidder int, at timestamp, WATERMARK FOR at AS at)")
	const from = "(SELECT bidder, proctime() AS p FROM bid), p, INTERVAL '300 milliseconds'"
	closing := map[string]string{
		"tumble":  "SELECT bidder, window_start AS s, count(*) AS n FROM TUMBLE(" + from + ") GROUP BY bidder, window_start, window_end",
		"session": "SELECT bidder, window_start AS s, count(*) AS n FROM SESSION(" + from + " PARTITION BY bidder) GROUP BY bidder, window_start, window_end",
		"hop":     "SELECT bidder, window_start AS s, count(*) AS n FROM HOP((SELECT bidder, proctime() AS p FROM bid), p, INTERVAL '100 milliseconds', INTERVAL '300 milliseconds') GROUP BY bidder, window_start, window_end",
		"wide": "SELECT bidder, window_start AS s, sum(n) AS n FROM TUMBLE((SELECT bidder, window_end AS e, count(*) AS n FROM TUMBLE(" + from +
			") GROUP BY bidder, window_start, window_end), e, INTERVAL '600 milliseconds') GROUP BY bidder, window_start, window_end",
	}
	views := func(f func(view, query string)) {
		for _, name := range slices.Sorted(maps.Keys(closing)) {
			for _, model := range models {
				f(name+"_"+model, closing[name])
			}
		}
	}
	create := func(prefix string) {
		views(func(view, query string) {
			_, model, _ := strings.Cut(view, "_")
			run(t, c, fmt.Sprintf("CREATE VIEW %s%s WITH (execution = '%s') AS %s EMIT ON WINDOW CLOSE", prefix, view, model, query))
		})
	}
	ask := func(sql string) string { return string(copyOut(t, c, sql)) }
	create("")
	run(t, c, "INSERT INTO bid SELECT i % 3, '2026-01-01' FROM generate_series(1, 30) i")
	run(t, c, "SET read_consistency = 'latest'")
	views(func(view, _ string) {
		want := map[bool]string{false: "0\t10\n1\t10\n2\t10\n", true: "0\t30\n1\t30\n2\t30\n"}[view[:3] == "hop"]
		require.Eventually(t, func() bool {
			return ask("SELECT bidder, sum(n) FROM "+view+" GROUP BY bidder ORDER BY bidder") == want
		}, 20*time.Second, 5*time.Millisecond, view)
	})
	run(t, c, "SET read_consistency = 'strict'")
	create("later_")
	views(func(view, query string) {
		require.Equal(t, ask(query+" ORDER BY bidder, s"), ask("SELECT * FROM "+view+" ORDER BY bidder, s"), view)
		require.Equal(t, ask(query+" ORDER BY bidder, s"), ask("SELECT * FROM later_"+view+" ORDER BY bidder, s"), view)
	})
	require.Equal(t, "0\n", ask("SELECT sum(late_rows) FROM streamdb.views"))
}

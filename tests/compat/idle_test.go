package compat_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// unitedWindows are the closed windows of two streams together.
const unitedWindows = `SELECT window_start, count(*) FROM TUMBLE((SELECT at FROM busy UNION ALL SELECT at FROM quiet), at, INTERVAL '10 seconds')
	GROUP BY window_start, window_end EMIT ON WINDOW CLOSE`

// joinedTimes are pairs of rows that lie near each other in time.
const joinedTimes = `SELECT b.at, count(q.at) FROM TUMBLE(busy, at, INTERVAL '10 seconds') b LEFT JOIN TUMBLE(quiet, at, INTERVAL '10 seconds') q
	ON b.window_start = q.window_start AND b.window_end = q.window_end GROUP BY b.at`

// TestIdleStream: a stream that has fallen idle holds up nothing where it meets another, in either model; its rows are judged by what was
// closed without it when they come again; and a view that is made later judges them alike.
func TestIdleStream(t *testing.T) {
	c := connect(t, startStreamDB(t))
	run(t, c, "CREATE STREAM busy (at timestamp, WATERMARK FOR at AS at)")
	run(t, c, "CREATE STREAM quiet (at timestamp, WATERMARK FOR at AS at) WITH (idle_timeout = '20 milliseconds')")
	create := func(suffix string) {
		for _, model := range models {
			run(t, c, fmt.Sprintf("CREATE VIEW united_%s_%s WITH (execution = '%s') AS %s", model, suffix, model, unitedWindows))
			run(t, c, fmt.Sprintf("CREATE VIEW joined_%s_%s WITH (execution = '%s') AS %s", model, suffix, model, joinedTimes))
		}
	}
	rows := func(view string) string { return string(copyOut(t, c, "SELECT * FROM "+view+" ORDER BY 1")) }
	create("early")
	run(t, c, "INSERT INTO quiet VALUES ('2020-01-01 00:00:01')")
	run(t, c, "INSERT INTO busy VALUES ('2020-01-01 00:00:02'), ('2020-01-01 00:00:25')")
	for _, model := range models {
		require.Eventually(t, func() bool { return rows("united_"+model+"_early") != "" }, 20*time.Second, 5*time.Millisecond)
		require.Equal(t, "2020-01-01 00:00:00\t2\n", rows("united_"+model+"_early"))
	}
	run(t, c, "INSERT INTO quiet VALUES ('2020-01-01 00:00:05')") // late: the window has closed without it
	run(t, c, "INSERT INTO quiet VALUES ('2020-01-01 00:00:21')")
	run(t, c, "INSERT INTO busy VALUES ('2020-01-01 00:00:40')")
	create("later")
	for _, model := range models {
		for _, suffix := range []string{"early", "later"} {
			united, joined := "united_"+model+"_"+suffix, "joined_"+model+"_"+suffix
			require.Eventually(t, func() bool { return rows(united) != "2020-01-01 00:00:00\t2\n" && rows(united) != "" }, 20*time.Second, 5*time.Millisecond)
			require.Equal(t, "2020-01-01 00:00:00\t2\n2020-01-01 00:00:20\t2\n", rows(united), united)
			require.Equal(t, "2020-01-01 00:00:02\t1\n2020-01-01 00:00:25\t1\n2020-01-01 00:00:40\t0\n", rows(joined), joined)
			late := string(copyOut(t, c, fmt.Sprintf("SELECT late_rows FROM streamdb.views WHERE name IN ('%s', '%s')", united, joined)))
			require.Equal(t, "1\n1\n", late, suffix)
		}
	}
}

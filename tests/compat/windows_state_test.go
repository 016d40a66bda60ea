package compat_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// boundedQueries are windowed queries whose state must not grow: each frees what windows have closed.
var boundedQueries = []string{
	"SELECT k, window_start, window_end, count(*), max(v) FROM TUMBLE(s, at, INTERVAL '10 seconds') GROUP BY k, window_start, window_end",
	"SELECT window_start, window_end, count(DISTINCT v), array_agg(k) FROM TUMBLE(s, at, INTERVAL '10 seconds') GROUP BY window_start, window_end EMIT ON WINDOW CLOSE",
	"SELECT k, window_start, window_end, sum(v), max(v) FROM HOP(s, at, INTERVAL '2 seconds', INTERVAL '10 seconds') GROUP BY k, window_start, window_end",
	"SELECT k, window_start, window_end, sum(v), max(v) FROM HOP(s, at, INTERVAL '2 seconds', INTERVAL '10 seconds') GROUP BY k, window_start, window_end EMIT ON WINDOW CLOSE",
	"SELECT k, window_start, window_end, sum(v) FROM CUMULATE(s, at, INTERVAL '2 seconds', INTERVAL '10 seconds') GROUP BY k, window_start, window_end EMIT ON WINDOW CLOSE",
	"SELECT k, window_start, window_end, count(*) FROM SESSION(s, at, INTERVAL '5 seconds' PARTITION BY k) GROUP BY k, window_start, window_end",
	"SELECT k, window_start, window_end, count(*) FROM SESSION(s, at, INTERVAL '5 seconds' PARTITION BY k) GROUP BY k, window_start, window_end EMIT ON WINDOW CLOSE",
	"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end ORDER BY v DESC) AS r FROM TUMBLE(s, at, INTERVAL '10 seconds')) x WHERE r <= 3",
	"SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY window_start, window_end, k ORDER BY at DESC) AS r FROM TUMBLE(s, at, INTERVAL '10 seconds')) x WHERE r = 1 EMIT ON WINDOW CLOSE",
	"SELECT k, at, sum(v) OVER (PARTITION BY window_start, window_end, k ORDER BY at) FROM TUMBLE(s, at, INTERVAL '10 seconds')",
	"SELECT DISTINCT window_start, window_end, k FROM TUMBLE(s, at, INTERVAL '10 seconds')",
	"SELECT * FROM (SELECT *, rank() OVER (PARTITION BY window_start, window_end ORDER BY n DESC) AS r FROM (SELECT k, window_start, window_end, count(*) AS n FROM HOP(s, at, INTERVAL '2 seconds', INTERVAL '10 seconds') GROUP BY k, window_start, window_end) x) y WHERE r <= 1",
	"SELECT a.k, a.v, b.v AS w FROM s a JOIN s b ON a.k = b.k AND b.at BETWEEN a.at AND a.at + INTERVAL '2 seconds' AND a.v < b.v EMIT ON WINDOW CLOSE",
	"SELECT count(*) FROM s a JOIN s b ON a.k = b.k AND b.at BETWEEN a.at AND a.until",
	"SELECT a.k, a.v, b.v AS w FROM s a LEFT JOIN s b ON a.k = b.k AND a.at < b.until AND b.at < a.until AND a.v < b.v EMIT ON WINDOW CLOSE",
	"SELECT w, max(n) FROM (SELECT k, window_end AS w, count(*) AS n FROM TUMBLE(s, at, INTERVAL '10 seconds') GROUP BY k, window_end) x GROUP BY w",
	"SELECT k, at, sum(v) OVER w, row_number() OVER w, max(v) OVER w, lag(v, 3) OVER w FROM s WINDOW w AS (PARTITION BY k ORDER BY at)",
	"SELECT k, at, count(*) OVER (PARTITION BY k ORDER BY at RANGE INTERVAL '5 seconds' PRECEDING) FROM s",
}

// TestStateStaysFlat has an hour of event time leave no more operator state than a minute did.
func TestStateStaysFlat(t *testing.T) {
	c := connect(t, startStreamDB(t))
	run(t, c, "CREATE STREAM s (k int, at timestamp, v int, until timestamp, WATERMARK FOR at AS at - INTERVAL '2 seconds')")
	for i, q := range boundedQueries {
		for _, model := range models {
			run(t, c, fmt.Sprintf("CREATE VIEW flat%d_%s WITH (execution = '%s') AS %s", i, model, model, q))
		}
	}
	now := 0 // tenths of a second
	pass := func(minutes int) {
		for range minutes {
			// A row every tenth of a second, of one of 7 keys; each key is silent for a while now and then, so that sessions end.
			run(t, c, fmt.Sprintf("INSERT INTO s SELECT (i / 80 + i %% 2) %% 7, timestamp '2020-01-01' + i * INTERVAL '100 milliseconds', i %% 50, timestamp '2020-01-01' + (i + i %% 50) * INTERVAL '100 milliseconds' FROM generate_series(%d, %d) i", now, now+599))
			now += 600
		}
	}
	pass(1)
	minute := operatorState(t, string(settled(t, c)))
	pass(59)
	deadline := time.Now().Add(time.Minute)
	for {
		hour := operatorState(t, string(settled(t, c)))
		require.Len(t, hour, len(minute))
		var grown []string
		for view, bytes := range hour {
			if bytes > minute[view]+minute[view]/4+4096 {
				grown = append(grown, fmt.Sprintf("%s: state after a minute %d, after an hour %d", view, minute[view], bytes))
			}
		}
		if len(grown) == 0 {
			return
		}
		// A snapshot that is being written has pages that were copied since: they go when it is stored.
		require.True(t, time.Now().Before(deadline), grown)
		time.Sleep(100 * time.Millisecond)
	}
}

// settled is the state of all views once they have come to the newest epoch.
func settled(t *testing.T, c *pgconn.PgConn) []byte {
	run(t, c, "FLUSH")
	return copyOut(t, c, "SELECT view, sum(state_bytes)::bigint FROM streamdb.operators GROUP BY view")
}

// operatorState are the bytes of state of each view.
func operatorState(t *testing.T, rows string) map[string]int64 {
	out := map[string]int64{}
	for _, line := range strings.Split(strings.TrimSpace(rows), "\n") {
		view, bytes, _ := strings.Cut(line, "\t")
		n, err := strconv.ParseInt(bytes, 10, 64)
		require.NoError(t, err, rows)
		out[view] = n
	}
	return out
}

package bench

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// BenchmarkInsertToSubscriber is the time from sending an INSERT to a subscriber's having the view's change, on an idle system: the
// median and the 99th percentile, with and without waiting for the disk.
func BenchmarkInsertToSubscriber(b *testing.B) {
	for _, sync := range []string{"on", "off"} {
		b.Run("synchronous_commit="+sync, func(b *testing.B) {
			address := start(b)
			writer, reader := connect(b, address), connect(b, address)
			exec(b, writer, "SET synchronous_commit = "+sync+"; CREATE STREAM s (k INT, v BIGINT); CREATE VIEW w AS SELECT k, count(*) AS n FROM s GROUP BY k")
			exec(b, reader, "DECLARE c CURSOR FOR SUBSCRIBE TO w WITH (snapshot = false)")
			var times []time.Duration
			n := int64(0)
			for b.Loop() {
				n++
				began := time.Now()
				_, err := writer.Exec(context.Background(), "INSERT INTO s VALUES (1, $1)", n)
				require.NoError(b, err)
				require.Equal(b, n, next(b, reader, n))
				times = append(times, time.Since(began))
			}
			slices.Sort(times)
			b.ReportMetric(float64(times[len(times)/2].Microseconds()), "µs-p50")
			b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "µs-p99")
		})
	}
}

// next fetches until the subscriber has the count n as a new row.
func next(b *testing.B, reader *pgx.Conn, n int64) int64 {
	for {
		rows, err := reader.Query(context.Background(), "FETCH 2 FROM c", pgx.QueryExecModeSimpleProtocol)
		require.NoError(b, err)
		got, err := pgx.CollectRows(rows, pgx.RowToMap)
		require.NoError(b, err)
		for _, row := range got {
			if row["weight"].(int64) > 0 && row["n"].(int64) == n {
				return n
			}
		}
	}
}

package bench

import (
	"context"
	"fmt"
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

// BenchmarkNexmark is what a second of the server does with the Nexmark bids: events of the three tables together, as the
// generator counts them.
func BenchmarkNexmark(b *testing.B) {
	const events = 10_000_000
	stream := fmt.Sprintf(`CREATE STREAM bid (auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, date_time TIMESTAMP, extra TEXT)
		WITH (connector = 'nexmark', "table" = 'bid', events = %d)`, events)
	for _, x := range []struct{ name, create, check string }{
		{"filter-sink", "CREATE SINK s AS SELECT auction, price FROM bid WHERE price > 100 WITH (connector = 'blackhole')", ""},
		{"all-columns-sink", "CREATE SINK s AS SELECT * FROM bid WITH (connector = 'blackhole')", ""},
		{"count-max-by-auction", "CREATE VIEW v AS SELECT auction, count(*) AS n, max(price) AS highest FROM bid GROUP BY auction", "SELECT sum(n)::bigint FROM v"},
		{"filter-view", "CREATE VIEW v AS SELECT auction, price FROM bid WHERE price > 100", "SELECT count(*) FROM v"},
	} {
		b.Run(x.name, func(b *testing.B) {
			conn := connect(b, start(b))
			exec(b, conn, stream)
			for b.Loop() {
				began := time.Now()
				exec(b, conn, x.create)
				exec(b, conn, "FLUSH")
				b.ReportMetric(events/time.Since(began).Seconds()/1e6, "M-events/s")
				if x.check != "" {
					require.Greater(b, one(b, conn, x.check), int64(events*9/10))
					exec(b, conn, "DROP VIEW v")
				} else {
					exec(b, conn, "DROP SINK s")
				}
			}
		})
	}
}

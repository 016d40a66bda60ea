package bench

import (
	"fmt"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/connector/nexmark"
)

// nexmarkEvents is how many events of the three tables together an iteration takes; of fifty, 46 are bids.
const (
	nexmarkEvents = 50_000_000
	nexmarkBids   = nexmarkEvents / 50 * 46
	nexmarkAt100  = 16_590 // bids at the lowest price, which the filter leaves out
)

const bidColumns = "auction BIGINT, bidder BIGINT, price BIGINT, channel TEXT, url TEXT, date_time TIMESTAMP, extra TEXT"

// BenchmarkNexmark is what a view or sink over the Nexmark bids costs: wall-clock rate in events, as the generator counts them, CPU
// time of the whole process per bid, and the same of the generator alone, which makes just the columns that the query needs, by
// as many readers. Each iteration has a stream of its own, so that it runs live, epoch by epoch, and not as a back-fill.
func BenchmarkNexmark(b *testing.B) {
	const taken = "SELECT rows FROM streamdb.sinks WHERE name = 'x'"
	for _, x := range []struct {
		name, create string
		columns      []string // that the query reads; all if nil
		check        string
		rows         int64
	}{
		{"filter-sink", "CREATE SINK x AS SELECT auction, price FROM bid WHERE price > 100 WITH (connector = 'blackhole')",
			[]string{"auction", "price"}, taken, nexmarkBids - nexmarkAt100},
		{"all-columns-sink", "CREATE SINK x AS SELECT * FROM bid WITH (connector = 'blackhole')", nil, taken, nexmarkBids},
		{"count-max-by-auction", "CREATE VIEW x AS SELECT auction, count(*) AS n, max(price) AS highest FROM bid GROUP BY auction",
			[]string{"auction", "price"}, "SELECT sum(n)::bigint FROM x", nexmarkBids},
	} {
		b.Run(x.name, func(b *testing.B) {
			conn := connect(b, start(b))
			var alone, with, wall time.Duration
			for b.Loop() {
				alone += cpu(b, func() { generate(b, x.columns) })
				exec(b, conn, fmt.Sprintf(`CREATE STREAM bid (%s) WITH (connector = 'nexmark', "table" = 'bid', events = %d)`,
					bidColumns, nexmarkEvents))
				began := time.Now()
				with += cpu(b, func() {
					exec(b, conn, x.create)
					exec(b, conn, "FLUSH")
				})
				wall += time.Since(began)
				require.Equal(b, x.rows, one(b, conn, x.check))
				exec(b, conn, "DROP STREAM bid CASCADE")
			}
			n := float64(b.N)
			b.ReportMetric(n*nexmarkEvents/wall.Seconds()/1e6, "M-events/s")
			b.ReportMetric(float64(with.Nanoseconds())/n/nexmarkBids, "ns-CPU/bid")
			b.ReportMetric(float64(alone.Nanoseconds())/n/nexmarkBids, "ns-CPU/bid-alone")
			b.ReportMetric(float64(with)/float64(alone), "ratio")
		})
	}
}

// generate makes the bids' columns by the connector itself, half of the events by each of two readers.
func generate(b *testing.B, columns []string) {
	const readers = 2
	source, wanted, ts := bids(b, columns)
	var rows [readers]int
	var wg sync.WaitGroup
	for i := range connector.Position(readers) {
		wg.Go(func() {
			r, err := source.Open(source.Splits()[0], i*nexmarkEvents/readers, wanted)
			if !assert.NoError(b, err) {
				return
			}
			batch := vec.NewBatch(ts, vec.BatchSize)
			for done := false; !done; rows[i] += batch.N {
				_, done, err = r.Poll(batch, vec.BatchSize, (i+1)*nexmarkEvents/readers)
				if !assert.NoError(b, err) {
					return
				}
			}
		})
	}
	wg.Wait()
	require.Equal(b, nexmarkBids, rows[0]+rows[1])
}

// bids opens the bids' source with all columns, and tells which of them are wanted.
func bids(b *testing.B, columns []string) (s connector.Source, wanted []int, ts []types.Type) {
	declared := []connector.Column{
		{Name: "auction", Type: types.T(types.Int8)}, {Name: "bidder", Type: types.T(types.Int8)}, {Name: "price", Type: types.T(types.Int8)},
		{Name: "channel", Type: types.T(types.Text)}, {Name: "url", Type: types.T(types.Text)},
		{Name: "date_time", Type: types.T(types.Timestamp)}, {Name: "extra", Type: types.T(types.Text)},
	}
	for i, c := range declared {
		keep := columns == nil
		for _, name := range columns {
			keep = keep || name == c.Name
		}
		if keep {
			wanted, ts = append(wanted, i), append(ts, c.Type)
		}
	}
	given := []connector.Given{{Name: "connector", Value: "nexmark"}, {Name: "table", Value: "bid"}}
	s, err := connector.Set{nexmark.Connector}.Source(given, nil, connector.SourceConfig{Columns: declared})
	require.NoError(b, err)
	return s, wanted, ts
}

// cpu is the processor time, of user and kernel, that the process takes while f runs.
func cpu(b *testing.B, f func()) time.Duration {
	before := used(b)
	f()
	return used(b) - before
}

func used(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkFilterView fills a view of ten million events' bids, and tells the memory that it takes for a row.
func BenchmarkFilterView(b *testing.B) {
	const events = 10_000_000
	conn := connect(b, start(b))
	exec(b, conn, fmt.Sprintf(`CREATE STREAM bid (%s) WITH (connector = 'nexmark', "table" = 'bid', events = %d)`, bidColumns, events))
	var took, wall time.Duration
	for b.Loop() {
		began := time.Now()
		took += cpu(b, func() {
			exec(b, conn, "CREATE VIEW x AS SELECT auction, price FROM bid WHERE price > 100")
			exec(b, conn, "FLUSH")
		})
		wall += time.Since(began)
		require.Greater(b, one(b, conn, "SELECT count(*) FROM x"), int64(events*9/10))
		exec(b, conn, "DROP VIEW x")
	}
	b.ReportMetric(float64(b.N)*events/wall.Seconds()/1e6, "M-events/s")
	b.ReportMetric(float64(took.Nanoseconds())/float64(b.N)/(events/50*46), "ns-CPU/bid")
}

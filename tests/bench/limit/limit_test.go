package limit

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/cmd/streamdb/serve"
	"github.com/streamdb/streamdb/storage/connector"
)

// answer is the loop's.
func answer(t testing.TB, q Query, e Events, checksum bool) connector.Taken {
	taken, err := q.Answer(e, checksum)
	require.NoError(t, err)
	return taken
}

// engine is StreamDB's answer to the same.
func engine(t *testing.T, conn *pgx.Conn, q Query) connector.Taken {
	exec(t, conn, fmt.Sprintf("CREATE SINK %s AS %s WITH (connector = 'blackhole', checksum = on)", q.Name, q.Select()))
	exec(t, conn, "FLUSH")
	var taken connector.Taken
	var sum string
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT rows, checksum FROM streamdb.sinks WHERE name = $1", q.Name).Scan(&taken.Rows, &sum))
	_, err := fmt.Sscanf(sum, "%x", &taken.Checksum)
	require.NoError(t, err)
	exec(t, conn, "DROP SINK "+q.Name)
	return taken
}

// TestAnswersAreTheEngines: with any number of workers, loops give what StreamDB gives.
func TestAnswersAreTheEngines(t *testing.T) {
	e := Events{Count: 100_000, Rate: 2_000}
	conn := serveEvents(t, e)
	for _, q := range Queries {
		t.Run(q.Name, func(t *testing.T) {
			want := engine(t, conn, q)
			require.Positive(t, want.Rows)
			for _, e.Workers = range []int{1, 2, 7} {
				got := answer(t, q, e, true)
				got.Changes = 0
				require.Equal(t, want, got, "%d workers", e.Workers)
			}
		})
	}
}

// BenchmarkLimit makes ten million events and answers. Rates are of events, as the generator counts them; every answer has the rows that
// the first had.
func BenchmarkLimit(b *testing.B) {
	e := Events{Count: 10_000_000, Rate: 100_000, Workers: 2}
	for _, q := range Queries {
		b.Run(q.Name, func(b *testing.B) {
			rows, before := int64(0), cpu(b)
			for b.Loop() {
				taken := answer(b, q, e, false)
				require.True(b, rows == 0 || rows == taken.Rows)
				rows = taken.Rows
			}
			events := float64(b.N) * float64(e.Count)
			b.ReportMetric(events/b.Elapsed().Seconds()/1e6, "M-events/s")
			b.ReportMetric((cpu(b)-before).Seconds()/events*1e6, "CPU-s/M")
			b.ReportMetric(float64(rows), "rows")
		})
	}
}

// cpu is the processor time that the process has taken.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// serveEvents starts a server with the streams.
func serveEvents(t *testing.T, e Events) *pgx.Conn {
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- serve.Run(ctx, serve.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Tasks: 2,
			Log: slog.New(slog.DiscardHandler), Ready: func(pg, _ net.Addr) { ready <- pg.String() }})
	}()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
	})
	conn, err := pgx.Connect(t.Context(), fmt.Sprintf("postgres://streamdb@%s/streamdb?sslmode=disable", <-ready))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	exec(t, conn, nexmark.Streams(nexmark.Options{Events: e.Count, EventRate: e.Rate}))
	return conn
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	_, err := conn.PgConn().Exec(t.Context(), sql).ReadAll()
	require.NoError(t, err, sql)
}

// TestEveryLoopIsOfAQuery: a loop answers the Nexmark query of its name, or has SQL of its own.
func TestEveryLoopIsOfAQuery(t *testing.T) {
	for _, q := range Queries {
		require.Contains(t, q.Select(), "SELECT", q.Name)
	}
}

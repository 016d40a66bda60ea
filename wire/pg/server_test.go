package pg

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/lib/pq"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// startServer serves a fake engine on loopback until the test ends.
func startServer(t testing.TB, e *fakeEngine, cfg Config) (*Server, string) {
	t.Helper()
	if cfg.Parse == nil {
		cfg.Parse = fakeParse
	}
	s := NewServer(e, cfg)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		require.NoError(t, s.Shutdown(ctx))
		require.NoError(t, <-served)
		require.Zero(t, e.open(), "sessions left open")
		require.Zero(t, s.metrics.Panics.Load())
	})
	return s, l.Addr().String()
}

func connect(t testing.TB, addr, params string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(context.Background(), "postgres://streamdb@"+addr+"/streamdb?sslmode=disable"+params)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func TestPgx(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{})
	c := connect(t, addr, "&application_name=test")
	ctx := context.Background()
	require.Equal(t, "test", c.PgConn().ParameterStatus("application_name"))

	var n int32
	require.NoError(t, c.QueryRow(ctx, "SELECT 1").Scan(&n))
	require.EqualValues(t, 1, n)
	require.NoError(t, c.QueryRow(ctx, "SELECT $1::int4 AS v", 42).Scan(&n))
	require.EqualValues(t, 42, n)
	var sum, v int64
	rows, err := c.Query(ctx, "SELECT g FROM generate_series(1, 10000) g")
	require.NoError(t, err)
	_, err = pgx.ForEachRow(rows, []any{&v}, func() error { sum += v; return nil })
	require.NoError(t, err)
	require.EqualValues(t, 10000*10001/2, sum)
}

func TestLibPQ(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{})
	db, err := sql.Open("postgres", "postgres://streamdb@"+addr+"/streamdb?sslmode=disable")
	require.NoError(t, err)
	defer db.Close()
	var n int
	require.NoError(t, db.QueryRow("SELECT 1").Scan(&n))
	require.Equal(t, 1, n)
	require.NoError(t, db.QueryRow("SELECT $1::int4 AS v", 7).Scan(&n))
	require.Equal(t, 7, n)
	tx, err := db.Begin()
	require.NoError(t, err)
	copyIn, err := tx.Prepare("COPY t FROM STDIN")
	require.NoError(t, err)
	for i := range 3 {
		_, err := copyIn.Exec(i)
		require.NoError(t, err)
	}
	_, err = copyIn.Exec()
	require.NoError(t, err)
	require.NoError(t, copyIn.Close())
	require.NoError(t, tx.Commit())
	var pqErr *pq.Error
	_, err = db.Exec("SELECT 1/0")
	require.ErrorAs(t, err, &pqErr)
	require.EqualValues(t, "22012", pqErr.Code)
}

func TestPgxCopy(t *testing.T) {
	_, addr := startServer(t, newFakeEngine(), Config{})
	c := connect(t, addr, "").PgConn()
	ctx := context.Background()
	var lines strings.Builder
	for i := range 100_000 {
		fmt.Fprintln(&lines, i)
	}
	tag, err := c.CopyFrom(ctx, strings.NewReader(lines.String()), "COPY t FROM STDIN")
	require.NoError(t, err)
	require.Equal(t, "COPY 100000", tag.String())

	_, err = c.CopyFrom(ctx, strings.NewReader("1\nx\n"+lines.String()), "COPY t FROM STDIN")
	requireCode(t, err, "22P02")

	var out strings.Builder
	tag, err = c.CopyTo(ctx, &out, "COPY (SELECT g FROM generate_series(1, 50000) g) TO STDOUT")
	require.NoError(t, err)
	require.Equal(t, "COPY 50000", tag.String())
	require.Equal(t, 50000, strings.Count(out.String(), "\n"))
}

func requireCode(t testing.TB, err error, code string) *pgconn.PgError {
	t.Helper()
	var e *pgconn.PgError
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.Code)
	return e
}

func TestCancel(t *testing.T) {
	for _, statement := range []string{"SELECT pg_sleep(60)", "SELECT g FROM generate_series(1, 1000000000) g"} {
		e := newFakeEngine()
		s, addr := startServer(t, e, Config{})
		c := connect(t, addr, "").PgConn()
		time.AfterFunc(50*time.Millisecond, func() { _ = c.CancelRequest(context.Background()) })
		began := time.Now()
		_, err := c.Exec(context.Background(), statement).ReadAll()
		e2 := requireCode(t, err, "57014")
		require.Equal(t, "canceling statement due to user request", e2.Message)
		require.Less(t, time.Since(began), 2*time.Second)
		require.EqualValues(t, 1, e.cancelled.Load())
		require.EqualValues(t, 1, s.metrics.Cancels.Load())
		_, err = c.Exec(context.Background(), "SELECT 1").ReadAll()
		require.NoError(t, err)
	}
}

// TestInterrupt is the engine's own way to end a call: here a statement_timeout in a COPY.
func TestInterrupt(t *testing.T) {
	t.Run("plain", func(t *testing.T) { testInterrupt(t, "disable") })
	t.Run("TLS", func(t *testing.T) { testInterrupt(t, "require") })
}

func testInterrupt(t *testing.T, sslmode string) {
	e := newFakeEngine()
	_, addr := startServer(t, e, Config{TLS: tlsConfig(t)})
	db, err := pgx.Connect(context.Background(), "postgres://streamdb@"+addr+"/streamdb?sslmode="+sslmode)
	require.NoError(t, err)
	c := db.PgConn()
	defer c.Close(context.Background())
	interrupt := func(cause *sqlerr.Error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, s := range e.sessions {
			s.startup.Interrupt(cause)
		}
	}
	time.AfterFunc(50*time.Millisecond, func() {
		interrupt(sqlerr.New(sqlerr.QueryCanceled, "canceling statement due to statement timeout"))
	})
	silent, w := io.Pipe()
	time.AfterFunc(200*time.Millisecond, func() { _ = w.Close() }) // pgx reads it to its end, whatever the server says
	_, err = c.CopyFrom(context.Background(), silent, "COPY t FROM STDIN")
	require.Equal(t, "canceling statement due to statement timeout", requireCode(t, err, "57014").Message)

	// An idle session takes no notice of it, but of a termination.
	interrupt(sqlerr.New(sqlerr.QueryCanceled, "too late"))
	_, err = c.Exec(context.Background(), "SELECT 1").ReadAll()
	require.NoError(t, err)
	end := sqlerr.New(sqlerr.AdminShutdown, "terminating connection due to administrator command")
	end.Severity = sqlerr.Fatal
	interrupt(end)
	require.Eventually(t, func() bool { return e.open() == 0 }, time.Second, time.Millisecond)
	_, err = c.Exec(context.Background(), "SELECT 1").ReadAll()
	require.Error(t, err)
}

func TestShutdown(t *testing.T) {
	e := newFakeEngine()
	s, addr := startServer(t, e, Config{})
	idle, busy := connect(t, addr, "").PgConn(), connect(t, addr, "").PgConn()
	failed := make(chan error)
	go func() {
		_, err := busy.Exec(context.Background(), "SELECT pg_sleep(60)").ReadAll()
		failed <- err
	}()
	require.Eventually(t, func() bool { return s.metrics.Statements.Load() == 1 }, time.Second, time.Millisecond)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx))
	require.Equal(t, "FATAL", requireCode(t, <-failed, "57P01").Severity)
	_, err := idle.Exec(context.Background(), "SELECT 1").ReadAll()
	require.Error(t, err)
	require.Zero(t, e.open())
	_, err = net.Dial("tcp", addr)
	require.Error(t, err)
}

func TestIdleTimeout(t *testing.T) {
	e := newFakeEngine()
	e.idle = 100 * time.Millisecond
	_, addr := startServer(t, e, Config{})
	nc, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer nc.Close()
	_, err = nc.Write(startupBytes("streamdb"))
	require.NoError(t, err)
	require.NoError(t, nc.SetReadDeadline(time.Now().Add(2*time.Second)))
	all, err := io.ReadAll(nc)
	require.NoError(t, err)
	require.Contains(t, string(all), "57P05")
}

func TestServeContext(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error)
	go func() { served <- Serve(ctx, l, newFakeEngine(), Config{Parse: fakeParse}) }()
	connect(t, l.Addr().String(), "")
	cancel()
	require.NoError(t, <-served)
}

// TestSlowReaderTimeout shows that a statement ends in time though its client does not read, and that the client, when it
// reads at last, finds whole messages and the reason.
func TestSlowReaderTimeout(t *testing.T) {
	e := newFakeEngine()
	s, addr := startServer(t, e, Config{})
	nc := dial(t, addr)
	_, err := nc.Write(append(startupBytes("streamdb"), frame('Q', "SELECT g FROM generate_series(1, 1000000000) g\x00")...))
	require.NoError(t, err)
	sent := int64(-1) // until nothing more can be sent
	require.Eventually(t, func() bool {
		before := sent
		sent = s.metrics.BytesOut.Load()
		return sent == before && s.metrics.Rows.Load() > 0
	}, 20*time.Second, 50*time.Millisecond)
	require.EqualValues(t, 1, e.running.Load())
	for _, session := range e.sessions {
		session.startup.Interrupt(sqlerr.New(sqlerr.QueryCanceled, "canceling statement due to statement timeout"))
	}
	require.Eventually(t, func() bool { return e.running.Load() == 0 }, 20*time.Second, time.Millisecond)

	next := func() (byte, []byte) {
		var h [5]byte
		_, err := io.ReadFull(nc, h[:])
		require.NoError(t, err)
		body := make([]byte, binary.BigEndian.Uint32(h[1:])-4)
		_, err = io.ReadFull(nc, body)
		require.NoError(t, err)
		return h[0], body
	}
	for {
		typ, body := next()
		if typ == 'E' {
			require.Contains(t, string(body), "statement timeout")
			break
		}
		require.Contains(t, "RSKZTD", string(typ))
	}
	typ, _ := next()
	require.Equal(t, byte('Z'), typ)
}

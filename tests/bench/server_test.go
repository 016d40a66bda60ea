package bench

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/serve"
)

// start runs a server in the process, on a folder of its own, until the benchmark ends.
func start(b *testing.B) (address string) {
	b.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, done := make(chan string, 1), make(chan error, 1)
	data := b.TempDir() // here, so that it is removed after the server has stopped
	go func() {
		done <- serve.Run(ctx, serve.Config{Data: data, Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0",
			Log: slog.New(slog.DiscardHandler), Ready: func(pg, _ net.Addr) { ready <- pg.String() }})
	}()
	b.Cleanup(func() {
		stop()
		require.NoError(b, <-done)
	})
	select {
	case address = <-ready:
	case err := <-done:
		b.Fatal(err)
	}
	return address
}

func connect(b *testing.B, address string) *pgx.Conn {
	b.Helper()
	host, port, err := net.SplitHostPort(address)
	require.NoError(b, err)
	conn, err := pgx.Connect(context.Background(), fmt.Sprintf("host=%s port=%s user=streamdb dbname=streamdb", host, port))
	require.NoError(b, err)
	b.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

func exec(b *testing.B, conn *pgx.Conn, sql string) {
	b.Helper()
	_, err := conn.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol)
	require.NoError(b, err)
}

func one(b *testing.B, conn *pgx.Conn, sql string) (n int64) {
	b.Helper()
	require.NoError(b, conn.QueryRow(context.Background(), sql).Scan(&n))
	return n
}

// BenchmarkStart is the time from starting a server on an empty folder to its first answer.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		began := time.Now()
		conn := connect(b, start(b))
		require.Equal(b, int64(1), one(b, conn, "SELECT 1::bigint"))
		b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms-to-answer")
	}
}

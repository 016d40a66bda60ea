package slt

import (
	"context"
	"log/slog"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/serve"
)

func TestStreamDB(t *testing.T) {
	models := startStreamDB(t).models(t)
	require.NotEmpty(t, models)
	t.Run("files", func(t *testing.T) {
		each(t, func(r *record) bool { return r.onlyIf == "streamdb" }, func(t *testing.T, _ string) *runner {
			return &runner{t: t, sys: startStreamDB(t), models: models}
		})
	})
}

// streamdb is a server in this process, on a data folder of its own.
type streamdb struct {
	data, address string
	stop          func() // ends the server and waits for it
}

func startStreamDB(t *testing.T) *streamdb {
	s := &streamdb{data: t.TempDir()}
	s.start(t)
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *streamdb) start(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- serve.Run(ctx, serve.Config{
			Data: s.data, Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Tasks: 2, Log: slog.New(slog.DiscardHandler),
			Ready: func(pg, _ net.Addr) { ready <- pg.String() },
		})
	}()
	select {
	case s.address = <-ready:
	case err := <-ended:
		cancel()
		require.NoError(t, err)
	}
	s.stop = func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with: %v", err)
		}
	}
}

func (s *streamdb) name() string { return "streamdb" }

func (s *streamdb) restart(t *testing.T) {
	s.stop()
	s.start(t)
}

func (s *streamdb) connect(ctx context.Context) (*pgconn.PgConn, error) {
	return connect(ctx, "postgres://streamdb@"+s.address+"/streamdb", nil)
}

// models gives the execution models that this server has.
func (s *streamdb) models(t *testing.T) (models []string) {
	c, err := s.connect(t.Context())
	require.NoError(t, err)
	defer c.Close(context.Background())
	for _, model := range []string{"pipelined", "microbatch"} {
		a, err := ask(t.Context(), c, "CREATE VIEW probe WITH (execution = '"+model+"') AS SELECT 1; DROP VIEW probe")
		require.NoError(t, err)
		if a.err != nil {
			require.Equal(t, "0A000", a.err.Code, errorText(a.err))
			t.Logf("not run in model %s: %s", model, a.err.Message)
			continue
		}
		models = append(models, model)
	}
	return models
}

package slt

import (
	"context"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/wire/pg/script"
)

// TestPostgres keeps the files honest: their answers are PostgreSQL's.
func TestPostgres(t *testing.T) {
	cluster := &postgres{server: script.Postgres(t), database: "streamdb"}
	t.Run("files", func(t *testing.T) {
		each(t, func(*record) bool { return true }, func(t *testing.T, name string) *runner {
			return &runner{t: t, sys: cluster.newDatabase(t, name)}
		})
	})
}

// postgres is a database in a throw-away PostgreSQL cluster.
type postgres struct {
	server   script.Server
	database string
}

func (p *postgres) name() string { return "postgres" }

func (p *postgres) restart(*testing.T) {}

func (p *postgres) connect(ctx context.Context) (*pgconn.PgConn, error) {
	return connect(ctx, "postgres://"+p.server.User+"@localhost/"+p.database, p.server.Dial)
}

// newDatabase makes a database for a file.
func (p *postgres) newDatabase(t *testing.T, name string) *postgres {
	c, err := p.connect(t.Context())
	require.NoError(t, err)
	defer c.Close(context.Background())
	a, err := ask(t.Context(), c, `CREATE DATABASE "`+name+`"`)
	require.NoError(t, err)
	require.Nil(t, a.err)
	return &postgres{server: p.server, database: name}
}

func connect(ctx context.Context, url string, dial func() (net.Conn, error)) (*pgconn.PgConn, error) {
	cfg, err := pgconn.ParseConfig(url + "?sslmode=disable")
	if err != nil {
		return nil, err
	}
	if dial != nil {
		cfg.LookupFunc = func(context.Context, string) ([]string, error) { return []string{"127.0.0.1"}, nil }
		cfg.DialFunc = func(context.Context, string, string) (net.Conn, error) { return dial() }
	}
	return pgconn.ConnectConfig(ctx, cfg)
}

package compat_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/serve"
	"github.com/streamdb/streamdb/wire/pg/script"
)

// patience is how long a statement may take.
const patience = 20 * time.Second

// pair is a session with PostgreSQL and one with StreamDB.
type pair struct {
	t          *testing.T
	oracle, db *pgconn.PgConn
}

func newPair(t *testing.T) *pair {
	oracle := script.Postgres(t) // first, as it may skip
	return &pair{t: t, oracle: connect(t, oracle), db: connect(t, startStreamDB(t))}
}

// startStreamDB serves a new data folder in this process until the test ends.
func startStreamDB(t *testing.T) script.Server { return startWithFiles(t, "") }

// startWithFiles is startStreamDB with a folder for the files of sources and sinks.
func startWithFiles(t *testing.T, files string) script.Server {
	ctx, cancel := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- serve.Run(ctx, serve.Config{
			Data: t.TempDir(), Listen: "127.0.0.1:0", HTTP: "127.0.0.1:0", Files: files, Tasks: 2, Log: slog.New(slog.DiscardHandler),
			Ready: func(pg, _ net.Addr) { ready <- pg.String() },
		})
	}()
	select {
	case addr := <-ready:
		t.Cleanup(func() {
			cancel()
			require.NoError(t, <-ended)
		})
		return script.Server{Dial: func() (net.Conn, error) { return net.Dial("tcp", addr) }, User: "streamdb", Database: "streamdb"}
	case err := <-ended:
		cancel()
		require.NoError(t, err)
		panic("unreachable: a server ended before it listened")
	}
}

// answer is a statement's outcome: its rows in a fixed order and its command tag, or its error.
func answer(t *testing.T, c *pgconn.PgConn, sql string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	results, err := c.Exec(ctx, sql).ReadAll()
	if err != nil {
		var pgErr *pgconn.PgError
		require.True(t, errors.As(err, &pgErr), "%v\n%s", err, sql)
		return "error " + pgErr.Code + ": " + pgErr.Message
	}
	out := ""
	for _, r := range results {
		var rows []string
		for _, row := range r.Rows {
			var vals []string
			for _, v := range row {
				if v == nil {
					vals = append(vals, "NULL")
				} else {
					vals = append(vals, fmt.Sprintf("%q", v))
				}
			}
			rows = append(rows, strings.Join(vals, " "))
		}
		slices.Sort(rows)
		out += strings.Join(rows, "\n") + "\n" + r.CommandTag.String()
	}
	return out
}

// outcome is an answer of which an error shows its SQLSTATE alone.
func outcome(answer string) string {
	if strings.HasPrefix(answer, "error ") {
		return answer[:len("error 00000")]
	}
	return answer
}

// same runs a statement on both servers and says whether their answers agree, and the answers.
func (p *pair) same(ours, theirs string) (ok bool, report string) {
	want, got := answer(p.t, p.oracle, theirs), answer(p.t, p.db, ours)
	return outcome(want) == outcome(got), fmt.Sprintf("%s\n--- PostgreSQL\n%s\n--- StreamDB\n%s\n", theirs, want, got)
}

// must runs a statement that both servers take.
func (p *pair) must(sql string) {
	p.t.Helper()
	ok, report := p.same(sql, sql)
	require.True(p.t, ok && !strings.Contains(report, "\nerror "), report)
}

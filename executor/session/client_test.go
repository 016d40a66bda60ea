package session

import (
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// openEngine is an engine over a store in memory, until the test ends.
func openEngine(t testing.TB) *Engine {
	db, err := database.Open(database.Config{Store: kv.NewMem(1), Sched: sched.NewLive(), Tasks: 1, BindWatermark: BindWatermark})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return New(Config{Database: db})
}

// client uses a session as wire does.
type client struct {
	t testing.TB
	*Session
}

func connect(t testing.TB, e *Engine) client {
	s, err := e.Open(context.Background(), engine.Startup{User: DefaultRole, Database: DatabaseName})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return client{t, s.(*Session)}
}

// prepare analyses one statement.
func (c client) prepare(sql string, params ...types.Type) engine.Statement {
	stmts, err := parse.Statements(sql)
	require.NoError(c.t, err, sql)
	require.Len(c.t, stmts, 1, sql)
	st, err := c.Prepare(context.Background(), stmts[0], params)
	require.NoError(c.t, err, sql)
	return st
}

// ask runs a statement, with a Sync after it, and gives its rows as texts.
func (c client) ask(ctx context.Context, st engine.Statement, args ...types.Datum) ([][]string, error) {
	var w rows
	p, err := st.Bind(ctx, args)
	if err == nil {
		_, err = p.Run(ctx, 0, &w)
		p.Close()
	}
	if failed := c.Sync(context.Background(), err != nil); err == nil {
		err = failed
	}
	return w.texts, err
}

// must is ask of what does not fail.
func (c client) must(st engine.Statement, args ...types.Datum) [][]string {
	c.t.Helper()
	got, err := c.ask(context.Background(), st, args...)
	require.NoError(c.t, err)
	return got
}

// fails is ask of what fails with an error of this SQLSTATE.
func (c client) fails(code sqlerr.Code, st engine.Statement, args ...types.Datum) {
	c.t.Helper()
	_, err := c.ask(context.Background(), st, args...)
	require.Error(c.t, err)
	require.Equal(c.t, code, sqlerr.CodeOf(err), err)
}

// exec runs statements.
func (c client) exec(statements ...string) {
	c.t.Helper()
	for _, sql := range statements {
		c.must(c.prepare(sql))
	}
}

// rows is an engine.RowWriter that keeps the rows' texts.
type rows struct{ texts [][]string }

func (w *rows) Batch(b *vec.Batch) error {
	for k := range b.Rows() {
		i := b.Row(k)
		for range b.Weight(i) {
			var row []string
			for _, c := range b.Cols {
				row = append(row, types.String(c.Type, c.Datum(i)))
			}
			w.texts = append(w.texts, row)
		}
	}
	return nil
}

func (w *rows) Flush() error                         { return nil }
func (w *rows) CopyIn(bool, int) (io.Reader, error)  { return nil, io.ErrUnexpectedEOF }
func (w *rows) CopyOut(bool, int) (io.Writer, error) { return io.Discard, nil }

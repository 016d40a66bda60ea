package slt

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// patience is how long one record may take before the run is given up as hanging.
const patience = 20 * time.Second

// system is a database server that a file is run against.
type system interface {
	// name is what skipif and onlyif call it.
	name() string
	// connect opens a connection.
	connect(ctx context.Context) (*pgconn.PgConn, error)
	// restart stops the server and starts it again on what it has stored.
	restart(t *testing.T)
}

// runner runs one file against one system.
type runner struct {
	t      *testing.T
	sys    system
	models []string // execution models of views; none: queries are run ad hoc only
	conns  map[string]*pgconn.PgConn
	kept   []keptView
	views  int // made so far
}

// run runs a file. With edits not nil, records that owns picks are not judged but corrected.
func (r *runner) run(f *file, edits map[*record]edit, owns func(*record) bool) {
	r.conns = map[string]*pgconn.PgConn{}
	defer r.disconnect()
	for _, rec := range f.records {
		if !rec.runsOn(r.sys.name()) {
			continue
		}
		if ok := r.record(f, rec, edits, owns); !ok && rec.kind != query && rec.kind != statementError {
			r.t.Fatalf("%s:%d: what follows depends on this", f.name, rec.header+1)
		}
	}
	r.settle(f.name)
}

// record runs one record and says whether all was as it should be.
func (r *runner) record(f *file, rec *record, edits map[*record]edit, owns func(*record) bool) (ok bool) {
	ok = true
	report := func(mode, fault string) {
		ok = false
		r.t.Errorf("%s:%d: %s: %s\n%s", f.name, rec.header+1, mode, fault, rec.sql)
	}
	if rec.kind == restart {
		r.settle(f.name)
		r.disconnect()
		r.sys.restart(r.t)
		return true
	}
	if changesSchema(rec.sql) {
		r.settle(f.name)
	}
	a := r.ask(ask, rec.connection, rec.sql)
	if edits != nil && owns(rec) {
		e, err := rec.correct(a)
		if err != nil {
			report("rewrite", err.Error())
		}
		edits[rec] = e
		return ok
	}
	if fault := rec.check(a); fault != "" {
		report("ad hoc", fault)
		return ok
	}
	if rec.kind == query && !rec.noview && isQuery(rec.sql) && r.connection(rec.connection).TxStatus() == 'I' {
		for _, model := range r.models {
			if fault := r.asView(rec, len(a.split()), model); fault != "" {
				report("view, "+model, fault)
			}
		}
	}
	return ok
}

// ask gets an answer, or ends the test if there is none.
func (r *runner) ask(how func(context.Context, *pgconn.PgConn, string) (answer, error), connection, sql string) answer {
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	a, err := how(ctx, r.connection(connection), sql)
	require.NoError(r.t, err, "no answer to %s", sql)
	return a
}

func (r *runner) connection(name string) *pgconn.PgConn {
	c := r.conns[name]
	if c == nil {
		ctx, cancel := context.WithTimeout(r.t.Context(), patience)
		defer cancel()
		var err error
		c, err = r.sys.connect(ctx)
		require.NoError(r.t, err)
		r.conns[name] = c
	}
	return c
}

func (r *runner) disconnect() {
	for name, c := range r.conns {
		_ = c.Close(context.Background())
		delete(r.conns, name)
	}
}

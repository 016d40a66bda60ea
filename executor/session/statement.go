package session

import (
	"context"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// action is an analysed statement: what it takes, what it returns, and what running it does.
type action struct {
	params  []types.Type
	columns []engine.Column // nil: no rows
	// fresh reports whether analysing the statement now would give this again; nil: it cannot say.
	fresh func() bool
	// run executes the statement, giving its rows to x, and returns its command tag.
	run func(ctx context.Context, x *execution) (tag string, err error)
}

// execution is one run of an action.
type execution struct {
	*Session
	args []types.Datum
	// rows is how many rows have been given out.
	rows int64
	out  engine.RowWriter
	emit func(b *vec.Batch) error
	// sharer is out, if what is emitted goes to it as it is and its bytes can be others' as well; else nil.
	sharer engine.Sharer
	// pause hands what was given out so far to the client, if the run is of the kind that goes on for ever.
	pause func() error
}

// give hands a batch of result rows out.
func (x *execution) give(b *vec.Batch) error {
	if b.Rows() == 0 {
		return nil
	}
	return x.emit(b)
}

// statement implements engine.Statement.
type statement struct {
	session *Session
	stmt    ast.Stmt
	action  *action
}

// Prepare implements engine.Session.
func (s *Session) Prepare(ctx context.Context, stmt ast.Stmt, params []types.Type) (engine.Statement, error) {
	ctx, c := s.run(ctx, stmt.Text)
	defer c.end()
	s.setTime()
	a, err := s.analyse(ctx, stmt, params)
	if err != nil {
		return nil, sqlerr.From(err)
	}
	return &statement{session: s, stmt: stmt, action: a}, nil
}

func (s *Session) analyse(ctx context.Context, stmt ast.Stmt, params []types.Type) (*action, error) {
	if s.block == failedBlock && !endsBlock(stmt.Statement) {
		return nil, errFailedBlock()
	}
	return s.dispatch(ctx, stmt, params)
}

func errFailedBlock() error {
	return sqlerr.New(sqlerr.InFailedSQLTransaction, "current transaction is aborted, commands ignored until end of transaction block")
}

// endsBlock reports whether a statement is taken in a failed block.
func endsBlock(x ast.Statement) bool {
	switch x.(type) {
	case *ast.Commit, *ast.Rollback, *ast.RollbackTo:
		return true
	}
	return false
}

// Params implements engine.Statement.
func (st *statement) Params() []types.Type { return st.action.params }

// Columns implements engine.Statement.
func (st *statement) Columns() []engine.Column { return st.action.columns }

// Bind implements engine.Statement.
func (st *statement) Bind(_ context.Context, args []types.Datum) (engine.Portal, error) {
	if st.session.block == failedBlock && !endsBlock(st.stmt.Statement) {
		return nil, errFailedBlock()
	}
	return &portal{session: st.session, text: st.stmt.Text, statement: st.stmt.Statement, action: st.action, args: args}, nil
}

// Fresh implements engine.Repeatable.
func (st *statement) Fresh() bool {
	return st.action.fresh != nil && st.session.block != failedBlock && st.action.fresh()
}

// As implements engine.Repeatable.
func (st *statement) As(text string) engine.Statement {
	out := *st
	out.stmt.Text = text
	return &out
}

// Close implements engine.Statement.
func (st *statement) Close() {}

package session

import (
	"context"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// dispatch analyses a statement: the list from statements to what they do.
func (s *Session) dispatch(ctx context.Context, stmt ast.Stmt, params []types.Type) (*action, error) {
	switch x := stmt.Statement.(type) {
	case *ast.Select:
		return s.selectAction(stmt, x, params)
	case *ast.Insert, *ast.Update, *ast.Delete:
		return s.changeAction(stmt, params)
	case *ast.Copy:
		return s.copyAction(stmt, x, params)
	case *ast.Subscribe:
		return s.subscribeAction(x)
	case *ast.Explain:
		return s.explainAction(stmt, x, params)
	case *ast.Execute:
		return s.executeAction(ctx, x)
	case *ast.Fetch:
		return s.fetchAction(x)
	case *ast.Show:
		return s.showAction(x)
	case *ast.ShowObjects:
		return s.showObjectsAction(x)
	case *ast.ShowCreate:
		return s.showCreateAction(x)
	case *ast.CheckView:
		return s.checkViewAction(x)
	case *ast.Truncate:
		return s.truncateAction(x)
	case *ast.Empty:
		return &action{run: func(context.Context, *execution) (string, error) { return "", nil }}, nil
	}
	if a := s.blockAction(stmt.Statement); a != nil {
		return a, nil
	}
	return s.utility(stmt, params)
}

// blockAction is what statements of transactions and the session do; they return no rows.
func (s *Session) blockAction(x ast.Statement) *action {
	var run func(ctx context.Context) (string, error)
	switch x := x.(type) {
	case *ast.Begin:
		run = func(context.Context) (string, error) { return s.begin(x) }
	case *ast.Commit:
		run = func(ctx context.Context) (string, error) { return s.end(ctx, true, x.Chain) }
	case *ast.Rollback:
		run = func(ctx context.Context) (string, error) { return s.end(ctx, false, x.Chain) }
	case *ast.Savepoint, *ast.RollbackTo, *ast.Release:
		run = func(context.Context) (string, error) { return s.savepoint(x) }
	case *ast.SetTransaction:
		run = func(context.Context) (string, error) { return "SET", s.setTransaction(x) }
	case *ast.SetConstraints:
		run = func(context.Context) (string, error) { return "SET CONSTRAINTS", nil }
	case *ast.Set:
		run = func(context.Context) (string, error) { return "SET", s.set(x) }
	case *ast.Reset:
		run = func(context.Context) (string, error) { return "RESET", s.reset(x) }
	case *ast.Discard:
		run = func(context.Context) (string, error) { return s.discard(x) }
	case *ast.Prepare:
		run = func(ctx context.Context) (string, error) { return "PREPARE", s.prepare(ctx, x) }
	case *ast.Deallocate:
		run = func(context.Context) (string, error) { return s.deallocate(x) }
	case *ast.DeclareCursor:
		run = func(ctx context.Context) (string, error) { return "DECLARE CURSOR", s.declare(ctx, x) }
	case *ast.CloseCursor:
		run = func(context.Context) (string, error) { return s.closeCursor(x) }
	case *ast.Flush:
		run = func(ctx context.Context) (string, error) { return "FLUSH", s.flush(ctx) }
	case *ast.Refresh:
		run = func(ctx context.Context) (string, error) { return "REFRESH MATERIALIZED VIEW", s.refresh(ctx, x) }
	case *ast.Lock:
		run = func(ctx context.Context) (string, error) { return "LOCK TABLE", s.lock(ctx, x) }
	case *ast.Checkpoint:
		run = func(ctx context.Context) (string, error) { return "CHECKPOINT", nil }
	case *ast.Listen:
		run = func(context.Context) (string, error) { return s.listen(x) }
	case *ast.Unlisten:
		run = func(context.Context) (string, error) { return s.unlisten(x) }
	case *ast.Notify:
		run = func(context.Context) (string, error) { return "NOTIFY", s.notify(x.Channel, x.Payload) }
	case *ast.Vacuum:
		run = func(context.Context) (string, error) { return s.vacuum(x) }
	default:
		return nil
	}
	return &action{run: func(ctx context.Context, _ *execution) (string, error) { return run(ctx) }}
}

// utility is what changes the catalog does, and what is not supported.
func (s *Session) utility(stmt ast.Stmt, _ []types.Type) (*action, error) {
	var run func(ctx context.Context) (string, error)
	switch x := stmt.Statement.(type) {
	case *ast.CreateTable:
		run = func(ctx context.Context) (string, error) { return s.createTable(ctx, x) }
	case *ast.CreateView:
		run = func(ctx context.Context) (string, error) { return s.createView(ctx, x) }
	case *ast.CreateSink:
		run = func(ctx context.Context) (string, error) { return "CREATE SINK", s.createSink(ctx, x) }
	case *ast.CreateIndex:
		run = func(ctx context.Context) (string, error) { return "CREATE INDEX", s.createIndex(ctx, x) }
	case *ast.CreateSchema:
		run = func(ctx context.Context) (string, error) { return "CREATE SCHEMA", s.createSchema(ctx, x) }
	case *ast.Drop:
		run = func(ctx context.Context) (string, error) { return s.drop(ctx, x) }
	case *ast.Alter:
		run = func(ctx context.Context) (string, error) { return s.alter(ctx, x) }
	case *ast.Comment:
		run = func(ctx context.Context) (string, error) { return "COMMENT", s.comment(ctx, x) }
	default:
		return nil, unsupportedStatement(stmt.Statement)
	}
	return &action{run: func(ctx context.Context, _ *execution) (string, error) { return run(ctx) }}, nil
}

// insteadOf are hints for statements that are only known by name.
var insteadOf = map[string]string{
	"CREATE SOURCE":   "A source is a stream: CREATE STREAM … WITH (connector = …).",
	"CREATE SEQUENCE": "A column GENERATED AS IDENTITY, or serial, has one of its own.",
	"CREATE TYPE":     "Use text with a CHECK constraint, a column for each field, or jsonb.",
	"CREATE DOMAIN":   "Write the CHECK constraint in the table.",
	"CREATE DATABASE": "There is one database; CREATE SCHEMA keeps names apart.",
	"CREATE FUNCTION": "Write the expression in a view.",
	"MERGE":           "Use INSERT … ON CONFLICT DO UPDATE, and DELETE.",
	"DO":              "Send the statements one by one.",
}

func unsupportedStatement(x ast.Statement) error {
	what, hint := "this statement", "See the reference for the statements that StreamDB has."
	switch x := x.(type) {
	case *ast.Unsupported:
		what = x.What
		if instead, ok := insteadOf[what]; ok {
			hint = instead
		}
	case *ast.CreateTableAs:
		what, hint = "CREATE TABLE AS", "Create the table, then INSERT … SELECT; or CREATE VIEW for a result that is kept up to date."
	case *ast.Grant:
		what, hint = "GRANT and REVOKE", "There is one role, which may do everything."
	case *ast.CreateRole, *ast.AlterRole, *ast.DropRole:
		what, hint = "CREATE, ALTER and DROP ROLE", "There is one role, streamdb."
	case *ast.PrepareTransaction:
		what, hint = "PREPARE TRANSACTION", "Use COMMIT."
	}
	return sqlerr.Unsupported(what, hint).At(x.Position())
}

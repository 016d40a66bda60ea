package session

import (
	"context"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// prepared is a statement of SQL's PREPARE.
type prepared struct {
	text   string
	action *action
}

// prepare is PREPARE.
func (s *Session) prepare(ctx context.Context, x *ast.Prepare) error {
	if _, ok := s.prepared[x.Name]; ok {
		return sqlerr.New(sqlerr.DuplicatePreparedStatement, "prepared statement %q already exists", x.Name)
	}
	params := make([]types.Type, len(x.Types))
	for i, t := range x.Types {
		var err error
		if params[i], err = bind.TypeName(s.bindContext(nil), t); err != nil {
			return err
		}
	}
	a, err := s.analyse(ctx, ast.Stmt{Statement: x.Statement, Text: x.Text, Params: x.Params}, params)
	if err != nil {
		return err
	}
	s.prepared[x.Name] = &prepared{text: x.Text, action: a}
	return nil
}

// executeAction is EXECUTE.
func (s *Session) executeAction(_ context.Context, x *ast.Execute) (*action, error) {
	p, ok := s.prepared[x.Name]
	if !ok {
		return nil, sqlerr.New(sqlerr.InvalidSQLStatementName, "prepared statement %q does not exist", x.Name)
	}
	if len(x.Args) != len(p.action.params) {
		return nil, sqlerr.New(sqlerr.SyntaxError, "wrong number of parameters for prepared statement %q", x.Name).
			WithDetail("Expected %d parameters but got %d.", len(p.action.params), len(x.Args))
	}
	args := make([]types.Datum, len(x.Args))
	for i, e := range x.Args {
		var err error
		if args[i], err = s.constant(e, p.action.params[i], "EXECUTE parameters"); err != nil {
			return nil, err
		}
	}
	return &action{columns: p.action.columns, run: func(ctx context.Context, y *execution) (string, error) {
		y.args = args
		return p.action.run(ctx, y)
	}}, nil
}

// deallocate is DEALLOCATE. Statements of the protocol are named in the same way, so wire is told.
func (s *Session) deallocate(x *ast.Deallocate) (string, error) {
	if x.Name == "" {
		s.deallocateAll()
		return "DEALLOCATE ALL", nil
	}
	if _, ok := s.prepared[x.Name]; !ok {
		if s.protocol.Prepared != nil && s.protocol.Prepared(x.Name) {
			s.events = append(s.events, engine.Event{Deallocate: &x.Name})
			return "DEALLOCATE", nil
		}
		return "", sqlerr.New(sqlerr.InvalidSQLStatementName, "prepared statement %q does not exist", x.Name)
	}
	delete(s.prepared, x.Name)
	return "DEALLOCATE", nil
}

func (s *Session) deallocateAll() {
	clear(s.prepared)
	all := ""
	s.events = append(s.events, engine.Event{Deallocate: &all})
}

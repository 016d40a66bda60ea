package session

import (
	"context"
	"fmt"

	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// planned is a SELECT's plan and the catalog that it holds for.
type planned struct {
	query   *planner.Query
	catalog uint64
}

// selectAction is SELECT, VALUES and TABLE.
func (s *Session) selectAction(stmt ast.Stmt, x *ast.Select, params []types.Type) (*action, error) {
	q, err := s.planSelect(x, params)
	if err != nil {
		return nil, err
	}
	p := &planned{q, s.current().Version()}
	columns := resultColumns(q.Columns)
	return &action{params: q.Params, columns: columns, run: func(ctx context.Context, y *execution) (string, error) {
		q, err := s.replan(p, x, params, columns)
		if err != nil {
			return "", err
		}
		if err := s.runQuery(ctx, q, y, nil); err != nil {
			return "", err
		}
		return fmt.Sprintf("SELECT %d", y.rows), nil
	}}, nil
}

func (s *Session) planSelect(x *ast.Select, params []types.Type) (*planner.Query, error) {
	if len(x.Locking) > 0 {
		return nil, sqlerr.Unsupported("SELECT FOR UPDATE or SHARE", "Writers of a table take turns; use SERIALIZABLE to have reads checked.").
			At(x.Position())
	}
	return planner.Select(s.bindContext(params), x, planner.Options{Tasks: 1})
}

// replan gives the plan of a statement as things stand now: the prepared one for as long as the catalog holds and the
// transaction has written nothing that the plan should see through.
func (s *Session) replan(p *planned, x *ast.Select, params []types.Type, columns []engine.Column) (*planner.Query, error) {
	if p.catalog == s.current().Version() && !s.wroteAny(p.query.Reads) {
		return p.query, nil
	}
	q, err := s.planSelect(x, params)
	if err != nil {
		return nil, err
	}
	if !sameColumns(columns, resultColumns(q.Columns)) {
		return nil, sqlerr.New(sqlerr.FeatureNotSupported, "cached plan must not change result type")
	}
	return q, nil
}

func (s *Session) wroteAny(oids []uint32) bool {
	for _, oid := range oids {
		if r, ok := s.current().RelationByOID(oid); ok && r.ViewDef != nil && s.tx.Wrote(oid) {
			return true
		}
	}
	return false
}

func sameColumns(a, b []engine.Column) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Type != b[i].Type || a[i].Name != b[i].Name {
			return false
		}
	}
	return true
}

func resultColumns(cols []planner.Column) []engine.Column {
	out := make([]engine.Column, len(cols))
	for i, c := range cols {
		out[i] = engine.Column{Name: c.Name, Type: c.Type, Table: c.Table, Attr: c.Attr}
	}
	return out
}

// runQuery reads what a plan needs and gives its rows out. analyse, if set, is told of the operators at the end.
func (s *Session) runQuery(ctx context.Context, q *planner.Query, y *execution, analyse analyser) error {
	r, err := s.tx.Read(ctx, q.Plan, y.args)
	if err != nil {
		return err
	}
	defer r.Close()
	return query.Run(ctx, q.Plan, r, query.Options{Env: s.env(), Params: y.args, Instance: analyse}, y.give)
}

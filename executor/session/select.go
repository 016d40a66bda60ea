package session

import (
	"context"
	"strconv"

	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// planned is a SELECT's plan, ready to be run, and what it holds for: the catalog and the settings that it was made with.
type planned struct {
	query      *planner.Query
	prepared   *query.Prepared
	recursions []query.Recursion
	point      *txn.Point       // nil if the plan is no point read
	catalog    *catalog.Catalog // nil: it holds for nothing any more
	planning   planning
}

// selectAction is SELECT, VALUES and TABLE.
func (s *Session) selectAction(stmt ast.Stmt, x *ast.Select, params []types.Type) (*action, error) {
	p, err := s.planSelect(x, params)
	if err != nil {
		return nil, err
	}
	columns := resultColumns(p.query.Columns)
	settings := s.settings.Version()
	fresh := func() bool { return !p.query.Relative && settings == s.settings.Version() && s.holds(p) }
	return &action{params: p.query.Params, columns: columns, fresh: fresh, run: func(ctx context.Context, y *execution) (string, error) {
		now, err := s.replan(p, x, params, columns)
		if err != nil {
			return "", err
		}
		p = s.keep(p, now)
		if err := s.runPlanned(ctx, now, y); err != nil {
			return "", err
		}
		return selectTag(y.rows), nil
	}}, nil
}

// keep is which of a statement's plan and the one that it has just been run with is kept for the next time: not one that is for
// what a transaction has not committed.
func (s *Session) keep(p, now *planned) *planned {
	if now.catalog != s.engine.db.Catalog() {
		return p
	}
	return now
}

// selectTag is SELECT's command tag.
func selectTag(rows int64) string {
	switch rows { // of point reads
	case 0:
		return "SELECT 0"
	case 1:
		return "SELECT 1"
	}
	return "SELECT " + strconv.FormatInt(rows, 10)
}

func (s *Session) planSelect(x *ast.Select, params []types.Type) (*planned, error) {
	if len(x.Locking) > 0 {
		return nil, sqlerr.Unsupported("SELECT FOR UPDATE or SHARE", "Writers of a table take turns; use SERIALIZABLE to have reads checked.").
			At(x.Position())
	}
	p := &planned{catalog: s.current(), planning: s.settled().planning}
	var err error
	if p.query, err = planner.Select(s.bindContext(params), x, planner.Options{Tasks: 1}); err != nil {
		return nil, err
	}
	if s.wroteAny(p.query.Reads) { // it sees through views to what is not committed, and is good for this once
		p.catalog = nil
	}
	if p.prepared, err = query.Prepare(p.query.Plan); err != nil {
		return nil, err
	}
	for _, r := range p.query.Recursions {
		one := query.Recursion{Name: r.Name, Work: r.Work, Result: r.Result, Distinct: r.Distinct}
		if one.Seed, err = query.Prepare(r.Seed); err != nil {
			return nil, err
		}
		if one.Step, err = query.Prepare(r.Step); err != nil {
			return nil, err
		}
		p.recursions = append(p.recursions, one)
	}
	p.point, err = txn.NewPoint(p.query.Plan)
	return p, err
}

// holds reports whether a plan is right as things stand now: the catalog and the settings are those that it was made with, and the
// transaction has written nothing that it should see through.
func (s *Session) holds(p *planned) bool {
	return p.catalog == s.current() && p.planning == s.settled().planning && !s.wroteAny(p.query.Reads)
}

// replan gives the plan of a statement as things stand now: the prepared one for as long as it holds.
func (s *Session) replan(p *planned, x *ast.Select, params []types.Type, columns []engine.Column) (*planned, error) {
	if s.holds(p) {
		return p, nil
	}
	now, err := s.planSelect(x, params)
	if err != nil {
		return nil, err
	}
	if !sameColumns(columns, resultColumns(now.query.Columns)) {
		return nil, sqlerr.New(sqlerr.FeatureNotSupported, "cached plan must not change result type")
	}
	return now, nil
}

func (s *Session) wroteAny(oids []uint32) bool {
	if s.tx == nil || !s.tx.WroteAny() {
		return false
	}
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

// runPlanned reads what a plan needs and gives its rows out. A point read that needs nothing else takes the short way.
func (s *Session) runPlanned(ctx context.Context, p *planned, y *execution) error {
	if p.point != nil {
		ok, err := s.tx.Point(ctx, p.point, y.args)
		if err != nil {
			return err
		}
		if ok {
			return p.prepared.Run(ctx, p.point, query.Options{Env: s.env(), Params: y.args}, y.give)
		}
	}
	return s.runQuery(ctx, p, y, nil)
}

// runQuery runs a prepared plan over whatever it reads. analyse, if set, is told of the operators at the end.
func (s *Session) runQuery(ctx context.Context, p *planned, y *execution, analyse analyser) error {
	plans := []*physical.Plan{p.query.Plan}
	for _, rec := range p.query.Recursions {
		plans = append(plans, rec.Seed, rec.Step)
	}
	r, err := s.tx.ReadAll(ctx, plans, y.args)
	if err != nil {
		return err
	}
	defer r.Close()
	o := query.Options{Env: s.env(), Params: y.args, Instance: analyse}
	rel, err := query.WithRecursions(ctx, p.recursions, r, o)
	if err != nil {
		return err
	}
	return p.prepared.Run(ctx, rel, o, y.give)
}

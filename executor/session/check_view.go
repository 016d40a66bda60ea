package session

import (
	"context"
	"slices"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/query"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// checkViewAction is CHECK VIEW: it runs the view's query over its inputs as of one epoch and compares the result with the
// view's rows as of that epoch. The answer is a row for each difference: weight +1 for a row that the view lacks, -1 for one
// that it should not have.
func (s *Session) checkViewAction(x *ast.CheckView) (*action, error) {
	r, err := s.relation(x.Name)
	if err != nil {
		return nil, err
	}
	if r.Kind != catalog.View {
		return nil, sqlerr.New(sqlerr.WrongObjectType, "%q is not a view", r.Name).At(x.Name.Pos)
	}
	if r.ViewDef.EmitOnClose {
		return nil, sqlerr.Unsupported("CHECK VIEW of a view that EMITs ON WINDOW CLOSE", "Its rows depend on when windows closed; check a view without it.").At(x.Pos)
	}
	plan, err := physical.Decode(r.ViewDef.Plan)
	if err != nil {
		return nil, err
	}
	if graph.ByEpoch(plan) {
		return nil, sqlerr.Unsupported("CHECK VIEW of a view that joins FOR SYSTEM_TIME AS OF PROCTIME()", "Its rows depend on what was there when they came.").At(x.Pos)
	}
	if graph.Expires(plan) {
		return nil, sqlerr.Unsupported("CHECK VIEW of a view with ttl", "Which rows have expired depends on when they came; check a view of its query without ttl.").At(x.Pos)
	}
	if comparesWithNow(plan) {
		return nil, sqlerr.Unsupported("CHECK VIEW of a view that compares with now()", "Its rows go as time passes, and its query would be run at another time; check a view without that condition.").At(x.Pos)
	}
	columns := []engine.Column{{Name: "weight", Type: types.T(types.Int8)}}
	for _, c := range r.Columns {
		columns = append(columns, engine.Column{Name: c.Name, Type: c.Type})
	}
	return &action{columns: columns, run: func(ctx context.Context, y *execution) (string, error) {
		if o, ok := s.engine.db.Object(r.OID); ok && o.Job != nil && o.Job.LateRows() > 0 {
			return "", sqlerr.Unsupported("CHECK VIEW of a view that has left out late rows", "Its query would count them; see late_rows in streamdb.views.")
		}
		diff, err := s.checkView(ctx, r)
		if err != nil || diff == nil {
			return "CHECK VIEW", err
		}
		return "CHECK VIEW", y.give(diff)
	}}, nil
}

// checkView gives the differences, or nil if there are none.
func (s *Session) checkView(ctx context.Context, r *catalog.Relation) (*vec.Batch, error) {
	stmts, err := parse.Statements(r.ViewDef.Query)
	if err != nil {
		return nil, err
	}
	sel, ok := stmts[0].Statement.(*ast.Select)
	if !ok {
		return nil, sqlerr.Internal("the definition of view %q is no query", r.Name)
	}
	q, err := planner.Select(s.bindContext(nil), sel, planner.Options{Tasks: 1})
	if err != nil {
		return nil, err
	}
	whole := wholeScan(r)
	both := *q.Plan
	both.Nodes = append(both.Nodes[:len(both.Nodes):len(both.Nodes)], whole.Nodes[0], whole.Nodes[1])
	reader, err := s.tx.Read(ctx, &both, nil) // both sides as of one epoch
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	var all []*vec.Batch
	gather := func(sign int64) func(*vec.Batch) error {
		return func(b *vec.Batch) error {
			c := b.Clone()
			weights := make([]int64, c.N)
			for i := range weights {
				weights[i] = sign * c.Weight(i)
			}
			c.Weights = weights
			all = append(all, c)
			return nil
		}
	}
	if err := query.Run(ctx, q.Plan, reader, query.Options{Env: s.env()}, gather(1)); err != nil {
		return nil, err
	}
	if err := reader.Scan(ctx, scanOf(whole), gather(-1)); err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, nil
	}
	diff := vec.Consolidate(all)
	if diff == nil {
		return nil, nil
	}
	weight := vec.New(types.T(types.Int8), diff.N)
	for i := range diff.N {
		weight.Append(types.NewInt(diff.Weight(i)))
	}
	return &vec.Batch{Cols: append([]*vec.Vector{weight}, diff.Cols...), N: diff.N}, nil
}

// comparesWithNow reports whether a plan's rows come and go as time passes. Windows of the time at which rows came do not: the clock only
// closes them.
func comparesWithNow(plan *physical.Plan) bool {
	return slices.ContainsFunc(plan.Nodes, func(n physical.Node) bool {
		_, ok := n.Op.(*physical.Temporal)
		return ok
	})
}

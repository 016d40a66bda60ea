package session

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/explain"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// explainAction is EXPLAIN.
func (s *Session) explainAction(_ ast.Stmt, x *ast.Explain, params []types.Type) (*action, error) {
	if err := explainOptions(x); err != nil {
		return nil, err
	}
	columns := []engine.Column{{Name: "QUERY PLAN", Type: types.T(types.Text)}}
	if x.View != nil {
		r, err := s.relation(*x.View)
		if err != nil {
			return nil, err
		}
		return &action{columns: columns, run: func(_ context.Context, y *execution) (string, error) { return s.explainView(r, y) }}, nil
	}
	switch q := x.Statement.(type) {
	case *ast.Select:
		plan, err := s.planSelect(q, params)
		if err != nil {
			return nil, err
		}
		return &action{params: plan.query.Params, columns: columns, run: func(ctx context.Context, y *execution) (string, error) {
			return s.explainQuery(ctx, plan, x.Analyze, y)
		}}, nil
	case *ast.CreateView:
		ctx := s.bindContext(nil)
		ctx.View, ctx.Expand = true, nil
		if err := viewOptions(q.Options); err != nil {
			return nil, err
		}
		v, err := planner.View(ctx, q.Query, planOptions(q.Emit, q.Options))
		if err != nil {
			return nil, err
		}
		return &action{columns: columns, run: func(_ context.Context, y *execution) (string, error) {
			return "EXPLAIN", giveLines(y, explain.Plan(v.Plan, nil))
		}}, nil
	case *ast.Insert, *ast.Update, *ast.Delete:
		c, err := s.planChange(q, params)
		if err != nil {
			return nil, err
		}
		if x.Analyze {
			return nil, sqlerr.Unsupported("EXPLAIN ANALYZE of a statement that changes rows", "EXPLAIN it without ANALYZE.").At(x.Pos)
		}
		return &action{params: c.Params, columns: columns, run: func(_ context.Context, y *execution) (string, error) {
			return "EXPLAIN", giveLines(y, explainChange(c))
		}}, nil
	}
	return nil, sqlerr.Unsupported("EXPLAIN of this statement", "EXPLAIN takes SELECT, INSERT, UPDATE, DELETE and CREATE VIEW.").At(x.Pos)
}

// explainOptions takes PostgreSQL's options: the text format is the only one, and what adds detail changes nothing.
func explainOptions(x *ast.Explain) error {
	for _, o := range x.Options {
		switch strings.ToLower(o.Name) {
		case "analyze", "verbose", "costs", "settings", "generic_plan", "buffers", "wal", "timing", "summary":
		case "format":
			if !strings.EqualFold(o.Value.Text, "text") {
				return sqlerr.Unsupported("EXPLAIN (FORMAT "+o.Value.Text+")", "Use FORMAT TEXT.").At(o.Pos)
			}
		default:
			return sqlerr.New(sqlerr.SyntaxError, "unrecognized EXPLAIN option %q", o.Name).At(o.Pos)
		}
	}
	return nil
}

// explainQuery shows a SELECT's plan, and with analyze runs it and shows how many rows each operator gave.
func (s *Session) explainQuery(ctx context.Context, q *planned, analyze bool, y *execution) (string, error) {
	if !analyze {
		return "EXPLAIN", giveLines(y, explain.Plan(q.query.Plan, nil))
	}
	stats := map[int]string{}
	began := time.Now()
	rows := int64(0)
	run := &execution{Session: s, args: y.args, emit: func(b *vec.Batch) error {
		rows += count(b)
		return nil
	}}
	err := s.runQuery(ctx, q, run, func(in *graph.Instance) {
		in.Stats(func(node int, st graph.Stats) {
			stats[node] = fmt.Sprintf("(actual rows=%d batches=%d)", st.RowsOut, st.Batches)
		})
	})
	if err != nil {
		return "", err
	}
	stats[len(q.query.Plan.Nodes)-1] = fmt.Sprintf("(actual rows=%d)", rows) // no operator stands for the result
	lines := explain.Plan(q.query.Plan, stats)
	lines = append(lines, fmt.Sprintf("Execution Time: %.3f ms", float64(time.Since(began).Microseconds())/1000))
	return "EXPLAIN", giveLines(y, lines)
}

// explainView shows a running view's plan with its operators' counters.
func (s *Session) explainView(r *catalog.Relation, y *execution) (string, error) {
	o, ok := s.engine.db.Object(r.OID)
	if !ok || o.Job == nil {
		return "", sqlerr.New(sqlerr.WrongObjectType, "%q is a %s and has no plan", r.Name, r.Kind)
	}
	plan, err := physical.Decode(r.ViewDef.Plan)
	if err != nil {
		return "", err
	}
	type sum struct {
		in, out int64
		tasks   int
	}
	sums := map[int]*sum{}
	o.Job.Stats(func(st driver.Stat) {
		if sums[st.Node] == nil {
			sums[st.Node] = &sum{}
		}
		sums[st.Node].in += st.RowsIn
		sums[st.Node].out += st.RowsOut
		sums[st.Node].tasks++
	})
	stats := map[int]string{}
	for node, x := range sums {
		if n := &plan.Nodes[node]; node == len(plan.Nodes)-1 && len(n.Inputs) == 1 && sums[n.Inputs[0]] != nil {
			x.in = sums[n.Inputs[0]].out // the result is what the operator below it gives
			x.out = x.in
		}
		stats[node] = fmt.Sprintf("(rows in=%d out=%d tasks=%d)", x.in, x.out, x.tasks)
	}
	lines := explain.Plan(plan, stats)
	if list := s.current().Computed(r.Computation()); len(list) > 1 && list[0].OID != r.OID {
		lines = append(lines, "Computed by: "+s.shortName(list[0]))
	}
	lines = append(lines, fmt.Sprintf("Frontier: %d  State: %d bytes", o.Relation.Frontier(), o.Job.StateBytes()+o.Relation.Bytes()))
	return "EXPLAIN", giveLines(y, lines)
}

func explainChange(c *planner.Change) []string {
	verb, source := "Delete on ", (*physical.Plan)(nil)
	name := ""
	switch {
	case c.Insert != nil:
		verb, name, source = "Insert on ", c.Insert.Target.Name, c.Insert.Source
	case c.Update != nil:
		verb, name, source = "Update on ", c.Update.Target.Name, c.Update.Source
	default:
		name, source = c.Delete.Target.Name, c.Delete.Source
	}
	lines := []string{verb + name}
	for _, l := range explain.Plan(source, nil) {
		lines = append(lines, "  "+l)
	}
	return lines
}

func giveLines(y *execution, lines []string) error {
	b := vec.NewBatch([]types.Type{types.T(types.Text)}, len(lines))
	for _, l := range lines {
		b.AppendRow(1, types.NewText(l))
	}
	return y.give(b)
}

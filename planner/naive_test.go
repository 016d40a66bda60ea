package planner_test

import (
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

type row []types.Datum

// naive evaluates physical plans by their definition, node by node, so that what a plan claims of each node can be tried.
type naive struct {
	plan   *physical.Plan
	tables map[uint32][]row
	rows   [][]row // by node
}

// failure is a run-time error of the query.
type failure struct{ err error }

// evaluate computes all nodes; err is a run-time error that the query has.
func evaluate(p *physical.Plan, tables map[uint32][]row) (rows [][]row, err error) {
	e := &naive{plan: p, tables: tables}
	defer func() {
		switch x := recover().(type) {
		case nil:
		case failure:
			err = x.err
		default:
			panic(x)
		}
	}()
	for i := range p.Nodes {
		e.rows = append(e.rows, e.node(&p.Nodes[i]))
	}
	return e.rows, nil
}

func (e *naive) in(n *physical.Node, i int) ([]row, []types.Type) {
	return e.rows[n.Inputs[i]], e.plan.Nodes[n.Inputs[i]].Types
}

func (e *naive) node(n *physical.Node) (out []row) {
	switch x := n.Op.(type) {
	case *physical.Scan:
		for _, r := range e.tables[x.Relation] {
			out = append(out, pick(r, x.Columns))
		}
		return out
	case *physical.Values:
		for _, r := range x.Rows {
			out = append(out, evalAll(r, nil, nil))
		}
		return out
	case *physical.Union:
		for i := range n.Inputs {
			rows, _ := e.in(n, i)
			out = append(out, rows...)
		}
		return out
	case *physical.Join:
		return e.join(n, x)
	case *physical.SetOp:
		return e.setOp(n, x)
	}
	rows, ts := e.in(n, 0)
	switch x := n.Op.(type) {
	case *physical.Filter:
		for _, r := range rows {
			if isTrue(eval(x.Pred, r, ts)) {
				out = append(out, r)
			}
		}
	case *physical.Project:
		for _, r := range rows {
			out = append(out, evalAll(x.Exprs, r, ts))
		}
	case *physical.PartialAggregate:
		return partialAggregate(x, rows, ts)
	case *physical.Aggregate:
		return aggregate(x, rows, ts)
	case *physical.Distinct:
		for _, g := range groups(rows, ts, all(ts)) {
			out = append(out, g[0])
		}
	case *physical.TopN:
		return topN(x, rows, ts)
	case *physical.FirstRows:
		return firstRows(x, rows, ts)
	case *physical.Over:
		return over(x, rows, ts)
	case *physical.MaxOneRow:
		for _, g := range groups(rows, ts, x.Keys) {
			if len(g) > 1 {
				panic(failure{fmt.Errorf("more than one row")})
			}
		}
		return rows
	case *physical.WindowAssign:
		return windows(x, rows)
	case *physical.Stamp:
		for _, r := range rows {
			if !r[x.Time].Null {
				out = append(out, append(slices.Clone(r), types.NewInt(0), types.NewInt(0)))
			}
		}
	case *physical.Session:
		return sessions(x, rows, ts)
	case *physical.SessionAggregate:
		wide := append(slices.Clone(ts[:len(ts)-2]), ts[x.Time], ts[x.Time])
		keys := append(slices.Clone(x.PartitionBy), len(wide)-2, len(wide)-1)
		return aggregate(&physical.Aggregate{Keys: keys, Calls: x.Calls}, sessions(&x.Session, rows, ts), wide)
	case *physical.SliceAggregate:
		return sliceAggregate(x, rows, ts)
	case *physical.Exchange, *physical.Hold, *physical.Root:
		return rows
	default:
		panic("the naive evaluation has no " + n.Op.Kind())
	}
	return out
}

func pick(r row, at []int) row {
	out := make(row, len(at))
	for i, c := range at {
		out[i] = r[c]
	}
	return out
}

func isTrue(d types.Datum) bool { return !d.Null && d.Bool() }

func evalAll(list []physical.Expr, r row, ts []types.Type) row {
	out := make(row, len(list))
	for i, x := range list {
		out[i] = eval(x, r, ts)
	}
	return out
}

func eval(x physical.Expr, r row, ts []types.Type) types.Datum {
	p, err := expr.Compile(x.Node)
	if err != nil {
		panic(err)
	}
	cols := make([]*vec.Vector, len(ts))
	for i, t := range ts {
		cols[i] = vec.New(t, 1)
		cols[i].Append(r[i])
	}
	var errs expr.Errors
	v := p.EvalRows(&expr.Ctx{Fail: errs.Fail}, cols, 1, nil)
	if err := errs.First(); err != nil {
		panic(failure{err})
	}
	d := v.Datum(0)
	d.B = slices.Clone(d.B)
	return d
}

func (e *naive) join(n *physical.Node, x *physical.Join) (out []row) {
	left, lt := e.in(n, 0)
	right, rt := e.in(n, 1)
	both := append(slices.Clone(lt), rt...)
	emit := func(l, r row) {
		if l == nil {
			l = nulls(len(lt))
		}
		if r == nil {
			r = nulls(len(rt))
		}
		out = append(out, pick(append(slices.Clone(l), r...), x.Output))
	}
	matched := make([]bool, len(right))
	for _, l := range left {
		found, unknown := false, false
		for i, r := range right {
			key := sameKey(x, l, r, lt)
			unknown = unknown || x.NullAware && (l[x.LeftKeys[0]].Null || r[x.RightKeys[0]].Null)
			if !key || !x.Residual.None() && !isTrue(eval(x.Residual, append(slices.Clone(l), r...), both)) {
				continue
			}
			found, matched[i] = true, true
			if x.Join != physical.SemiJoin && x.Join != physical.AntiJoin {
				emit(l, r)
			}
		}
		if x.Join == physical.SemiJoin && found || x.Join == physical.AntiJoin && !found && !unknown ||
			!found && (x.Join == physical.LeftJoin || x.Join == physical.FullJoin) {
			emit(l, nil)
		}
	}
	for i, r := range right {
		if !matched[i] && (x.Join == physical.RightJoin || x.Join == physical.FullJoin) {
			emit(nil, r)
		}
	}
	return out
}

func nulls(n int) row {
	r := make(row, n)
	for i := range r {
		r[i] = types.Null
	}
	return r
}

func sameKey(x *physical.Join, l, r row, lt []types.Type) bool {
	for i, k := range x.LeftKeys {
		a, b := l[k], r[x.RightKeys[i]]
		if a.Null || b.Null {
			if !(a.Null && b.Null && x.NullsEqual[i]) {
				return false
			}
		} else if types.Compare(lt[k], a, b) != 0 {
			return false
		}
	}
	return true
}

func (e *naive) setOp(n *physical.Node, x *physical.SetOp) (out []row) {
	left, ts := e.in(n, 0)
	right, _ := e.in(n, 1)
	count, seen := map[string]int{}, map[string]bool{}
	for _, r := range right {
		count[textOf(r, ts, all(ts))]++
	}
	for _, r := range left {
		k := textOf(r, ts, all(ts))
		hit := count[k] > 0
		if x.All {
			count[k]--
		}
		if hit != (x.Set == physical.Intersect) || seen[k] && !x.All {
			continue
		}
		seen[k] = true
		out = append(out, r)
	}
	return out
}

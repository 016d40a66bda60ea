package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// decorrelate removes every dependent join (Neumann and Kemper, "Unnesting Arbitrary Queries", BTW 2015). Inner ones go first. What
// has a simple form takes it: correlated conditions become join conditions, functions in FROM run over the left side, scalar
// aggregates are grouped by what they are correlated on. The rest is computed once for each different value of the outer columns
// (the domain, pushed down to where they are used) and joined back.
func decorrelate(c *Context, n logical.Node) logical.Node {
	d := &decorrelator{md: c.MD, free: logical.FreeColumns{}, props: c.props()}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		switch n := n.(type) {
		case *logical.MaxOneRow:
			return d.dropCheck(n)
		case *logical.Join:
			return d.join(d.existence(n))
		}
		return n
	})
}

type decorrelator struct {
	md    *logical.Columns
	free  logical.FreeColumns
	props *props.Deriver
	// pushes counts the operators into which domains were pushed.
	pushes int
}

// maxPushes bounds the work: each of many nested subqueries that depend on all around them takes its domain through all below it.
const maxPushes = 100_000

// dropCheck removes a MaxOneRow over what has one row at most.
func (d *decorrelator) dropCheck(m *logical.MaxOneRow) logical.Node {
	if len(m.Keys) == 0 && d.props.AtMostOne(m.Input) {
		return m.Input
	}
	return m
}

// join makes a join independent: by the first form that fits, or in general.
func (d *decorrelator) join(n logical.Node) logical.Node {
	j, ok := n.(*logical.Join)
	if !ok {
		return n
	}
	outer := d.free.Of(j.Right).Intersect(logical.OutputSet(j.Left))
	if outer.Empty() {
		return j
	}
	for _, form := range []func(*logical.Join, logical.ColSet) (logical.Node, bool){
		d.overRow, d.overValues, d.overFunction, d.scalarAggregate, d.hoistProject, d.hoistFilter, d.pullConditions,
	} {
		if n, ok := form(j, outer); ok {
			return d.join(n)
		}
	}
	return d.general(j, outer)
}

// overRow: expressions of outer columns alone are computed beside the left side.
func (d *decorrelator) overRow(j *logical.Join, _ logical.ColSet) (logical.Node, bool) {
	p, ok := j.Right.(*logical.Project)
	if !ok || !logical.IsOneRow(p.Input) || len(j.On) > 0 || j.LeftOnly() {
		return nil, false
	}
	return logical.Extend(d.md, j.Left, p.Items), true
}

// overFunction: a set-returning function of outer columns runs over the left side.
func (d *decorrelator) overFunction(j *logical.Join, outer logical.ColSet) (logical.Node, bool) {
	f, ok := j.Right.(*logical.TableFunc)
	if !ok || d.free.Of(f.Input).Intersects(outer) || j.LeftOnly() {
		return nil, false
	}
	out := *f
	switch {
	case j.Kind == physical.InnerJoin:
		out.Input = logical.Cross(j.Left, f.Input)
		return logical.NewFilter(&out, j.On...), true
	case j.Kind == physical.LeftJoin && len(j.On) == 0 && logical.IsOneRow(f.Input):
		out.Input, out.Outer = j.Left, true
		return &out, true
	}
	return nil, false
}

// overValues: rows of expressions of outer columns are what unnest makes of an array of each column.
func (d *decorrelator) overValues(j *logical.Join, _ logical.ColSet) (logical.Node, bool) {
	v, ok := j.Right.(*logical.Values)
	if !ok || j.Kind != physical.InnerJoin && j.Kind != physical.LeftJoin || len(v.Rows) == 0 || len(j.On) > 0 {
		return nil, false
	}
	unnest := fn.Find("unnest", []types.Type{types.T(types.AnyArray)})
	f := &logical.TableFunc{Input: j.Left}
	for i, c := range v.Cols {
		t := d.md.Type(c)
		if t.Array || unnest == nil {
			return nil, false
		}
		column := &expr.ArrayCtor{Typ: types.ArrayOf(t)}
		for _, row := range v.Rows {
			column.Elems = append(column.Elems, row[i])
		}
		f.Calls, f.Cols = append(f.Calls, expr.NewCall(unnest, column)), append(f.Cols, []logical.ColID{c})
	}
	return f, true
}

package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// decorrelate removes every dependent join (Neumann and Kemper, "Unnesting Arbitrary Queries", BTW 2015). Inner ones go first. What
// has a simple form takes it: correlated conditions become join conditions, functions in FROM run over the left side, scalar
// aggregates are grouped by what they are correlated on. The rest is computed once for each different value of the outer columns
// (the domain, pushed down to where they are used) and joined back.
func decorrelate(c *Context, n logical.Node) logical.Node {
	d := &decorrelator{c.MD}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		if m, ok := n.(*logical.MaxOneRow); ok {
			return d.dropCheck(m)
		}
		if j, ok := n.(*logical.Join); ok {
			return d.join(j)
		}
		return n
	})
}

type decorrelator struct{ md *logical.Columns }

// dropCheck removes a MaxOneRow over what has one row at most.
func (d *decorrelator) dropCheck(m *logical.MaxOneRow) logical.Node {
	if len(m.Keys) == 0 && props.New(d.md).AtMostOne(m.Input) {
		return m.Input
	}
	return m
}

func (d *decorrelator) join(j *logical.Join) logical.Node {
	outer := logical.Free(j.Right).Intersect(logical.OutputSet(j.Left))
	if outer.Empty() {
		return j
	}
	for _, simple := range []func(*logical.Join, logical.ColSet) (logical.Node, bool){
		d.overRow, d.overFunction, d.hoistProject, d.scalarAggregate, d.pullConditions,
	} {
		if n, ok := simple(j, outer); ok {
			if k, ok := n.(*logical.Join); ok {
				return d.join(k)
			}
			return n
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
	if !ok || logical.Free(f.Input).Intersects(outer) || j.LeftOnly() {
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

// hoistProject: the expressions of an inner or semi join's right side are computed above it.
func (d *decorrelator) hoistProject(j *logical.Join, outer logical.ColSet) (logical.Node, bool) {
	p, ok := j.Right.(*logical.Project)
	if !ok || j.NullAware && !plainItems(p.Items) || !stable(p.Exprs()...) {
		return nil, false
	}
	if j.Kind == physical.LeftJoin && !plainItems(p.Items) {
		return nil, false
	}
	by := map[logical.ColID]expr.Node{}
	for _, it := range p.Items {
		by[it.Col] = it.Expr
	}
	inner := *j
	inner.Right = p.Input
	inner.On = make([]expr.Node, len(j.On))
	for i, c := range j.On {
		inner.On[i] = logical.Substitute(c, by)
	}
	out := d.join(&inner)
	if j.LeftOnly() {
		return out, true
	}
	items := logical.PassThrough(d.md, j.Left.Output())
	return logical.NewProject(out, append(items, p.Items...)), true
}

// plainItems reports whether a projection only chooses and renames columns.
func plainItems(items []logical.Item) bool {
	for _, it := range items {
		if _, ok := logical.ColumnOf(it.Expr); !ok {
			return false
		}
	}
	return true
}

// pullConditions: if all that is correlated is conditions, they become the join's.
func (d *decorrelator) pullConditions(j *logical.Join, outer logical.ColSet) (logical.Node, bool) {
	right, conds := d.pull(j.Right, outer)
	if len(conds) == 0 || logical.Free(right).Intersects(outer) {
		return nil, false
	}
	out := *j
	out.Right = right
	out.On = append(append([]expr.Node(nil), j.On...), conds...)
	if j.LeftOnly() || sameCols(right, j.Right) {
		return &out, true
	}
	return logical.NewProject(&out, logical.PassThrough(d.md, j.Output())), true
}

func sameCols(a, b logical.Node) bool { return len(a.Output()) == len(b.Output()) }

// pull takes the conditions on outer columns out of a subplan, as far as they can move up through it. The subplan may get more
// columns by it.
func (d *decorrelator) pull(n logical.Node, outer logical.ColSet) (logical.Node, []expr.Node) {
	switch n := n.(type) {
	case *logical.Filter:
		in, conds := d.pull(n.Input, outer)
		var kept []expr.Node
		for _, c := range n.Conds {
			if logical.ExprCols(c).Intersects(outer) && stable(c) {
				conds = append(conds, c)
			} else {
				kept = append(kept, c)
			}
		}
		return logical.NewFilter(in, kept...), conds
	case *logical.Project:
		in, conds := d.pull(n.Input, outer)
		if len(conds) == 0 {
			return n, nil
		}
		items := append([]logical.Item(nil), n.Items...)
		have := logical.OutputSet(n)
		for _, c := range logical.ExprCols(conds...).Intersect(logical.OutputSet(in)).Minus(have).List() {
			items = append(items, logical.Item{Col: c, Expr: d.md.Ref(c)})
		}
		return logical.NewProject(in, items), conds
	case *logical.WindowAssign:
		in, conds := d.pull(n.Input, outer)
		return n.WithInputs([]logical.Node{in}), conds
	case *logical.Join:
		return d.pullJoin(n, outer)
	case *logical.Aggregate:
		in, conds := d.pull(n.Input, outer)
		if n.Global || !logical.ExprCols(conds...).Intersect(logical.OutputSet(in)).SubsetOf(logical.SetOf(n.Keys...)) {
			return n, nil
		}
		return n.WithInputs([]logical.Node{in}), conds
	}
	return n, nil
}

func (d *decorrelator) pullJoin(j *logical.Join, outer logical.ColSet) (logical.Node, []expr.Node) {
	out := *j
	var conds []expr.Node
	switch j.Kind {
	case physical.InnerJoin:
		var left, right []expr.Node
		out.Left, left = d.pull(j.Left, outer)
		out.Right, right = d.pull(j.Right, outer)
		conds = append(left, right...)
		out.On = nil
		for _, c := range j.On {
			if logical.ExprCols(c).Intersects(outer) {
				conds = append(conds, c)
			} else {
				out.On = append(out.On, c)
			}
		}
	case physical.LeftJoin, physical.SemiJoin, physical.AntiJoin:
		out.Left, conds = d.pull(j.Left, outer)
	case physical.RightJoin:
		out.Right, conds = d.pull(j.Right, outer)
	}
	if len(conds) == 0 {
		return j, nil
	}
	return &out, conds
}

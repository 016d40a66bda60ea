package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// existence takes from the right side of a semi or anti join without conditions (EXISTS) what cannot make rows of none or none of
// some: the select list, DISTINCT, the order, a LIMIT. An aggregate without GROUP BY always has a row.
func (d *decorrelator) existence(j *logical.Join) logical.Node {
	if !j.LeftOnly() || len(j.On) > 0 {
		return j
	}
	right := j.Right
	for {
		switch n := right.(type) {
		case *logical.Project:
			right = n.Input
			continue
		case *logical.Over:
			right = n.Input
			continue
		case *logical.Aggregate:
			if !n.Global {
				right = n.Input
				continue
			}
			if j.Kind == physical.SemiJoin {
				return j.Left
			}
			return logical.Empty(j.Output())
		case *logical.TopN:
			if k, ok := constant(n.Limit); (n.Limit == nil || ok && k > 0) && n.Offset == nil {
				right = n.Input
				continue
			}
		}
		break
	}
	if right == j.Right {
		return j
	}
	return j.WithInputs([]logical.Node{j.Left, right})
}

// constant is the value of an integer constant.
func constant(e expr.Node) (int64, bool) {
	c, ok := e.(*expr.Const)
	if !ok || c.Value.Null || c.Typ.Kind() != types.KindInt64 && c.Typ.Kind() != types.KindInt32 {
		return 0, false
	}
	return c.Value.I, true
}

// hoistProject: the expressions of the right side are computed above the join, or within its conditions.
func (d *decorrelator) hoistProject(j *logical.Join, _ logical.ColSet) (logical.Node, bool) {
	p, ok := j.Right.(*logical.Project)
	if !ok || !stable(p.Exprs()...) || j.Kind == physical.LeftJoin && plain(p) {
		return nil, false
	}
	inner := *j
	inner.Right = p.Input
	inner.On = substituteAll(j.On, p)
	items := p.Items
	if j.Kind == physical.LeftJoin {
		inner.Right, items = d.nullable(p)
	}
	out := d.join(&inner)
	if j.LeftOnly() {
		return out, true
	}
	return logical.NewProject(out, slices.Concat(logical.PassThrough(d.md, j.Left.Output()), items)), true
}

// plain reports whether a projection has nothing but columns of its input and constants: a left join makes those null as they are.
func plain(p *logical.Project) bool {
	own := logical.OutputSet(p.Input)
	for _, it := range p.Items {
		c, column := logical.ColumnOf(it.Expr)
		if _, constant := it.Expr.(*expr.Const); !constant && (!column || !own.Has(c)) {
			return false
		}
	}
	return true
}

// substituteAll makes expressions over a projection's output ones over its input.
func substituteAll(list []expr.Node, p *logical.Project) []expr.Node {
	by := map[logical.ColID]expr.Node{}
	for _, it := range p.Items {
		by[it.Col] = it.Expr
	}
	out := make([]expr.Node, len(list))
	for i, e := range list {
		out[i] = logical.Substitute(e, by)
	}
	return out
}

// nullable gives a projection's items a form that is null where a left join found no partner. One that is strict in a column of the input
// has it; any other asks a column that marks the partners.
func (d *decorrelator) nullable(p *logical.Project) (logical.Node, []logical.Item) {
	own, in := logical.OutputSet(p.Input), p.Input
	items := slices.Clone(p.Items)
	var partner expr.Node
	for i, it := range items {
		if strict(it.Expr).Intersects(own) {
			continue
		}
		if partner == nil {
			c := d.md.New("partner", types.T(types.Bool))
			in = logical.Extend(d.md, in, []logical.Item{{Col: c, Expr: expr.Bool(true)}})
			partner = d.md.Ref(c)
		}
		t := it.Expr.Type()
		items[i].Expr = expr.NewCase(t, []expr.When{{Cond: partner, Result: it.Expr}}, expr.Null(t))
	}
	return in, items
}

// hoistFilter: conditions on the right side of an inner or semi join are conditions of the join. So they are for the other kinds, but
// then the form pullConditions has to make the rest independent.
func (d *decorrelator) hoistFilter(j *logical.Join, _ logical.ColSet) (logical.Node, bool) {
	f, ok := j.Right.(*logical.Filter)
	if !ok || !stable(f.Conds...) || j.Kind != physical.InnerJoin {
		return nil, false
	}
	inner := *j
	inner.Right, inner.On = f.Input, nil
	return logical.NewFilter(d.join(&inner), slices.Concat(j.On, f.Conds)...), true
}

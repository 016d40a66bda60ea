package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// aggregate groups by the domain as well. A global aggregate has a row for every value, so the domain is joined to the groups.
func (m *domain) aggregate(n *logical.Aggregate) (logical.Node, columns) {
	in, cols := m.push(n.Input)
	if !n.Global {
		out := *n
		out.Input, out.Keys = in, append(m.ids(cols), n.Keys...)
		return &out, cols
	}
	dom, own := m.use()
	grouped := &logical.Aggregate{Input: in, Keys: m.ids(cols)}
	items := logical.PassThrough(m.d.md, m.ids(own))
	for _, c := range n.Calls {
		call := c
		call.Col = m.d.md.Copy(c.Col)
		grouped.Calls = append(grouped.Calls, call)
		items = append(items, logical.Item{Col: c.Col, Expr: m.d.overNothing(c, m.d.md.Ref(call.Col))})
	}
	j := &logical.Join{Kind: physical.LeftJoin, Left: dom, Right: grouped}
	for _, c := range m.cols {
		j.On = append(j.On, m.d.same(own[c], cols[c]))
	}
	return logical.NewProject(j, items), own
}

// join pushes the domain into the side that needs it, or into both, which then agree on it.
func (m *domain) join(n *logical.Join) (logical.Node, columns) {
	out := *n
	var cols columns
	rightNeeds := m.d.free.Of(n.Right).Intersects(m.outer)
	leftNeeds := m.d.free.Of(n.Left).Intersects(m.outer)
	switch {
	case !rightNeeds && n.Kind != physical.RightJoin && n.Kind != physical.FullJoin:
		out.Left, cols = m.push(n.Left)
	case !leftNeeds && (n.Kind == physical.InnerJoin || n.Kind == physical.RightJoin):
		out.Right, cols = m.push(n.Right)
	default:
		return m.bothSides(n)
	}
	out.On = m.exprs(cols, n.On)
	return &out, cols
}

func (m *domain) bothSides(n *logical.Join) (logical.Node, columns) {
	out := *n
	var left, right columns
	out.Left, left = m.push(n.Left)
	out.Right, right = m.push(n.Right)
	cols := left
	if n.Kind == physical.RightJoin {
		cols = right
	}
	out.On = m.exprs(cols, n.On)
	for _, c := range m.cols {
		out.On = append(out.On, m.d.same(left[c], right[c]))
	}
	if n.Kind != physical.FullJoin {
		return &out, cols
	}
	merged := columns{}
	items := logical.PassThrough(m.d.md, n.Output())
	for _, c := range m.cols {
		merged[c] = m.d.md.Copy(c)
		both := []expr.Node{m.d.md.Ref(left[c]), m.d.md.Ref(right[c])}
		items = append(items, logical.Item{Col: merged[c], Expr: expr.NewCoalesce(m.d.md.Type(c), both)})
	}
	return logical.NewProject(&out, items), merged
}

// asof pushes the domain into the left side, and into the right one if that needs it: then it is a key.
func (m *domain) asof(n *logical.Asof) (logical.Node, columns) {
	out := *n
	var cols columns
	out.Left, cols = m.push(n.Left)
	if !m.d.free.Of(n.Right).Intersects(m.outer) {
		return &out, cols
	}
	var right columns
	out.Right, right = m.push(n.Right)
	out.LeftKeys, out.RightKeys, out.Nulls = slices.Clone(n.LeftKeys), slices.Clone(n.RightKeys), slices.Clone(n.Nulls)
	for _, c := range m.cols {
		out.LeftKeys, out.RightKeys = append(out.LeftKeys, m.d.md.Ref(cols[c])), append(out.RightKeys, m.d.md.Ref(right[c]))
		out.Nulls = append(out.Nulls, true)
	}
	return &out, cols
}

// values computes each row over the domain.
func (m *domain) values(n *logical.Values) (logical.Node, columns) {
	u := &logical.Union{Cols: append([]logical.ColID(nil), n.Cols...)}
	cols := columns{}
	for _, c := range m.cols {
		cols[c] = m.d.md.Copy(c)
		u.Cols = append(u.Cols, cols[c])
	}
	for _, row := range n.Rows {
		dom, own := m.use()
		p := &logical.Project{Input: dom}
		for i, e := range m.exprs(own, row) {
			p.Items = append(p.Items, logical.Item{Col: m.d.md.Copy(n.Cols[i]), Expr: e})
		}
		p.Items = append(p.Items, logical.PassThrough(m.d.md, m.ids(own))...)
		u.All, u.In = append(u.All, p), append(u.In, p.Output())
	}
	return u, cols
}

func (m *domain) union(n *logical.Union) (logical.Node, columns) {
	out := &logical.Union{Cols: append([]logical.ColID(nil), n.Cols...)}
	cols := columns{}
	for _, c := range m.cols {
		cols[c] = m.d.md.Copy(c)
		out.Cols = append(out.Cols, cols[c])
	}
	for i, in := range n.All {
		pushed, own := m.push(in)
		out.All = append(out.All, pushed)
		out.In = append(out.In, append(append([]logical.ColID(nil), n.In[i]...), m.ids(own)...))
	}
	return out, cols
}

func (m *domain) setOp(n *logical.SetOp) (logical.Node, columns) {
	out := *n
	var left, right columns
	out.Left, left = m.push(n.Left)
	out.Right, right = m.push(n.Right)
	out.LeftIn = append(append([]logical.ColID(nil), n.LeftIn...), m.ids(left)...)
	out.RightIn = append(append([]logical.ColID(nil), n.RightIn...), m.ids(right)...)
	cols := columns{}
	out.Cols = append([]logical.ColID(nil), n.Cols...)
	for _, c := range m.cols {
		cols[c] = m.d.md.Copy(c)
		out.Cols = append(out.Cols, cols[c])
	}
	return &out, cols
}

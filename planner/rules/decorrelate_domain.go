package rules

import (
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// domain is the distinct values of the outer columns of one dependent join: the right side is computed for each of them.
type domain struct {
	d     *decorrelator
	outer logical.ColSet
	// left gives the values.
	left logical.Node
	node logical.Node
	cols []logical.ColID
	// exact says that the right side may be computed for the domain's values only, not for more: something in it can fail.
	exact bool
	// done are the subplans that were pushed: what several parents share is computed once.
	done map[logical.Node]pushed
}

// pushed is a subplan's rows for every value of the domain, with the columns that hold the value.
type pushed struct {
	node logical.Node
	cols columns
}

// columns say which column stands for each outer one in a pushed subplan.
type columns map[logical.ColID]logical.ColID

// general computes the right side of a dependent join for the domain of its outer columns, and joins it back.
func (d *decorrelator) general(j *logical.Join, outer logical.ColSet) logical.Node {
	dom := d.domain(j.Left, outer)
	right, own := dom.push(j.Right)
	out := *j
	out.Left, out.Right, out.On = dom.left, right, slices.Concat(j.On, dom.back(own))
	return logical.NewProject(&out, logical.PassThrough(d.md, j.Output()))
}

func (d *decorrelator) domain(left logical.Node, outer logical.ColSet) *domain {
	left, cols := d.tellApart(left, outer)
	return &domain{d: d, outer: outer, left: left, cols: cols, done: map[logical.Node]pushed{}}
}

// back are the conditions that join what was computed for the domain to the left side.
func (m *domain) back(own columns) []expr.Node {
	on := make([]expr.Node, len(m.cols))
	for i, c := range m.cols {
		on[i] = m.d.same(c, own[c])
	}
	return on
}

// tellApart adds to the left side what tells equal values of the outer columns apart (the text of 1.0 and 1.00), as expressions of the right
// side may. It gives the columns of the domain.
func (d *decorrelator) tellApart(left logical.Node, outer logical.ColSet) (logical.Node, []logical.ColID) {
	cols := outer.List()
	var items []logical.Item
	for _, c := range outer.List() {
		if t := d.md.Type(c); !exact(t) && t.ID != types.Record {
			text := d.md.New(d.md.Get(c).Name, types.T(types.Text))
			items = append(items, logical.Item{Col: text, Expr: expr.NewCast(d.md.Ref(c), types.T(types.Text), true)})
			cols = append(cols, text)
		}
	}
	return logical.Extend(d.md, left, items), cols
}

// same is a IS NOT DISTINCT FROM b.
func (d *decorrelator) same(a, b logical.ColID) expr.Node {
	return &expr.IsDistinct{Left: d.md.Ref(a), Right: d.md.Ref(b), Not: true}
}

// use gives the domain under columns of its own, as a plan may join it several times.
func (m *domain) use() (logical.Node, columns) {
	if m.node == nil {
		m.node = &logical.Aggregate{Input: m.left, Keys: m.cols}
	}
	cols := columns{}
	p := &logical.Project{Input: m.node}
	for _, c := range m.cols {
		cols[c] = m.d.md.Copy(c)
		p.Items = append(p.Items, logical.Item{Col: cols[c], Expr: m.d.md.Ref(c)})
	}
	return p, cols
}

// ids are the columns that stand for the domain's.
func (m *domain) ids(cols columns) []logical.ColID {
	out := make([]logical.ColID, len(m.cols))
	for i, c := range m.cols {
		out[i] = cols[c]
	}
	return out
}

// exprs makes expressions read the columns of the pushed subplan instead of the outer ones.
func (m *domain) exprs(cols columns, list []expr.Node) []expr.Node {
	by := map[logical.ColID]expr.Node{}
	for c, to := range cols {
		by[c] = m.d.md.Ref(to)
	}
	out := make([]expr.Node, len(list))
	for i, e := range list {
		out[i] = logical.Substitute(e, by)
	}
	return out
}

// push gives n's rows for every value of the domain, with the columns that hold the value.
func (m *domain) push(n logical.Node) (logical.Node, columns) {
	if was, ok := m.done[n]; ok {
		return m.again(was)
	}
	node, cols := m.pushNode(n)
	m.done[n] = pushed{node, cols}
	return node, cols
}

// again gives a pushed subplan to another parent, with columns for the domain that are its own.
func (m *domain) again(was pushed) (logical.Node, columns) {
	cols, held := columns{}, logical.SetOf(m.ids(was.cols)...)
	items := logical.PassThrough(m.d.md, logical.OutputSet(was.node).Minus(held).List())
	for _, c := range m.cols {
		cols[c] = m.d.md.Copy(c)
		items = append(items, logical.Item{Col: cols[c], Expr: m.d.md.Ref(was.cols[c])})
	}
	return &logical.Project{Input: was.node, Items: items}, cols
}

func (m *domain) pushNode(n logical.Node) (logical.Node, columns) {
	if m.d.pushes++; m.d.pushes > maxPushes {
		panic(sqlerr.New(sqlerr.StatementTooComplex, "too many correlated subqueries within one another").
			WithHint("Join what the inner ones read instead."))
	}
	if !m.d.free.Of(n).Intersects(m.outer) {
		dom, cols := m.use()
		return logical.Cross(dom, n), cols
	}
	switch n := n.(type) {
	case *logical.Filter:
		return m.filter(n)
	case *logical.Project:
		return m.project(n)
	case *logical.TableFunc:
		in, cols := m.push(n.Input)
		return n.WithExprs(m.exprs(cols, n.Exprs())).WithInputs([]logical.Node{in}), cols
	case *logical.WindowAssign:
		in, cols := m.push(n.Input)
		return n.WithInputs([]logical.Node{in}), cols
	case *logical.MaxOneRow:
		in, cols := m.pushExactly(n.Input, true) // a value that no outer row has must not fail
		return &logical.MaxOneRow{Input: in, Keys: append(m.ids(cols), n.Keys...)}, cols
	case *logical.TopN:
		in, cols := m.push(n.Input)
		out := *n
		out.Input, out.PartitionBy = in, append(m.ids(cols), n.PartitionBy...)
		return &out, cols
	case *logical.Session:
		in, cols := m.push(n.Input)
		out := *n
		out.Input, out.PartitionBy = in, append(m.ids(cols), n.PartitionBy...)
		return &out, cols
	case *logical.Match:
		in, cols := m.push(n.Input)
		out := n.WithExprs(m.exprs(cols, n.Exprs())).(*logical.Match)
		out.Input, out.PartitionBy = in, append(m.ids(cols), n.PartitionBy...)
		return out, cols
	case *logical.Over:
		in, cols := m.push(n.Input)
		out := n.WithExprs(m.exprs(cols, n.Exprs())).(*logical.Over)
		out.Input, out.PartitionBy = in, append(m.ids(cols), n.PartitionBy...)
		return out, cols
	case *logical.Aggregate:
		return m.aggregate(n)
	case *logical.Join:
		return m.join(n)
	case *logical.Asof:
		return m.asof(n)
	case *logical.Values:
		return m.values(n)
	case *logical.Union:
		return m.union(n)
	case *logical.SetOp:
		return m.setOp(n)
	}
	panic(sqlerr.Internal("no domain can be pushed into %s", fmt.Sprintf("%T", n)))
}

// pushExactly pushes into the input of an operator that can fail.
func (m *domain) pushExactly(n logical.Node, canFail bool) (logical.Node, columns) {
	was := m.exact
	m.exact = m.exact || canFail
	defer func() { m.exact = was }()
	return m.push(n)
}

func (m *domain) project(n *logical.Project) (logical.Node, columns) {
	in, cols := m.pushExactly(n.Input, !cannotFail(n.Exprs()...))
	items := make([]logical.Item, 0, len(n.Items)+len(m.cols))
	for i, e := range m.exprs(cols, n.Exprs()) {
		items = append(items, logical.Item{Col: n.Items[i].Col, Expr: e})
	}
	return &logical.Project{Input: in, Items: append(items, logical.PassThrough(m.d.md, m.ids(cols))...)}, cols
}

// filter replaces the domain by columns of the input where conditions equate every outer column with one, so that no domain is
// needed: what the input has no value for cannot have rows.
func (m *domain) filter(n *logical.Filter) (logical.Node, columns) {
	eq, rest := m.equated(n)
	if eq == nil {
		in, cols := m.push(n.Input)
		return logical.NewFilter(in, m.exprs(cols, n.Conds)...), cols
	}
	conds := m.exprs(eq, rest)
	for _, c := range m.cols {
		conds = append(conds, expr.IsNotNull(m.d.md.Ref(eq[c])))
	}
	// A column that equals two outer ones, or is the input's own, needs an identity of its own above.
	renamed, items := columns{}, logical.PassThrough(m.d.md, n.Output())
	for _, c := range m.cols {
		renamed[c] = m.d.md.Copy(c)
		items = append(items, logical.Item{Col: renamed[c], Expr: m.d.md.Ref(eq[c])})
	}
	return logical.NewProject(logical.NewFilter(n.Input, conds...), items), renamed
}

// equated finds the column of the input that stands for each outer one, and the conditions that are left; nil if one has none.
func (m *domain) equated(n *logical.Filter) (eq columns, rest []expr.Node) {
	if m.exact || m.d.free.Of(n.Input).Intersects(m.outer) {
		return nil, nil
	}
	own := logical.OutputSet(n.Input)
	eq = columns{}
	for _, c := range n.Conds {
		a, b, ok := m.pair(c, own)
		if _, twice := eq[a]; ok && !twice {
			eq[a] = b
		} else {
			rest = append(rest, c)
		}
	}
	if len(eq) < len(m.cols) {
		return nil, nil
	}
	return eq, rest
}

// pair reads a condition as the equality of an outer column and one of own.
func (m *domain) pair(c expr.Node, own logical.ColSet) (outer, inner logical.ColID, ok bool) {
	l, r, nulls, ok := props.Equality(c)
	a, ok1 := logical.ColumnOf(l)
	b, ok2 := logical.ColumnOf(r)
	if !ok || nulls || !ok1 || !ok2 {
		return 0, 0, false
	}
	if own.Has(a) {
		a, b = b, a
	}
	t := m.d.md.Type(a)
	return a, b, m.outer.Has(a) && own.Has(b) && m.d.md.Type(b) == t && exact(t)
}

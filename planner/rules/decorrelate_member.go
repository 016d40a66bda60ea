package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// member is x IN (SELECT y …) as a value. The binder counts the rows for which x = y is true (hits) and null (nulls); read literally
// that compares every x with every y.
type member struct {
	hits, nulls logical.ColID
	x, y        expr.Node
	equal       expr.Node
	rows        logical.Node
}

// membership counts by look-up instead: hits are those rows that group under y, nulls are all rows where x is null, else those where
// y is.
func (d *decorrelator) membership(left logical.Node, agg *logical.Aggregate, outer logical.ColSet) (logical.Node, bool) {
	m, ok := matchMember(agg, outer)
	if !ok {
		return nil, false
	}
	in, keys, on, ok := d.keyed(m.rows, outer)
	if !ok || !cannotFail(m.y) {
		return nil, false
	}
	null := d.md.New("null", types.T(types.Bool))
	y := d.md.New("key", m.y.Type())
	in = logical.Extend(d.md, in, []logical.Item{{Col: y, Expr: m.y}, {Col: null, Expr: expr.IsNull(m.y)}})
	hits := d.count(0)
	out := d.countGroups(left, in, append(append([]logical.ColID(nil), keys...), y),
		append(append([]expr.Node(nil), on...), m.equal.With([]expr.Node{m.x, d.md.Ref(y)})), hits)
	nulls := expr.Node(expr.NewConst(hits.Fn.Ret, types.NewInt(0)))
	if !d.neverNull(left, m.x) || !d.neverNull(m.rows, m.y) {
		all, unknown := d.count(0), d.count(null)
		out = d.countGroups(out, in, keys, on, all, unknown)
		nulls = expr.NewCase(hits.Fn.Ret, []expr.When{{Cond: expr.IsNull(m.x), Result: d.orZero(all)}}, d.orZero(unknown))
	}
	items := append(logical.PassThrough(d.md, left.Output()), logical.Item{Col: m.hits, Expr: d.orZero(hits)},
		logical.Item{Col: m.nulls, Expr: nulls})
	return logical.NewProject(out, items), true
}

// matchMember recognises what the binder makes of IN and = ANY.
func matchMember(agg *logical.Aggregate, outer logical.ColSet) (*member, bool) {
	p, ok := agg.Input.(*logical.Project)
	if !ok || len(p.Items) != 2 || len(agg.Calls) != 2 {
		return nil, false
	}
	for i, c := range agg.Calls {
		if c.Fn.Name != "count" || len(c.Args) > 0 || c.Filter != p.Items[i].Col {
			return nil, false
		}
	}
	m := &member{hits: agg.Calls[0].Col, nulls: agg.Calls[1].Col, equal: p.Items[0].Expr, rows: p.Input}
	test, ok := p.Items[1].Expr.(*expr.Test)
	if !ok || !expr.Equal(test, expr.IsNull(m.equal)) {
		return nil, false
	}
	x, y, nulls, ok := props.Equality(m.equal)
	if own := logical.OutputSet(p.Input); ok && logical.ExprCols(x).Intersects(own) {
		x, y = y, x
	}
	m.x, m.y = x, y
	return m, ok && !nulls && stable(m.equal) && logical.ExprCols(x).SubsetOf(outer) && logical.ExprCols(y).SubsetOf(logical.OutputSet(p.Input))
}

// count is count(*), filtered.
func (d *decorrelator) count(filter logical.ColID) logical.AggCall {
	f := fn.FindAggregate("count", nil)
	return logical.AggCall{Col: d.md.New("count", f.Ret), Fn: f, Filter: filter}
}

func (d *decorrelator) orZero(c logical.AggCall) expr.Node { return d.overNothing(c, d.md.Ref(c.Col)) }

// countGroups joins counts of groups.
func (d *decorrelator) countGroups(left, in logical.Node, keys []logical.ColID, on []expr.Node, calls ...logical.AggCall) logical.Node {
	// The keys that a first join has made known are this one's under other names.
	items := logical.PassThrough(d.md, in.Output())
	by := map[logical.ColID]expr.Node{}
	own := make([]logical.ColID, len(keys))
	for i, k := range keys {
		own[i] = d.md.Copy(k)
		by[k] = d.md.Ref(own[i])
		items = append(items, logical.Item{Col: own[i], Expr: d.md.Ref(k)})
	}
	grouped := &logical.Aggregate{Input: logical.NewProject(in, items), Keys: own, Calls: calls, Global: len(keys) == 0}
	j := &logical.Join{Kind: physical.LeftJoin, Left: left, Right: grouped}
	for _, c := range on {
		j.On = append(j.On, logical.Substitute(c, by))
	}
	return j
}

// neverNull reports whether an expression is a column that has no nulls.
func (d *decorrelator) neverNull(n logical.Node, e expr.Node) bool {
	c, ok := logical.ColumnOf(e)
	return ok && d.props.Of(n).NotNull.Has(c)
}

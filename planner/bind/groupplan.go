package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// aggregate plans a grouped SELECT's aggregation: one Aggregate for one grouping set, else the union of one for each.
func (s *selection) aggregate(n logical.Node, g *grouping) logical.Node {
	p := s.b.projector(n)
	keys := p.cols(g.exprs, "group")
	calls := s.aggCalls(p)
	g.cols = keys
	if len(g.sets) != 1 {
		g.cols = make([]logical.ColID, len(keys))
		for i, k := range keys {
			g.cols[i] = s.b.md.Copy(k)
		}
	}
	s.rewriteGrouped(g)
	g.inSubquery, g.inDirect = false, true
	for _, a := range s.scope.query.aggs {
		for _, d := range a.args[:a.direct] {
			g.rewrite(d) // fails if it is not grouped
		}
	}
	in := p.node()
	if len(g.sets) == 1 {
		set := make([]logical.ColID, 0, len(keys))
		for _, i := range g.sets[0] {
			set = append(set, keys[i])
		}
		agg := &logical.Aggregate{Input: in, Keys: dedup(append(set, g.dependent...)), Calls: calls, Global: len(s.core.GroupBy) == 0 || len(g.sets[0]) == 0}
		return logical.Extend(s.b.md, agg, s.groupingItems(g, g.sets[0]))
	}
	return s.groupingSets(in, g, keys, calls)
}

// rewriteGrouped makes everything above the grouping read its output.
func (s *selection) rewriteGrouped(g *grouping) {
	joins, having := s.list.joins, *s.having
	s.list.joins = nil
	s.having.values, s.having.semis = &exprContext{}, &exprContext{}
	s.rewrite(g.rewrite)
	s.list.joins, s.having.values, s.having.semis = joins, having.values, having.semis
	g.inSubquery = true
	s.list.mapJoins(g.rewrite)
	s.having.values.mapJoins(g.rewrite)
	s.having.semis.mapJoins(g.rewrite)
}

// aggCalls turns the gathered aggregates into calls over columns.
func (s *selection) aggCalls(p *projector) []logical.AggCall {
	var calls []logical.AggCall
	for _, a := range s.scope.query.aggs {
		c := logical.AggCall{Col: a.col, Fn: a.fn, Args: p.cols(a.args, "arg"), Distinct: a.distinct, OrderBy: p.sortKeys(a.order)}
		if a.filter != nil {
			c.Filter = p.col(a.filter, "filter")
		}
		calls = append(calls, c)
	}
	return calls
}

// groupingItems are the values of the GROUPING calls in one grouping set.
func (s *selection) groupingItems(g *grouping, set []int) []logical.Item {
	var items []logical.Item
	for i := range s.scope.query.groupings {
		u := &s.scope.query.groupings[i]
		items = append(items, logical.Item{Col: u.col, Expr: expr.NewConst(int4Type, types.NewInt(u.bits(g, set)))})
	}
	return items
}

// groupingSets is the union of an Aggregate for each grouping set, over one shared input; the keys that a set lacks are null.
func (s *selection) groupingSets(in logical.Node, g *grouping, keys []logical.ColID, calls []logical.AggCall) logical.Node {
	md := s.b.md
	cols := append([]logical.ColID(nil), g.cols...)
	for _, c := range calls {
		cols = append(cols, c.Col)
	}
	for _, u := range s.scope.query.groupings {
		cols = append(cols, u.col)
	}
	u := &logical.Union{Cols: cols}
	for _, set := range g.sets {
		agg := &logical.Aggregate{Input: in, Global: len(set) == 0}
		var has logical.ColSet
		for _, i := range set {
			has.Add(keys[i])
		}
		agg.Keys = has.List()
		var items []logical.Item
		for i, k := range keys {
			e := expr.Node(expr.Null(md.Type(k)))
			if has.Has(k) {
				e = md.Ref(k)
			}
			items = append(items, logical.Item{Col: md.Copy(g.cols[i]), Expr: e})
		}
		for _, c := range calls {
			own := c
			own.Col = md.Copy(c.Col)
			agg.Calls = append(agg.Calls, own)
			items = append(items, logical.Item{Col: own.Col, Expr: md.Ref(own.Col)})
		}
		for _, it := range s.groupingItems(g, set) {
			items = append(items, logical.Item{Col: md.Copy(it.Col), Expr: it.Expr})
		}
		branch := &logical.Project{Input: agg, Items: items}
		u.All, u.In = append(u.All, branch), append(u.In, branch.Output())
	}
	return u
}

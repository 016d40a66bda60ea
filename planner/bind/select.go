package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// selection is a SELECT while its clauses are bound, in PostgreSQL's order: FROM, select list, WHERE, HAVING, ORDER BY, GROUP BY,
// DISTINCT, WINDOW.
type selection struct {
	b     *binder
	core  *ast.SelectCore
	scope *scope
	// list is the context of the select list; ORDER BY, DISTINCT ON and windows share its subqueries.
	list    *exprContext
	targets []target
	order   []orderExpr
	on      []expr.Node
	having  *boundFilter
}

// selectCore binds one SELECT with the ORDER BY that belongs to it.
func (b *binder) selectCore(core *ast.SelectCore, order []*ast.OrderItem, outer *exprContext, u unknowns) *relation {
	if core.Into != nil {
		unsupported(core.Into.Name.Pos, "SELECT INTO", "Create the table first and use INSERT … SELECT.")
	}
	defer func(saved bool) { b.clock = saved }(b.clock)
	b.clock = false
	s := &selection{b: b, core: core, scope: &scope{outer: outer, query: &query{windowDefs: core.Windows}}}
	node := b.from(core.From, s.scope)
	s.list = b.context(s.scope, "SELECT")
	s.list.aggregates, s.list.windows, s.list.sets = true, true, true
	if core.Distinct { // what is compared has a type
		u = resolveUnknown
	}
	s.targets = s.list.targets(core.Targets, u)
	node = b.where(s.scope, core.Where, node)
	having := b.context(s.scope, "HAVING")
	having.aggregates = true
	s.having = having.filter(core.Having)
	s.bindOrder(order)
	s.bindDistinctOn()
	checkWindows(core.Windows, s.list)
	node = s.grouped(node)
	return s.result(node)
}

// checkWindows binds named windows that no call uses, so that a wrong one is an error all the same.
func checkWindows(defs []*ast.WindowDef, x *exprContext) {
	seen := map[string]bool{}
	for _, d := range defs {
		if seen[d.Name] {
			fail(d.Pos, sqlerr.WindowingError, "window %q is already defined", d.Name)
		}
		seen[d.Name] = true
		var w windowUse
		in := x.nested()
		in.windows, in.inWindow = false, true
		in.windowDef(&w, d)
	}
}

// rewrite changes all expressions that are evaluated above the grouping.
func (s *selection) rewrite(f func(expr.Node) expr.Node) {
	for i := range s.targets {
		s.targets[i].expr = f(s.targets[i].expr)
	}
	rewriteOrder(s.order, f)
	rewriteAll(s.on, f)
	q := s.scope.query
	for i := range q.windows {
		w := &q.windows[i]
		rewriteAll(w.args, f)
		rewriteAll(w.partition, f)
		rewriteOrder(w.order, f)
		if w.filter != nil {
			w.filter = f(w.filter)
		}
	}
	for i := range q.sets {
		if c, ok := f(q.sets[i].call).(*expr.Call); ok {
			q.sets[i].call = c
		}
	}
	s.list.mapJoins(f)
	s.having.rewrite(f)
}

func rewriteAll(list []expr.Node, f func(expr.Node) expr.Node) {
	for i := range list {
		list[i] = f(list[i])
	}
}

func rewriteOrder(list []orderExpr, f func(expr.Node) expr.Node) {
	for i := range list {
		list[i].expr = f(list[i].expr)
	}
}

// result puts the operators above the grouping on one another: HAVING, subqueries of the select list, windows, set-returning functions,
// the list itself, DISTINCT.
func (s *selection) result(n logical.Node) *relation {
	q := s.scope.query
	late := s.list.split(windowCols(q.windows))
	n = s.list.attach(s.having.apply(n))
	n = late.attach(s.b.windowOps(n, q.windows))
	n = s.b.setOps(n, q.sets)
	p := s.b.projector(n)
	r := &relation{scope: s.scope}
	visible := &logical.Project{Input: n}
	var have logical.ColSet
	emit := func(c logical.ColID) {
		if !have.Has(c) {
			have.Add(c)
			visible.Items = append(visible.Items, p.item(c))
		}
	}
	for _, t := range s.targets {
		c := p.col(t.expr, t.name)
		emit(c)
		r.cols, r.at = append(r.cols, outCol{t.name, c}), append(r.at, t.pos)
	}
	targets := have.Len()
	r.order = p.sortKeys(s.order)
	for _, k := range r.order {
		emit(k.Col)
	}
	if s.core.Distinct && have.Len() > targets {
		fail(s.order[0].pos, sqlerr.InvalidColumnReference, "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
	}
	on := p.cols(s.on, "on")
	for _, c := range on {
		emit(c)
	}
	r.node = logical.NewProject(n, visible.Items)
	s.distinct(r, dedup(on))
	return r
}

// windowCols are the columns that window functions make.
func windowCols(windows []windowUse) logical.ColSet {
	var out logical.ColSet
	for i := range windows {
		out.Add(windows[i].col)
	}
	return out
}

// split takes out the subqueries that read some of the columns: they are to be joined above where these are made.
func (x *exprContext) split(cols logical.ColSet) *exprContext {
	above := x.nested()
	below := x.joins[:0]
	for _, j := range x.joins {
		reads := logical.ExprCols(j.on...)
		reads.AddAll(logical.Free(j.node))
		if reads.Intersect(cols).Empty() {
			below = append(below, j)
		} else {
			above.joins = append(above.joins, j)
		}
	}
	x.joins = below
	return above
}

// item is how a column that the projector gave is computed.
func (p *projector) item(c logical.ColID) logical.Item {
	for _, it := range p.items {
		if it.Col == c {
			return it
		}
	}
	return logical.Item{Col: c, Expr: p.b.md.Ref(c)}
}

// distinct is DISTINCT, or DISTINCT ON: the first row, in the query's order, of each group of rows equal in on.
func (s *selection) distinct(r *relation, on []logical.ColID) {
	switch {
	case s.core.Distinct:
		for i, t := range s.targets {
			s.b.mustEqual(s.b.md.Type(r.cols[i].id), t.pos)
		}
		r.node = logical.NewDistinct(r.node)
	case s.core.DistinctOn != nil:
		set, leading := logical.SetOf(on...), logical.ColSet{}
		for _, k := range r.order {
			if leading.Len() == set.Len() {
				break
			}
			if !set.Has(k.Col) {
				fail(s.core.DistinctOn[0].Position(), sqlerr.InvalidColumnReference, "SELECT DISTINCT ON expressions must match initial ORDER BY expressions")
			}
			leading.Add(k.Col)
		}
		one := expr.NewConst(int8Type, types.NewInt(1))
		r.node = &logical.TopN{Input: r.node, PartitionBy: on, OrderBy: completeOrder(r.order, r.ids()), Limit: one}
	}
}

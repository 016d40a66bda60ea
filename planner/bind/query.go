package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// query is what is gathered while one SELECT is bound, until its operators can be put on one another.
type query struct {
	aggs     []aggUse
	aggJoins []subqueryJoin
	windows  []windowUse
	sets     []setUse
	// windowDefs is the WINDOW clause.
	windowDefs []*ast.WindowDef
	// groupings are the calls of GROUPING.
	groupings []groupingUse
}

// setUse is a set-returning function in the select list.
type setUse struct {
	cols []logical.ColID
	call *expr.Call
}

// findAggregate finds an equal call, so that sum(x) written twice is computed once.
func (q *query) findAggregate(u aggUse) (logical.ColID, bool) {
	for _, a := range q.aggs {
		if a.fn == u.fn && a.distinct == u.distinct && equalExprs(a.args, u.args) && (a.filter == nil) == (u.filter == nil) &&
			(a.filter == nil || expr.Equal(a.filter, u.filter)) && len(a.order) == 0 && len(u.order) == 0 &&
			expr.Volatility(expr.NewAnd(u.args...)) < fn.Volatile {
			return a.col, true
		}
	}
	return 0, false
}

func equalExprs(a, b []expr.Node) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !expr.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// selectStmt binds a query. outer is the expression around it if it is a subquery; nil for none.
func (b *binder) selectStmt(s *ast.Select, outer *exprContext, u unknowns) *relation {
	done := b.pushWith(s.With, outer)
	if len(s.Locking) > 0 {
		unsupported(s.Locking[0].Pos, "FOR UPDATE or FOR SHARE", "Use SERIALIZABLE: it checks at COMMIT that what was read is still so.")
	}
	var r *relation
	switch body := s.Body.(type) {
	case *ast.SelectCore:
		r = b.selectCore(body, s.OrderBy, outer, u)
	case *ast.Values:
		r = b.values(body, outer, u)
		b.orderOutput(r, s.OrderBy, "VALUES")
	case *ast.SetOp:
		r = b.setOp(body, outer, u)
		b.orderOutput(r, s.OrderBy, "UNION/INTERSECT/EXCEPT")
	case *ast.Select:
		r = b.selectStmt(body, outer, u)
		if len(s.OrderBy) > 0 {
			r.order = nil
			b.orderOutput(r, s.OrderBy, "UNION/INTERSECT/EXCEPT")
		}
	}
	b.limit(r, s, outer)
	done()
	return r
}

// limit puts LIMIT and OFFSET on a query. The order is made total by the visible columns, so that the rows kept do not depend
// on what the rest of the plan reads of them.
func (b *binder) limit(r *relation, s *ast.Select, outer *exprContext) {
	if s.Limit == nil && s.Offset == nil {
		return
	}
	t := &logical.TopN{Input: r.node, OrderBy: r.order, WithTies: s.WithTies}
	own := r.scope
	if own == nil {
		own = &scope{outer: outer}
	}
	t.Limit = b.limitExpr(s.Limit, "LIMIT", own)
	t.Offset = b.limitExpr(s.Offset, "OFFSET", own)
	if s.WithTies && len(r.order) == 0 {
		fail(start(s.Limit), sqlerr.SyntaxError, "WITH TIES cannot be specified without ORDER BY clause")
	}
	if !s.WithTies {
		t.OrderBy = completeOrder(r.order, r.ids())
	}
	r.node = t
}

// completeOrder adds the columns that an order does not have yet.
func completeOrder(order []logical.SortKey, cols []logical.ColID) []logical.SortKey {
	out := append([]logical.SortKey(nil), order...)
	var seen logical.ColSet
	for _, k := range order {
		seen.Add(k.Col)
	}
	for _, c := range cols {
		if !seen.Has(c) {
			seen.Add(c)
			out = append(out, logical.SortKey{Col: c})
		}
	}
	return out
}

func (b *binder) limitExpr(e ast.Expr, clause string, s *scope) expr.Node {
	if e == nil {
		return nil
	}
	x := b.context(s, clause)
	n := x.expr(e)
	if logical.ExprCols(n).Intersects(s.columns()) {
		fail(start(e), sqlerr.InvalidColumnReference, "argument of %s must not contain variables", clause)
	}
	if len(x.joins) > 0 {
		unsupported(start(e), "a subquery in "+clause, "Compute the number first.")
	}
	if !logical.ExprCols(n).Empty() {
		unsupported(start(e), "a column of an outer query in "+clause, "Use row_number() OVER (PARTITION BY …) and a condition on it.")
	}
	if isUnknown(n.Type()) {
		return b.coerce(n, int8Type, implicitCast, start(e))
	}
	return b.coerceTo(n, int8Type, clause, start(e))
}

// projector gives expressions columns: their own if they are plain columns of the input, else new ones that a Project computes.
type projector struct {
	b     *binder
	input logical.Node
	in    logical.ColSet
	items []logical.Item
}

func (b *binder) projector(input logical.Node) *projector {
	return &projector{b: b, input: input, in: logical.OutputSet(input)}
}

func (p *projector) col(e expr.Node, name string) logical.ColID {
	if c, ok := logical.ColumnOf(e); ok && p.in.Has(c) {
		return c
	}
	if expr.Volatility(e) < fn.Volatile {
		for _, it := range p.items {
			if expr.Equal(it.Expr, e) {
				return it.Col
			}
		}
	}
	c := p.b.md.New(name, e.Type())
	if s := p.b.shape(e); s != nil {
		p.b.shapes[c] = s
	}
	p.items = append(p.items, logical.Item{Col: c, Expr: e})
	return c
}

func (p *projector) cols(list []expr.Node, name string) []logical.ColID {
	out := make([]logical.ColID, len(list))
	for i, e := range list {
		out[i] = p.col(e, name)
	}
	return out
}

func (p *projector) sortKeys(order []orderExpr) []logical.SortKey {
	var keys []logical.SortKey
	var seen logical.ColSet
	for _, o := range order {
		c := p.col(o.expr, "order")
		if !seen.Has(c) {
			seen.Add(c)
			keys = append(keys, logical.SortKey{Col: c, Desc: o.desc, NullsFirst: o.nullsFirst})
		}
	}
	return keys
}

// node computes the new columns beside the input's.
func (p *projector) node() logical.Node { return logical.Extend(p.b.md, p.input, p.items) }

// windowOps puts the window functions on a plan, one Over for each different window.
func (b *binder) windowOps(n logical.Node, uses []windowUse) logical.Node {
	for len(uses) > 0 {
		first := &uses[0]
		p := b.projector(n)
		over := &logical.Over{PartitionBy: dedup(p.cols(first.partition, "partition")), OrderBy: p.sortKeys(first.order)}
		var rest []windowUse
		for i := range uses {
			w := &uses[i]
			if !w.sameWindow(first) {
				rest = append(rest, *w)
				continue
			}
			call := logical.WindowCall{Col: w.col, Window: w.window, Aggregate: w.aggregate, Args: p.cols(w.args, "arg"), Frame: w.frame}
			if w.filter != nil {
				call.Filter = p.col(w.filter, "filter")
			}
			over.Calls = append(over.Calls, call)
		}
		over.Input = p.node()
		n, uses = over, rest
	}
	return n
}

func dedup(cols []logical.ColID) []logical.ColID {
	var seen logical.ColSet
	var out []logical.ColID
	for _, c := range cols {
		if !seen.Has(c) {
			seen.Add(c)
			out = append(out, c)
		}
	}
	return out
}

// setOps puts the select list's set-returning functions on a plan: they run in step, as PostgreSQL's ProjectSet. One in another's
// arguments comes first.
func (b *binder) setOps(n logical.Node, uses []setUse) logical.Node {
	for len(uses) > 0 {
		var later logical.ColSet
		for _, u := range uses {
			for _, c := range u.cols {
				later.Add(c)
			}
		}
		t := &logical.TableFunc{Input: n}
		var rest []setUse
		for _, u := range uses {
			if logical.ExprCols(u.call).Intersects(later) {
				rest = append(rest, u)
				continue
			}
			t.Calls = append(t.Calls, u.call)
			t.Cols = append(t.Cols, u.cols)
		}
		n, uses = t, rest
	}
	return n
}

package bind

import (
	"fmt"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// grouping is GROUP BY: what is grouped by, and the columns that stand for it above.
type grouping struct {
	b     *binder
	scope *scope
	exprs []expr.Node
	// cols are the columns of exprs above the grouping.
	cols []logical.ColID
	// sets are the grouping sets, by index into exprs: one, unless ROLLUP, CUBE or GROUPING SETS say otherwise.
	sets [][]int
	// local are the columns that cannot be used above unless they are grouped.
	local logical.ColSet
	// dependent are columns that the grouped ones determine: those of a table whose primary key is grouped.
	dependent []logical.ColID
	// inSubquery changes the message of ungrouped columns.
	inSubquery bool
	// inDirect is the same for the direct arguments of an ordered-set aggregate.
	inDirect bool
}

// groupingUse is a call of GROUPING: the indices of its arguments.
type groupingUse struct {
	col  logical.ColID
	args []expr.Node
	pos  int
}

// grouped puts the aggregation on the input of a SELECT that has one, and makes the expressions above it read its output.
func (s *selection) grouped(n logical.Node) logical.Node {
	q := s.scope.query
	if len(s.core.GroupBy) == 0 && len(q.aggs) == 0 && s.core.Having == nil {
		if len(q.groupings) > 0 {
			fail(s.b.at(q.groupings[0].args[0], q.groupings[0].pos), sqlerr.GroupingError, "arguments to GROUPING must be grouping expressions of the associated query level")
		}
		return n
	}
	x := s.b.context(s.scope, "GROUP BY")
	g := &grouping{b: s.b, scope: s.scope, local: s.scope.columns(), sets: [][]int{nil}}
	s.bindGroups(x, g)
	n = x.attach(n)
	for _, c := range q.aggJoins {
		n = (&exprContext{joins: []subqueryJoin{c}}).attach(n)
	}
	return s.aggregate(n, g)
}

// bindGroups expands GROUP BY into grouping sets: the product of its items' sets.
func (s *selection) bindGroups(x *exprContext, g *grouping) {
	for _, e := range s.core.GroupBy {
		sets := s.groupSets(x, g, e)
		if len(g.sets)*len(sets) > 4096 {
			fail(start(e), sqlerr.StatementTooComplex, "too many grouping sets present (maximum 4096)")
		}
		var product [][]int
		for _, a := range g.sets {
			for _, b := range sets {
				product = append(product, append(append([]int(nil), a...), b...))
			}
		}
		g.sets = product
	}
	if s.core.GroupDistinct {
		g.sets = distinctSets(g.sets)
	}
}

func distinctSets(sets [][]int) [][]int {
	seen := map[string]bool{}
	var out [][]int
	for _, s := range sets {
		in := map[int]bool{}
		for _, i := range s {
			in[i] = true
		}
		if k := fmt.Sprint(in); !seen[k] {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out
}

// groupSets are the grouping sets of one item of GROUP BY.
func (s *selection) groupSets(x *exprContext, g *grouping, e ast.Expr) [][]int {
	set, ok := e.(*ast.GroupingSet)
	if !ok {
		return [][]int{s.groupItem(x, g, e)}
	}
	switch set.Kind {
	case ast.GroupingEmpty:
		return [][]int{{}}
	case ast.GroupingSets:
		var out [][]int
		for _, it := range set.Items {
			out = append(out, s.groupSets(x, g, it)...)
		}
		return out
	}
	items := make([][]int, len(set.Items))
	for i, it := range set.Items {
		items[i] = s.groupItem(x, g, it)
	}
	if set.Kind == ast.GroupingRollup {
		out := [][]int{{}}
		for _, it := range items {
			out = append([][]int{append(append([]int(nil), out[0]...), it...)}, out...)
		}
		return out
	}
	if len(items) > 12 {
		fail(set.Pos, sqlerr.TooManyColumns, "CUBE is limited to 12 elements")
	}
	var out [][]int
	for mask := 1<<len(items) - 1; mask >= 0; mask-- {
		var one []int
		for i, it := range items {
			if mask&(1<<(len(items)-1-i)) != 0 {
				one = append(one, it...)
			}
		}
		out = append(out, one)
	}
	return out
}

// groupItem binds an expression, or a parenthesised list of them, and gives their indices.
func (s *selection) groupItem(x *exprContext, g *grouping, e ast.Expr) []int {
	if row, ok := e.(*ast.Row); ok && !row.Explicit {
		var out []int
		for _, it := range row.Items {
			out = append(out, s.groupItem(x, g, it)...)
		}
		return out
	}
	n, ok := s.groupTarget(e)
	if !ok {
		n = x.expr(e)
	}
	n = s.b.resolve(n, start(e))
	s.b.mustEqual(n.Type(), start(e))
	s.checkGrouped(n, start(e))
	for i, m := range g.exprs {
		if expr.Equal(m, n) {
			return []int{i}
		}
	}
	g.exprs = append(g.exprs, n)
	return []int{len(g.exprs) - 1}
}

// groupTarget finds what a number or a name means: the name of an input column comes before that of a target.
func (s *selection) groupTarget(e ast.Expr) (expr.Node, bool) {
	if ref, ok := e.(*ast.ColumnRef); ok && len(ref.Name.Parts) == 1 && len(s.scope.lookup(ref.Name.Last())) > 0 {
		return nil, false
	}
	return s.listed(e, "GROUP BY", true)
}

// checkGrouped fails for what cannot be grouped by: the results of aggregates and window functions.
func (s *selection) checkGrouped(n expr.Node, pos int) {
	used, q := logical.ExprCols(n), s.scope.query
	for _, a := range q.aggs {
		if used.Has(a.col) {
			fail(pos, sqlerr.GroupingError, "aggregate functions are not allowed in GROUP BY")
		}
	}
	for _, w := range q.windows {
		if used.Has(w.col) {
			fail(pos, sqlerr.WindowingError, "window functions are not allowed in GROUP BY")
		}
	}
	for _, f := range q.sets {
		if used.Intersects(logical.SetOf(f.cols...)) {
			unsupported(pos, "a set-returning function in GROUP BY", "Call it in FROM.")
		}
	}
}

// grouping binds GROUPING(...): its value is known when the grouping sets are.
func (x *exprContext) grouping(e *ast.FuncCall) expr.Node {
	pos := start(e)
	x.checkAggregate(pos)
	if len(e.Args) > 31 {
		fail(pos, sqlerr.TooManyArguments, "GROUPING must have fewer than 32 arguments")
	}
	in := x.nested()
	u := groupingUse{col: x.b.md.New("grouping", int4Type), args: in.exprs(e.Args), pos: pos}
	q := x.scope.query
	q.groupings = append(q.groupings, u)
	return x.b.ref(u.col, pos)
}

// bits is the value of a GROUPING call in a grouping set: a bit for each argument that the set leaves out.
func (u *groupingUse) bits(g *grouping, set []int) int64 {
	value := int64(0)
	for k, a := range u.args {
		value <<= 1
		found := -1
		for i, e := range g.exprs {
			if expr.Equal(a, e) {
				found = i
			}
		}
		if found < 0 {
			fail(g.b.at(u.args[k], u.pos), sqlerr.GroupingError, "arguments to GROUPING must be grouping expressions of the associated query level")
		}
		in := false
		for _, i := range set {
			in = in || i == found
		}
		if !in {
			value++
		}
	}
	return value
}

// rewrite makes an expression above the grouping read its output.
func (g *grouping) rewrite(n expr.Node) expr.Node {
	for i, e := range g.exprs {
		if expr.Equal(e, n) {
			return g.b.md.Ref(g.cols[i])
		}
	}
	if c, ok := logical.ColumnOf(n); ok {
		if g.local.Has(c) && !g.depends(c) {
			g.ungrouped(c, n)
		}
		return n
	}
	children := n.Children()
	var changed []expr.Node
	for i, c := range children {
		if d := g.rewrite(c); d != c {
			if changed == nil {
				changed = append([]expr.Node(nil), children...)
			}
			changed[i] = d
		}
	}
	if changed == nil {
		return n
	}
	return n.With(changed)
}

// depends reports whether a column follows from the grouped ones, and remembers it if so.
func (g *grouping) depends(c logical.ColID) bool {
	for _, d := range g.dependent {
		if d == c {
			return true
		}
	}
	if len(g.sets) != 1 {
		return false
	}
	grouped := logical.ExprCols()
	for _, e := range g.exprs {
		if id, ok := logical.ColumnOf(e); ok {
			grouped.Add(id)
		}
	}
	for _, it := range g.scope.items {
		if it.table != nil && it.table.PrimaryKey() != nil && it.has(c) && it.hasKey(grouped) {
			g.dependent = append(g.dependent, c)
			return true
		}
	}
	return false
}

func (it *fromItem) has(c logical.ColID) bool {
	for _, x := range it.cols {
		if x.id == c {
			return true
		}
	}
	return false
}

// hasKey reports whether the table's primary key is among the columns.
func (it *fromItem) hasKey(grouped logical.ColSet) bool {
	for _, k := range it.table.PrimaryKey().Columns {
		if k >= len(it.cols) || !grouped.Has(it.cols[k].id) {
			return false
		}
	}
	return true
}

func (g *grouping) ungrouped(c logical.ColID, n expr.Node) {
	pos := g.b.at(n, ast.NoPos)
	name := g.b.md.Get(c).Name
	for _, it := range g.scope.items {
		for _, x := range it.cols {
			if x.id == c && it.name != "" {
				name = it.name + "." + x.name
			}
		}
	}
	if g.inSubquery {
		fail(pos, sqlerr.GroupingError, "subquery uses ungrouped column %q from outer query", name)
	}
	e := sqlerr.New(sqlerr.GroupingError, "column %q must appear in the GROUP BY clause or be used in an aggregate function", name)
	if g.inDirect {
		e = e.WithDetail("Direct arguments of an ordered-set aggregate must use only grouped columns.")
	}
	panic(e.At(pos))
}

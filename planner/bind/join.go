package bind

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

var joinKinds = [...]physical.JoinKind{
	ast.JoinInner: physical.InnerJoin, ast.JoinLeft: physical.LeftJoin, ast.JoinRight: physical.RightJoin, ast.JoinFull: physical.FullJoin,
	ast.JoinCross: physical.InnerJoin,
}

// join binds a JOIN. Its names are those of both sides, and the columns of the join itself, where USING has merged some.
func (b *binder) join(t *ast.Join, s *scope) (logical.Node, []*fromItem) {
	left, leftItems := b.tableExpr(t.Left, s)
	kind := joinKinds[t.Kind]
	// The right side, if it is lateral, sees the left one; not so of RIGHT and FULL joins.
	rs := &scope{outer: s.outer, query: s.query, items: slices.Clone(s.items), unreachable: s.unreachable}
	if kind == physical.RightJoin || kind == physical.FullJoin {
		rs.wrongJoin = leftItems
	} else {
		rs.add(leftItems)
	}
	ref, _ := t.Right.(*ast.TableRef)
	if ref != nil && ref.ForTime != nil && (t.Kind == ast.JoinInner || t.Kind == ast.JoinLeft) && !t.Asof {
		now := *ref
		now.ForTime = nil
		t = &ast.Join{Pos: t.Pos, Kind: t.Kind, Left: t.Left, Right: &now, Natural: t.Natural, Using: t.Using, UsingAlias: t.UsingAlias, On: t.On, Alias: t.Alias}
	} else {
		ref = nil
	}
	right, rightItems := b.tableExpr(t.Right, rs)
	checkNames(leftItems, rightItems, t.Pos)
	j := &joining{b: b, kind: kind, node: t, left: left, right: right}
	items := slices.Concat(leftItems, rightItems)
	on := &scope{outer: s.outer, query: s.query, items: items, unreachable: s.items}
	if ref != nil {
		j.temporal(ref, &scope{outer: s.outer, query: s.query, items: leftItems, unreachable: s.items}, rightItems[0])
	} else if t.Asof {
		j.nearest = j.matchCondition(on)
	}
	using := t.Using
	if t.Natural {
		using = commonNames(leftItems, rightItems)
	}
	if using == nil {
		node := j.on(on, t.On)
		markNullable(kind, leftItems, rightItems)
		return node, j.alias(items, nil)
	}
	merged := j.using(using, visible(leftItems), visible(rightItems))
	markNullable(kind, leftItems, rightItems)
	return j.result, j.alias(items, merged)
}

// markNullable marks, for what stands behind the join, the items of which a row may be missing in it.
func markNullable(kind physical.JoinKind, left, right []*fromItem) {
	if kind == physical.LeftJoin || kind == physical.FullJoin {
		for _, it := range right {
			it.nullable = true
		}
	}
	if kind == physical.RightJoin || kind == physical.FullJoin {
		for _, it := range left {
			it.nullable = true
		}
	}
}

// checkNames fails if both sides have an item of one name.
func checkNames(left, right []*fromItem, pos int) {
	for _, l := range left {
		for _, r := range right {
			if l.relVisible && r.relVisible && l.name != "" && l.name == r.name && (l.schema == r.schema || l.table == nil || r.table == nil) {
				fail(pos, sqlerr.DuplicateAlias, "table name %q specified more than once", l.name)
			}
		}
	}
}

// visible are the columns that * shows of FROM items.
func visible(items []*fromItem) []outCol {
	var out []outCol
	for _, it := range items {
		if it.colsVisible {
			out = append(out, it.cols...)
		}
	}
	return out
}

func commonNames(left, right []*fromItem) []string {
	names := []string{}
	r := visible(right)
	for _, c := range visible(left) {
		if slices.ContainsFunc(r, func(d outCol) bool { return d.name == c.name }) && !slices.Contains(names, c.name) {
			names = append(names, c.name)
		}
	}
	return names
}

// joining is a JOIN while its condition is bound.
type joining struct {
	b           *binder
	kind        physical.JoinKind
	node        *ast.Join
	left, right logical.Node
	result      logical.Node
	// nearest makes it an ASOF join, lookUp one with the right rows that are there when a left row comes.
	nearest *nearest
	lookUp  bool
	// merged is how many columns USING merged.
	merged int
}

// on joins by a condition. A condition with subqueries is evaluated where their values can be: above an inner join, and inside the
// right side, as a dependent join, of an outer one.
func (j *joining) on(s *scope, cond ast.Expr) logical.Node {
	x := j.b.context(s, "JOIN conditions")
	f := x.filter(cond)
	if len(f.values.joins) == 0 && len(f.semis.joins) == 0 {
		return j.make(f.conds)
	}
	if j.nearest != nil || j.lookUp {
		unsupported(j.node.Pos, "a subquery in the condition of an ASOF or temporal join", "Join the subquery to one of the sides first.")
	}
	switch j.kind {
	case physical.InnerJoin:
		return f.apply(&logical.Join{Kind: j.kind, Left: j.left, Right: j.right})
	case physical.LeftJoin:
		return &logical.Join{Kind: j.kind, Left: j.left, Right: f.apply(j.right)}
	case physical.RightJoin:
		return &logical.Join{Kind: physical.LeftJoin, Left: j.right, Right: f.apply(j.left)}
	}
	unsupported(j.node.Pos, "a subquery in the condition of a FULL JOIN", "Join the subquery to one of the sides first.")
	return nil
}

// using joins by equality of columns of both sides that have one name, and merges each pair into one column: the left one's, or for FULL joins
// whichever is not null.
func (j *joining) using(names []string, left, right []outCol) []outCol {
	var on []expr.Node
	var merged []outCol
	var computed []logical.Item
	for _, name := range names {
		l, r := j.usingColumn(left, name, "left"), j.usingColumn(right, name, "right")
		eq := j.b.operator(ast.Operator{Pos: j.node.Pos, Name: "="}, j.b.md.Ref(l.id), j.b.md.Ref(r.id))
		on = append(on, eq)
		pair := []expr.Node{j.b.md.Ref(l.id), j.b.md.Ref(r.id)}
		t := j.b.unify(pair, "JOIN/USING", []int{j.node.Pos, j.node.Pos})
		var value expr.Node
		switch j.kind {
		case physical.FullJoin:
			value = expr.NewCoalesce(t, pair)
		case physical.RightJoin:
			value = pair[1]
		default:
			value = pair[0]
		}
		if c, ok := logical.ColumnOf(value); ok {
			merged = append(merged, outCol{name, c})
			continue
		}
		c := j.b.md.New(name, t)
		computed = append(computed, logical.Item{Col: c, Expr: value})
		merged = append(merged, outCol{name, c})
	}
	j.result = logical.Extend(j.b.md, j.make(on), computed)
	j.merged = len(merged)
	out := slices.Clone(merged)
	for _, c := range slices.Concat(left, right) {
		if !slices.Contains(names, c.name) {
			out = append(out, c)
		}
	}
	return out
}

func (j *joining) usingColumn(cols []outCol, name, side string) outCol {
	var found []outCol
	for _, c := range cols {
		if c.name == name {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		fail(j.node.Pos, sqlerr.UndefinedColumn, "column %q specified in USING clause does not exist in %s table", name, side)
	case 1:
	default:
		fail(j.node.Pos, sqlerr.AmbiguousColumn, "common column name %q appears more than once in %s table", name, side)
	}
	return found[0]
}

// alias gives the FROM items of the whole join: those of its sides, whose columns are hidden behind the join's own where USING
// merged some, or only the alias of a parenthesised join.
func (j *joining) alias(items []*fromItem, merged []outCol) []*fromItem {
	t := j.node
	if t.Alias != nil {
		cols := merged
		if cols == nil {
			cols = visible(items)
		}
		return []*fromItem{j.b.named(cols, "", t.Alias, t.Pos)}
	}
	if merged == nil {
		return items
	}
	out := make([]*fromItem, 0, len(items)+2)
	for _, it := range items {
		hidden := *it
		hidden.colsVisible = false
		out = append(out, &hidden)
	}
	out = append(out, &fromItem{cols: merged, colsVisible: true})
	if t.UsingAlias != "" {
		out = append(out, &fromItem{name: t.UsingAlias, cols: merged[:j.merged], relVisible: true})
	}
	return out
}

package compat_test

import (
	"fmt"
	"strings"
)

// query draws a query whose output has the kinds given.
func (g *grammar) query(want []kind, outer []column, depth int) string {
	switch {
	case depth > 0 && g.chance(12):
		op := g.one("UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL")
		return fmt.Sprintf("(%s) %s (%s)", g.query(want, outer, depth-1), op, g.query(want, outer, depth-1))
	case depth > 0 && g.chance(10):
		return g.with(want, outer, depth)
	case g.chance(35):
		return g.grouped(want, outer, depth)
	}
	return g.plain(want, outer, depth)
}

// kindsOf draws the kinds of n columns.
func (g *grammar) kindsOf(n int) []kind {
	out := make([]kind, n)
	for i := range out {
		out[i] = kind(g.IntN(kinds))
	}
	return out
}

// with draws a query over a common table expression that is read twice.
func (g *grammar) with(want []kind, outer []column, depth int) string {
	inner, name := g.kindsOf(2+g.IntN(2)), g.alias()
	a, b := g.alias(), g.alias()
	cols, names := append([]column(nil), outer...), []string{}
	for i, k := range inner {
		names = append(names, fmt.Sprintf("c%d", i+1))
		for _, r := range []string{a, b} {
			cols = append(cols, column{sql: r + "." + names[i], kind: k})
		}
	}
	return fmt.Sprintf("WITH %s (%s) AS (%s) SELECT %s FROM %s %s %s JOIN %s %s ON %s.c1 = %s.c1 WHERE %s", name, strings.Join(names, ", "),
		g.query(inner, nil, depth-1), g.list(want, cols, depth-1), name, a, g.one("", "LEFT"), name, b, a, b, g.conditions(cols, depth-1))
}

// list draws a target list with aliases c1, c2, ….
func (g *grammar) list(want []kind, scope []column, depth int) string {
	out := make([]string, len(want))
	for i, k := range want {
		out[i] = fmt.Sprintf("%s AS c%d", g.expr(k, scope, depth), i+1)
	}
	return strings.Join(out, ", ")
}

// plain draws a SELECT without GROUP BY: perhaps DISTINCT, window functions, ORDER BY with LIMIT.
func (g *grammar) plain(want []kind, outer []column, depth int) string {
	from, cols := g.from(outer, depth)
	scope := append(append([]column(nil), outer...), cols...)
	where := ""
	if g.chance(60) {
		where = " WHERE " + g.conditions(scope, depth)
	}
	if g.chance(20) {
		scope = append(scope, g.windows(cols)...)
	}
	return fmt.Sprintf("SELECT %s%s FROM %s%s%s", g.one("", "", "", "DISTINCT "), g.list(want, scope, depth), from, where, g.tail(len(want)))
}

// tail orders by every column, so that LIMIT leaves nothing open.
func (g *grammar) tail(columns int) string {
	if g.chance(75) {
		return ""
	}
	keys := make([]string, columns)
	for i := range keys {
		keys[i] = fmt.Sprintf("%d%s", i+1, g.one("", " DESC", " NULLS FIRST", " DESC NULLS LAST"))
	}
	g.Shuffle(columns, func(i, j int) { keys[i], keys[j] = keys[j], keys[i] })
	return " ORDER BY " + strings.Join(keys, ", ") + g.one("", " LIMIT 3", " LIMIT 5 OFFSET 2", " OFFSET 1")
}

// windows draws window functions whose order is total or whose ties do not show.
func (g *grammar) windows(cols []column) []column {
	var all []string
	for _, c := range cols {
		all = append(all, c.sql)
	}
	partition := g.one("", "PARTITION BY "+g.one(all...)+" ")
	key := g.one(all...) + g.one("", " DESC", " NULLS FIRST")
	total := fmt.Sprintf("OVER (%sORDER BY %s, %s", partition, key, strings.Join(all, ", "))
	ties := fmt.Sprintf("OVER (%sORDER BY %s)", partition, key)
	whole := fmt.Sprintf("OVER (%s)", partition)
	frame := g.one("", " ROWS BETWEEN 1 PRECEDING AND CURRENT ROW", " ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING",
		" ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", " ROWS UNBOUNDED PRECEDING") + ")"
	of := func(k kind) string { return g.leaf(k, cols) }
	return []column{
		{sql: "row_number() " + total + ")", kind: bigint, local: true},
		{sql: g.one("rank() ", "dense_rank() ", "count(*) ") + g.one(ties, whole), kind: bigint, local: true},
		{sql: fmt.Sprintf("%s(%s) %s%s", g.one("sum", "count"), of(integer), total, frame), kind: bigint, local: true},
		{sql: fmt.Sprintf("sum(%s) %s", of(number), g.one(ties, whole)), kind: number, local: true},
		{sql: fmt.Sprintf("%s(%s) %s%s", g.one("min", "max", "first_value", "last_value"), of(text), total, frame), kind: text, local: true},
		{sql: fmt.Sprintf("%s(%s, %d) %s)", g.one("lag", "lead"), of(moment), g.IntN(3), total), kind: moment, local: true},
		{sql: fmt.Sprintf("%s(%s) %s", g.one("min", "max"), of(day), ties), kind: day, local: true},
	}
}

// grouped draws a SELECT with GROUP BY or of plain aggregates, perhaps with HAVING.
func (g *grammar) grouped(want []kind, outer []column, depth int) string {
	from, cols := g.from(outer, depth)
	scope := append(append([]column(nil), outer...), cols...)
	sql := ""
	if g.chance(50) {
		sql = " WHERE " + g.conditions(scope, depth)
	}
	result := append(append([]column(nil), outer...), g.aggregates(cols, depth)...)
	if g.chance(80) {
		var keys []string
		for range 1 + g.IntN(2) {
			c := cols[g.IntN(len(cols))]
			keys = append(keys, c.sql)
			result = append(result, c, c, c)
		}
		sql += " GROUP BY " + strings.Join(keys, ", ")
	}
	if g.chance(30) {
		sql += " HAVING " + g.conditions(result, depth-1)
	}
	return fmt.Sprintf("SELECT %s FROM %s%s%s", g.list(want, result, depth), from, sql, g.tail(len(want)))
}

// aggregates draws aggregates of every kind.
func (g *grammar) aggregates(cols []column, depth int) []column {
	of := func(k kind) string { return g.expr(k, cols, min(depth-1, 1)) }
	filter := g.one("", "", fmt.Sprintf(" FILTER (WHERE %s)", g.leaf(truth, cols)))
	distinct := g.one("", "", "DISTINCT ")
	s := g.leaf(text, cols) + " || ''" // never an untyped literal, which PostgreSQL does not find among DISTINCT's arguments
	return []column{
		{sql: "count(*)" + filter, kind: bigint, local: true},
		{sql: fmt.Sprintf("count(%s%s)", distinct, of(kind(g.IntN(kinds)))), kind: bigint, local: true},
		{sql: fmt.Sprintf("sum(%s%s)%s", distinct, of(integer), filter), kind: bigint, local: true},
		{sql: fmt.Sprintf("%s(%s)", g.one("min", "max"), of(integer)), kind: integer, local: true},
		{sql: fmt.Sprintf("sum(%s)%s", of(number), filter), kind: number, local: true},
		{sql: fmt.Sprintf("round(avg(%s), 2)", of(g.either(number, bigint))), kind: number, local: true},
		{sql: fmt.Sprintf("string_agg(%s%s, ',' ORDER BY %s)", distinct, s, s), kind: text, local: true},
		{sql: fmt.Sprintf("(array_agg(%s ORDER BY %s))::text", cols[0].sql, cols[0].sql), kind: text, local: true},
		{sql: fmt.Sprintf("%s(%s)", g.one("min", "max"), of(text)), kind: text, local: true},
		{sql: fmt.Sprintf("%s(%s)", g.one("min", "max"), of(moment)), kind: moment, local: true},
		{sql: fmt.Sprintf("%s(%s)", g.one("min", "max"), of(day)), kind: day, local: true},
		{sql: fmt.Sprintf("%s(%s)", g.one("bool_and", "bool_or"), of(truth)), kind: truth, local: true},
	}
}

// from draws a FROM item, a join as often as not.
func (g *grammar) from(outer []column, depth int) (string, []column) {
	sql, cols := g.item(depth)
	for depth > 0 && g.chance(40) {
		right, more := g.item(depth - 1)
		both := append(append([]column(nil), cols...), more...)
		kind := g.one("JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN")
		switch kind {
		case "CROSS JOIN":
			sql = fmt.Sprintf("%s CROSS JOIN %s", sql, right)
		case "FULL JOIN": // PostgreSQL wants an equality, and no subquery in it
			sql = fmt.Sprintf("%s FULL JOIN %s ON %s", sql, right, g.equal(cols, more))
		default:
			on := g.equal(cols, more)
			if g.chance(40) {
				on += " AND " + g.condition(both, 1)
			} else if g.chance(15) {
				on = g.condition(both, 1)
			}
			sql = fmt.Sprintf("%s %s %s ON %s", sql, kind, right, on)
		}
		cols, depth = both, depth-1
	}
	if depth > 0 && g.chance(10) {
		inner, name := g.kindsOf(2), g.alias()
		sql += fmt.Sprintf(" CROSS JOIN LATERAL (%s) %s", g.query(inner, visible(cols), depth-1), name)
		for i, k := range inner {
			cols = append(cols, column{sql: fmt.Sprintf("%s.c%d", name, i+1), kind: k})
		}
	}
	return sql, cols
}

// equal is an equality between columns of one kind, or of literals if there are none.
func (g *grammar) equal(left, right []column) string {
	for range 20 {
		l, r := left[g.IntN(len(left))], right[g.IntN(len(right))]
		if l.kind == r.kind && l.kind != truth {
			return l.sql + " = " + r.sql
		}
	}
	return left[0].sql + "::text = " + right[0].sql + "::text"
}

// item draws a table or a subquery in FROM.
func (g *grammar) item(depth int) (string, []column) {
	name := g.alias()
	if depth > 0 && g.chance(20) {
		inner, cols := g.kindsOf(2+g.IntN(2)), []column(nil)
		for i, k := range inner {
			cols = append(cols, column{sql: fmt.Sprintf("%s.c%d", name, i+1), kind: k})
		}
		return fmt.Sprintf("(%s) %s", g.query(inner, nil, depth-1), name), cols
	}
	t := g.tables[g.IntN(len(g.tables))]
	var cols []column
	for _, c := range t.columns {
		cols = append(cols, column{sql: name + "." + c.name, kind: c.kind})
	}
	return t.name + " " + name, cols
}

// visible are the columns of a scope that a subquery can name.
func visible(scope []column) (out []column) {
	for _, c := range scope {
		if !c.local {
			out = append(out, c)
		}
	}
	return out
}

// scalarSubquery draws a subquery of at most one row.
func (g *grammar) scalarSubquery(k kind, scope []column, depth int) string {
	from, cols := g.item(depth - 1)
	both := append(visible(scope), cols...)
	where := g.condition(both, max(depth-1, 1))
	if outer := visible(scope); len(outer) > 0 && g.chance(70) {
		where = g.equal(cols, outer) + g.one("", " AND "+where)
	}
	if k == truth || g.chance(30) {
		return fmt.Sprintf("(SELECT %s AS c1 FROM %s WHERE %s ORDER BY 1 LIMIT 1)", g.expr(k, both, depth-1), from, where)
	}
	if k == bigint && g.chance(50) {
		return fmt.Sprintf("(SELECT count(*) FROM %s WHERE %s)", from, where)
	}
	return fmt.Sprintf("(SELECT %s(%s) FROM %s WHERE %s)", g.one("min", "max"), g.leaf(k, cols), from, where)
}

// subqueryCondition draws EXISTS, IN, ANY and ALL.
func (g *grammar) subqueryCondition(scope []column, depth int) string {
	outer := visible(scope)
	if depth <= 0 {
		return g.leaf(truth, scope)
	}
	if g.chance(40) {
		from, cols := g.item(depth - 1)
		where := g.condition(append(outer, cols...), depth-1)
		if len(outer) > 0 && g.chance(80) {
			where = g.equal(cols, outer) + g.one("", " AND "+where)
		}
		return fmt.Sprintf("(%sEXISTS (SELECT 1 FROM %s WHERE %s))", g.one("", "NOT "), from, where)
	}
	if g.chance(50) {
		outer = nil // uncorrelated
	}
	k := kind(g.IntN(kinds))
	sub := g.query([]kind{k}, outer, depth-1)
	left := g.expr(k, scope, depth-1)
	return fmt.Sprintf("(%s %s (%s))", left, g.one("IN", "NOT IN", "= ANY", "<> ALL", "< ANY", ">= ALL"), sub)
}

package compat_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// kind is the type of an expression of the grammar.
type kind int

const (
	integer kind = iota
	bigint
	number // numeric(_, 2): one scale, as which of 1.0 and 1.00 a DISTINCT keeps is open
	text
	moment
	day
	truth
	kinds = int(truth) + 1
)

// typeNames are what the kinds are called in SQL.
var typeNames = [kinds]string{"int", "bigint", "numeric(12,2)", "text", "timestamp", "date", "boolean"}

// column is something that an expression can name.
type column struct {
	sql  string
	kind kind
	// local columns cannot be named in subqueries: aggregates, which would be another query's there.
	local bool
}

// grammar draws typed SQL of which PostgreSQL's semantics leave nothing open.
type grammar struct {
	*rand.Rand
	tables  []table
	aliases int
}

func newGrammar(seed uint64, tables []table) *grammar {
	return &grammar{Rand: rand.New(rand.NewPCG(seed, 0)), tables: tables}
}

func (g *grammar) one(of ...string) string { return of[g.IntN(len(of))] }
func (g *grammar) chance(percent int) bool { return g.IntN(100) < percent }
func (g *grammar) alias() string           { g.aliases++; return fmt.Sprintf("r%d", g.aliases) }

// literal gives a constant, sometimes NULL.
func (g *grammar) literal(k kind) string {
	if g.chance(8) {
		return "NULL::" + typeNames[k]
	}
	switch k {
	case integer:
		return fmt.Sprintf("(%d)", g.IntN(9)-2)
	case bigint:
		return fmt.Sprintf("(%d)::bigint", g.IntN(9)-2)
	case number:
		return fmt.Sprintf("(%d.%d%d)", g.IntN(8)-3, g.IntN(10), 5*g.IntN(2))
	case text:
		return g.one("''", "'a'", "'b'", "'ab'", "'Ab c'", "'%a_'", "'é'")
	case moment:
		return fmt.Sprintf("timestamp '2024-0%d-%02d 0%d:30:00'", 1+g.IntN(3), 1+g.IntN(28), g.IntN(10))
	case day:
		return fmt.Sprintf("date '2024-0%d-%02d'", 1+g.IntN(3), 1+g.IntN(28))
	}
	return g.one("true", "false")
}

// expr draws an expression of a kind over a scope.
func (g *grammar) expr(k kind, scope []column, depth int) string {
	if depth <= 0 || g.chance(35) {
		return g.leaf(k, scope)
	}
	if g.chance(25) {
		return g.anyKind(k, scope, depth-1)
	}
	of := func(k kind) string { return g.expr(k, scope, depth-1) }
	switch k {
	case integer, bigint:
		return g.whole(k, of)
	case number:
		return g.number(of)
	case text:
		return g.text(of)
	case moment, day:
		return g.time(k, of)
	}
	return g.condition(scope, depth)
}

// leaf draws a column, or a literal where none has the kind.
func (g *grammar) leaf(k kind, scope []column) string {
	var of []string
	for _, c := range scope {
		if c.kind == k {
			of = append(of, c.sql)
		}
	}
	if len(of) == 0 || g.chance(15) {
		return g.literal(k)
	}
	return g.one(of...)
}

// anyKind draws what each kind has: CASE, COALESCE and the like, scalar subqueries.
func (g *grammar) anyKind(k kind, scope []column, depth int) string {
	of := func(k kind) string { return g.expr(k, scope, depth) }
	switch g.IntN(7) {
	case 0:
		return fmt.Sprintf("CASE WHEN %s THEN %s WHEN %s THEN %s END", of(truth), of(k), of(truth), of(k))
	case 1:
		return fmt.Sprintf("CASE %s WHEN %s THEN %s ELSE %s END", of(integer), of(integer), of(k), of(k))
	case 2:
		return fmt.Sprintf("coalesce(%s, %s)", of(k), of(k))
	case 3:
		return fmt.Sprintf("nullif(%s, %s)", of(k), of(k))
	case 4:
		return fmt.Sprintf("%s(%s, %s)", g.one("greatest", "least"), of(k), of(k))
	case 5:
		return g.scalarSubquery(k, scope, depth)
	}
	return fmt.Sprintf("(%s)::text::%s", of(k), typeNames[k])
}

func (g *grammar) whole(k kind, of func(kind) string) string {
	sql := ""
	switch g.IntN(9) {
	case 0, 1:
		sql = fmt.Sprintf("(%s %s %s)", of(k), g.one("+", "-"), of(k))
	case 2:
		sql = fmt.Sprintf("(%s * %d)", of(k), g.IntN(5)-2)
	case 3:
		sql = fmt.Sprintf("(%s %s nullif(%s, 0))", of(k), g.one("/", "%"), of(k))
	case 4:
		sql = fmt.Sprintf("length(%s)", of(text))
	case 5:
		sql = fmt.Sprintf("position(%s IN %s)", of(text), of(text))
	case 6:
		sql = fmt.Sprintf("extract(%s FROM %s)::int", g.one("year", "month", "day", "dow", "doy", "week"), of(g.either(moment, day)))
	case 7:
		sql = fmt.Sprintf("%s(%s)::int", g.one("floor", "ceil", "round", "abs"), of(number))
	case 8:
		sql = fmt.Sprintf("(%s - %s)", of(day), of(day))
	}
	if k == bigint {
		return "(" + sql + ")::bigint"
	}
	return sql
}

func (g *grammar) either(a, b kind) kind {
	if g.chance(50) {
		return a
	}
	return b
}

func (g *grammar) number(of func(kind) string) string {
	switch g.IntN(5) {
	case 0:
		return fmt.Sprintf("(%s %s %s)", of(number), g.one("+", "-"), of(number))
	case 1:
		return fmt.Sprintf("(%s * %d)", of(number), g.IntN(5)-2)
	case 2:
		return fmt.Sprintf("(%s / nullif(%s, 0))::numeric(12,2)", of(number), of(number))
	case 3:
		return fmt.Sprintf("round(%s * 1.125, 2)", of(number))
	}
	return fmt.Sprintf("(%s)::numeric(12,2)", of(g.either(integer, bigint)))
}

func (g *grammar) text(of func(kind) string) string {
	switch g.IntN(9) {
	case 0, 1:
		return fmt.Sprintf("(%s || %s)", of(text), of(kind(g.IntN(kinds-1))))
	case 2:
		return fmt.Sprintf("%s(%s)", g.one("lower", "upper", "trim", "reverse", "initcap"), of(text))
	case 3:
		return fmt.Sprintf("substring(%s, %s)", of(text), of(integer))
	case 4:
		return fmt.Sprintf("replace(%s, %s, %s)", of(text), of(text), of(text))
	case 5:
		return fmt.Sprintf("split_part(%s, %s, %d)", of(text), of(text), 1+g.IntN(3))
	case 6:
		return fmt.Sprintf("to_char(%s, '%s')", of(moment), g.one("YYYY-MM-DD", "Dy Mon HH24:MI", "Q DDD"))
	case 7:
		return fmt.Sprintf("(%s)::text", of(kind(g.IntN(kinds))))
	}
	return fmt.Sprintf("left(%s, %d)", of(text), g.IntN(5)-2)
}

func (g *grammar) time(k kind, of func(kind) string) string {
	if k == day {
		if g.chance(50) {
			return fmt.Sprintf("(%s)::date", of(moment))
		}
		return fmt.Sprintf("(%s %s %s)", of(day), g.one("+", "-"), g.literal(integer))
	}
	switch g.IntN(4) {
	case 0:
		return fmt.Sprintf("date_trunc('%s', %s)", g.one("hour", "day", "week", "month", "quarter"), of(moment))
	case 1:
		return fmt.Sprintf("(%s %s interval '%s')", of(moment), g.one("+", "-"), g.one("1 day", "90 minutes", "1 month", "-2 days"))
	case 2:
		return fmt.Sprintf("(%s)::timestamp", of(day))
	}
	return fmt.Sprintf("date_bin('15 minutes', %s, timestamp '2001-01-01')", of(moment))
}

// condition draws a truth value.
func (g *grammar) condition(scope []column, depth int) string {
	of := func(k kind) string { return g.expr(k, scope, depth-1) }
	k := kind(g.IntN(kinds))
	switch g.IntN(13) {
	case 0, 1, 2:
		return fmt.Sprintf("(%s %s %s)", of(k), g.one("=", "=", "<", ">", "<=", ">=", "<>"), of(k))
	case 3:
		return fmt.Sprintf("(%s %s %s)", of(truth), g.one("AND", "OR"), of(truth))
	case 4:
		return fmt.Sprintf("(NOT %s)", of(truth))
	case 5:
		return fmt.Sprintf("(%s IS %sNULL)", of(k), g.one("", "NOT "))
	case 6:
		return fmt.Sprintf("(%s IS %sDISTINCT FROM %s)", of(k), g.one("", "NOT "), of(k))
	case 7:
		return fmt.Sprintf("(%s %sBETWEEN %s%s AND %s)", of(k), g.one("", "NOT "), g.one("", "SYMMETRIC "), of(k), of(k))
	case 8:
		return fmt.Sprintf("(%s %sIN (%s, %s))", of(k), g.one("", "NOT "), of(k), of(k))
	case 9:
		return fmt.Sprintf("(%s %s %s)", of(text), g.one("LIKE", "NOT LIKE", "ILIKE"), g.one("'a%'", "'%b%'", "'_'", of(text)+" || '%'"))
	case 10:
		return fmt.Sprintf("(%s IS %s)", of(truth), g.one("TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "UNKNOWN", "NOT UNKNOWN"))
	}
	return g.subqueryCondition(scope, depth)
}

// conditions joins some conditions with AND, so that there is something to push down and to decorrelate.
func (g *grammar) conditions(scope []column, depth int) string {
	n := 1 + g.IntN(2)
	all := make([]string, n)
	for i := range all {
		all[i] = g.condition(scope, depth)
	}
	return strings.Join(all, " AND ")
}

package rules_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/planner/rules"
)

var (
	randomQueries = flag.Uint64("random", 60, "how many random queries")
	firstQuery    = flag.Uint64("first", 0, "the seed of the first")
)

// TestRandomQueries holds the rules against the naive evaluation for random queries with subqueries in all places, correlated over
// several levels.
func TestRandomQueries(t *testing.T) {
	s := &setup{eager: true, catalog: makeCatalog(t, `
table t id:int4! a:int4 b:int4 | id
table u id:int4! k:int4 v:int4 | id
table w k:int4! v:int4! x:int4 | k v`)}
	for seed := *firstQuery; seed < *firstQuery+*randomQueries; seed++ {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 11))}
		sql := g.query(nil, 3)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Log(sql)
			s.apply(t, s.bind(t, sql), rules.List)
		})
	}
}

// generator writes queries of integers.
type generator struct {
	*rand.Rand
	aliases int
}

func (g *generator) one(list ...string) string { return list[g.IntN(len(list))] }

// maybe is the text once in n times.
func (g *generator) maybe(n int, text func() string) string {
	if g.IntN(n) > 0 {
		return ""
	}
	return text()
}

var tableColumns = map[string][]string{"t": {"id", "a", "b"}, "u": {"id", "k", "v"}, "w": {"k", "v", "x"}}

// table gives a FROM item and its columns.
func (g *generator) table(outer []string, depth int) (item string, cols []string) {
	g.aliases++
	alias := fmt.Sprintf("r%d", g.aliases)
	if depth > 0 && g.IntN(6) == 0 {
		return fmt.Sprintf("(%s) %s(c)", g.column(outer, depth-1), alias), []string{alias + ".c"}
	}
	name := g.one("t", "u", "w")
	for _, c := range tableColumns[name] {
		cols = append(cols, alias+"."+c)
	}
	return name + " " + alias, cols
}

// from gives a FROM clause and its columns.
func (g *generator) from(outer []string, depth int) (clause string, cols []string) {
	clause, cols = g.table(nil, depth)
	switch g.IntN(6) {
	case 0, 1:
		item, more := g.table(nil, depth)
		all := append(append([]string(nil), cols...), more...)
		kind := g.one("JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN")
		inner := depth - 1
		if kind == "FULL JOIN" {
			inner = 0 // a subquery there is refused
		}
		return clause + " " + kind + " " + item + " ON " + g.cond(append(all, outer...), min(inner, 1)), all
	case 2:
		item, more := g.table(nil, depth)
		return clause + ", " + item, append(cols, more...)
	case 3:
		if depth > 0 {
			g.aliases++
			alias := fmt.Sprintf("l%d", g.aliases)
			scope := append(append([]string(nil), cols...), outer...)
			kind := g.one(", LATERAL (%s) %s(c)", " LEFT JOIN LATERAL (%s) %s(c) ON true")
			return clause + fmt.Sprintf(kind, g.column(scope, depth-1), alias), append(cols, alias+".c")
		}
	}
	return clause, cols
}

// query is a whole query, of two columns.
func (g *generator) query(outer []string, depth int) string {
	from, cols := g.from(outer, depth)
	scope := append(append([]string(nil), cols...), outer...)
	return "SELECT " + g.expr(scope, depth) + ", " + g.expr(scope, depth) + " FROM " + from + " WHERE " + g.cond(scope, depth)
}

// column is a query of one column.
func (g *generator) column(outer []string, depth int) string {
	from, cols := g.from(outer, depth)
	scope := append(append([]string(nil), cols...), outer...)
	tail := " FROM " + from + " WHERE " + g.cond(scope, depth)
	arg := g.one(cols...) + g.maybe(3, func() string { return " + " + g.one(scope...) })
	switch g.IntN(9) {
	case 0:
		return "SELECT DISTINCT " + arg + tail
	case 1:
		return "SELECT " + g.aggregate(arg) + tail + " GROUP BY " + g.one(cols...) + g.maybe(3, func() string { return " HAVING count(*) > 1" })
	case 2:
		return g.scalar(outer, depth)
	case 3:
		return "SELECT " + arg + tail + " " + g.one("UNION", "UNION ALL", "INTERSECT", "EXCEPT", "EXCEPT ALL") + " SELECT " + g.aggregateFree(outer, depth)
	case 4:
		return "SELECT " + arg + tail + " ORDER BY 1" + g.one("", " DESC") + " LIMIT " + g.one("1", "2") + g.maybe(4, func() string { return " OFFSET 1" })
	case 5:
		return "SELECT row_number() OVER (PARTITION BY " + g.one(cols...) + " ORDER BY " + strings.Join(cols, ", ") + ")" + tail
	}
	return "SELECT " + arg + tail
}

// aggregateFree is a simple query of one column without its SELECT.
func (g *generator) aggregateFree(outer []string, depth int) string {
	from, cols := g.from(outer, depth-1)
	scope := append(append([]string(nil), cols...), outer...)
	return g.one(cols...) + " FROM " + from + " WHERE " + g.cond(scope, depth-1)
}

func (g *generator) aggregate(arg string) string {
	return g.one("count(*)", "count("+arg+")", "max("+arg+")", "sum("+arg+")", "count(DISTINCT "+arg+")", "min("+arg+") FILTER (WHERE "+arg+" > 1)")
}

// scalar is a query of one column and mostly at most one row.
func (g *generator) scalar(outer []string, depth int) string {
	from, cols := g.from(outer, depth)
	scope := append(append([]string(nil), cols...), outer...)
	tail := " FROM " + from + " WHERE " + g.cond(scope, depth)
	arg := g.one(cols...)
	switch g.IntN(6) {
	case 0:
		return "SELECT " + arg + tail + " ORDER BY 1 LIMIT 1"
	case 1:
		return "SELECT " + arg + tail // fails where it has two rows
	}
	return "SELECT " + g.aggregate(arg) + g.maybe(4, func() string { return " + 1" }) + tail + g.maybe(5, func() string { return " HAVING count(*) > 0" })
}

func (g *generator) expr(scope []string, depth int) string {
	switch k := g.IntN(8); {
	case k == 0:
		return g.one("0", "1", "2")
	case k == 1 && depth > 0:
		return "(" + g.scalar(scope, depth-1) + ")"
	case k == 2:
		return "coalesce(" + g.one(scope...) + ", " + g.one(scope...) + ")"
	}
	return g.one(scope...)
}

func (g *generator) cond(scope []string, depth int) string {
	compare := g.one("=", "=", "=", "<>", "<", ">=")
	if depth <= 0 {
		return g.one(scope...) + " " + compare + " " + g.one(scope...)
	}
	switch g.IntN(12) {
	case 0:
		return g.one("EXISTS", "NOT EXISTS") + " (" + g.column(scope, depth-1) + ")"
	case 1:
		return g.expr(scope, 0) + g.one(" IN", " NOT IN") + " (" + g.column(scope, depth-1) + ")"
	case 2:
		return g.expr(scope, 0) + " " + compare + g.one(" ANY", " ALL") + " (" + g.column(scope, depth-1) + ")"
	case 3:
		return "(" + g.cond(scope, depth-1) + " OR " + g.cond(scope, depth-1) + ")"
	case 4:
		return g.cond(scope, depth-1) + " AND " + g.cond(scope, depth-1)
	case 5:
		return g.one(scope...) + g.one(" IS NULL", " IS NOT NULL")
	}
	return g.expr(scope, depth-1) + " " + compare + " " + g.expr(scope, depth-1)
}

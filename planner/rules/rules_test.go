package rules_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/rules"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/types"
)

// TestPlans runs testdata. Commands:
//
//	catalog       a relation a line: table|stream NAME COLUMN:TYPE… [| KEY…]; a type with ! is NOT NULL
//	after         the plan after all rules
//	rule name=R   the plan before and after the rule R; given=(…) are rules that run before
//	same          nothing; the rules run on a query a line
//
// Whatever the rules make of a query must give the same rows as the query as it was bound, by naive evaluation over random
// tables.
func TestPlans(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		s := &setup{}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "catalog":
				s.catalog = makeCatalog(t, d.Input)
				return ""
			case "after":
				q := s.bind(t, d.Input)
				return logical.Format(s.apply(t, q, rules.List), q.MD)
			case "rule":
				return s.rule(t, d)
			case "same":
				return s.same(t, d.Input)
			}
			t.Fatalf("unknown command %s", d.Cmd)
			return ""
		})
	})
}

type setup struct {
	catalog *catalog.Catalog
	// eager lets a subquery that has too many rows fail where the query as it was bound does not ask for it: one that does not depend on
	// the query around it is checked even if that has no rows.
	eager bool
}

func makeCatalog(t *testing.T, text string) *catalog.Catalog {
	e := catalog.New(nil).Edit()
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		columns, key, _ := strings.Cut(line, "|")
		f := strings.Fields(columns)
		r := &catalog.Relation{OID: e.NewOID(), Schema: catalog.PublicOID, Name: f[1], Kind: catalog.Table}
		if f[0] == "stream" {
			r.Kind, r.AppendOnly = catalog.Stream, true
		}
		for _, c := range f[2:] {
			name, typ, _ := strings.Cut(c, ":")
			ct, ok := types.ByTypName(strings.TrimSuffix(typ, "!"))
			require.True(t, ok, typ)
			r.Columns = append(r.Columns, catalog.Column{Name: name, Type: ct, NotNull: strings.HasSuffix(typ, "!")})
		}
		if keys := strings.Fields(key); len(keys) > 0 {
			k := catalog.Key{Name: "pkey", OID: e.NewOID(), Primary: true}
			for _, c := range keys {
				k.Columns = append(k.Columns, r.Column(c))
			}
			r.Keys = []catalog.Key{k}
		}
		require.NoError(t, e.PutRelation(r))
	}
	return e.Catalog()
}

func (s *setup) bind(t *testing.T, sql string) *bind.Query {
	stmts, err := parse.Statements(sql)
	require.NoError(t, err)
	q, err := bind.Select(&bind.Context{Catalog: s.catalog, SearchPath: []string{"public"}}, stmts[0].Statement.(*ast.Select))
	require.NoError(t, err)
	return q
}

// keep are the columns that a query's result needs.
func keep(q *bind.Query) logical.ColSet {
	var out logical.ColSet
	for _, c := range q.Columns {
		out.Add(c.ID)
	}
	for _, k := range q.OrderBy {
		out.Add(k.Col)
	}
	return out
}

// apply runs rules and holds the result against the plan as it was bound.
func (s *setup) apply(t *testing.T, q *bind.Query, list []rules.Rule) logical.Node {
	plan, err := rules.ApplyList(list, q.Plan, q.MD, keep(q))
	require.NoError(t, err)
	check(t, plan)
	s.compare(t, q, plan)
	return plan
}

func (s *setup) rule(t *testing.T, d *datadriven.TestData) string {
	find := func(name string) rules.Rule {
		i := slices.IndexFunc(rules.List, func(r rules.Rule) bool { return r.Name == name })
		require.GreaterOrEqual(t, i, 0, name)
		return rules.List[i]
	}
	var list []rules.Rule
	if given, ok := d.Arg("given"); ok {
		for _, name := range given.Vals {
			list = append(list, find(name))
		}
	}
	q := s.bind(t, d.Input)
	before, err := rules.ApplyList(list, q.Plan, q.MD, keep(q))
	require.NoError(t, err)
	was := logical.Format(before, q.MD)
	var name string
	d.ScanArgs(t, "name", &name)
	after, err := rules.ApplyList([]rules.Rule{find(name)}, before, q.MD, keep(q))
	require.NoError(t, err)
	s.compare(t, q, after)
	if is := logical.Format(after, q.MD); is != was {
		return was + "=>\n" + is
	}
	return was + "=> the same\n"
}

// same holds the rules against the naive evaluation for many queries.
func (s *setup) same(t *testing.T, queries string) string {
	for _, sql := range strings.Split(strings.TrimSpace(queries), "\n") {
		t.Run(sql, func(t *testing.T) {
			s.apply(t, s.bind(t, sql), rules.List)
		})
	}
	return "ok"
}

// check holds a plan against the invariants of package logical.
func check(t *testing.T, plan logical.Node) {
	t.Helper()
	require.Empty(t, logical.Free(plan).List(), "free columns")
	logical.Walk(plan, func(n logical.Node) {
		require.Empty(t, logical.Free(n).List(), "free columns of %T", n)
		if j, ok := n.(*logical.Join); ok {
			require.Empty(t, logical.OutputSet(j.Left).Intersect(logical.OutputSet(j.Right)).List(), "columns of both sides")
		}
		out := n.Output()
		require.Len(t, logical.SetOf(out...).List(), len(out), "a column twice in %T", n)
	})
}

// compare evaluates the plan as it was bound and as the rules have made it, over some random tables.
func (s *setup) compare(t *testing.T, q *bind.Query, plan logical.Node) {
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 7))
		tables := s.tables(rng, q, int(seed))
		was, errWas := s.answer(q, q.Plan, tables)
		is, errIs := s.answer(q, plan, tables)
		if errWas != nil {
			continue // a rewriting may meet the failing row or not; one that did not fail must not start to
		}
		if s.eager && errors.Is(errIs, errManyRows) {
			continue
		}
		require.NoError(t, errIs, "seed %d\n%s", seed, logical.Format(plan, q.MD))
		require.Equal(t, was, is, "seed %d\n%s\n%v", seed, logical.Format(plan, q.MD), tables)
	}
}

func (s *setup) answer(q *bind.Query, plan logical.Node, tables map[string][]row) ([]string, error) {
	e := &naive{md: q.MD, tables: tables, progs: map[expr.Node]*program{}, shared: map[logical.Node][]row{}}
	rows, err := e.run(plan)
	var out []string
	for _, r := range rows {
		out = append(out, e.text(r, keep(q).List()))
	}
	slices.Sort(out)
	return out, err
}

// tables makes random rows for the relations that a query reads: few of them, of few values, nulls among them, and keys kept.
func (s *setup) tables(rng *rand.Rand, q *bind.Query, size int) map[string][]row {
	out := map[string][]row{}
	for _, r := range s.catalog.Relations() {
		if !slices.Contains(q.Reads, r.OID) {
			continue
		}
		seen := map[string]bool{}
		for range rng.IntN(size + 1) {
			o := row{}
			for i, c := range r.Columns {
				o[logical.ColID(i+1)] = randomValue(rng, c)
			}
			if k := r.PrimaryKey(); k != nil {
				id := ""
				for _, i := range k.Columns {
					id += fmt.Sprint(o[logical.ColID(i+1)], " ")
				}
				if seen[id] {
					continue
				}
				seen[id] = true
			}
			out[r.Name] = append(out[r.Name], o)
		}
	}
	return out
}

func randomValue(rng *rand.Rand, c catalog.Column) types.Datum {
	if !c.NotNull && rng.IntN(5) == 0 {
		return types.Null
	}
	n := rng.IntN(4)
	switch c.Type.Kind() {
	case types.KindBytes:
		text := [...]string{"a", "b", "ab", "1"}[n]
		if c.Type.ID == types.Numeric || c.Type.Array {
			text = [...]string{"1", "1.0", "0", "2"}[n]
			if c.Type.Array {
				text = [...]string{"{}", "{a}", "{a,b}", "{b}"}[n]
			}
			d, err := types.ParseText(c.Type, []byte(text))
			if err != nil {
				panic(err)
			}
			return d
		}
		return types.NewText(text)
	case types.KindFloat:
		return types.NewFloat(float64(n))
	}
	return types.NewInt(int64(n))
}

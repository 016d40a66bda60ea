package compat_test

import (
	"flag"
	"fmt"
	"strings"
	"testing"
)

var (
	rounds = flag.Int("rounds", 12, "random data sets, each with queries upon it")
	first  = flag.Uint64("seed", 1, "seed of the first round; the others count up")
)

const (
	queriesARound = 25
	batchesARound = 6
)

// TestRandomQueries runs random queries over random tables on both servers, first ad hoc, then as views in both models while the tables
// change and views change from one model to the other.
func TestRandomQueries(t *testing.T) {
	p := newPair(t)
	for i := range *rounds {
		seed := *first + uint64(i)
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			p := &pair{t: t, oracle: p.oracle, db: p.db}
			p.round(seed)
		})
	}
}

// view is a query that StreamDB keeps as a view.
type view struct{ name, sql string }

func (p *pair) round(seed uint64) {
	g := newGrammar(seed, tables)
	w := &writer{grammar: g}
	for _, t := range tables {
		p.must(t.create())
		if !g.chance(10) {
			p.must(w.insert(t, 1+g.IntN(25)))
		}
	}
	views := p.queries(g)
	for range batchesARound {
		for _, v := range views {
			if g.chance(20) {
				p.alter("ALTER VIEW " + v.name + " SET (" + execution(g) + ")")
			}
		}
		p.batch(w)
		views = p.compareViews(views)
	}
	for _, v := range views {
		answer(p.t, p.db, "DROP VIEW "+v.name)
	}
	for _, t := range tables {
		answer(p.t, p.db, "DROP TABLE "+t.name+" CASCADE")
		answer(p.t, p.oracle, "DROP TABLE "+t.name)
	}
}

// execution are options of a view: either model, with some number of tasks.
func execution(g *grammar) string {
	return fmt.Sprintf("execution = '%s', parallelism = %d, batch_interval = '%d ms'", g.one("pipelined", "microbatch"), 1+g.IntN(4), 1+g.IntN(200))
}

// alter runs a statement of StreamDB alone.
func (p *pair) alter(sql string) {
	if got := answer(p.t, p.db, sql); strings.HasPrefix(got, "error ") {
		p.t.Errorf("%s\n%s", sql, got)
	}
}

// queries compares random queries ad hoc and makes views of them.
func (p *pair) queries(g *grammar) (views []view) {
	for i := range queriesARound {
		sql := g.query(g.kindsOf(1+g.IntN(3)), nil, 1+g.IntN(3))
		ok, report := p.same(sql, sql)
		if !ok {
			p.t.Errorf("%s", report)
			continue
		}
		if strings.Contains(report, "--- StreamDB\nerror ") {
			continue
		}
		v := view{fmt.Sprintf("v%d", i), sql}
		if got := answer(p.t, p.db, "CREATE VIEW "+v.name+" WITH ("+execution(g)+") AS "+sql); strings.HasPrefix(got, "error ") {
			p.t.Errorf("CREATE VIEW AS %s\n%s", sql, got)
			continue
		}
		views = append(views, v)
	}
	return views
}

// batch changes the tables, in a transaction as often as not.
func (p *pair) batch(w *writer) {
	n := 1 + w.IntN(4)
	block := w.chance(50)
	if block {
		p.must("BEGIN")
	}
	for range n {
		sql := w.write()
		if ok, report := p.same(sql, sql); !ok {
			p.t.Errorf("%s", report)
		}
	}
	if block {
		end := w.one("COMMIT", "COMMIT", "COMMIT", "ROLLBACK")
		answer(p.t, p.oracle, end)
		answer(p.t, p.db, end)
	}
}

// compareViews compares each view with its query's answer, and gives those that are still right: the others would only differ again.
func (p *pair) compareViews(views []view) (right []view) {
	for _, v := range views {
		ok, report := p.same("SELECT * FROM "+v.name, v.sql)
		if !ok {
			p.t.Errorf("as a view: %s", report)
			answer(p.t, p.db, "DROP VIEW "+v.name)
			continue
		}
		right = append(right, v)
	}
	return right
}

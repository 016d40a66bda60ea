package planner_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/explain"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

const proofSchema = `
CREATE STREAM s (a int, b bigint NOT NULL, at timestamp, WATERMARK FOR at AS at);
CREATE STREAM r (a int, c text, at timestamp NOT NULL, WATERMARK FOR at AS at);
CREATE TABLE t (id bigint PRIMARY KEY, a int UNIQUE, c text);
CREATE TABLE w (id bigint PRIMARY KEY, at timestamp NOT NULL);
CREATE TABLE u (x int, y int NOT NULL, z int, PRIMARY KEY (x, y))`

// proofQueries are made of all operators, in places where a property could wrongly be passed on.
var proofQueries = []string{
	"SELECT * FROM s WHERE a = 1",
	"SELECT * FROM t WHERE a > 1 AND c IS NOT NULL",
	"SELECT id, a, id + 1 FROM t",
	"SELECT y, z FROM u WHERE x = 1",
	"SELECT DISTINCT a FROM s",
	"SELECT DISTINCT x, z FROM u",
	"SELECT a, count(*), sum(b), max(at) FROM s GROUP BY a",
	"SELECT id, count(*) FROM t GROUP BY id, c",
	"SELECT count(*), max(a) FROM s",
	"SELECT max(a) FROM s HAVING count(*) > 2",
	"SELECT * FROM t JOIN u ON t.id = u.x AND u.y = 1",
	"SELECT * FROM t JOIN u ON t.a = u.x",
	"SELECT * FROM t LEFT JOIN u ON t.id = u.x",
	"SELECT * FROM u LEFT JOIN t ON t.id = u.x",
	"SELECT * FROM t RIGHT JOIN u ON t.a = u.z",
	"SELECT * FROM t RIGHT JOIN u ON t.id = u.z",
	"SELECT * FROM t FULL JOIN u ON t.id = u.z",
	"SELECT * FROM (SELECT count(*) FROM t) x FULL JOIN (SELECT max(x) AS m FROM u) y ON x.count = y.m",
	"SELECT * FROM (SELECT count(*) FROM t) x LEFT JOIN u ON u.x = x.count",
	"SELECT * FROM (SELECT count(*) FROM t) x RIGHT JOIN u ON u.x = x.count",
	"SELECT s.b, r.c FROM s JOIN r ON s.a = r.a",
	"SELECT s.b, r.c FROM s LEFT JOIN r ON s.a = r.a",
	"SELECT b FROM s WHERE a IN (SELECT a FROM r)",
	"SELECT b FROM s WHERE a NOT IN (SELECT a FROM r)",
	"SELECT b FROM s WHERE EXISTS (SELECT FROM t WHERE t.a = s.a)",
	"SELECT id FROM t WHERE a IN (SELECT x FROM u WHERE u.y = t.id)",
	"SELECT a FROM s UNION ALL SELECT a FROM r",
	"SELECT a FROM s UNION SELECT a FROM r",
	"SELECT id FROM t UNION ALL SELECT x FROM u",
	"SELECT a FROM s INTERSECT SELECT a FROM r",
	"SELECT id FROM t EXCEPT ALL SELECT x FROM u",
	"SELECT x, y FROM u EXCEPT ALL SELECT a, a FROM t",
	"SELECT a FROM s INTERSECT ALL SELECT a FROM r",
	"SELECT * FROM s ORDER BY b LIMIT 1",
	"SELECT * FROM s ORDER BY b LIMIT 2 OFFSET 1",
	"SELECT * FROM s ORDER BY b FETCH FIRST 1 ROW WITH TIES",
	"SELECT DISTINCT ON (a) a, b FROM s ORDER BY a, b",
	"SELECT a, row_number() OVER (PARTITION BY a ORDER BY b) FROM s",
	"SELECT * FROM (SELECT a, b, row_number() OVER (PARTITION BY a ORDER BY b) AS n FROM s) x WHERE n = 1",
	"SELECT * FROM (SELECT a, b, rank() OVER (PARTITION BY a ORDER BY b) AS n FROM s) x WHERE n <= 1",
	"SELECT id, (SELECT max(b) FROM s WHERE s.a = t.a) FROM t",
	"SELECT id, (SELECT y FROM u WHERE u.x = t.id AND u.y = 1) FROM t",
	"SELECT id, (SELECT count(*) FROM s WHERE s.a = t.a) FROM t",
	"SELECT window_start, count(*) FROM TUMBLE(s, at, INTERVAL '2 microseconds') GROUP BY window_start",
	"SELECT window_start, window_end, a, count(*) FROM TUMBLE(s, at, INTERVAL '2 microseconds') GROUP BY window_start, window_end, a",
	"SELECT window_end, max(b) FROM HOP(s, at, INTERVAL '1 microsecond', INTERVAL '2 microseconds') GROUP BY window_end",
	"SELECT * FROM SESSION(s, at, INTERVAL '2 microseconds' PARTITION BY a)",
	"SELECT * FROM SESSION(r, at, INTERVAL '1 microsecond')",
	"SELECT a, window_start, count(*) FROM SESSION(s, at, INTERVAL '2 microseconds' PARTITION BY a) GROUP BY a, window_start",
	"SELECT window_end, a, max(b) FROM HOP(s, at, INTERVAL '1 microsecond', INTERVAL '3 microseconds') GROUP BY window_end, a",
	"SELECT window_start, count(*) FROM HOP(s, at, INTERVAL '1 microsecond', INTERVAL '3 microseconds') GROUP BY window_start",
	"SELECT * FROM HOP(r, at, INTERVAL '1 microsecond', INTERVAL '2 microseconds')",
	"SELECT * FROM (SELECT DISTINCT a FROM s) x JOIN (SELECT DISTINCT a FROM r) y ON x.a = y.a",
	"SELECT * FROM (SELECT DISTINCT a FROM s) x JOIN (SELECT DISTINCT a FROM r) y ON x.a IS NOT DISTINCT FROM y.a",
	"SELECT * FROM (SELECT a, count(*) FROM s GROUP BY a) x JOIN t USING (a)",
	"WITH x AS (SELECT a, count(*) AS n FROM s GROUP BY a) SELECT p.a, q.a FROM x p JOIN x q ON p.n = q.n",
	"SELECT * FROM HOP(w, at, INTERVAL '1 microsecond', INTERVAL '2 microseconds')",
	"SELECT NULL::int AS n, COALESCE(c, NULL) AS c FROM r",
	"SELECT COALESCE(a, 0), a IS NULL FROM s",
	"SELECT CASE WHEN a > 0 THEN b END FROM s",
	"SELECT NULLIF(b, 1), b FROM s",
	"VALUES (1, NULL), (2, 3)",
	"SELECT 1 FROM t",
}

// TestProofs tries what plans claim of every node over random data: keys, columns without nulls, and, as streams grow and tables
// change, that rows of append-only nodes stay.
func TestProofs(t *testing.T) {
	s := newSchema()
	for _, stmt := range statements(t, proofSchema) {
		s.create(t, stmt.Statement)
	}
	claims := map[string]int{}
	for _, sql := range proofQueries {
		t.Run(sql, func(t *testing.T) {
			v, err := planner.View(s.context(), statements(t, sql)[0].Statement.(*ast.Select), planner.Options{Tasks: 3})
			require.NoError(t, err)
			checkPlan(t, v.Plan, 3)
			for seed := range uint64(40) {
				rng := rand.New(rand.NewPCG(seed, 1))
				before := s.random(rng, nil)
				was, err := evaluate(v.Plan, before)
				if err != nil {
					continue
				}
				is, err := evaluate(v.Plan, s.random(rng, before))
				if err != nil {
					continue
				}
				for i := range v.Plan.Nodes {
					proof := proof{t, v.Plan, &v.Plan.Nodes[i], claims}
					proof.keys(is[i])
					proof.notNull(is[i])
					proof.appendOnly(was[i], is[i])
				}
			}
		})
	}
	for _, claim := range []string{"key", "not null", "append-only"} {
		require.Positive(t, claims[claim], "no plan claimed %s", claim)
	}
}

type proof struct {
	t      *testing.T
	plan   *physical.Plan
	node   *physical.Node
	claims map[string]int
}

func (p proof) fail(what string, row any) {
	p.t.Helper()
	p.t.Fatalf("%s of %s %v does not hold for %v in\n%s", what, p.node.Op.Kind(), p.node.Names, row, text(explain.Plan(p.plan, nil)))
}

func (p proof) keys(rows []row) {
	for _, k := range p.node.Props.Keys {
		p.claims["key"]++
		for _, g := range groups(rows, p.node.Types, k) {
			if len(g) > 1 {
				p.fail("key", g)
			}
		}
	}
}

func (p proof) notNull(rows []row) {
	for _, c := range p.node.Props.NotNull {
		p.claims["not null"]++
		for _, r := range rows {
			if r[c].Null {
				p.fail("not null", r)
			}
		}
	}
}

func (p proof) appendOnly(was, is []row) {
	if !p.node.Props.AppendOnly {
		return
	}
	p.claims["append-only"]++
	count := map[string]int{}
	for _, r := range is {
		count[textOf(r, p.node.Types, all(p.node.Types))]++
	}
	for _, r := range was {
		k := textOf(r, p.node.Types, all(p.node.Types))
		if count[k]--; count[k] < 0 {
			p.fail("append-only", r)
		}
	}
}

// random makes few rows of few values, nulls among them and keys kept. Over earlier rows streams grow, and tables become others.
func (s *schema) random(rng *rand.Rand, earlier map[uint32][]row) map[uint32][]row {
	out := map[uint32][]row{}
	for _, rel := range s.catalog.Relations() {
		if rel.Kind == catalog.Stream {
			out[rel.OID] = append(out[rel.OID], earlier[rel.OID]...)
		}
		for range rng.IntN(5) {
			r := make(row, len(rel.Columns))
			for i, c := range rel.Columns {
				r[i] = randomValue(rng, c)
			}
			if !violates(rel, out[rel.OID], r) {
				out[rel.OID] = append(out[rel.OID], r)
			}
		}
	}
	return out
}

func randomValue(rng *rand.Rand, c catalog.Column) types.Datum {
	switch {
	case !c.NotNull && rng.IntN(4) == 0:
		return types.Null
	case c.Type.ID == types.Text:
		return types.NewText(string(rune('a' + rng.IntN(3))))
	}
	return types.NewInt(int64(rng.IntN(4)))
}

// violates reports whether a row breaks a key. Nulls do not conflict in UNIQUE.
func violates(rel *catalog.Relation, rows []row, r row) bool {
	for _, k := range rel.Keys {
		for _, other := range rows {
			same := true
			for _, c := range k.Columns {
				same = same && !r[c].Null && !other[c].Null && types.Compare(rel.Columns[c].Type, r[c], other[c]) == 0
			}
			if same {
				return true
			}
		}
	}
	return false
}

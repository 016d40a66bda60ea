package parse

import (
	"strings"
	"testing"
)

// BenchmarkStatements reads statements of the kinds that servers read most.
func BenchmarkStatements(b *testing.B) {
	for _, c := range []struct{ name, sql string }{
		{"point", "SELECT a, b FROM t WHERE id = 5"},
		{"begin", "BEGIN"},
		{"insert", "INSERT INTO t (a, b, c) VALUES (1, 'x', $1)"},
		{"insert1000", "INSERT INTO t (a, b) VALUES (1, 'x')" + strings.Repeat(", (1, 'x')", 999)},
		{"join", "SELECT t.a, count(*) AS n FROM t JOIN u ON t.id = u.id WHERE t.b > 10 AND u.c LIKE 'x%' GROUP BY t.a ORDER BY n DESC LIMIT 10"},
		{"view", "CREATE VIEW v WITH (parallelism = 2) AS SELECT auction, max(price) FROM TUMBLE(bid, at, INTERVAL '1 minute') GROUP BY auction, window_end EMIT ON WINDOW CLOSE"},
		{"and1000", "SELECT 1 FROM t WHERE a = 1" + strings.Repeat(" AND a = 1", 999)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.sql)))
			for b.Loop() {
				if _, err := Statements(c.sql); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

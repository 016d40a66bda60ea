package session

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// BenchmarkRead is what the engine does for a prepared SELECT by key over 100,000 groups, from Bind to Sync; every answer is checked.
func BenchmarkRead(b *testing.B) {
	const groups = 100_000
	c := connect(b, openEngine(b))
	c.exec("CREATE TABLE item (id BIGINT PRIMARY KEY, k BIGINT, v BIGINT)",
		"CREATE VIEW totals AS SELECT k, count(*) AS n, sum(v)::bigint AS total FROM item GROUP BY k",
		"INSERT INTO item SELECT i, i % 100000, i FROM generate_series(0, 199999) AS g (i)")
	for _, x := range []struct{ name, sql string }{
		{"point", "SELECT k, n, total FROM totals WHERE k = $1"},
		{"project", "SELECT k, n, total - k FROM totals WHERE k = $1 AND n > 1"},
		{"aggregate", "SELECT max(k), count(*), sum(n)::bigint FROM totals WHERE k = $1"},
		{"constant", "SELECT $1"},
	} {
		b.Run(x.name, func(b *testing.B) {
			ctx, st := context.Background(), c.prepare(x.sql, types.T(types.Int8))
			var first firstInt
			id := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				id = (id + 7919) % groups
				p, err := st.Bind(ctx, []types.Datum{types.NewInt(id)})
				if err == nil {
					_, err = p.Run(ctx, 0, &first)
					p.Close()
				}
				if err == nil {
					err = c.Sync(ctx, false)
				}
				if err != nil || first.got != id {
					require.NoError(b, err)
					require.Equal(b, id, first.got)
				}
			}
		})
	}
}

// firstInt is a row writer that looks at the first value only.
type firstInt struct {
	engine.RowWriter
	got int64
}

func (w *firstInt) Batch(b *vec.Batch) error {
	w.got = b.Cols[0].Datum(b.Row(0)).I
	return nil
}

func (w *firstInt) Flush() error { return nil }

package txn

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// pairs is a table (a int8, b text, c int8) with PRIMARY KEY (a) and UNIQUE (c, b).
func pairs() *catalog.Relation {
	return &catalog.Relation{
		OID: 7, Name: "pairs", Kind: catalog.Table,
		Columns: []catalog.Column{{Name: "a", Type: types.T(types.Int8)}, {Name: "b", Type: types.T(types.Text)}, {Name: "c", Type: types.T(types.Int8)}},
		Keys:    []catalog.Key{{Name: "pairs_pkey", Columns: []int{0}, Primary: true}, {Name: "pairs_c_b_key", Columns: []int{2, 1}}},
	}
}

// pair is a row of pairs, and change one with its sign.
type pair struct {
	a int64
	b string
	c int64
}

type change struct {
	pair
	sign int64
}

func drawPair(t *rapid.T) pair {
	return pair{rapid.Int64Range(0, 6).Draw(t, "a"), rapid.SampledFrom([]string{"", "x", "y"}).Draw(t, "b"), rapid.Int64Range(0, 2).Draw(t, "c")}
}

func appendPair(b *vec.Batch, p pair) {
	b.AppendRow(1, types.NewInt(p.a), types.NewText(p.b), types.NewInt(p.c))
}

// TestWriteSet compares the key indexes with a list of changes that is searched from its end, with adds under a selection and
// truncation back to marks in between.
func TestWriteSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWriteSet(pairs(), nil)
		var model []change
		var marks []int
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				b := vec.NewBatch(w.Meta.Types(), 0)
				sign := rapid.SampledFrom([]int64{1, -1}).Draw(t, "sign")
				b.Sel = []int32{}
				for range rapid.IntRange(1, 6).Draw(t, "rows") {
					p := drawPair(t)
					appendPair(b, p)
					if rapid.Bool().Draw(t, "selected") {
						b.Sel = append(b.Sel, int32(b.N-1))
						model = append(model, change{p, sign})
					}
				}
				w.add(b, sign)
			},
			"mark": func(*rapid.T) { marks = append(marks, w.mark()) },
			"truncate": func(t *rapid.T) {
				if len(marks) == 0 {
					return
				}
				i := rapid.IntRange(0, len(marks)-1).Draw(t, "mark")
				w.truncate(marks[i])
				model, marks = model[:marks[i]], marks[:i+1]
			},
			"": func(t *rapid.T) { checkWriteSet(t, w, model) },
		})
	})
}

func checkWriteSet(t *rapid.T, w *WriteSet, model []change) {
	require.Equal(t, len(model), w.Rows.N)
	require.Equal(t, len(model) == 0, w.empty())
	for i, c := range model {
		require.Equal(t, c.sign, w.Rows.Weights[i])
		require.Equal(t, c.a, w.Rows.Cols[0].Datum(i).I)
		require.Equal(t, c.b, string(w.Rows.Cols[1].Bytes(i)))
	}
	probe := vec.NewBatch(w.Meta.Types(), 0)
	for range 4 {
		appendPair(probe, drawPair(t))
	}
	for k, same := range []func(p, q pair) bool{
		func(p, q pair) bool { return p.a == q.a },
		func(p, q pair) bool { return p.c == q.c && p.b == q.b },
	} {
		cols := pickCols(probe, w.keys[k].columns)
		hashes := make([]uint64, probe.N)
		vec.HashRows(cols, nil, probe.N, hashes)
		for i := range probe.N {
			p := pair{probe.Cols[0].Datum(i).I, string(probe.Cols[1].Bytes(i)), probe.Cols[2].Datum(i).I}
			want := -1
			for at, c := range model {
				if same(p, c.pair) {
					want = at
				}
			}
			row, ok := w.keys[k].find(w.Rows, cols, i, hashes[i])
			require.Equal(t, want >= 0, ok, "key %d of %v", k, p)
			if ok {
				require.Equal(t, int32(want), row, "key %d of %v", k, p)
			}
		}
	}
}

// TestFindSameHash: rows of different keys with one hash are told apart.
func TestFindSameHash(t *testing.T) {
	w := newWriteSet(pairs(), nil)
	b := vec.NewBatch(w.Meta.Types(), 0)
	appendPair(b, pair{1, "x", 1})
	appendPair(b, pair{2, "x", 2})
	w.add(b, 1)
	k := &keyIndex{columns: []int{0}, last: map[uint64]int32{42: 1}, next: []int32{-1, 0}, size: 2}
	row, ok := k.find(w.Rows, b.Cols[:1], 0, 42)
	require.True(t, ok)
	require.Equal(t, int32(0), row)
	row, ok = k.find(w.Rows, b.Cols[:1], 1, 42)
	require.True(t, ok)
	require.Equal(t, int32(1), row)
	other := vec.NewBatch(w.Meta.Types(), 0)
	appendPair(other, pair{3, "x", 1})
	_, ok = k.find(w.Rows, other.Cols[:1], 0, 42)
	require.False(t, ok)
}

// TestChanges: a table's changes are summed at the commit, a stream's stay as they came.
func TestChanges(t *testing.T) {
	table := newWriteSet(pairs(), nil)
	b := vec.NewBatch(table.Meta.Types(), 0)
	appendPair(b, pair{1, "x", 1})
	table.add(b, 1)
	table.add(b, -1)
	require.False(t, table.empty(), "it has been written")
	require.Empty(t, table.changes().Batches, "and then it was as before")

	stream := newWriteSet(pairs(), nil)
	stream.Meta.Kind = catalog.Stream
	stream.add(b, 1)
	stream.add(b, 1)
	d := stream.changes()
	require.Equal(t, uint32(7), d.Relation)
	require.Len(t, d.Batches, 1)
	require.Equal(t, 2, d.Batches[0].N)
	require.Nil(t, d.Batches[0].Weights)
}

// TestChunks: a large commit is cut into pieces that hold every row once, in order, with its weight.
func TestChunks(t *testing.T) {
	for _, n := range []int{0, 1, chunkRows - 1, chunkRows, chunkRows + 1, 2*chunkRows + 5} {
		b := vec.NewBatch([]types.Type{types.T(types.Int8)}, n)
		for i := range n {
			b.AppendRow(int64(1-2*(i%2)), types.NewInt(int64(i)))
		}
		at := 0
		for _, part := range chunks(b) {
			require.LessOrEqual(t, part.N, chunkRows)
			for i := range part.N {
				require.Equal(t, int64(at), part.Cols[0].I64[i])
				require.Equal(t, int64(1-2*(at%2)), part.Weight(i))
				at++
			}
		}
		require.Equal(t, n, at)
	}
}

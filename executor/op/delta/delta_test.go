package delta

import (
	"fmt"
	"math"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var rowTypes = []types.Type{types.T(types.Int8), types.T(types.Text), types.T(types.Float8)}

// drawBatch draws rows of few different values, some of them null, some not selected, with weights.
func drawBatch(t *rapid.T) *vec.Batch {
	b := vec.NewBatch(rowTypes, 0)
	for range rapid.IntRange(0, 20).Draw(t, "rows") {
		row := []types.Datum{
			types.NewInt(rapid.Int64Range(0, 3).Draw(t, "int")),
			types.NewText(rapid.SampledFrom([]string{"", "a", "bb"}).Draw(t, "text")),
			types.NewFloat(rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1}).Draw(t, "float")),
		}
		if c := rapid.IntRange(0, 9).Draw(t, "null"); c < len(row) {
			row[c] = types.Null
		}
		b.AppendRow(rapid.Int64Range(-2, 2).Draw(t, "weight"), row...)
	}
	if rapid.Bool().Draw(t, "selected") {
		b.Sel = []int32{}
		for i := range b.N {
			if rapid.Bool().Draw(t, "in") {
				b.Sel = append(b.Sel, int32(i))
			}
		}
	}
	return b
}

// text tells rows apart by representation; with equal, by SQL.
func text(b *vec.Batch, i int, equal bool) string {
	s := ""
	for _, v := range b.Cols {
		d := v.Datum(i)
		if equal && d.F == 0 {
			d.F = 0
		}
		s += fmt.Sprintf("%v|%d|%s|%v;", d.Null, d.I, d.B, d.F)
	}
	return s
}

// TestIndex: rows get one number if and only if they are the same, in the order in which they come, also where different rows
// have one hash.
func TestIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		equal := rapid.Bool().Draw(t, "equal")
		x, hash := NewIndex(rowTypes), vec.IdentityHash
		if equal {
			x, hash = NewKeyIndex(rowTypes), vec.HashRows
		}
		mask := rapid.SampledFrom([]uint64{0, 3, ^uint64(0)}).Draw(t, "mask")
		for range 2 { // the second time over the tables of the first
			seen := map[string]int32{}
			var dst []int32
			for range rapid.IntRange(0, 8).Draw(t, "batches") {
				b := drawBatch(t)
				hashes := make([]uint64, b.Rows())
				hash(b.Cols, b.Sel, b.N, hashes)
				for k := range hashes {
					hashes[k] &= mask
				}
				var err error
				dst, err = x.Add(b.Cols, b.Sel, b.N, hashes, dst)
				require.NoError(t, err)
				for k, n := range dst {
					key := text(b, b.Row(k), equal)
					if old, ok := seen[key]; ok {
						require.Equal(t, old, n, key)
						continue
					}
					seen[key] = n
					require.Equal(t, key, text(&vec.Batch{Cols: x.Cols, N: x.Len()}, int(n), equal))
				}
			}
			require.Equal(t, len(seen), x.Len())
			x.Reset()
			require.Zero(t, x.Len())
		}
	})
}

// TestSet: a set is the sum of what was added, and so are consolidated Rows.
func TestSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, rows, want := NewSet(rowTypes), NewRows(rowTypes), map[string]int64{}
		count := 0
		for range rapid.IntRange(0, 8).Draw(t, "batches") {
			b := drawBatch(t)
			for k := range b.Rows() {
				want[text(b, b.Row(k), false)] += b.Weight(b.Row(k))
				if b.Weight(b.Row(k)) != 0 {
					count++
				}
			}
			_, err := s.Add(b)
			require.NoError(t, err)
			rows.Add(b, make([]uint64, b.Rows()))
		}
		for key, w := range want {
			if w == 0 {
				delete(want, key)
			}
		}
		got := map[string]int64{}
		add := func(b *vec.Batch) error {
			for k := range b.Rows() {
				key := text(b, b.Row(k), false)
				require.NotContains(t, got, key)
				got[key] = b.Weight(b.Row(k))
			}
			return nil
		}
		require.NoError(t, s.Batches(add))
		require.Equal(t, want, got)
		require.Equal(t, len(want), s.Live())
		s.Reset()
		require.Equal(t, count, rows.Len())
		require.NoError(t, rows.Consolidate(s, 1))
		clear(got)
		for _, c := range rows.Chunks {
			require.NoError(t, add(&c.Batch))
			hashes := make([]uint64, c.N)
			vec.HashRows(c.Cols[:1], nil, c.N, hashes)
			require.Equal(t, hashes, c.Hashes)
		}
		require.Equal(t, want, got)
	})
}

// TestRowsChunks: chunks are full but for the last one, and reset ones are used again.
func TestRowsChunks(t *testing.T) {
	r := NewRows(rowTypes)
	b := vec.NewBatch(rowTypes, 0)
	for i := range int64(3000) {
		b.AppendRow(i%3-1, types.NewInt(i), types.NewText("x"), types.Null)
	}
	for range 2 {
		r.Add(b, nil)
		require.Equal(t, 2000, r.Len())
		require.True(t, r.Retracts)
		require.Equal(t, []int{vec.BatchSize, 2000 - vec.BatchSize}, []int{r.Chunks[0].N, r.Chunks[1].N})
		require.EqualValues(t, 2, r.Chunks[0].Cols[0].I64[1])
		r.Reset()
		require.Zero(t, r.Len())
	}
}

func BenchmarkSet(b *testing.B) {
	batch := vec.NewBatch(rowTypes[:1], 0)
	for i := range int64(vec.BatchSize) {
		batch.AppendRow(1-i%2*2, types.NewInt(i/2))
	}
	s := NewSet(rowTypes[:1])
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.Add(batch); err != nil {
			b.Fatal(err)
		}
		if s.Live() != 0 {
			b.Fatal("not consolidated")
		}
		s.Reset()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/vec.BatchSize, "ns/row")
}

package vec

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
)

// TestConsolidate compares with a map of sums, and the order of what is left with that in which rows were first seen.
func TestConsolidate(t *testing.T) {
	ts := []types.Type{types.T(types.Int4), types.T(types.Text)}
	rapid.Check(t, func(t *rapid.T) {
		type row struct {
			number int64
			text   string
		}
		var order []row
		sums := map[row]int64{}
		var batches []*Batch
		for range rapid.IntRange(1, 4).Draw(t, "batches") {
			b := NewBatch(ts, 8)
			for range rapid.IntRange(0, 40).Draw(t, "rows") {
				r := row{rapid.Int64Range(0, 9).Draw(t, "number"), rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "text")}
				w := rapid.Int64Range(-1, 2).Draw(t, "weight")
				b.AppendRow(w, types.NewInt(r.number), types.NewText(r.text))
				if _, seen := sums[r]; !seen {
					order = append(order, r)
				}
				sums[r] += w
			}
			batches = append(batches, b)
		}
		var rows []row
		var weights []int64
		ones := true
		for _, r := range order {
			if w := sums[r]; w != 0 {
				rows, weights, ones = append(rows, r), append(weights, w), ones && w == 1
			}
		}
		count := 0
		for _, b := range batches {
			count += b.N
		}
		require.Equal(t, count == len(rows), Distinct(batches))
		sum := Consolidate(batches)
		if rows == nil {
			require.Nil(t, sum)
			return
		}
		require.Equal(t, len(rows), sum.N)
		require.Nil(t, sum.Sel)
		require.Equal(t, ones, sum.Weights == nil)
		for i, r := range rows {
			require.Equal(t, r, row{sum.Cols[0].Datum(i).I, string(sum.Cols[1].Bytes(i))})
			require.Equal(t, weights[i], sum.Weight(i))
		}
	})
}

// TestDistinctSelected: rows that are not selected do not count.
func TestDistinctSelected(t *testing.T) {
	b := NewBatch([]types.Type{types.T(types.Int4)}, 3)
	for _, x := range []int64{1, 1, 2} {
		b.AppendRow(x-1, types.NewInt(x))
	}
	require.False(t, Distinct([]*Batch{b}))
	b.Sel = []int32{2}
	require.True(t, Distinct([]*Batch{b}))
	require.False(t, Distinct([]*Batch{b, b}))
	b.Sel = []int32{1, 2}
	require.False(t, Distinct([]*Batch{b}), "a weight of zero")
}

// BenchmarkConsolidate adds up what an aggregate's two tasks make of a step: all rows differ.
func BenchmarkConsolidate(b *testing.B) {
	const rows = 8 * BatchSize
	batches := []*Batch{NewBatch([]types.Type{types.T(types.Int8), types.T(types.Int8)}, 0), NewBatch([]types.Type{types.T(types.Int8), types.T(types.Int8)}, 0)}
	for i := range int64(rows) {
		batches[i%2].AppendRow(1-i&2, types.NewInt(i/4), types.NewInt(i))
	}
	for b.Loop() {
		Consolidate(batches)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

package state

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// TestListAppendsWhatItIsGiven appends batches with and without a selection, nulls and weights by turns, so that rows that are copied a
// column at a time meet pages of the others, and reads everything back.
func TestListAppendsWhatItIsGiven(t *testing.T) {
	ts := []types.Type{types.T(types.Bool), bigint, types.T(types.Int4), types.T(types.UUID)}
	rapid.Check(t, func(t *rapid.T) {
		mem := NewMemory(nil)
		l := NewList(mem, ts)
		var model [][]types.Datum
		var weights []int64
		number := int64(0)
		for range rapid.IntRange(1, 12).Draw(t, "batches") {
			b := vec.NewBatch(ts, 16)
			nulls, weighted := rapid.IntRange(0, 4).Draw(t, "nulls") == 0, rapid.IntRange(0, 4).Draw(t, "weighted") == 0
			n := rapid.SampledFrom([]int{1, 2, 100, 1100}).Draw(t, "rows")
			for range n {
				number++
				row := []types.Datum{types.NewBool(number%2 == 0), types.NewInt(number), types.NewInt(-number),
					{W: types.Wide{Hi: uint64(number), Lo: uint64(number) * 3}}}
				if nulls && number%3 == 0 {
					row[number%4] = types.Null
				}
				weight := int64(1)
				if weighted {
					weight += number % 2
				}
				b.AppendRow(weight, row...)
			}
			if rapid.Bool().Draw(t, "selected") {
				b.Sel = []int32{}
				for i := rapid.IntRange(0, 1).Draw(t, "first"); i < n; i += rapid.IntRange(1, 2).Draw(t, "step") {
					b.Sel = append(b.Sel, int32(i))
				}
			}
			require.NoError(t, l.Append(b))
			for k := range b.Rows() {
				i, row := b.Row(k), make([]types.Datum, len(ts))
				for c, v := range b.Cols {
					row[c] = v.Datum(i)
				}
				model, weights = append(model, row), append(weights, b.Weight(i))
			}
			checkBytes(t, &l.view)
			if rapid.Bool().Draw(t, "freeze") {
				defer l.Freeze().Release()
			}
		}
		s := Scan{Cols: []int{0, 1, 2, 3}}
		l.ScanFrom(&s, 0)
		at := 0
		for {
			more, err := s.Next()
			require.NoError(t, err)
			if !more {
				break
			}
			for k := range s.Batch.Rows() {
				i := s.Batch.Row(k)
				same := weights[at] == s.Batch.Weight(i)
				for c, v := range s.Batch.Cols {
					got, want := v.Datum(i), model[at][c]
					same = same && got.Null == want.Null && got.I == want.I && got.W == want.W
				}
				require.True(t, same, "row %d: %v", at, model[at]) // compared by hand, as there are many
				at++
			}
		}
		require.Len(t, model, at)
	})
}

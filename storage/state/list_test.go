package state

import (
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestListModel compares with a slice: rows keep their positions whatever is dropped before them.
func TestListModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		mem := NewMemory(nil)
		l := NewList(mem, []types.Type{bigint, text})
		var model []int64 // by position
		first := int64(0)
		type frozen struct {
			v          *Version
			first, end int64
		}
		var versions []frozen
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0:
				drop := rapid.Int64Range(0, int64(len(model))+10).Draw(t, "drop")
				require.NoError(t, l.DropPrefix(drop))
				first = max(first, min(drop, int64(len(model))))
			case 1:
				versions = append(versions, frozen{l.Freeze(), first, int64(len(model))})
			default:
				b := vec.NewBatch(l.lay.spec.Types, 16)
				for range rapid.SampledFrom([]int{1, 50, 3000}).Draw(t, "rows") {
					x := int64(len(model)) * 31
					b.AppendRow(x%3+1, types.NewInt(x), types.NewText("text of some length"))
					model = append(model, x)
				}
				require.NoError(t, l.Append(b))
			}
			checkList(t, &l.ListReader, model, first)
			checkBytes(t, &l.view)
		}
		for _, f := range versions {
			checkList(t, f.v.List(), model[:f.end], f.first)
			f.v.Release()
		}
		end := int64(len(model))
		l.Clear()
		gotFirst, gotEnd := l.Bounds()
		require.Equal(t, []int64{end, end}, []int64{gotFirst, gotEnd})
		l.Release()
		requireNothingLeft(t, mem)
	})
}

func checkList(t *rapid.T, l *ListReader, model []int64, first int64) {
	gotFirst, end := l.Bounds()
	require.Equal(t, first, gotFirst)
	require.EqualValues(t, len(model), end)
	from := rapid.Int64Range(0, int64(len(model))).Draw(t, "from")
	s := Scan{Cols: []int{0}}
	pos := max(first, from)
	for l.ScanFrom(&s, from); ; {
		ok, err := s.Next()
		require.NoError(t, err)
		if !ok {
			break
		}
		for i, x := range s.Batch.Cols[0].I64 {
			require.Equal(t, model[pos], x)
			require.Equal(t, x%3+1, s.Batch.Weight(i))
			pos++
		}
	}
	require.EqualValues(t, len(model), pos)
}

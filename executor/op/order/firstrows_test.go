package order

import (
	"slices"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func firstSubject(n *physical.FirstRows, ts []types.Type) optest.Subject {
	out := ts
	if n.Number {
		out = append(slices.Clone(ts), int8T)
	}
	return optest.Subject{Inputs: [][]types.Type{ts}, Output: out,
		New: func(mem *state.Memory) (op.Operator, error) { return NewFirstRows(n, ts, mem), nil }}
}

// firstModel is the model of a TopN, with the rows' numbers if they are asked for.
func firstModel(n *physical.FirstRows, in *optest.ZSet) *optest.ZSet {
	top := &physical.TopN{PartitionBy: n.PartitionBy, OrderBy: n.OrderBy}
	if !n.Number {
		return model(top, in, 0, int64(n.Limit))
	}
	out := optest.NewZSet(append(slices.Clone(inTypes), int8T))
	for place := range int64(n.Limit) { // the row at each place
		for _, c := range model(top, in, place, 1).Rows() {
			out.Add(append(slices.Clone(c.Row), types.NewInt(place+1)), c.Weight)
		}
	}
	return out
}

// TestFirstRows compares random steps with the first rows computed from scratch.
func TestFirstRows(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		column := rapid.IntRange(0, len(inTypes)-1)
		n := &physical.FirstRows{Limit: rapid.IntRange(1, 5).Draw(t, "limit"), Number: rapid.Bool().Draw(t, "number"),
			PartitionBy: rapid.SliceOfNDistinct(column, 1, 2, rapid.ID).Draw(t, "partition")}
		for range rapid.IntRange(0, 2).Draw(t, "keys") {
			n.OrderBy = append(n.OrderBy, physical.SortKey{Column: column.Draw(t, "key"),
				Desc: rapid.Bool().Draw(t, "desc"), NullsFirst: rapid.Bool().Draw(t, "nullsFirst")})
		}
		return optest.Property{
			Subject:    firstSubject(n, inTypes),
			Row:        func(t *rapid.T, _ int) []types.Datum { return drawRow(t) },
			AppendOnly: []bool{true},
			Model:      func(in []*optest.ZSet) *optest.ZSet { return firstModel(n, in[0]) },
		}
	})
}

// TestFirstRowsClosing: the partitions of windows that have closed are freed, and the rest is as without.
func TestFirstRowsClosing(t *testing.T) {
	ts := []types.Type{int8T, int8T}
	optest.Check(t, func(t *rapid.T) optest.Property {
		n := &physical.FirstRows{PartitionBy: []int{0}, OrderBy: optest.Ascending(1), Limit: rapid.IntRange(1, 3).Draw(t, "limit"), Closing: &physical.Closing{End: 0}}
		return closingProperty(firstSubject(n, ts), true, int64(n.Limit))
	})
}

// TestFirstRowsClosingInLogs is that of rows which are kept in logs.
func TestFirstRowsClosingInLogs(t *testing.T) {
	ts := []types.Type{int8T, int8T, types.T(types.Text)}
	optest.Check(t, func(t *rapid.T) optest.Property {
		n := &physical.FirstRows{PartitionBy: []int{0}, OrderBy: optest.Ascending(1), Limit: rapid.IntRange(1, 3).Draw(t, "limit"), Closing: &physical.Closing{End: 0}}
		return closingProperty(firstSubject(n, ts), true, int64(n.Limit))
	})
}

// TestFirstRowsCompacts: rows that lose their place leave the log when they are more than half of it, and the others are what they were.
func TestFirstRowsCompacts(t *testing.T) {
	for _, limit := range []int{1, 3} {
		n := &physical.FirstRows{PartitionBy: []int{2}, OrderBy: []physical.SortKey{{Column: 1, Desc: true}}, Limit: limit}
		h := optest.NewHarness(t, firstSubject(n, inTypes), false)
		in := optest.NewZSet(inTypes)
		f := h.Op.(*FirstRows)
		written := 0
		for step := range 60 {
			h.BeginStep()
			var rows []optest.Change
			for key := range 200 {
				row := []types.Datum{types.NewText("some text"), types.NewFloat(float64(step)), types.NewInt(int64(key)), optest.Value(t, inTypes[3], "1.5")}
				if step > 40 && key%2 == 0 {
					row[1] = types.NewFloat(-1)
				}
				rows = append(rows, optest.Change{Row: row, Weight: 1 + int64(key%2)})
				in.Add(row, 1+int64(key%2))
				written++
			}
			h.Push(0, rows...)
			h.EndStep()
			if step%10 == 9 {
				require.Equal(t, firstModel(n, in).String(), h.Out.All.String())
			}
			require.LessOrEqual(t, f.kept.log.Rows(), 2*f.kept.whole.Rows()+state.Groups*spareRows)
		}
		require.Greater(t, int64(written), 2*f.kept.whole.Rows()+state.Groups*spareRows) // else nothing was compacted
		h.Close()
	}
}

// TestFirstRowsPool: a step of so many rows that those which have lost their place are dropped within it.
func TestFirstRowsPool(t *testing.T) {
	n := &physical.FirstRows{PartitionBy: []int{2}, OrderBy: []physical.SortKey{{Column: 3, Desc: true}}, Limit: 3, Number: true}
	h := optest.NewHarness(t, firstSubject(n, inTypes), false)
	in := optest.NewZSet(inTypes)
	f := h.Op.(*FirstRows)
	f.room = 100
	for step := range 3 {
		h.BeginStep()
		for batch := range 40 {
			var rows []optest.Change
			for i := range 50 {
				row := []types.Datum{types.NewText("some text"), types.NewFloat(1), types.NewInt(int64(i % 7)), optest.Value(t, inTypes[3], "1."+string('0'+rune(i%10)))}
				row[1] = types.NewFloat(float64(step*40 + batch))
				row[3] = optest.Value(t, inTypes[3], string('1'+rune((step*40+batch)/30))+"."+string('0'+rune(batch/5))+string('0'+rune(i%10)))
				rows = append(rows, optest.Change{Row: row, Weight: 1})
				in.Add(row, 1)
			}
			h.Push(0, rows...)
			require.LessOrEqual(t, f.pool.N, max(f.room, 100))
		}
		require.Less(t, f.pool.N, minRoom)
		h.EndStep()
		f.room = 100
		require.Equal(t, firstModel(n, in).String(), h.Out.All.String())
		require.EqualValues(t, 21, f.kept.whole.Rows())
	}
	h.Close()
}

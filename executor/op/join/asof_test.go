package join

import (
	"strings"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// asofTypes are a key, a time, and a text.
var asofTypes = []types.Type{int8T, types.T(types.Timestamp), text}

func drawAsof(t *rapid.T) *physical.Asof {
	n := &physical.Asof{Outer: rapid.Bool().Draw(t, "outer"), Compare: rapid.SampledFrom([]string{">=", ">", "<=", "<"}).Draw(t, "compare"),
		LeftTime: 1, RightTime: 1, Output: []int{0, 1, 2, 4, 5}}
	if rapid.IntRange(0, 2).Draw(t, "keyed") > 0 {
		n.LeftKeys, n.RightKeys, n.NullsEqual = []int{0}, []int{0}, []bool{rapid.Bool().Draw(t, "nulls")}
	}
	return n
}

func asofSubject(n *physical.Asof) optest.Subject {
	out := []types.Type{int8T, asofTypes[1], text, asofTypes[1], text}
	return optest.Subject{Inputs: [][]types.Type{asofTypes, asofTypes}, Output: out,
		New: func(mem *state.Memory) (op.Operator, error) { return NewAsof(n, asofTypes, asofTypes, mem) }}
}

func drawAsofRow(t *rapid.T) []types.Datum {
	row := []types.Datum{types.NewInt(rapid.Int64Range(0, 1).Draw(t, "k")), types.NewInt(rapid.Int64Range(0, 9).Draw(t, "at") * second),
		types.NewText(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "s"))}
	if c := rapid.IntRange(0, 15).Draw(t, "null"); c < len(row) {
		row[c] = types.Null
	}
	return row
}

// nearestTo is the right row that a left one is joined with, by definition.
func nearestTo(n *physical.Asof, a []types.Datum, right []optest.Change) []types.Datum {
	var best []types.Datum
	for _, c := range right {
		b := c.Row
		if len(n.LeftKeys) > 0 && (a[0].Null != b[0].Null || a[0].Null && !n.NullsEqual[0] || a[0].I != b[0].I) || a[1].Null || b[1].Null {
			continue
		}
		x, y := a[1].I, b[1].I
		ok := map[string]bool{">=": x >= y, ">": x > y, "<=": x <= y, "<": x < y}[n.Compare]
		if !ok {
			continue
		}
		nearer := func() bool {
			switch {
			case best == nil:
				return true
			case best[1].I != y:
				return (best[1].I < y) == (n.Compare[0] == '>')
			case len(n.LeftKeys) == 0 && (best[0].Null != b[0].Null || best[0].I != b[0].I):
				return best[0].Null && !b[0].Null || !b[0].Null && b[0].I < best[0].I
			}
			return best[2].Null && !b[2].Null || !b[2].Null && strings.Compare(string(b[2].B), string(best[2].B)) < 0
		}
		if nearer() {
			best = b
		}
	}
	return best
}

func asofModel(n *physical.Asof, left, right *optest.ZSet, there func(a []types.Datum) bool) *optest.ZSet {
	out := optest.NewZSet([]types.Type{int8T, asofTypes[1], text, asofTypes[1], text})
	for _, a := range left.Rows() {
		b := nearestTo(n, a.Row, right.Rows())
		switch {
		case there != nil && !there(a.Row):
		case b != nil:
			out.Add([]types.Datum{a.Row[0], a.Row[1], a.Row[2], b[1], b[2]}, a.Weight)
		case n.Outer:
			out.Add([]types.Datum{a.Row[0], a.Row[1], a.Row[2], types.Null, types.Null}, a.Weight)
		}
	}
	return out
}

// TestAsof compares ASOF joins over random changes of both sides with the definition.
func TestAsof(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		n := drawAsof(t)
		return optest.Property{
			Subject: asofSubject(n),
			Row:     func(t *rapid.T, _ int) []types.Datum { return drawAsofRow(t) },
			Model:   func(in []*optest.ZSet) *optest.ZSet { return asofModel(n, in[0], in[1], nil) },
		}
	})
}

// TestAsofFrees: an ASOF join that forgets by the watermark has the answer of one that keeps everything; nothing comes behind its own
// watermark; and in the end there is one right row for each key.
func TestAsofFrees(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawAsof(t)
		n.Compare, n.Frees = rapid.SampledFrom([]string{">=", ">"}).Draw(t, "back"), true
		n.OnClose = rapid.Bool().Draw(t, "onClose")
		h := optest.NewHarness(t, asofSubject(n), false)
		marks := [2]int64{op.NoWatermark, op.NoWatermark}
		inputs := [2]*optest.ZSet{optest.NewZSet(asofTypes), optest.NewZSet(asofTypes)}
		watch := newWatch(t, h, 1)
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			h.BeginStep()
			for range rapid.IntRange(0, 10).Draw(t, "events") {
				port := rapid.IntRange(0, 1).Draw(t, "port")
				if rapid.IntRange(0, 3).Draw(t, "event") == 0 {
					marks[port] = max(marks[port], 0) + rapid.Int64Range(0, 3).Draw(t, "rise")*second + rapid.Int64Range(0, 1).Draw(t, "more")
					h.Watermark(port, marks[port])
					continue
				}
				row := drawAsofRow(t)
				if !row[1].Null {
					row[1].I += (max(marks[port], 0) + second - 1) / second * second
				}
				c := optest.Change{Row: row, Weight: 1}
				inputs[port].Add(c.Row, c.Weight)
				h.Push(port, c)
			}
			h.EndStep()
			watch.endStep()
			there := func(a []types.Datum) bool {
				return !n.OnClose || a[1].Null || len(n.LeftKeys) > 0 && a[0].Null && !n.NullsEqual[0] || a[1].I < marks[1]
			}
			require.Equal(t, asofModel(n, inputs[0], inputs[1], there).String(), h.Out.All.String())
		}
		h.BeginStep()
		for port := range marks {
			h.Watermark(port, op.EndOfTime)
		}
		h.EndStep()
		require.Equal(t, asofModel(n, inputs[0], inputs[1], nil).String(), h.Out.All.String())
		for i, s := range h.Op.(op.Stateful).State() {
			v := s.Freeze()
			most := int64(0)
			if i == 0 {
				most = 9 // of three keys, as many texts of one time
			}
			require.LessOrEqual(t, v.Rows(), most)
			v.Release()
		}
		h.Close()
	})
}

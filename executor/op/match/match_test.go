package match

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// checkOften checks a property ten times as often as is usual: most patterns that are drawn match little.
func checkOften(t *testing.T, property func(*rapid.T)) {
	for i := range 10 {
		t.Run(strconv.Itoa(i), rapid.MakeCheck(property))
	}
}

// TestMatch compares random steps over rows that come and go with the matches found by backtracking, as they are defined. There are
// few rows, as that takes exponential time.
func TestMatch(t *testing.T) {
	checkOften(t, func(t *rapid.T) {
		c := drawCase(t)
		once := rapid.IntRange(0, 3).Draw(t, "once") == 0
		h := optest.NewHarness(t, c.subject(), once)
		in := optest.NewZSet(inTypes)
		steps := 1
		if !once {
			steps = rapid.IntRange(1, 4).Draw(t, "steps")
		}
		inOrder := rapid.Bool().Draw(t, "in order") // then what has been decided mostly stays so
		for step := range steps {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				h.Restore()
			}
			h.BeginStep()
			for range rapid.IntRange(0, 6).Draw(t, "changes") {
				x := optest.Change{Row: drawRow(t, 8), Weight: 1}
				if rapid.IntRange(0, 19).Draw(t, "timeless") == 0 {
					x.Row[colTime] = types.Null
				} else if inOrder {
					x.Row[colTime] = types.NewInt(x.Row[colTime].I + int64(8*step))
				}
				if old := in.Rows(); len(old) > 0 && rapid.IntRange(0, 2).Draw(t, "retract") == 0 && (!inOrder || step%2 == 1) {
					x = optest.Change{Row: rapid.SampledFrom(old).Draw(t, "old").Row, Weight: -1}
				}
				in.Add(x.Row, x.Weight)
				h.Push(0, x)
			}
			h.EndStep()
			require.NoError(t, h.Ctx.Faults.Err())
			require.Equal(t, c.model(in).String(), h.Out.All.String())
		}
		h.Close()
	})
}

// TestSettling compares, over rows that come in order more or less with a watermark behind them, what is shown after each step
// with the matches of all rows so far, and what EMIT ON WINDOW CLOSE has given: some of these, never taken back, and all of them at the
// end of time.
func TestSettling(t *testing.T) {
	checkOften(t, func(t *rapid.T) {
		c := drawCase(t)
		c.node.Watermark = true
		c.node.Slots[0] = physical.MatchSlot{Kind: physical.SlotColumn, Type: inTypes[colTime], Column: colTime, First: true}
		c.node.Measures[0] = physical.E(expr.NewColumn(0, inTypes[colTime], ""))
		onClose := *c
		node := *c.node
		onClose.node, node.EmitOnClose = &node, true
		views := []*optest.Harness{optest.NewHarness(t, c.subject(), false), optest.NewHarness(t, onClose.subject(), false)}
		all := optest.NewZSet(inTypes)
		watermark := int64(0)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			restore := rapid.IntRange(0, 3).Draw(t, "restore") == 0
			for _, h := range views {
				if restore {
					h.Restore()
				}
				h.BeginStep()
			}
			passed := views[1].Out.Passed
			watermark = settlingStep(t, views, all, watermark)
			want := c.model(all)
			require.Equal(t, want.String(), views[0].Out.All.String())
			for _, r := range views[1].Out.Step.Rows() {
				require.Positive(t, r.Weight, "a match is taken back")
				require.True(t, r.Row[1].Null || r.Row[1].I >= passed, "a match behind the watermark") // of one row or all, it is a time
			}
			for _, r := range views[1].Out.All.Rows() {
				require.LessOrEqual(t, r.Weight, want.Weight(r.Row), "a match that is none")
			}
		}
		for _, h := range views {
			h.BeginStep()
			h.Watermark(0, op.EndOfTime)
			h.EndStep()
			require.Equal(t, c.model(all).String(), h.Out.All.String())
			rows := h.Op.(op.Stateful).State()[0].(*state.Ordered).Rows()
			require.LessOrEqual(t, rows, int64(2*c.node.LooksBack()), "rows that are not freed")
			h.Close()
		}
	})
}

// settlingStep pushes some epochs' rows into both views, none of them late, and gives the new watermark.
func settlingStep(t *rapid.T, views []*optest.Harness, all *optest.ZSet, watermark int64) int64 {
	for range rapid.IntRange(0, 3).Draw(t, "epochs") {
		for range rapid.IntRange(0, 3).Draw(t, "rows") {
			row := drawRow(t, 6)
			row[colTime] = types.NewInt(watermark + row[colTime].I)
			all.Add(row, 1)
			for _, h := range views {
				h.Push(0, optest.Change{Row: row, Weight: 1})
			}
		}
		watermark += rapid.Int64Range(0, 4).Draw(t, "rise")
		for _, h := range views {
			h.Watermark(0, watermark)
		}
	}
	for _, h := range views {
		h.EndStep()
		require.NoError(t, h.Ctx.Faults.Err())
	}
	return watermark
}

func star(p physical.Pattern) physical.Pattern {
	return physical.Pattern{Kind: physical.PatternRepeat, Items: []physical.Pattern{p}, Max: -1}
}

// TestExplosion: patterns in which ways multiply cost no more than others while conditions are local, and are stopped if they are not.
func TestExplosion(t *testing.T) {
	variable := func(v int) physical.Pattern {
		return physical.Pattern{Kind: physical.PatternVariable, Variable: v}
	}
	either := physical.Pattern{Kind: physical.PatternAlternation, Items: []physical.Pattern{variable(0), variable(1), star(variable(0))}}
	run := func(last test) error {
		c := &matchCase{node: &physical.Match{PartitionBy: []int{colPart}, OrderBy: orderByTime, Variables: []string{"a", "b", "c"}, Within: physical.NoWithin,
			Pattern: physical.Pattern{Kind: physical.PatternSequence, Items: []physical.Pattern{star(star(star(either))), variable(2)}}}}
		c.measure(physical.MatchSlot{Kind: physical.SlotNumber, Type: int8T})
		c.define()
		c.define()
		c.define(last)
		h := optest.NewHarness(t, c.subject(), true)
		defer h.Close()
		for i := range 3_000 {
			h.Push(0, optest.Change{Row: row{types.NewText("p"), types.NewInt(int64(i)), types.NewInt(int64(i % 7))}, Weight: 1})
		}
		return h.Op.EndStep(h.Out)
	}
	value := physical.MatchSlot{Kind: physical.SlotColumn, Type: int8T, Column: colValue}
	require.NoError(t, run(test{left: value, op: "<", constant: types.NewInt(-1)}))

	count := physical.MatchSlot{Kind: physical.SlotAggregate, Type: int8T, Of: []int{0}, Name: "count"}
	err := run(test{left: count, op: "<", constant: types.NewInt(-1)})
	require.ErrorContains(t, err, "states at once")
}

package agg

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

// A slice's end, a key, a value, the end of the first window that takes it; and a window's bounds with these, as the model groups them.
var (
	sliceTypes = []types.Type{int8T, text, int4, int8T}
	modelTypes = []types.Type{text, int8T, int8T, int4}
)

// sliceRun is a random aggregation of overlapping windows, beside the rows of each window that it should have taken.
type sliceRun struct {
	n        *physical.SliceAggregate
	byWindow *physical.Aggregate
	out      []types.Type
	h        *optest.Harness
	rows     *optest.ZSet // that can be taken back
	pushes   []optest.Change
	// mixed says that the rows of a step's epochs come in any order, before all watermarks: as in a micro-batch.
	mixed     bool
	windows   *optest.ZSet
	watermark int64
}

var sliceCalls = []physical.AggCall{
	{Name: "count", Filter: physical.NoColumn, Type: int8T},
	{Name: "sum", ArgTypes: []types.Type{int4}, Args: []int{2}, Filter: physical.NoColumn, Type: int8T},
	{Name: "avg", ArgTypes: []types.Type{int4}, Args: []int{2}, Filter: physical.NoColumn, Type: numeric},
	{Name: "max", ArgTypes: []types.Type{int4}, Args: []int{2}, Filter: physical.NoColumn, Type: int4},
}

// TestSlices compares with aggregations of each window by itself.
func TestSlices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &sliceRun{rows: optest.NewZSet(sliceTypes), windows: optest.NewZSet(modelTypes), watermark: op.NoWatermark}
		r.draw(t)
		once := r.n.Final && !r.n.Closes
		r.h = optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{sliceTypes}, Output: r.out,
			New: slicePhases(t, r.n, sliceTypes)}, once)
		steps := 1
		if !once {
			steps = rapid.IntRange(1, 10).Draw(t, "steps")
		}
		for range steps {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				r.h.Restore()
				if r.watermark != op.NoWatermark {
					r.h.Watermark(0, r.watermark)
				}
			}
			r.h.BeginStep()
			for range rapid.IntRange(0, 3).Draw(t, "epochs") {
				r.epoch(t)
			}
			if r.mixed {
				for _, c := range rapid.Permutation(r.pushes).Draw(t, "order") {
					r.h.Push(0, c)
				}
				r.pushes = nil
				if r.watermark != op.NoWatermark {
					r.h.Watermark(0, r.watermark)
				}
			}
			r.h.EndStep()
			require.Equal(t, r.want().String(), r.h.Out.All.String())
		}
		if r.n.Closes {
			r.h.Watermark(0, op.EndOfTime)
			r.watermark = op.EndOfTime
			r.h.EndStep()
			require.Equal(t, r.want().String(), r.h.Out.All.String())
			for _, s := range r.h.Op.(op.Stateful).State() {
				if _, clock := s.(*state.Hashed); !clock || !r.n.Final {
					require.Zero(t, s.Bytes())
				}
			}
		}
		r.h.Close()
	})
}

func (r *sliceRun) draw(t *rapid.T) {
	r.mixed = rapid.Bool().Draw(t, "mixed")
	r.n = &physical.SliceAggregate{Slice: 0, First: 3, AppendOnly: rapid.Bool().Draw(t, "append-only"), Closes: rapid.IntRange(0, 3).Draw(t, "closes") > 0,
		Final: rapid.Bool().Draw(t, "final")}
	r.n.Of = physical.WindowAssign{Window: rapid.SampledFrom([]physical.WindowKind{physical.Hop, physical.Cumulate}).Draw(t, "window"),
		Slide: rapid.Int64Range(1, 3).Draw(t, "slide"), Offset: rapid.Int64Range(-3, 3).Draw(t, "offset")}
	r.n.Of.Size = r.n.Of.Slide * rapid.Int64Range(2, 6).Draw(t, "slices")
	r.byWindow = &physical.Aggregate{Keys: []int{1, 2}}
	r.out = []types.Type{int8T, int8T}
	if rapid.Bool().Draw(t, "keyed") {
		r.n.Keys = []int{1}
		r.byWindow.Keys, r.out = []int{0, 1, 2}, []types.Type{text, int8T, int8T}
	}
	for range rapid.IntRange(0, 3).Draw(t, "calls") {
		c := rapid.SampledFrom(sliceCalls).Draw(t, "call")
		if c.Name == "max" && !r.n.AppendOnly {
			continue
		}
		r.n.Calls, r.out = append(r.n.Calls, c), append(r.out, c.Type)
		c.Args = slices.Clone(c.Args)
		for i := range c.Args {
			c.Args[i] = 3
		}
		r.byWindow.Calls = append(r.byWindow.Calls, c)
	}
}

func (r *sliceRun) floor(t, length int64) int64 {
	d := t - r.n.Of.Offset
	return t - ((d%length)+length)%length
}

// epoch pushes rows and moves the watermark.
func (r *sliceRun) epoch(t *rapid.T) {
	slide, size := r.n.Of.Slide, r.n.Of.Size
	for range rapid.IntRange(0, 6).Draw(t, "rows") {
		c := optest.Change{Weight: 1}
		old := r.rows.Rows()
		if !r.n.AppendOnly && len(old) > 0 && rapid.IntRange(0, 2).Draw(t, "retract") == 0 {
			c.Row, c.Weight = rapid.SampledFrom(old).Draw(t, "old").Row, -1
		} else {
			end := r.floor(rapid.Int64Range(-20, 40).Draw(t, "slice"), slide)
			first := end
			for r.n.Closes && first <= r.watermark {
				first += slide
			}
			c.Row = []types.Datum{types.NewInt(end), types.NewText(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "key")),
				types.NewInt(rapid.Int64Range(1, 3).Draw(t, "value")), types.NewInt(first)}
		}
		end := c.Row[0].I
		first, last := end, end+size-slide
		if r.n.Of.Window == physical.Cumulate {
			last = r.floor(end-1, size) + size
		}
		if r.n.Closes && last <= r.watermark || c.Weight < 0 && r.n.Closes && first <= r.watermark {
			continue // late; and what was late for some windows is not taken back, as it was not in them
		}
		if r.mixed {
			r.pushes = append(r.pushes, c)
		} else {
			r.h.Push(0, c)
		}
		r.rows.Add(c.Row, c.Weight)
		for w := first; w <= last; w += slide {
			start := w - size
			if r.n.Of.Window == physical.Cumulate {
				start = r.floor(end-1, size)
			}
			if !r.n.Closes || w > r.watermark {
				r.windows.Add([]types.Datum{c.Row[1], types.NewInt(start), types.NewInt(w), c.Row[2]}, c.Weight)
			}
		}
	}
	if w := rapid.Int64Range(-15, 60).Draw(t, "watermark"); r.n.Closes && w > r.watermark {
		if r.watermark = w; !r.mixed {
			r.h.Watermark(0, w)
		}
	}
}

func (r *sliceRun) want() *optest.ZSet {
	shown := optest.NewZSet(modelTypes)
	for _, c := range r.windows.Rows() {
		if !r.n.Final || !r.n.Closes || c.Row[2].I <= r.watermark {
			shown.Add(c.Row, c.Weight)
		}
	}
	return model(r.byWindow, shown, r.out)
}

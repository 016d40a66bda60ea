package session

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

var (
	int8T = types.T(types.Int8)
	text  = types.T(types.Text)
	timeT = types.T(types.Timestamp)

	// A key, a time, a value and the stamp, of two columns; then what comes out.
	inTypes  = []types.Type{text, timeT, int8T, int8T, int8T}
	outTypes = []types.Type{text, timeT, int8T, timeT, timeT}
)

// run is a random history of a Session node, and the model that it is held to: the rows that are there, epoch by epoch.
type run struct {
	node *physical.Session
	h    *optest.Harness
	// open are the rows of open sessions, closed those of closed ones with their bounds, pending those of the epoch.
	open, closed, pending *optest.ZSet
	watermark             int64
	epochs                int64
	late                  int64
}

// TestSession compares random sessions, of rows that come in random batches and in any order among the epochs of a step, with sessions
// computed from scratch after each epoch.
func TestSession(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &run{open: optest.NewZSet(inTypes[:3]), closed: optest.NewZSet(outTypes), pending: optest.NewZSet(inTypes[:3]), watermark: op.NoWatermark}
		r.node = &physical.Session{Time: 1, Epochs: true, Gap: rapid.Int64Range(1, 6).Draw(t, "gap"), AppendOnly: rapid.Bool().Draw(t, "append-only"),
			Closes: rapid.IntRange(0, 3).Draw(t, "closes") > 0}
		r.node.EmitOnClose = r.node.Closes && rapid.Bool().Draw(t, "emit on close")
		if rapid.Bool().Draw(t, "partitioned") {
			r.node.PartitionBy = []int{0}
		}
		once := !r.node.Closes && rapid.Bool().Draw(t, "once")
		r.h = optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{inTypes}, Output: outTypes,
			New: func(mem *state.Memory) (op.Operator, error) { return New(r.node, inTypes, mem) }}, once)
		steps := 1
		if !once {
			steps = rapid.IntRange(1, 8).Draw(t, "steps")
		}
		for range steps {
			r.step(t)
		}
		if !r.node.EmitOnClose || !r.node.Closes {
			r.h.Close()
			return
		}
		r.h.Watermark(0, op.EndOfTime)
		r.watermark = op.EndOfTime
		r.close()
		r.h.EndStep()
		require.Equal(t, r.want().String(), r.h.Out.All.String())
		require.Zero(t, r.h.Op.(*Session).rows.Rows()+r.h.Op.(*Session).sessions.byEnd.Rows())
		r.h.Close()
	})
}

// step has some epochs. Rows of all of them come mixed, as from several tasks, before the last watermark.
func (r *run) step(t *rapid.T) {
	if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
		r.h.Restore()
		if r.watermark != op.NoWatermark {
			r.h.Watermark(0, r.watermark)
		}
	}
	r.h.BeginStep()
	r.late = 0
	var all []optest.Change
	for range rapid.IntRange(0, 3).Draw(t, "epochs") {
		all = append(all, r.epoch(t)...)
	}
	all = rapid.Permutation(all).Draw(t, "order")
	for len(all) > 0 {
		n := min(len(all), rapid.IntRange(1, 5).Draw(t, "batch"))
		r.h.Push(0, all[:n]...)
		all = all[n:]
	}
	if r.watermark != op.NoWatermark {
		r.h.Watermark(0, r.watermark)
	}
	r.h.EndStep()
	require.Equal(t, r.want().String(), r.h.Out.All.String())
	require.Equal(t, r.late, r.h.Ctx.LateRows)
}

// epoch draws rows, brings them into the model, and perhaps moves the watermark.
func (r *run) epoch(t *rapid.T) (out []optest.Change) {
	if !r.h.Ctx.Once { // the rows of a query's only step are of one
		r.epochs++
	}
	for range rapid.IntRange(0, 6).Draw(t, "rows") {
		c := optest.Change{Weight: 1}
		old := r.open.Rows()
		if !r.node.AppendOnly && len(old) > 0 && rapid.IntRange(0, 2).Draw(t, "retract") == 0 {
			c.Row, c.Weight = rapid.SampledFrom(old).Draw(t, "old").Row, -1
		} else {
			c.Row = []types.Datum{types.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "key")),
				types.NewInt(rapid.Int64Range(0, 40).Draw(t, "at")), types.NewInt(rapid.Int64Range(0, 1).Draw(t, "x"))}
		}
		if c.Weight < 0 && weightOf(r.open, c.Row)+weightOf(r.pending, c.Row) <= 0 {
			continue // what is not there any more is not taken back
		}
		r.pending.Add(c.Row, c.Weight)
		out = append(out, optest.Change{Row: append(slices.Clone(c.Row), types.NewInt(r.watermark), types.NewInt(r.epochs)), Weight: c.Weight})
	}
	r.bring()
	r.close() // what a row that was taken back has left may have ended
	if w := rapid.Int64Range(0, 45).Draw(t, "watermark"); r.node.Closes && w > r.watermark {
		r.watermark = w
		r.close()
	}
	return out
}

func weightOf(z *optest.ZSet, row []types.Datum) int64 {
	for _, c := range z.Rows() {
		if optest.RowText(inTypes[:3], c.Row) == optest.RowText(inTypes[:3], row) {
			return c.Weight
		}
	}
	return 0
}

// bring adds the pending rows that are not late: whose sessions, with all rows that are there, are open.
func (r *run) bring() {
	epoch := r.pending
	r.pending = optest.NewZSet(inTypes[:3])
	// A row that is taken back was of a session; where that was open, so is what joins it.
	reach := optest.NewZSet(inTypes[:3])
	for _, z := range []*optest.ZSet{r.open, epoch} {
		for _, c := range z.Rows() {
			if c.Weight > 0 {
				reach.Add(c.Row, 1)
			}
		}
	}
	ends := map[string]int64{}
	r.sessions(reach, func(c optest.Change, _, end int64) { ends[optest.RowText(inTypes[:3], c.Row)] = end })
	for _, c := range epoch.Rows() {
		if end := ends[optest.RowText(inTypes[:3], c.Row)]; r.node.Closes && c.Weight > 0 && end <= r.watermark {
			r.late += c.Weight
			continue
		}
		r.open.Add(c.Row, c.Weight)
	}
}

// sessions calls f with each row and the bounds of its session.
func (r *run) sessions(z *optest.ZSet, f func(c optest.Change, start, end int64)) {
	parts := map[string][]optest.Change{}
	for _, c := range z.Rows() {
		key := ""
		if r.node.PartitionBy != nil {
			key = string(c.Row[0].B)
		}
		parts[key] = append(parts[key], c)
	}
	for _, rows := range parts {
		slices.SortFunc(rows, func(a, b optest.Change) int { return int(a.Row[1].I - b.Row[1].I) })
		for from := 0; from < len(rows); {
			to := from + 1
			for to < len(rows) && rows[to].Row[1].I-rows[to-1].Row[1].I < r.node.Gap {
				to++
			}
			for _, c := range rows[from:to] {
				f(c, rows[from].Row[1].I, rows[to-1].Row[1].I+r.node.Gap)
			}
			from = to
		}
	}
}

// close moves the sessions that the watermark has reached to those that are closed.
func (r *run) close() {
	if !r.node.Closes {
		return
	}
	var gone []optest.Change
	r.sessions(r.open, func(c optest.Change, start, end int64) {
		if end <= r.watermark {
			gone = append(gone, c)
			r.closed.Add(append(slices.Clone(c.Row), types.NewInt(start), types.NewInt(end)), c.Weight)
		}
	})
	for _, c := range gone {
		r.open.Add(c.Row, -c.Weight)
	}
}

func (r *run) want() *optest.ZSet {
	out := optest.NewZSet(outTypes)
	for _, c := range r.closed.Rows() {
		out.Add(c.Row, c.Weight)
	}
	if !r.node.EmitOnClose {
		r.sessions(r.open, func(c optest.Change, start, end int64) {
			out.Add(append(slices.Clone(c.Row), types.NewInt(start), types.NewInt(end)), c.Weight)
		})
	}
	return out
}

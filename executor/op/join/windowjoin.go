package join

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// WindowJoin joins the rows of two windowed inputs window by window, each when the watermarks of both have reached its end: its output
// is final, whatever the inputs retract before.
type WindowJoin struct {
	base
	kind   physical.JoinKind
	scan   state.Scan
	met    []bool
	sel    []int32
	hashes []uint64
}

func newWindowJoin(n *physical.Join, leftTypes, rightTypes []types.Type, mem *state.Memory) (*WindowJoin, error) {
	l := newLayout(n, leftTypes, rightTypes)
	b, err := newBase(l, mem)
	if err != nil {
		return nil, err
	}
	b.bound = n.Bound
	return &WindowJoin{base: b, kind: n.Join, sel: []int32{}}, nil
}

// Push implements op.Operator. Rows without a chance of a partner come out with their window too.
func (j *WindowJoin) Push(port int, b *vec.Batch, out op.Output) error {
	s := j.sides[port]
	c := s.look(b)
	if err := s.arr.apply(&c.Batch, c.Hashes, nil); err != nil {
		return err
	}
	if !j.preserves(port) || len(s.nulls) == 0 {
		return nil
	}
	if s.timeless > 0 { // in no window: nothing is to be waited for
		j.emit.begin(out, true)
		if err := j.emit.alone(s, c.Cols, s.nulls[:s.timeless], c.N, c.Weights); err != nil {
			return err
		}
	}
	lone := c.Batch
	lone.Sel = s.nulls[s.timeless:]
	j.hashes = fill(j.hashes, len(lone.Sel), 0)
	vec.HashRows(c.Cols[:s.keys], lone.Sel, c.N, j.hashes)
	return s.arr.apply(&lone, j.hashes, nil)
}

// preserves reports whether rows of a side come out without a partner.
func (j *WindowJoin) preserves(port int) bool {
	switch j.kind {
	case physical.LeftJoin, physical.AntiJoin:
		return port == left
	case physical.RightJoin:
		return port == right
	}
	return j.kind == physical.FullJoin
}

// Watermark implements op.Operator.
func (j *WindowJoin) Watermark(port int, t int64, out op.Output) error {
	low, moved := j.low.Update(port, t)
	if !moved {
		return nil
	}
	j.emit.begin(out, true)
	for _, end := range j.ends(low) {
		if err := j.close(end); err != nil {
			return err
		}
	}
	for _, s := range j.sides {
		s.arr.dropThrough(low)
	}
	return out.Watermark(j.outMark(low))
}

// ends are the ends of windows up to one, ascending.
func (j *WindowJoin) ends(last int64) []int64 {
	var all []int64
	for _, s := range j.sides {
		all = s.arr.sliced.Starts(all)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	n, found := slices.BinarySearch(all, last)
	if found {
		n++
	}
	return all[:n]
}

// close emits the rows of a window.
func (j *WindowJoin) close(end int64) error {
	if err := j.closeSide(end, left); err != nil {
		return err
	}
	if !j.preserves(right) {
		return nil
	}
	return j.closeSide(end, right)
}

// closeSide joins the rows that a window has of one side with those of the other. The left side's turn makes the pairs.
func (j *WindowJoin) closeSide(end int64, port int) error {
	from, to := j.sides[port], j.sides[1-port]
	h := from.arr.sliced.Slice(end)
	if h == nil {
		return nil
	}
	pairs := port == left && j.kind != physical.SemiJoin && j.kind != physical.AntiJoin
	h.Scan(&j.scan, -1)
	for {
		ok, err := j.scan.Next()
		if err != nil || !ok {
			return err
		}
		c := from.lookStored(j.scan.Batch)
		j.met = fill(j.met, c.N, false)
		err = j.pairs.each(c, from, to, func() error {
			for k := range j.pairs.Batch.Rows() {
				j.met[j.pairs.Probing[j.pairs.Batch.Row(k)]] = true
			}
			if pairs {
				return j.emit.pairs(j.pairs)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := j.alone(from, c); err != nil {
			return err
		}
	}
}

// alone emits the rows of a chunk that come out by themselves.
func (j *WindowJoin) alone(s *side, c *delta.Chunk) error {
	semi := j.kind == physical.SemiJoin
	if !semi && !j.preserves(s.index) {
		return nil
	}
	j.sel = j.sel[:0]
	for i, met := range j.met {
		if met == semi {
			j.sel = append(j.sel, int32(i))
		}
	}
	return j.emit.alone(s, c.Cols, j.sel, c.N, c.Weights)
}

// Prompt implements op.Prompt: what a watermark closes is out before it.
func (j *WindowJoin) Prompt() bool { return true }

// EndStep implements op.Operator.
func (j *WindowJoin) EndStep(op.Output) error { return nil }

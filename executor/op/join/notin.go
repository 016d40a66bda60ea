package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// NotIn is the anti join of NOT IN: null = x is neither true nor false. One row of the right side can decide over all of the
// left: while that side is empty all left rows are kept, while it has a null none is, and otherwise those whose key is not
// null and not among it.
type NotIn struct {
	base
	left, right *side
	keys        keyChange
	null        *vec.Vector // a null key, nullHash its hash
	nullHash    [1]uint64
	probe       state.Probe
	scan        state.Scan
	sel         []int32
	hashes      []uint64
	weights     []int64
}

// rule is how the right side as a whole judges left rows.
type rule uint8

const (
	keepAll    rule = iota // it is empty
	keepNone               // it has a null
	keepOthers             // it has keys, and keeps the rows that have another one
)

func newNotIn(n *physical.Join, leftTypes, rightTypes []types.Type, mem *state.Memory) (*NotIn, error) {
	if n.Join != physical.AntiJoin || len(n.LeftKeys) != 1 || !n.Residual.None() {
		return nil, sqlerr.Internal("a null-aware join is an anti join with one key and no residual")
	}
	m := *n
	m.NullsEqual = []bool{true} // rows with null keys are kept like any others
	b, err := newBase(newLayout(&m, leftTypes, rightTypes), mem)
	if err != nil {
		return nil, err
	}
	j := &NotIn{base: b, left: b.sides[left], right: b.sides[right], null: &vec.Vector{}, sel: []int32{}}
	j.keys.keys = delta.NewKeyIndex(j.right.keyTypes())
	j.null.SetNullConst(j.right.types[0])
	vec.HashRows([]*vec.Vector{j.null}, nil, 1, j.nullHash[:])
	return j, nil
}

// Push implements op.Operator.
func (j *NotIn) Push(port int, b *vec.Batch, _ op.Output) error {
	j.sides[port].gather(b, false)
	return nil
}

// EndStep implements op.Operator.
func (j *NotIn) EndStep(out op.Output) error {
	l, r := j.left, j.right
	if l.in.Len()+r.in.Len() == 0 {
		return nil
	}
	defer l.endStep()
	defer r.endStep()
	defer j.keys.keys.Reset()
	for _, s := range j.sides {
		if err := s.consolidate(false); err != nil {
			return err
		}
	}
	j.emit.begin(out, !l.in.Retracts && l.arr.rows() == 0)
	old, err := j.judge()
	if err != nil {
		return err
	}
	if err := j.keys.before(r, l.arr.rows() > 0); err != nil {
		return err
	}
	if err := r.apply(nil); err != nil {
		return err
	}
	now, err := j.judge()
	if err != nil {
		return err
	}
	if err := j.rejudge(old, now); err != nil {
		return err
	}
	for _, c := range l.in.Chunks {
		if err := j.keep(&c.Batch, c.Hashes, now, 1); err != nil {
			return err
		}
	}
	if !j.ctx.Once {
		if err := l.apply(nil); err != nil {
			return err
		}
	}
	return j.emit.flush()
}

// judge is the right side's rule as it is now.
func (j *NotIn) judge() (rule, error) {
	if j.right.arr.rows() == 0 {
		return keepAll, nil
	}
	null, err := j.right.has([]*vec.Vector{j.null}, nil, 1, j.nullHash[:])
	if err != nil || !null[0] {
		return keepOthers, err
	}
	return keepNone, nil
}

// rejudge emits what a change of the right side makes of the left rows as of the last cut. A new rule concerns them all: they
// are taken back by the old rule and judged by the new one, both over the right side as it is now.
func (j *NotIn) rejudge(old, now rule) error {
	sel, hashes, err := j.keys.after(j.right)
	if err != nil || j.left.arr.rows() == 0 {
		return err
	}
	if old == keepOthers {
		if err := j.transit(sel, hashes); err != nil {
			return err
		}
	}
	if old == now {
		return nil
	}
	j.scan.Cols = nil
	j.left.arr.hashed.Scan(&j.scan, -1)
	for {
		ok, err := j.scan.Next()
		if err != nil || !ok {
			return err
		}
		b := j.scan.Batch
		j.hashes = fill(j.hashes, b.N, 0)
		vec.HashRows(b.Cols[:1], nil, b.N, j.hashes)
		if err := j.keep(b, j.hashes, old, -1); err != nil {
			return err
		}
		if err := j.keep(b, j.hashes, now, 1); err != nil {
			return err
		}
	}
}

// keep emits, with their weights times sign, the left rows that a rule keeps.
func (j *NotIn) keep(b *vec.Batch, hashes []uint64, r rule, sign int64) error {
	if r == keepNone {
		return nil
	}
	j.sel, j.weights = j.sel[:0], j.weights[:0]
	key := b.Cols[0]
	var found []bool
	if r == keepOthers {
		var err error
		if found, err = j.right.has(b.Cols[:1], nil, b.N, hashes); err != nil {
			return err
		}
	}
	for i := range b.N {
		j.weights = append(j.weights, sign*b.Weight(i))
		if r == keepAll || !found[i] && !key.IsNull(i) {
			j.sel = append(j.sel, int32(i))
		}
	}
	return j.emit.alone(j.left, b.Cols, j.sel, b.N, j.weights)
}

// transit emits the left rows whose keys have come to the right side, or have gone from it.
func (j *NotIn) transit(sel []int32, hashes []uint64) error {
	if len(sel) == 0 {
		return nil
	}
	keys := j.keys.keys
	if err := j.left.arr.hashed.Probe(&j.probe, keys.Cols, hashes, sel, keys.Len()); err != nil {
		return err
	}
	for {
		ok, err := j.probe.Next()
		if err != nil || !ok {
			return err
		}
		b := j.probe.Batch
		j.sel, j.weights = j.sel[:0], j.weights[:0]
		for i, key := range j.probe.Rows {
			w := b.Weight(i)
			if !j.keys.was[key] {
				w = -w
			}
			j.weights = append(j.weights, w)
			if !b.Cols[0].IsNull(i) { // null is kept by no rule that asks for keys
				j.sel = append(j.sel, int32(i))
			}
		}
		if err := j.emit.alone(j.left, b.Cols, j.sel, b.N, j.weights); err != nil {
			return err
		}
	}
}

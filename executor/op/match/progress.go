package match

import (
	"math"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// progress is how far the search of each partition has come, and when the watermark will let it go on.
type progress struct {
	key int
	// arr has, by partition: how many of the rows kept are before the first undecided one, how many matches there were before it, the
	// timer, when the first undecided row was, and, where rows do not settle, how many rows were looked at for what was decided.
	arr *state.Hashed
	// timers are the partitions by the time that the watermark has to be behind, nil if rows do not settle, begun by the time of their
	// first undecided row, nil unless the output has a watermark. Neither has a key, so that each key group is sorted by time; a
	// partition is of the group that its rows are of.
	timers, begun *state.Ordered

	// now is the progress of the step's partitions, by number, was what is stored of it.
	now, was []place
	there    []bool

	refs   state.Refs
	tmp    vec.Vector
	sel    []int32
	hashes []uint64
	cur    state.Cursor
	nums   []int32
}

// place is how far a partition has come.
type place struct{ skip, number, timer, begun, decided int64 }

// nowhere is the place of a partition of which nothing is known.
var nowhere = place{timer: noTime, begun: noTime}

// fields are the columns of a place in the arrangement.
var fields = []func(x *place) *int64{
	func(x *place) *int64 { return &x.skip }, func(x *place) *int64 { return &x.number },
	func(x *place) *int64 { return &x.timer }, func(x *place) *int64 { return &x.begun }, func(x *place) *int64 { return &x.decided },
}

// noTime is the timer of a partition in which nothing waits for the watermark; lastTime waits for the end of time.
const (
	noTime   = math.MaxInt64
	lastTime = math.MaxInt64 - 1
)

var int8Type = types.T(types.Int8)

// newProgress makes the progress of no partitions.
func newProgress(n *physical.Match, l *sorted.Layout, mem *state.Memory) *progress {
	keys := l.Spec.Types[:l.Key:l.Key]
	byTime := func() *state.Ordered {
		return state.NewOrdered(mem, state.Spec{Types: append([]types.Type{int8Type}, keys...), Order: []state.Order{{Col: 0}}})
	}
	spec := state.Spec{Types: append([]types.Type(nil), keys...), Key: l.Key, Unique: true}
	for range fields {
		spec.Types = append(spec.Types, int8Type)
	}
	p := &progress{key: l.Key, arr: state.NewHashed(mem, spec)}
	if n.Watermark {
		p.timers = byTime()
	}
	if n.EmitOnClose { // its watermark stays behind what has begun
		p.begun = byTime()
	}
	return p
}

// states are the arrangements.
func (p *progress) states() []op.State {
	out := []op.State{p.arr}
	for _, a := range []*state.Ordered{p.timers, p.begun} {
		if a != nil {
			out = append(out, a)
		}
	}
	return out
}

// first is the time of the first undecided row of all partitions.
func (p *progress) first() (int64, error) {
	t := int64(noTime)
	for g := range state.Groups {
		if err := p.begun.Scan(&p.cur, g); err != nil {
			return 0, err
		}
		ok, err := p.cur.Next(1)
		if err != nil {
			return 0, err
		}
		if ok {
			t = min(t, p.cur.Batch.Cols[0].I64[0])
		}
	}
	return t, nil
}

// due adds the partitions to keys whose timers the watermark is behind.
func (p *progress) due(watermark int64, keys *delta.Index) error {
	for g := range state.Groups {
		if err := p.timers.Scan(&p.cur, g); err != nil {
			return err
		}
		for {
			ok, err := p.cur.Next(vec.BatchSize)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			b := p.cur.Batch
			p.sel = p.sel[:0]
			for i := 0; i < b.N && b.Cols[0].I64[i] < watermark; i++ {
				p.sel = append(p.sel, int32(i))
			}
			if p.nums, err = keys.Add(b.Cols[1:], p.sel, b.N, nil, p.nums); err != nil {
				return err
			}
			if len(p.sel) < b.N {
				break
			}
		}
	}
	return nil
}

// load finds the progress of partitions; that of new ones is none.
func (p *progress) load(keys []*vec.Vector, hashes []uint64) error {
	p.was, p.there = p.was[:0], p.there[:0]
	for from := 0; from < len(hashes); from += vec.BatchSize {
		to := min(from+vec.BatchSize, len(hashes))
		p.sel = p.sel[:0]
		for i := from; i < to; i++ {
			p.sel = append(p.sel, int32(i))
		}
		if err := p.arr.Lookup(keys, hashes[from:to], p.sel, len(hashes), &p.refs); err != nil {
			return err
		}
		for k := range to - from {
			p.was, p.there = append(p.was, nowhere), append(p.there, p.refs.Found(k))
		}
		for c, field := range fields {
			p.arr.Gather(&p.refs, p.key+c, &p.tmp)
			for i := from; i < to; i++ {
				if p.there[i] {
					*field(&p.was[i]) = p.tmp.Datum(i - from).I
				}
			}
		}
	}
	p.now = append(p.now[:0], p.was...)
	return nil
}

// begin makes the progress of n partitions none.
func (p *progress) begin(n int) {
	p.now = p.now[:0]
	for range n {
		p.now = append(p.now, nowhere)
	}
}

// store writes what has changed.
func (p *progress) store(keys []*vec.Vector, hashes []uint64) error {
	for k, arr := range []*state.Ordered{p.timers, p.begun} {
		if arr == nil {
			continue
		}
		if err := p.move(arr, fields[2+k], keys, hashes); err != nil {
			return err
		}
	}
	b := vec.Batch{Cols: append([]*vec.Vector(nil), keys...), N: len(hashes)}
	for _, field := range fields {
		v := vec.New(int8Type, len(p.now))
		for i := range p.now {
			v.AppendInt64(*field(&p.now[i]))
		}
		b.Cols = append(b.Cols, v)
	}
	if b.Sel = p.pick(hashes, func(i int) bool { return p.now[i] != p.was[i] && p.now[i] != nowhere }); len(b.Sel) > 0 {
		if err := p.arr.Put(&b, p.hashes, nil); err != nil {
			return err
		}
	}
	gone := p.pick(hashes, func(i int) bool { return p.there[i] && p.now[i] == nowhere })
	if len(gone) == 0 {
		return nil
	}
	_, err := p.arr.Delete(keys, p.hashes, gone, b.N)
	return err
}

// pick selects partitions, with their hashes.
func (p *progress) pick(hashes []uint64, want func(i int) bool) []int32 {
	p.sel, p.hashes = p.sel[:0], p.hashes[:0]
	for i := range hashes {
		if want(i) {
			p.sel, p.hashes = append(p.sel, int32(i)), append(p.hashes, hashes[i])
		}
	}
	return p.sel
}

// move moves partitions in an arrangement by time.
func (p *progress) move(arr *state.Ordered, field func(*place) *int64, keys []*vec.Vector, hashes []uint64) error {
	for _, x := range []struct {
		list   []place
		weight int64
	}{{p.was, -1}, {p.now, 1}} {
		sel := p.pick(hashes, func(i int) bool {
			return *field(&p.was[i]) != *field(&p.now[i]) && *field(&x.list[i]) != noTime
		})
		if len(sel) == 0 {
			continue
		}
		times, weights := make([]int64, len(hashes)), make([]int64, len(hashes))
		for _, i := range sel {
			times[i], weights[i] = *field(&x.list[i]), x.weight
		}
		b := vec.Batch{Cols: append([]*vec.Vector{{Type: int8Type, I64: times}}, keys...), N: len(hashes), Sel: sel, Weights: weights}
		if err := arr.Apply(&b, p.hashes, nil); err != nil {
			return err
		}
	}
	return nil
}

package match

import (
	"math"

	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// progress is how far the search of each partition has come, and when the watermark will let it go on.
type progress struct {
	key int
	// arr has, by partition: how many of the rows kept are before the first undecided one, how many matches there were before it, and
	// the timer.
	arr *state.Hashed
	// timers are the partitions by the time that the watermark has to be behind. They have no key, so that each key group is sorted by
	// time; a partition is of the group that its rows are of.
	timers *state.Ordered

	// skip, number and timer are those of the step's partitions, by number.
	skip, number, timer []int64
	was                 []stored

	refs   state.Refs
	tmp    vec.Vector
	sel    []int32
	hashes []uint64
	cur    state.Cursor
	nums   []int32
}

// stored is what the arrangement has of a partition.
type stored struct {
	skip, number, timer int64
	there               bool
}

// noTimer is that of a partition in which nothing waits for the watermark; lastTimer waits for the end of time.
const (
	noTimer   = math.MaxInt64
	lastTimer = math.MaxInt64 - 1
)

var int8Type = types.T(types.Int8)

func newProgress(l *sorted.Layout, mem *state.Memory) *progress {
	keys := l.Spec.Types[:l.Key:l.Key]
	return &progress{key: l.Key,
		arr:    state.NewHashed(mem, state.Spec{Types: append(append([]types.Type(nil), keys...), int8Type, int8Type, int8Type), Key: l.Key, Unique: true}),
		timers: state.NewOrdered(mem, state.Spec{Types: append([]types.Type{int8Type}, keys...), Order: []state.Order{{Col: 0}}})}
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

// load finds the progress of partitions; that of new ones is zero.
func (p *progress) load(keys []*vec.Vector, hashes []uint64) error {
	p.was = p.was[:0]
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
			p.was = append(p.was, stored{timer: noTimer, there: p.refs.Found(k)})
		}
		for c, set := range []func(s *stored, v int64){
			func(s *stored, v int64) { s.skip = v }, func(s *stored, v int64) { s.number = v }, func(s *stored, v int64) { s.timer = v }} {
			p.arr.Gather(&p.refs, p.key+c, &p.tmp)
			for k := range to - from {
				if s := &p.was[from+k]; s.there {
					set(s, p.tmp.Datum(k).I)
				}
			}
		}
	}
	p.skip, p.number, p.timer = p.skip[:0], p.number[:0], p.timer[:0]
	for _, s := range p.was {
		p.skip, p.number, p.timer = append(p.skip, s.skip), append(p.number, s.number), append(p.timer, s.timer)
	}
	return nil
}

// store writes what has changed.
func (p *progress) store(keys []*vec.Vector, hashes []uint64) error {
	if err := p.storeTimers(keys, hashes); err != nil {
		return err
	}
	column := func(v []int64) *vec.Vector { return &vec.Vector{Type: int8Type, I64: v} }
	b := vec.Batch{Cols: append(append([]*vec.Vector(nil), keys...), column(p.skip), column(p.number), column(p.timer)), N: len(hashes)}
	b.Sel = p.pick(hashes, func(i int) bool { return p.changed(i) && !p.empty(i) })
	if len(b.Sel) > 0 {
		if err := p.arr.Put(&b, p.hashes, nil); err != nil {
			return err
		}
	}
	gone := p.pick(hashes, func(i int) bool { return p.was[i].there && p.empty(i) })
	if len(gone) == 0 {
		return nil
	}
	_, err := p.arr.Delete(keys, p.hashes, gone, b.N)
	return err
}

func (p *progress) changed(i int) bool {
	return p.was[i] != stored{p.skip[i], p.number[i], p.timer[i], true}
}

// empty reports whether there is nothing to remember of a partition.
func (p *progress) empty(i int) bool {
	return p.skip[i] == 0 && p.number[i] == 0 && p.timer[i] == noTimer
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

// storeTimers moves timers.
func (p *progress) storeTimers(keys []*vec.Vector, hashes []uint64) error {
	for _, weight := range []int64{-1, 1} {
		at := func(i int) int64 {
			if weight < 0 {
				return p.was[i].timer
			}
			return p.timer[i]
		}
		sel := p.pick(hashes, func(i int) bool { return p.was[i].timer != p.timer[i] && at(i) != noTimer })
		if len(sel) == 0 {
			continue
		}
		times, weights := make([]int64, len(hashes)), make([]int64, len(hashes))
		for _, i := range sel {
			times[i], weights[i] = at(int(i)), weight
		}
		b := vec.Batch{Cols: append([]*vec.Vector{{Type: int8Type, I64: times}}, keys...), N: len(hashes), Sel: sel, Weights: weights}
		if err := p.timers.Apply(&b, p.hashes, nil); err != nil {
			return err
		}
	}
	return nil
}

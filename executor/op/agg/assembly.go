package agg

import (
	"math"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// assembly puts windows together from slices, each once, in the order of their ends, with amortised one merge for each key and slice,
// whatever the windows' size: by two stacks (Tangwongsan, Hirzel, Schneider: "In-Order Sliding-Window Aggregation in
// Worst-Case Constant Time", 2021), cut at fixed places as van Herk (1992) has it.
//
// Time is cut into blocks as long as a window. The window at hand ends in one block and begins in the one before. Of its block, back
// has the sum of the slices so far. Of the block before, ahead has, for each slice and key of it, the sum from that slice to the block's end, and
// front that of the first slice that is still in the window. When a slice leaves the window, front goes on to the next one that the
// key is in, which the cell of the leaving slice links to. CUMULATE's windows begin where their block does and have no front.
type assembly struct {
	s *Slices
	l *layout
	// raw are the slices that are in no sum of ahead.
	raw   *state.Sliced
	ahead *state.Sliced
	front *state.Hashed
	back  *state.Hashed
	// clock has position by key group, so that state that is restored or moved knows it. groups are those that have any state.
	clock  *state.Hashed
	groups uint32
	loaded bool
	// position is the end of the last window that was put together, or might have been.
	position int64

	at, have, next, one *cells
	rows                []int32
	scan                state.Scan
	ends                sorted.Ends
}

// nowhere is the position before all windows, and the link of a key's last slice.
const nowhere = math.MinInt64

func newAssembly(s *Slices, mem *state.Memory) *assembly {
	l, keys := s.windows.layout, len(s.node.Keys)
	spec := cellSpec(l, keys)
	return &assembly{s: s, l: l, raw: state.NewSliced(mem, spec), ahead: state.NewSliced(mem, spec), front: state.NewHashed(mem, spec),
		back: state.NewHashed(mem, spec), clock: state.NewHashed(mem, state.Spec{Types: []types.Type{int8T, int8T}, Key: 1, Unique: true}),
		position: nowhere, at: newCells(l, keys), have: newCells(l, keys), next: newCells(l, keys), one: newCells(l, keys)}
}

func (x *assembly) state() []op.State {
	return []op.State{x.raw, x.ahead, x.front, x.back, x.clock}
}

// base is where the block of a window begins.
func (x *assembly) base(end int64) int64 { return x.s.floorTo(end-1, x.s.size) }

// bring brings the step's slices into the state: first the rows that were late for no window. Of the others it brings those whose windows that
// do not take them are all to be put together now.
func (x *assembly) bring(out op.Output) error {
	if err := x.bringScratch(); err != nil {
		return err
	}
	return x.bringLate(x.s.windows.watermark, out)
}

// bringScratch brings the slices of the scratch into the state.
func (x *assembly) bringScratch() error {
	from := x.s.slices.scratch
	if from.index.Len() == 0 {
		return nil
	}
	if err := x.load(); err != nil {
		return err
	}
	x.s.windows.beginCalls()
	known := x.groups
	err := x.ends.Each(from.index.Cols[len(x.s.node.Keys)], nil, from.index.Len(), func(end int64, rows, _ []int32) error {
		for from := 0; from < len(rows); from += vec.BatchSize {
			x.fromScratch(rows[from:min(from+vec.BatchSize, len(rows))])
			if err := x.put(end); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	from.reset()
	if x.groups != known {
		return x.setClock()
	}
	return nil
}

// put adds the cells at hand to a slice and to the sums that have it.
func (x *assembly) put(end int64) error {
	if end > x.position {
		return x.add(x.raw.Ensure(end), x.at)
	}
	switch {
	case end > x.base(x.position):
		if err := x.add(x.raw.Ensure(end), x.at); err != nil {
			return err
		}
		return x.add(x.back, x.at)
	case x.s.node.Of.Window == physical.Hop && end >= x.position-x.s.size+2*x.s.slide:
		return x.revise(end)
	}
	return nil // all its windows are out
}

// fromScratch brings slices of the step to hand.
func (x *assembly) fromScratch(rows []int32) {
	from, c := x.s.slices.scratch, x.at
	c.n = len(rows)
	for k, v := range c.keys {
		v.Take(from.index.Cols[k], rows)
	}
	c.count.Resize(int8T, c.n)
	for k, r := range rows {
		c.count.I64[k] = from.count[r]
	}
	for k, v := range c.state {
		v.Take(from.state[k], rows)
	}
	c.setLink(nowhere)
	c.hash()
	for _, h := range c.hashes {
		x.groups |= 1 << state.GroupOf(h)
	}
}

// add adds cells to those of an arrangement.
func (x *assembly) add(h *state.Hashed, c *cells) error {
	if err := x.have.find(h, c, x.l); err != nil {
		return err
	}
	if !x.have.any {
		return c.put(h, c, nil)
	}
	x.have.merge(c, x.s.windows)
	return x.have.put(h, c, &x.have.refs)
}

// advance puts together and emits the windows that end at or before a watermark.
func (x *assembly) advance(watermark int64, out op.Output) error {
	if err := x.load(); err != nil {
		return err
	}
	target := watermark
	if watermark != op.EndOfTime {
		target = x.s.floorTo(watermark, x.s.slide)
	}
	if target <= x.position {
		return nil
	}
	x.s.windows.beginEmit(out)
	for x.position < target {
		end, ok := x.following(target)
		if !ok {
			x.position = target
			break
		}
		if err := x.assemble(end); err != nil {
			return err
		}
	}
	if err := x.s.windows.emit.flush(); err != nil {
		return err
	}
	return x.setClock()
}

// following is the end of the next window with rows, if it is not behind the target.
func (x *assembly) following(target int64) (end int64, ok bool) {
	if x.front.Rows()+x.back.Rows() > 0 {
		end = x.position + x.s.slide
		return end, end <= target
	}
	end, ok = x.raw.First(x.position)
	return end, ok && end <= target
}

// assemble moves on to the window with an end and emits it.
func (x *assembly) assemble(end int64) error {
	if base := x.base(end); x.back.Rows() > 0 && base != x.base(x.position) {
		if err := x.turn(base); err != nil {
			return err
		}
	}
	x.position = end
	if err := x.leave(end - x.s.size); err != nil {
		return err
	}
	if h := x.raw.Slice(end); h != nil {
		if err := x.each(h, func() error { return x.add(x.back, x.at) }); err != nil {
			return err
		}
	}
	return x.emit(end)
}

// each brings the cells of an arrangement to hand.
func (x *assembly) each(h *state.Hashed, f func() error) error {
	var scan state.Scan
	h.Scan(&scan, -1)
	for {
		ok, err := scan.Next()
		if err != nil || !ok {
			return err
		}
		x.at.view(scan.Batch)
		if err := f(); err != nil {
			return err
		}
	}
}

// turn makes the block that ends at base the one before: its slices, from the last to the first, become sums ahead.
func (x *assembly) turn(base int64) error {
	if x.s.node.Of.Window == physical.Hop {
		starts := x.raw.Starts(nil)
		for i := len(starts) - 1; i >= 0; i-- {
			end := starts[i]
			if end > base {
				continue
			}
			ahead := x.ahead.Ensure(end)
			if err := x.each(x.raw.Slice(end), func() error { return x.push(ahead, end) }); err != nil {
				return err
			}
		}
	}
	x.raw.DropBefore(base + 1)
	x.back.Clear()
	return nil
}

// push puts the cells of a slice before those of the later slices of its block.
func (x *assembly) push(ahead *state.Hashed, end int64) error {
	if err := x.have.find(x.front, x.at, x.l); err != nil {
		return err
	}
	sum := x.at
	if x.have.any {
		x.have.merge(x.at, x.s.windows)
		for k, found := range x.have.found {
			if !found {
				x.have.link.I64[k] = nowhere
			}
		}
		sum = x.have
	} else {
		sum.setLink(nowhere)
	}
	if err := sum.put(ahead, x.at, nil); err != nil { // linked to what front has
		return err
	}
	sum.setLink(end)
	return sum.put(x.front, x.at, nil)
}

// leave takes a slice out of the window: front goes on to the next slice of each of its keys.
func (x *assembly) leave(end int64) error {
	gone := x.ahead.Slice(end)
	if gone == nil {
		return nil
	}
	if err := x.each(gone, x.goOn); err != nil {
		return err
	}
	x.ahead.DropBefore(end + 1)
	return nil
}

// goOn makes the cells in front those that the cells at hand link to.
func (x *assembly) goOn() error {
	links := x.at.link.I64
	done := make([]bool, x.at.n)
	for i := range x.at.n {
		if done[i] {
			continue
		}
		x.rows = x.rows[:0]
		for k := i; k < x.at.n; k++ {
			if !done[k] && links[k] == links[i] {
				x.rows, done[k] = append(x.rows, int32(k)), true
			}
		}
		x.one.take(x.at, x.rows)
		if links[i] == nowhere {
			if _, err := x.front.Delete(x.one.keys, x.one.hashes, nil, x.one.n); err != nil {
				return err
			}
			continue
		}
		if err := x.next.find(x.ahead.Slice(links[i]), x.one, x.l); err != nil {
			return err
		}
		x.next.setLink(links[i])
		if err := x.next.put(x.front, x.one, nil); err != nil {
			return err
		}
	}
	return nil
}

// emit emits the window with an end: what is in back, in front, or in both.
func (x *assembly) emit(end int64) error {
	err := x.each(x.back, func() error {
		if err := x.have.find(x.front, x.at, x.l); err != nil {
			return err
		}
		if !x.have.any {
			return x.show(x.at, x.at, end)
		}
		x.have.merge(x.at, x.s.windows)
		return x.show(x.have, x.at, end)
	})
	if err != nil {
		return err
	}
	return x.each(x.front, func() error {
		if err := x.have.find(x.back, x.at, x.l); err != nil {
			return err
		}
		x.rows = x.rows[:0]
		for k, found := range x.have.found {
			if !found {
				x.rows = append(x.rows, int32(k))
			}
		}
		if len(x.rows) == 0 {
			return nil
		}
		x.one.take(x.at, x.rows)
		return x.show(x.one, x.one, end)
	})
}

// show emits the rows of a window from cells.
func (x *assembly) show(c, of *cells, end int64) error {
	g, keys := x.s.windows.groups, len(of.keys)
	g.n = c.n
	for k, v := range of.keys {
		*g.keys[k] = *v
	}
	start := end - x.s.size
	if x.s.node.Of.Window == physical.Cumulate {
		start = x.base(end)
	}
	for k, t := range []int64{start, end} {
		v := g.keys[keys+k]
		v.Resize(x.s.time, c.n)
		for i := range c.n {
			v.I64[i] = t
		}
	}
	g.was = *c.count
	for k, v := range g.state {
		*v = *c.state[k]
	}
	return x.s.windows.emitStored()
}

// load reads the clock of state that was restored.
func (x *assembly) load() error {
	if x.loaded {
		return nil
	}
	x.loaded = true
	x.clock.Scan(&x.scan, -1)
	for {
		ok, err := x.scan.Next()
		if err != nil || !ok {
			return err
		}
		for i := range x.scan.Batch.N {
			x.groups |= 1 << x.scan.Batch.Cols[0].I64[i]
			x.position = max(x.position, x.scan.Batch.Cols[1].I64[i])
		}
	}
}

// setClock notes the position.
func (x *assembly) setClock() error {
	b := vec.NewBatch([]types.Type{int8T, int8T}, state.Groups)
	var hashes []uint64
	for g := range state.Groups {
		if x.groups&(1<<g) != 0 {
			b.AppendRow(1, types.NewInt(int64(g)), types.NewInt(x.position))
			hashes = append(hashes, uint64(g)<<60|uint64(g))
		}
	}
	if b.N == 0 {
		return nil
	}
	return x.clock.Put(b, hashes, nil)
}

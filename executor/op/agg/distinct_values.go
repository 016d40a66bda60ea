package agg

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// valueChunk are values at hand while they are brought into the arrangement.
type valueChunk struct {
	cols   []*vec.Vector
	forms  []bool // which columns have equal values of several forms
	stored vec.Vector
	hashes []uint64
	tmp    []uint64
	refs   state.Refs
	// was and now are what the arrangement has of the values behind its key, before and after.
	was, now []*vec.Vector
	row      vec.Batch
	groups   []int32
	rows     []int32
	weights  []int64
	alive    []int32
	dead     []int32
}

// newValueChunk is for values of such types, the group's keys before them, with so many columns behind.
func newValueChunk(ts []types.Type, tallies int) valueChunk {
	x := valueChunk{cols: vectors(len(ts)), was: vectors(tallies), now: vectors(tallies), rows: []int32{}, alive: []int32{}, dead: []int32{}}
	for _, t := range ts {
		x.forms = append(x.forms, !types.OneForm(t))
	}
	return x
}

// bring makes the arrangement know what came of the values at hand, the index's rows. In a fresh arrangement there is none of them;
// in a query's only step (final) nothing is written, as nothing will be read.
func (d *distinct) bring(h *state.Hashed, rows []int32, fresh, final bool) error {
	x := &d.chunk
	if err := x.lookup(h, fresh); err != nil {
		return err
	}
	for _, v := range x.now {
		v.Resize(int8T, len(rows))
	}
	x.alive, x.dead = x.alive[:0], x.dead[:0]
	if d.once {
		x.sight(d.bits, rows)
	} else {
		x.tally(d.sets, rows)
	}
	if fresh && final {
		return nil
	}
	return x.put(h, fresh)
}

// lookup reads what the arrangement has of the values at hand.
func (x *valueChunk) lookup(h *state.Hashed, fresh bool) error {
	if fresh {
		for _, v := range x.was {
			v.Resize(int8T, len(x.hashes))
			clear(v.I64)
		}
		return nil
	}
	if err := h.Lookup(x.cols, x.hashes, nil, len(x.hashes), &x.refs); err != nil {
		return err
	}
	for c := range x.cols {
		if x.forms[c] {
			x.keepForm(h, c)
		}
	}
	for k, v := range x.was {
		h.Gather(&x.refs, len(x.cols)+k, v)
	}
	return nil
}

// keepForm makes the values of a column those that the arrangement has: what goes must be what came.
func (x *valueChunk) keepForm(h *state.Hashed, c int) {
	h.Gather(&x.refs, c, &x.stored)
	v := vec.New(x.cols[c].Type, x.refs.Len())
	for k := range x.refs.Len() {
		if x.refs.Found(k) {
			v.Append(x.stored.Datum(k))
		} else {
			v.Append(x.cols[c].Datum(k))
		}
	}
	x.cols[c] = v
}

// sight adds the sets that saw the values; those that none saw for the first time need not be written.
func (x *valueChunk) sight(bits []uint64, rows []int32) {
	was, now := x.was[0].I64, x.now[0].I64
	for k, r := range rows {
		now[k] = was[k] | int64(bits[r])
		if now[k] != was[k] {
			x.alive = append(x.alive, int32(k))
		}
	}
}

// tally adds how often the values came in each set; those that are in none any more are dead.
func (x *valueChunk) tally(sets []set, rows []int32) {
	for k, r := range rows {
		any := false
		for s := range sets {
			count := x.was[s].I64[k] + sets[s].weight[r]
			x.now[s].I64[k] = count
			any = any || count != 0
		}
		if any {
			x.alive = append(x.alive, int32(k))
		} else {
			x.dead = append(x.dead, int32(k))
		}
	}
}

// changes are the values at hand that appeared in a set or went, with weights 1 and -1 (nil: all appeared).
func (d *distinct) changes(s int) (rows []int32, weights []int64) {
	x := &d.chunk
	x.rows = x.rows[:0]
	if d.once {
		was, now := x.was[0].I64, x.now[0].I64
		for _, k := range x.alive {
			if (now[k]&^was[k])>>s&1 != 0 {
				x.rows = append(x.rows, k)
			}
		}
		return x.rows, nil
	}
	was, now := x.was[s].I64, x.now[s].I64
	x.weights = sized(x.weights, len(now))
	for k := range now {
		if x.weights[k] = present(now[k]) - present(was[k]); x.weights[k] != 0 {
			x.rows = append(x.rows, int32(k))
		}
	}
	return x.rows, x.weights
}

func present(count int64) int64 {
	if count > 0 {
		return 1
	}
	return 0
}

// put writes the values that are alive and takes the dead ones out.
func (x *valueChunk) put(h *state.Hashed, fresh bool) error {
	b := &x.row
	b.Cols, b.N, b.Sel = append(append(b.Cols[:0], x.cols...), x.now...), len(x.hashes), nil
	if len(x.dead) > 0 {
		if _, err := h.Delete(x.cols, x.hashesOf(x.dead), x.dead, b.N); err != nil {
			return err
		}
	}
	switch {
	case len(x.alive) == 0:
		return nil
	case len(x.alive) < b.N:
		hashes := x.hashesOf(x.alive)
		b.Sel = x.alive
		if fresh || len(x.dead) > 0 {
			return h.Put(b, hashes, nil)
		}
		x.refs.Keep(x.alive)
		return h.Put(b, hashes, &x.refs)
	case fresh:
		return h.Put(b, x.hashes, nil)
	}
	return h.Put(b, x.hashes, &x.refs)
}

func (x *valueChunk) hashesOf(sel []int32) []uint64 {
	x.tmp = sized(x.tmp, len(sel))
	for k, i := range sel {
		x.tmp[k] = x.hashes[i]
	}
	return x.tmp
}

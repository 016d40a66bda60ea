package agg

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// distinct tells the calls with DISTINCT over the same arguments which of these appear in a group and which go: it counts how
// often each is there. Equal values of several forms are one, of which the first one stays.
type distinct struct {
	calls []int
	// cols are the input columns: the arguments, and what the calls are ordered by besides.
	cols   []int
	filter int
	nulls  bool
	seen   store

	// index numbers the values that the step touches; weight is how often each came, group whose it is.
	index  *delta.Index
	weight []int64
	group  []int32

	keys    []int // input columns
	view    []*vec.Vector
	hashes  []uint64
	numbers []int32

	chunk valueChunk
	// change are the values that appeared or went, in the columns of the input.
	change vec.Batch
}

// valueChunk are values at hand while they are brought into the arrangement.
type valueChunk struct {
	cols   []*vec.Vector
	forms  []bool // which columns have equal values of several forms
	stored vec.Vector
	hashes []uint64
	tmp    []uint64
	refs   state.Refs
	was    vec.Vector
	count  *vec.Vector
	groups []int32
	rows   []int32
	alive  []int32
	dead   []int32
}

func newDistinct(l *layout, c *call, mem *state.Memory) *distinct {
	d := &distinct{cols: distinctColumns(c), filter: c.filter, nulls: c.fn.KeepNulls, keys: l.node.Keys}
	ts := slices.Clone(l.keys)
	for _, x := range d.cols {
		ts = append(ts, l.in[x])
	}
	d.index = delta.NewKeyIndex(ts)
	d.seen = newStore(mem, state.Spec{Types: append(slices.Clone(ts), int8T), Key: len(ts), Unique: true}, l.windowed())
	d.view = make([]*vec.Vector, len(ts))
	d.chunk = valueChunk{cols: vectors(len(ts)), count: &vec.Vector{}, rows: []int32{}, alive: []int32{}, dead: []int32{}}
	for _, t := range ts {
		d.chunk.forms = append(d.chunk.forms, !types.OneForm(t))
	}
	d.change.Cols = make([]*vec.Vector, len(l.in))
	return d
}

// distinctColumns are the input columns that tell the values of a call apart.
func distinctColumns(c *call) []int {
	cols := slices.Clone(c.args)
	for _, k := range c.order {
		if !slices.Contains(cols, k.Column) {
			cols = append(cols, k.Column)
		}
	}
	return cols
}

// serves reports whether a call's values are those of d.
func (d *distinct) serves(c *call) bool {
	return slices.Equal(d.cols, distinctColumns(c)) && d.filter == c.filter && d.nulls == c.fn.KeepNulls
}

// add notes rows of an input batch.
func (d *distinct) add(a *Aggregate, b *vec.Batch, rows, groups []int32) error {
	if len(rows) == 0 {
		return nil
	}
	for i, k := range d.keys {
		d.view[i] = b.Cols[k]
	}
	for i, c := range d.cols {
		d.view[len(d.keys)+i] = b.Cols[c]
	}
	d.hashes = sized(d.hashes, len(rows))
	vec.HashRows(d.view, rows, b.N, d.hashes)
	if len(d.keys) > 0 {
		all := a.scratch.index.Hashes()
		for k, i := range rows {
			d.hashes[k] = within(all[groups[i]], d.hashes[k])
		}
	}
	var err error
	if d.numbers, err = d.index.Add(d.view, rows, b.N, d.hashes, d.numbers); err != nil {
		return err
	}
	d.weight, d.group = zeroed(d.weight, d.index.Len()), zeroed(d.group, d.index.Len())
	for k, i := range rows {
		n := d.numbers[k]
		d.weight[n] += b.Weight(int(i))
		d.group[n] = groups[i]
	}
	if d.index.Len() >= keepGroups && !a.ctx.Once {
		return d.flush(a)
	}
	return nil
}

// within is the hash of a row of a group: it lies in the key group of its group.
func within(group, row uint64) uint64 {
	const low = 1<<60 - 1
	return group&^low | row>>4&low
}

// flush brings what was noted into the arrangement, and what appeared or went to the calls. As only the sum of a step's
// appearing and going counts, it does not matter into how many parts a step is flushed.
func (d *distinct) flush(a *Aggregate) error {
	if d.index.Len() == 0 {
		return nil
	}
	err := d.seen.each(a.ends(d.index.Cols), d.index.Hashes(), func(h *state.Hashed, rows []int32, fresh bool) error {
		d.load(rows)
		if err := d.bring(h, rows, fresh, a.ctx.Once); err != nil {
			return err
		}
		return d.feed(a)
	})
	d.index.Reset()
	d.weight, d.group = d.weight[:0], d.group[:0]
	return err
}

// load brings values to hand.
func (d *distinct) load(rows []int32) {
	x, n := &d.chunk, len(rows)
	x.hashes, x.groups = sized(x.hashes, n), sized(x.groups, n)
	for k, r := range rows {
		x.hashes[k], x.groups[k] = d.index.Hashes()[r], d.group[r]
	}
	for c, v := range x.cols {
		v.Take(d.index.Cols[c], rows)
	}
}

// bring changes how often the values at hand are there, and makes d.change of those that appeared or went. In a fresh arrangement
// there is none of them; in a query's only step nothing is written, as nothing will be read.
func (d *distinct) bring(h *state.Hashed, rows []int32, fresh, once bool) error {
	x, n := &d.chunk, len(rows)
	if err := x.lookup(h, fresh); err != nil {
		return err
	}
	x.count.Resize(int8T, n)
	d.change.Weights = sized(d.change.Weights, n)
	x.rows, x.alive, x.dead = x.rows[:0], x.alive[:0], x.dead[:0]
	for k, r := range rows {
		was := x.was.I64[k]
		count := was + d.weight[r]
		x.count.I64[k] = count
		if count != 0 {
			x.alive = append(x.alive, int32(k))
		} else {
			x.dead = append(x.dead, int32(k))
		}
		if d.change.Weights[k] = present(count) - present(was); d.change.Weights[k] != 0 {
			x.rows = append(x.rows, int32(k))
		}
	}
	d.change.N = n
	if fresh && once {
		return nil
	}
	return x.put(h, fresh)
}

// lookup reads how often the values at hand were there.
func (x *valueChunk) lookup(h *state.Hashed, fresh bool) error {
	if fresh {
		x.was.Resize(int8T, len(x.hashes))
		clear(x.was.I64)
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
	h.Gather(&x.refs, len(x.cols), &x.was)
	return nil
}

func present(count int64) int64 {
	if count > 0 {
		return 1
	}
	return 0
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

func (x *valueChunk) put(h *state.Hashed, fresh bool) error {
	b := vec.Batch{Cols: append(slices.Clip(x.cols), x.count), N: len(x.hashes)}
	switch {
	case len(x.dead) == 0 && fresh:
		return h.Put(&b, x.hashes, nil)
	case len(x.dead) == 0:
		return h.Put(&b, x.hashes, &x.refs)
	}
	if _, err := h.Delete(x.cols, x.hashesOf(x.dead), x.dead, b.N); err != nil {
		return err
	}
	b.Sel = x.alive
	return h.Put(&b, x.hashesOf(x.alive), nil)
}

func (x *valueChunk) hashesOf(sel []int32) []uint64 {
	x.tmp = sized(x.tmp, len(sel))
	for k, i := range sel {
		x.tmp[k] = x.hashes[i]
	}
	return x.tmp
}

// feed gives the calls what appeared and went.
func (d *distinct) feed(a *Aggregate) error {
	x := &d.chunk
	if len(x.rows) == 0 {
		return nil
	}
	for i, k := range d.keys {
		d.change.Cols[k] = x.cols[i]
	}
	for i, c := range d.cols {
		d.change.Cols[c] = x.cols[len(d.keys)+i]
	}
	for _, i := range d.calls {
		var err error
		if c := &a.calls[i]; c.how == ordered {
			err = a.listOf(i).add(a, &d.change, x.rows, x.groups, d.change.Weights)
		} else {
			err = a.step(c, &d.change, x.rows, x.groups, d.change.Weights)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

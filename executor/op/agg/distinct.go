package agg

import (
	"math/bits"
	"slices"

	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// distinct tells the calls with DISTINCT over the same arguments which of these appear in a group and which go. Calls that differ
// by their FILTER are different sets of one arrangement: a row is looked up once, whatever the number of filters that let it pass.
// Of each value it has how often it is in each set; where rows only come, a word with a bit for each set that it is in, which is
// written only when a set sees the value for the first time. Equal values of several forms are one, of which the first one stays.
type distinct struct {
	sets []set
	// cols are the input columns: the arguments, and what the calls are ordered by besides.
	cols  []int
	nulls bool
	// once says that what is in a set stays there.
	once bool
	seen store

	// index numbers the values that the step touches: the number of the group in the scratch, and the values. bits are the sets that
	// saw each, if once.
	index *delta.Index
	bits  []uint64

	keys    []int         // input columns
	view    []*vec.Vector // as the index has them
	hashed  []*vec.Vector // what the hash is made of
	marks   []uint64      // by row, the sets that it is for
	rows    []int32
	hashes  []uint64
	numbers []int32
	ends    vec.Vector

	chunk valueChunk
	// groupKeys are the keys of the groups of the values at hand.
	groupKeys []*vec.Vector
	// change are the values at hand in the columns of the input.
	change vec.Batch
}

// set is what the rows that pass one filter have.
type set struct {
	filter int
	calls  []int
	// weight is how often each value of the index came, unless once.
	weight []int64
}

// maxSets is how many sets have a bit in a word.
const maxSets = 64

func newDistinct(l *layout, c *call) *distinct {
	d := &distinct{cols: distinctColumns(c), nulls: c.fn.KeepNulls, once: l.node.AppendOnly, keys: l.node.Keys}
	ts := []types.Type{types.T(types.Int4)}
	for _, x := range d.cols {
		ts = append(ts, l.in[x])
	}
	d.index = delta.NewKeyIndex(ts)
	d.view = make([]*vec.Vector, len(ts))
	d.view[0] = &vec.Vector{Type: ts[0]}
	d.hashed = make([]*vec.Vector, len(ts))
	d.hashed[0] = &vec.Vector{Type: int8T}
	d.change.Cols = make([]*vec.Vector, len(l.in))
	return d
}

// open makes the arrangement, when all sets are known.
func (d *distinct) open(l *layout, mem *state.Memory) {
	d.groupKeys = vectors(len(l.keys))
	ts := slices.Clone(l.keys)
	if l.numbered {
		ts = []types.Type{int8T}
	}
	for _, x := range d.cols {
		ts = append(ts, l.in[x])
	}
	tallies := len(d.sets)
	if d.once {
		tallies = 1
	}
	d.chunk = newValueChunk(ts, tallies)
	d.seen = newStore(mem, state.Spec{Types: append(ts, slices.Repeat([]types.Type{int8T}, tallies)...), Key: len(ts), Unique: true}, l.windowed())
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

// take makes call i of the layout one that d serves, if its values are those of d. Where a value has several forms the filters must
// be the same too: of the forms, the first that passes a filter is the one that its calls see.
func (d *distinct) take(l *layout, i int) bool {
	c := &l.calls[i]
	if !slices.Equal(d.cols, distinctColumns(c)) || d.nulls != c.fn.KeepNulls {
		return false
	}
	for k := range d.sets {
		if d.sets[k].filter == c.filter {
			d.sets[k].calls = append(d.sets[k].calls, i)
			return true
		}
	}
	manyForms := func(x int) bool { return !types.OneForm(l.in[x]) }
	if len(d.sets) == maxSets || len(d.sets) > 0 && slices.ContainsFunc(d.cols, manyForms) {
		return false
	}
	d.sets = append(d.sets, set{filter: c.filter, calls: []int{i}})
	return true
}

// add notes the rows of sel (nil: all) of an input batch.
func (d *distinct) add(a *Aggregate, b *vec.Batch, sel, groups []int32) error {
	rows := d.mark(a, b, sel)
	if len(rows) == 0 {
		return nil
	}
	d.view[0].I32 = groups
	for i, c := range d.cols {
		d.view[1+i] = b.Cols[c]
	}
	d.hash(a, rows, groups, b.N)
	var err error
	if d.numbers, err = d.index.Add(d.view, rows, b.N, d.hashes, d.numbers); err != nil {
		return err
	}
	d.count(b, rows)
	if d.index.Len() >= keepGroups && !a.ctx.Once {
		return d.flush(a)
	}
	return nil
}

// mark notes for which sets each row is, and gives those that are for any.
func (d *distinct) mark(a *Aggregate, b *vec.Batch, sel []int32) []int32 {
	d.marks = sized(d.marks, b.N)
	clear(d.marks)
	for k := range d.sets {
		for _, i := range a.rowsOf(&a.calls[d.sets[k].calls[0]], b, sel) {
			d.marks[i] |= 1 << k
		}
	}
	d.rows = d.rows[:0]
	for i, m := range d.marks {
		if m != 0 {
			d.rows = append(d.rows, int32(i))
		}
	}
	return d.rows
}

// hash makes the hashes of rows, of the hashes of their groups and of the values: they lie in the key groups of the groups.
func (d *distinct) hash(a *Aggregate, rows, groups []int32, n int) {
	d.hashes = sized(d.hashes, len(rows))
	copy(d.hashed[1:], d.view[1:])
	if len(d.keys) == 0 {
		vec.HashRows(d.hashed[1:], rows, n, d.hashes)
		return
	}
	all, of := a.scratch.index.Hashes(), d.hashed[0]
	of.I64 = sized(of.I64, n)
	for _, i := range rows {
		of.I64[i] = int64(all[groups[i]])
	}
	vec.HashRows(d.hashed, rows, n, d.hashes)
	for k, i := range rows {
		d.hashes[k] = state.InGroup(d.hashes[k], state.GroupOf(all[groups[i]]))
	}
}

// count adds the rows to what came of each value.
func (d *distinct) count(b *vec.Batch, rows []int32) {
	n := d.index.Len()
	if d.once {
		d.bits = zeroed(d.bits, n)
		for k, i := range rows {
			d.bits[d.numbers[k]] |= d.marks[i]
		}
		return
	}
	for s := range d.sets {
		d.sets[s].weight = zeroed(d.sets[s].weight, n)
	}
	for k, i := range rows {
		w := b.Weight(int(i))
		for m := d.marks[i]; m != 0; m &= m - 1 {
			d.sets[bits.TrailingZeros64(m)].weight[d.numbers[k]] += w
		}
	}
}

// flush brings what was noted into the arrangement, and what appeared or went to the calls. As only the sum of a step's
// appearing and going counts, it does not matter into how many parts a step is flushed.
func (d *distinct) flush(a *Aggregate) error {
	if a.numbered {
		if err := a.number(); err != nil {
			return err
		}
	}
	if d.index.Len() == 0 {
		return nil
	}
	err := d.seen.each(d.windowEnds(a), d.index.Hashes(), func(h *state.Hashed, rows []int32, fresh bool) error {
		d.load(a, rows)
		if err := d.bring(h, rows, fresh, a.ctx.Once); err != nil {
			return err
		}
		return d.feed(a)
	})
	d.index.Reset()
	d.bits = d.bits[:0]
	for s := range d.sets {
		d.sets[s].weight = d.sets[s].weight[:0]
	}
	return err
}

// windowEnds are the ends of the windows that the values are in, nil where there are none.
func (d *distinct) windowEnds(a *Aggregate) *vec.Vector {
	ends := a.ends(a.scratch.index.Cols)
	if ends == nil {
		return nil
	}
	d.ends.Take(ends, d.index.Cols[0].I32)
	return &d.ends
}

// load brings values to hand.
func (d *distinct) load(a *Aggregate, rows []int32) {
	x, n := &d.chunk, len(rows)
	x.hashes, x.groups = sized(x.hashes, n), sized(x.groups, n)
	groups := d.index.Cols[0].I32
	for k, r := range rows {
		x.hashes[k], x.groups[k] = d.index.Hashes()[r], groups[r]
	}
	for c, v := range d.groupKeys {
		v.Take(a.scratch.index.Cols[c], x.groups)
	}
	values := x.cols[len(x.cols)-len(d.cols):]
	if a.numbered {
		a.scratch.take(x.cols[0], x.groups)
	} else {
		copy(x.cols, d.groupKeys)
	}
	for c, v := range values {
		v.Take(d.index.Cols[1+c], rows)
	}
}

// feed gives the calls what appeared and went.
func (d *distinct) feed(a *Aggregate) error {
	x := &d.chunk
	for i, k := range d.keys {
		if d.change.Cols[k] = d.groupKeys[i]; !a.numbered {
			d.change.Cols[k] = x.cols[i] // in the form that the arrangement has
		}
	}
	values := x.cols[len(x.cols)-len(d.cols):]
	for i, c := range d.cols {
		d.change.Cols[c] = values[i]
	}
	d.change.N = len(x.hashes)
	for s := range d.sets {
		rows, weights := d.changes(s)
		if len(rows) == 0 {
			continue
		}
		for _, i := range d.sets[s].calls {
			var err error
			if c := &a.calls[i]; c.how == ordered {
				err = a.listOf(i).add(a, &d.change, rows, x.groups, weights)
			} else {
				err = a.step(c, &d.change, rows, x.groups, weights)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

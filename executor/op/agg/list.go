package agg

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// list is the input of an ordered call: the arguments of each group's rows in the order in which the function wants them, what
// that leaves open closed by all columns. The result is computed anew from it when the group has changed; min and max look at
// an end of it only.
type list struct {
	number int
	call   *call
	rows   *state.Ordered
	// input are the columns of the input that are kept, by their order in the arrangement; args where the arguments are there.
	input []int
	args  []int

	batch  vec.Batch
	hashes []uint64
	cursor state.Cursor
	// acc are arguments of rows to be stepped, and whose they are.
	acc    *vec.Batch
	groups []int32
	state  []*vec.Vector
	types  []types.Type // of state
}

// maxSteps is how many rows are stepped at once. A function whose state is a list copies it each time.
const maxSteps = 1 << 16

func newList(l *layout, i int, mem *state.Memory) *list {
	c := &l.calls[i]
	x := &list{number: i, call: c}
	spec := state.Spec{Types: slices.Clone(l.keys), Key: len(l.keys)}
	x.input = slices.Clone(l.node.Keys)
	order := c.order
	if c.fn.Extreme != 0 {
		order = []physical.SortKey{{Column: c.args[0]}}
	}
	place := map[int]int{} // input column → column of the arrangement, among those behind the key
	for _, k := range order {
		if _, ok := place[k.Column]; ok {
			continue
		}
		place[k.Column] = len(spec.Types)
		spec.Order = append(spec.Order, state.Order{Col: len(spec.Types), Order: vec.Order{Desc: k.Desc, NullsFirst: k.NullsFirst}})
		spec.Types, x.input = append(spec.Types, l.in[k.Column]), append(x.input, k.Column)
	}
	for _, a := range c.args {
		if _, ok := place[a]; !ok {
			place[a] = len(spec.Types)
			spec.Types, x.input = append(spec.Types, l.in[a]), append(x.input, a)
		}
		x.args = append(x.args, place[a])
	}
	args := make([]types.Type, len(c.args))
	for k, a := range c.args {
		args[k] = l.in[a]
	}
	x.rows = state.NewOrdered(mem, spec)
	x.acc = vec.NewBatch(args, 0)
	x.types = c.fn.State(args)
	x.state = vectors(len(x.types))
	x.cursor.Cols = x.args
	return x
}

// add adds rows of a batch of the input (of which only the columns that are kept need be there) to their groups.
func (x *list) add(a *Aggregate, b *vec.Batch, rows, groups []int32, weights []int64) error {
	if len(rows) == 0 {
		return nil
	}
	x.batch.Cols = x.batch.Cols[:0]
	for _, c := range x.input {
		x.batch.Cols = append(x.batch.Cols, b.Cols[c])
	}
	x.batch.N, x.batch.Sel, x.batch.Weights = b.N, rows, weights
	x.hashes = sized(x.hashes, len(rows))
	all := a.scratch.index.Hashes()
	for k, i := range rows {
		x.hashes[k] = all[groups[i]]
	}
	return x.rows.Apply(&x.batch, x.hashes, nil)
}

// results computes the call's results for the groups at hand.
func (x *list) results(a *Aggregate, out *vec.Vector) error {
	g := a.groups
	for c, v := range x.state {
		v.Resize(x.types[c], 0)
		extendZero(v, g.n)
	}
	for k := range g.n {
		if err := x.rows.Open(&x.cursor, g.keys, k, g.hashes[k]); err != nil {
			return err
		}
		if err := x.read(a, int32(k)); err != nil {
			return err
		}
	}
	if err := x.step(a); err != nil {
		return err
	}
	out.Resize(x.call.typ, g.n)
	x.call.fn.Finish(&a.ofGroups.Ctx, x.state, g.n, out)
	return nil
}

// read takes the rows of the group that the cursor was opened on, or those that decide.
func (x *list) read(a *Aggregate, group int32) error {
	if x.call.fn.Extreme != 0 {
		return x.readExtreme(a, group)
	}
	for {
		ok, err := x.cursor.Next(vec.BatchSize)
		if err != nil || !ok {
			return err
		}
		x.take(group)
		if x.acc.N >= maxSteps {
			if err := x.step(a); err != nil {
				return err
			}
		}
	}
}

// readExtreme takes the group's first or last row. If its value has several forms it takes them all, and leaves the choice to the
// function.
func (x *list) readExtreme(a *Aggregate, group int32) error {
	read := x.cursor.Next
	if x.call.fn.Extreme > 0 {
		x.cursor.SeekEnd()
		read = x.cursor.Prev
	}
	from, value := x.acc.N, x.acc.Cols[0]
	for {
		ok, err := read(1)
		if err != nil || !ok || x.acc.N > from && !vec.Equal(value, from, x.cursor.Batch.Cols[0], 0) {
			return err
		}
		x.take(group)
		if types.OneForm(value.Type) {
			return nil
		}
	}
}

// take takes the rows that were read.
func (x *list) take(group int32) {
	x.acc.AppendBatch(x.cursor.Batch)
	for range x.cursor.Batch.N {
		x.groups = append(x.groups, group)
	}
}

// step steps what was read.
func (x *list) step(a *Aggregate) error {
	if x.acc.N == 0 {
		return nil
	}
	x.call.fn.Step(&a.ofRows.Ctx, x.state, x.groups, x.acc.Cols, a.all(x.acc.N), x.acc.Weights)
	err := a.failRows(x.acc, nil)
	x.acc.Recycle()
	x.groups = x.groups[:0]
	return err
}

// remove takes out the rows of the groups at hand, whose windows have closed.
func (x *list) remove(g *groups) error {
	all := state.Cursor{}
	for k := range g.n {
		for {
			if err := x.rows.Open(&all, g.keys, k, g.hashes[k]); err != nil {
				return err
			}
			ok, err := all.Next(vec.BatchSize)
			if err != nil {
				return err
			}
			if !ok {
				break
			}
			b := all.Batch.Clone() // the arrangement is written while it is read
			b.Weights = make([]int64, b.N)
			x.hashes = sized(x.hashes, b.N)
			for i := range b.N {
				b.Weights[i], x.hashes[i] = -all.Batch.Weight(i), g.hashes[k]
			}
			if err := x.rows.Apply(b, x.hashes, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

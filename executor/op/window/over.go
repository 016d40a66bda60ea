package window

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// blockRows is how many rows a block has at least, unless there are no more: small partitions are computed together.
const blockRows = 4 * vec.BatchSize

// Over computes window functions.
type Over struct {
	factory factory
	ctx     *op.Context
	lay     *sorted.Layout
	arr     *sorted.Store
	totals  *totals // nil if there are no running aggregates
	in      *sorted.Changes
	sum     *delta.Set
	calls   []call
	// reach is that of all calls, kept how far they look at rows that cannot be freed.
	reach, kept reach
	ranges      []*rangeReach

	// out gathers the step's output where it may be a difference.
	out    *delta.Set
	direct bool
	emit   op.Output
	parts  []part
	cur    state.Cursor

	block   *block
	sign    int64
	results []*vec.Vector
	// failed is that there were too many faults.
	failed  error
	batch   vec.Batch
	sel     []int32
	weights []int64

	// watermark closes partitions of windows, or tells with freeing (nil: no rows are freed) which rows are not needed any more.
	watermark int64
	freeing   *freeing
}

// part is a partition that was changed: its first and last changed rows in the order.
type part struct {
	first, last int32
	// gone says that no row of it is left.
	gone bool
}

// NewOver makes the operator of an Over node over an input with columns of types ts.
func NewOver(n *physical.Over, ts []types.Type, mem *state.Memory) (*Over, error) {
	lay := sorted.NewLayout(ts, n.PartitionBy, n.OrderBy)
	o := &Over{factory: factory{n, ts}, lay: lay, arr: sorted.NewStore(lay, lay.End(n.Closing), mem), watermark: op.NoWatermark, in: sorted.NewChanges(lay), block: newBlock(lay)}
	outTypes := append([]types.Type(nil), ts...)
	for i := range n.Calls {
		outTypes = append(outTypes, n.Calls[i].Type)
		o.results = append(o.results, &vec.Vector{})
	}
	o.out, o.sum = delta.NewSet(outTypes), delta.NewSet(lay.Spec.Types)
	o.block.fail = o.fail
	o.totals = newTotals(n, ts, lay, mem)
	o.block.totals = o.totals
	if n.Frees {
		o.freeing = newFreeing(o)
	}
	return o, nil
}

// Open implements op.Operator.
func (o *Over) Open(ctx *op.Context) error {
	o.ctx = ctx
	for i := range o.factory.node.Calls {
		c, err := o.factory.call(ctx, i, o.totals.column(i))
		if err != nil {
			return err
		}
		o.calls = append(o.calls, c)
		o.reach, o.kept = o.reach.merge(c.reach), o.kept.merge(c.kept)
		if c.ranges != nil {
			o.ranges = append(o.ranges, c.ranges)
		}
	}
	return nil
}

// Push implements op.Operator.
func (o *Over) Push(_ int, b *vec.Batch, _ op.Output) error {
	o.in.Gather(b)
	return nil
}

// Watermark implements op.Operator.
func (o *Over) Watermark(_ int, t int64, out op.Output) error {
	o.watermark = max(o.watermark, t)
	return out.Watermark(t)
}

// EndStep implements op.Operator.
func (o *Over) EndStep(out op.Output) error {
	defer o.close()
	if o.in.Len() == 0 {
		return nil
	}
	defer o.reset()
	o.emit, o.direct = out, o.arr.Rows() == 0 && !o.in.Retracts
	if o.in.Retracts {
		if err := o.in.Consolidate(o.sum, o.lay.Key); err != nil {
			return err
		}
	}
	if err := o.in.Group(); err != nil {
		return err
	}
	o.findEnds()
	if o.totals != nil {
		if err := o.totals.load(o.in.Keys.Cols, o.in.Keys.Hashes()); err != nil {
			return err
		}
	}
	if err := o.compute(-1); err != nil {
		return err
	}
	for _, c := range o.in.Chunks {
		if err := o.arr.Apply(&c.Batch, c.Hashes); err != nil {
			return err
		}
	}
	if err := o.compute(1); err != nil {
		return err
	}
	if err := o.free(); err != nil {
		return err
	}
	if o.totals != nil {
		if err := o.totals.store(o.in.Keys.Cols, o.in.Keys.Hashes(), o.parts); err != nil {
			return err
		}
	}
	return o.out.Batches(out.Batch)
}

// findEnds finds the first and last changed rows of each partition.
func (o *Over) findEnds() {
	o.parts = o.parts[:0]
	for p := range o.in.Keys.Len() {
		rows := o.in.Of(p)
		x := part{first: rows[0], last: rows[0]}
		for _, row := range rows[1:] {
			if o.compare(row, x.first) < 0 {
				x.first = row
			} else if o.compare(row, x.last) > 0 {
				x.last = row
			}
		}
		o.parts = append(o.parts, x)
	}
}

func (o *Over) compare(x, y int32) int {
	a, i := o.in.Row(x)
	b, j := o.in.Row(y)
	return o.lay.Compare(a.Cols, i, b.Cols, j)
}

// compute emits, times sign, the affected rows of the changed partitions as they are.
func (o *Over) compute(sign int64) error {
	o.sign, o.block.before = sign, sign < 0
	for p := range o.parts {
		if err := o.arr.Open(&o.cur, o.in.Keys.Cols, p, o.in.Keys.Hashes()[p]); err != nil {
			return err
		}
		if o.parts[p].gone = o.cur.Weight() == 0; o.parts[p].gone {
			continue
		}
		s, err := o.span(&o.parts[p])
		if err != nil {
			return err
		}
		if s.lo == s.hi {
			continue
		}
		if err := o.block.read(&o.cur, s, p); err != nil {
			return err
		}
		if o.block.rows.N >= blockRows {
			if err := o.emitBlock(); err != nil {
				return err
			}
		}
	}
	return o.emitBlock()
}

func (o *Over) reset() {
	o.in.Reset()
	o.out.Reset()
	if o.block.rows.N > 16*blockRows {
		o.block = newBlock(o.lay)
		o.block.fail, o.block.totals = o.fail, o.totals
	}
	o.block.reset()
}

// close frees the partitions of windows that have closed.
func (o *Over) close() {
	o.arr.Close(o.watermark)
	if o.totals != nil {
		o.totals.close(o.watermark)
	}
}

// State implements op.Stateful.
func (o *Over) State() []op.State {
	if o.totals == nil {
		return []op.State{o.arr.State()}
	}
	return []op.State{o.arr.State(), o.totals.state()}
}

// Close implements op.Operator.
func (o *Over) Close() {
	for _, s := range o.State() {
		s.Release()
	}
}

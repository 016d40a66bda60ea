package set

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/agg"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// MaxOneRow passes its input on, and fails if at a cut two rows share the keys: a scalar subquery has given more than one row.
type MaxOneRow struct {
	counts  *agg.Aggregate
	keys    int
	changes *delta.Set
	ctx     *op.Context
}

// NewMaxOneRow makes the operator of a MaxOneRow node over rows of types ts.
func NewMaxOneRow(n *physical.MaxOneRow, ts []types.Type, mem *state.Memory) (*MaxOneRow, error) {
	counts, err := agg.New(grouping(n.Keys, false, count(physical.NoColumn)), ts, mem)
	return &MaxOneRow{counts: counts, keys: len(n.Keys), changes: delta.NewSet(ts)}, err
}

// Open implements op.Operator.
func (m *MaxOneRow) Open(ctx *op.Context) error {
	m.ctx = ctx
	return m.counts.Open(ctx)
}

// Push implements op.Operator.
func (m *MaxOneRow) Push(_ int, b *vec.Batch, _ op.Output) error {
	if _, err := m.changes.Add(b); err != nil {
		return err
	}
	return m.counts.Push(0, b, checked{m})
}

// Watermark implements op.Operator.
func (m *MaxOneRow) Watermark(_ int, t int64, out op.Output) error { return out.Watermark(t) }

// EndStep implements op.Operator.
func (m *MaxOneRow) EndStep(out op.Output) error {
	defer m.changes.Reset()
	if err := m.counts.EndStep(checked{m}); err != nil {
		return err
	}
	return m.changes.Batches(out.Batch)
}

// checked takes the counts' changes.
type checked struct{ *MaxOneRow }

// Watermark implements op.Output.
func (checked) Watermark(int64) error { return nil }

// Batch implements op.Output.
func (m checked) Batch(b *vec.Batch) error {
	for i, n := range b.Cols[m.keys].I64[:b.N] {
		if n < 2 || b.Weight(i) < 0 {
			continue
		}
		var hash [1]uint64
		vec.IdentityHash(b.Cols[:m.keys], []int32{int32(i)}, b.N, hash[:])
		err := sqlerr.New(sqlerr.CardinalityViolation, "more than one row returned by a subquery used as an expression")
		if err := m.ctx.Faults.Add(hash[0], 1, err); err != nil {
			return err
		}
	}
	return nil
}

// State implements op.Stateful.
func (m *MaxOneRow) State() []op.State { return m.counts.State() }

// Close implements op.Operator.
func (m *MaxOneRow) Close() { m.counts.Close() }

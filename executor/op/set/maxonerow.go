package set

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// MaxOneRow passes its input on and fails if, at a cut, two rows share the keys: a scalar subquery gave more than one row. It
// keeps how many rows each key has.
type MaxOneRow struct {
	keys  []int
	rows  *state.Hashed
	delta *delta.Set
	ctx   *op.Context
}

// NewMaxOneRow makes the operator of a MaxOneRow node over rows of types ts.
func NewMaxOneRow(n *physical.MaxOneRow, ts []types.Type, mem *state.Memory) *MaxOneRow {
	kt := make([]types.Type, len(n.Keys))
	for i, k := range n.Keys {
		kt[i] = ts[k]
	}
	spec := state.Spec{Types: append(kt[:len(kt):len(kt)], types.T(types.Int8)), Key: len(kt), Unique: true}
	return &MaxOneRow{keys: n.Keys, rows: state.NewHashed(mem, spec), delta: delta.NewSet(ts)}
}

// Open implements op.Operator.
func (m *MaxOneRow) Open(ctx *op.Context) error {
	m.ctx = ctx
	return nil
}

// Push implements op.Operator.
func (m *MaxOneRow) Push(_ int, b *vec.Batch, _ op.Output) error {
	_, err := m.delta.Add(b)
	return err
}

// Watermark implements op.Operator.
func (m *MaxOneRow) Watermark(_ int, t int64, out op.Output) error { return out.Watermark(t) }

// EndStep implements op.Operator.
func (m *MaxOneRow) EndStep(out op.Output) error {
	defer m.delta.Reset()
	if m.delta.Len() == 0 {
		return nil
	}
	kt := make([]types.Type, len(m.keys))
	for i, k := range m.keys {
		kt[i] = m.delta.Cols[k].Type
	}
	groups := delta.NewKeyIndex(kt)
	var counts []int64
	err := m.delta.Batches(func(b *vec.Batch) error {
		cols := make([]*vec.Vector, len(m.keys))
		for i, k := range m.keys {
			cols[i] = b.Cols[k]
		}
		numbers, err := groups.Add(cols, b.Sel, b.N, nil, nil)
		for k, g := range numbers {
			for len(counts) <= int(g) {
				counts = append(counts, 0)
			}
			counts[g] += b.Weight(b.Row(k))
		}
		return err
	})
	if err != nil || len(counts) == 0 {
		return err
	}
	if err := m.count(groups, counts); err != nil {
		return err
	}
	return m.delta.Batches(out.Batch)
}

// count adds to the keys' counts in the state and reports those above one.
func (m *MaxOneRow) count(groups *delta.Index, counts []int64) error {
	n := groups.Len()
	hashes := make([]uint64, n)
	keys := groups.Cols[:len(m.keys)]
	vec.HashRows(keys, nil, n, hashes)
	var refs state.Refs
	if err := m.rows.Lookup(keys, hashes, nil, n, &refs); err != nil {
		return err
	}
	var old vec.Vector
	m.rows.Gather(&refs, len(m.keys), &old)
	now := vec.New(types.T(types.Int8), n)
	now.Resize(types.T(types.Int8), n)
	for g := range n {
		now.I64[g] = counts[g]
		if refs.Found(g) {
			now.I64[g] += old.I64[g]
		}
		if now.I64[g] > 1 {
			err := sqlerr.New(sqlerr.CardinalityViolation, "more than one row returned by a subquery used as an expression")
			if err := m.ctx.Faults.Add(hashes[g], 1, err); err != nil {
				return err
			}
		}
	}
	return m.rows.Put(&vec.Batch{Cols: append(keys[:len(keys):len(keys)], now), N: n}, hashes, &refs)
}

// State implements op.Stateful.
func (m *MaxOneRow) State() []op.State { return []op.State{m.rows} }

// Close implements op.Operator.
func (m *MaxOneRow) Close() {}

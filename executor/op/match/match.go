package match

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// blockRows is how many rows a block has at least, unless there are no more: small partitions are searched together.
const blockRows = 4 * vec.BatchSize

// Match recognises row patterns.
type Match struct {
	node *physical.Match
	ctx  *op.Context
	lay  *sorted.Layout
	arr  *state.Ordered
	kept *progress
	in   *sorted.Changes
	sum  *delta.Set

	conds  []condition
	past   *past
	search *search
	found  *matches
	block  *block
	cur    state.Cursor

	// watermark is the last one received, settledAt that by which rows were settled last.
	watermark, settledAt int64
	// numbers says that matches are numbered; back and ahead are how far conditions and measures look beyond a match.
	numbers     bool
	back, ahead int
	// changed is how many of the step's partitions have changed rows; the others are those that the watermark has come to.
	changed int
	sign    int64
	out     *delta.Set
	direct  bool
	emit    op.Output
	weights []int64
}

// New makes the operator of a Match node over an input with columns of types ts, and with columns of types out itself.
func New(n *physical.Match, ts, out []types.Type, mem *state.Memory) (*Match, error) {
	lay := sorted.NewLayout(ts, n.PartitionBy, n.OrderBy)
	m := &Match{node: n, lay: lay, arr: state.NewOrdered(mem, lay.Spec), in: sorted.NewChanges(lay), sum: delta.NewSet(lay.Spec.Types),
		out: delta.NewSet(out), block: newBlock(lay), watermark: op.NoWatermark, settledAt: op.NoWatermark}
	m.numbers, m.back, m.ahead = n.Numbers(), n.LooksBack(), n.LooksAhead()
	m.kept = newProgress(n, lay, mem)
	var err error
	if m.conds, err = newConditions(n); err != nil {
		return nil, err
	}
	if m.past, err = newPast(n, m.conds); err != nil {
		return nil, err
	}
	m.search = newSearch(n, m.conds, m.past)
	m.search.fail = m.fail
	m.found, err = newMatches(n, len(ts))
	return m, err
}

// Open implements op.Operator.
func (m *Match) Open(ctx *op.Context) error {
	m.ctx, m.found.ctx = ctx, ctx
	return nil
}

// Push implements op.Operator.
func (m *Match) Push(_ int, b *vec.Batch, _ op.Output) error {
	m.in.Gather(b)
	return nil
}

// Watermark implements op.Operator.
func (m *Match) Watermark(_ int, t int64, out op.Output) error {
	m.watermark = max(m.watermark, t)
	if m.node.EmitOnClose { // what is emitted may be behind it: see passWatermark
		return nil
	}
	return out.Watermark(t)
}

// EndStep implements op.Operator.
func (m *Match) EndStep(out op.Output) error {
	rises := m.node.Watermark && m.watermark > m.settledAt
	if m.in.Len() == 0 && !rises {
		return nil
	}
	defer m.reset()
	m.emit, m.direct = out, m.node.EmitOnClose || m.arr.Rows() == 0 && !m.in.Retracts
	if err := m.begin(rises); err != nil {
		return err
	}
	if !m.direct {
		if err := m.compute(-1, m.changed); err != nil {
			return err
		}
	}
	for _, c := range m.in.Chunks {
		if err := m.arr.Apply(&c.Batch, c.Hashes, nil); err != nil {
			return err
		}
	}
	if err := m.compute(1, m.in.Keys.Len()); err != nil {
		return err
	}
	if m.settledAt = m.watermark; !m.ctx.Once {
		if err := m.kept.store(m.in.Keys.Cols, m.in.Keys.Hashes()); err != nil {
			return err
		}
	}
	if m.node.EmitOnClose {
		return m.passWatermark(out)
	}
	return m.out.Batches(out.Batch)
}

// begin finds the step's partitions and how far they have come.
func (m *Match) begin(rises bool) error {
	if m.in.Retracts {
		if err := m.in.Consolidate(m.sum, m.lay.Key); err != nil {
			return err
		}
	}
	if err := m.in.Group(); err != nil {
		return err
	}
	m.changed = m.in.Keys.Len()
	if m.ctx.Once {
		m.kept.begin(m.changed)
		return nil
	}
	if rises {
		if err := m.kept.due(m.watermark, m.in.Keys); err != nil {
			return err
		}
	}
	if err := m.kept.load(m.in.Keys.Cols, m.in.Keys.Hashes()); err != nil || m.node.Watermark {
		return err
	}
	return m.revise()
}

// compute finds, times sign, the matches of the step's first n partitions as they are.
func (m *Match) compute(sign int64, n int) error {
	m.sign = sign
	for p := range n {
		if m.node.EmitOnClose && !m.wake(p) {
			continue
		}
		if err := m.arr.Open(&m.cur, m.in.Keys.Cols, p, m.in.Keys.Hashes()[p]); err != nil {
			return err
		}
		if m.cur.Weight() == 0 {
			if sign > 0 && !m.node.Watermark {
				m.kept.now[p] = nowhere
			}
			continue
		}
		seg, err := m.block.read(&m.cur, p, m.kept.now[p].skip, m.back)
		if err != nil {
			return err
		}
		m.resume(seg)
		if m.block.rows.N >= blockRows {
			if err := m.searchBlock(); err != nil {
				return err
			}
		}
	}
	return m.searchBlock()
}

// searchBlock searches the partitions of the block and emits their matches.
func (m *Match) searchBlock() error {
	b := m.block
	if len(b.segs) == 0 {
		return nil
	}
	defer b.reset()
	b.begin()
	for v := range m.conds {
		m.conds[v].compute(m.ctx, m.node, b)
	}
	if m.past != nil {
		m.past.compute(m.ctx, b)
	}
	m.found.reset()
	for k := range b.segs {
		if err := m.searchSegment(int32(k)); err != nil {
			return err
		}
	}
	if err := m.emitFound(); err != nil {
		return err
	}
	if m.sign < 0 || m.ctx.Once {
		return nil
	}
	return m.free()
}

// emitFound emits the rows of the block's matches.
func (m *Match) emitFound() error {
	if len(m.found.list) == 0 {
		return nil
	}
	rows, err := m.found.rowsOf(m.block, m.fail)
	if err != nil || rows.Rows() == 0 {
		return err
	}
	if m.direct {
		return m.emitDirect(rows)
	}
	if m.sign < 0 {
		for len(m.weights) < rows.N {
			m.weights = append(m.weights, -1)
		}
		rows.Weights = m.weights
	}
	_, err = m.out.Add(rows)
	return err
}

// emitDirect passes rows on: nothing is retracted in this step.
func (m *Match) emitDirect(rows *vec.Batch) error {
	all := rows.Sel
	if all == nil {
		all = make([]int32, rows.N)
		for i := range all {
			all[i] = int32(i)
		}
	}
	for from := 0; from < len(all); from += vec.BatchSize {
		rows.Sel = all[from:min(from+vec.BatchSize, len(all))]
		if err := m.emit.Batch(rows); err != nil {
			return err
		}
	}
	return nil
}

// fail records the error of a row of the block.
func (m *Match) fail(row int32, err error) error {
	var hash [1]uint64
	vec.IdentityHash(m.block.rows.Cols, []int32{row}, m.block.rows.N, hash[:])
	return m.ctx.Faults.Add(hash[0], m.sign, err)
}

func (m *Match) reset() {
	m.in.Reset()
	m.out.Reset()
	m.sum.Reset()
	if m.block.rows.N > 16*blockRows {
		m.block = newBlock(m.lay)
	}
	m.block.reset()
}

// State implements op.Stateful.
func (m *Match) State() []op.State {
	return append([]op.State{m.arr}, m.kept.states()...)
}

// Close implements op.Operator.
func (m *Match) Close() {
	for _, s := range m.State() {
		s.Release()
	}
}

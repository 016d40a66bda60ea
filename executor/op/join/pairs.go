package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// pairs makes the pairs of rows of one side and the state of the other.
type pairs struct {
	lay      *layout
	residual *expr.Program
	eval     *op.Evaluator

	probe state.Probe
	scan  state.Scan
	// part are the probing rows of an arrangement.
	part delta.Chunk
	// Batch has the pairs: a selection of rows of the pair columns with their weights. Columns that pairs do not need are
	// unspecified. All of it is valid until each goes on.
	Batch vec.Batch
	// Probing is, for each pair, the physical row of the probing batch, and Stored the weight of its partner (nil: 1).
	Probing []int32
	Stored  []int64

	// order is that in which rows probe, sel and hashes what it makes of theirs.
	order  state.HashOrder
	sel    []int32
	hashes []uint64

	// fetch gets rows that are in logs.
	fetch fetcher

	vecs    []vec.Vector
	weights []int64
	stored  []int64
	all     []int32 // 0, 1, 2, …
	same    []int32
}

func newPairs(l *layout) (*pairs, error) {
	p := &pairs{lay: l, vecs: make([]vec.Vector, len(l.types))}
	p.Batch.Cols = make([]*vec.Vector, len(l.types))
	for c, t := range l.types {
		p.vecs[c].SetNullConst(t) // so that what pairs do not need can be read
		p.Batch.Cols[c] = &p.vecs[c]
	}
	if l.residual == nil {
		return p, nil
	}
	var err error
	p.residual, err = expr.Compile(l.residual)
	return p, err
}

// each calls f with the pairs of the selected rows of d, which are from's, and what to has in its state. f reads p.
func (p *pairs) each(d *delta.Chunk, from, to *side, f func() error) error {
	if to.arr.rows() == 0 || d.Rows() == 0 {
		return nil
	}
	return to.arr.near(d.Cols, d.Sel, d.N, d.Hashes, from.reach(), func(at shelf, sel []int32, hashes []uint64) error {
		p.part.Batch, p.part.Hashes = d.Batch, hashes
		p.part.Sel = sel
		return p.in(at, &p.part, from, to, f)
	})
}

// in is each for one shelf of to.
func (p *pairs) in(at shelf, d *delta.Chunk, from, to *side, f func() error) error {
	if from.keys == 0 {
		return p.cross(at.rows, d, from, to, f)
	}
	return p.equal(at, d, from, to, f)
}

// equal makes the pairs of rows with equal keys.
func (p *pairs) equal(at shelf, d *delta.Chunk, from, to *side, f func() error) error {
	p.probe.Cols = to.used
	if at.log != nil {
		p.probe.Cols = p.fetch.ask(&to.sideLayout)
	}
	p.arrange(d)
	if err := at.rows.Probe(&p.probe, d.Cols[:from.keys], p.hashes, p.sel, d.N); err != nil {
		return err
	}
	for {
		ok, err := p.probe.Next()
		if err != nil || !ok {
			return err
		}
		p.Probing, p.Stored = p.probe.Rows, p.probe.Batch.Weights
		stored := p.probe.Batch.Cols
		if at.log != nil {
			if stored, err = p.fetch.fetch(&to.sideLayout, at.log, p.probe.Batch); err != nil {
				return err
			}
		}
		p.place(to, stored)
		for _, c := range from.used {
			v := &p.vecs[from.offset+c]
			v.Take(d.Cols[c], p.Probing)
			p.Batch.Cols[from.offset+c] = v
		}
		p.Batch.N = p.probe.Batch.N
		p.product(d.Weights, p.Probing, p.Stored)
		if err := p.give(nil, f); err != nil {
			return err
		}
	}
}

// arrange orders the rows that are to probe by the hashes of their keys: those of one key find the same partners, and those of one page lie in
// the cache when it is looked at.
func (p *pairs) arrange(d *delta.Chunk) {
	p.sel, p.hashes = p.sel[:0], p.hashes[:0]
	for _, k := range p.order.Of(d.Hashes) {
		p.sel, p.hashes = append(p.sel, int32(d.Row(int(k)))), append(p.hashes, d.Hashes[k])
	}
}

// place makes a side's used columns those of the pairs.
func (p *pairs) place(s *side, cols []*vec.Vector) {
	for k, c := range s.used {
		p.Batch.Cols[s.offset+c] = cols[k]
	}
}

// product makes the pairs' weights from those of the probing rows, by physical row, and their partners'.
func (p *pairs) product(probing []int64, rows []int32, stored []int64) {
	p.Batch.Weights = nil
	if probing == nil {
		p.Batch.Weights = stored
		return
	}
	p.weights = p.weights[:0]
	for k, i := range rows {
		w := probing[i]
		if stored != nil {
			w *= stored[k]
		}
		p.weights = append(p.weights, w)
	}
	p.Batch.Weights = p.weights
}

// give passes those pairs of sel on for which the residual is true.
func (p *pairs) give(sel []int32, f func() error) error {
	p.Batch.Sel = sel
	if p.residual != nil {
		var err error
		sel, err = p.eval.Settle(&p.Batch, p.residual.Filter(p.eval.Ctx(), &p.Batch))
		if err != nil {
			return err
		}
		if len(sel) == 0 {
			return nil
		}
		p.Batch.Sel = sel
	}
	return f()
}

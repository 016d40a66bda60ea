package join

import (
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// cross makes the pairs of a join without keys: all of them. One of the two batches at a time is given as it lies, against
// each single row of the other as a constant; so no row is copied, and the residual compares a column with a constant.
func (p *pairs) cross(h *state.Hashed, d *delta.Chunk, from, to *side, f func() error) error {
	p.scan.Cols = to.used
	h.Scan(&p.scan, -1)
	for {
		ok, err := p.scan.Next()
		if err != nil || !ok {
			return err
		}
		if d.Rows() >= p.scan.Batch.N {
			err = p.eachStored(d, from, to, f)
		} else {
			err = p.eachProbing(d, from, to, f)
		}
		if err != nil {
			return err
		}
	}
}

// eachStored pairs the probing batch with each row of the stored one.
func (p *pairs) eachStored(d *delta.Chunk, from, to *side, f func() error) error {
	b := p.scan.Batch
	for _, c := range from.used {
		p.Batch.Cols[from.offset+c] = d.Cols[c]
	}
	for i := int32(len(p.all)); int(i) < d.N; i++ {
		p.all = append(p.all, i)
	}
	p.Batch.N, p.Probing = d.N, p.all[:d.N]
	for row := range b.N {
		for k, c := range to.used {
			p.constant(to.offset+c, b.Cols[k], row)
		}
		p.Stored = nil
		if b.Weights != nil {
			p.stored = fill(p.stored, d.N, b.Weights[row])
			p.Stored = p.stored
		}
		p.product(d.Weights, p.Probing, p.Stored)
		if err := p.give(d.Sel, f); err != nil {
			return err
		}
	}
	return nil
}

// eachProbing pairs the stored batch with each row of the probing one.
func (p *pairs) eachProbing(d *delta.Chunk, from, to *side, f func() error) error {
	b := p.scan.Batch
	p.place(to, b.Cols)
	p.Batch.N, p.Stored = b.N, b.Weights
	for k := range d.Rows() {
		i := d.Row(k)
		for _, c := range from.used {
			p.constant(from.offset+c, d.Cols[c], i)
		}
		p.same = fill(p.same, b.N, int32(i))
		p.Probing = p.same
		p.product(d.Weights, p.Probing, p.Stored)
		if err := p.give(nil, f); err != nil {
			return err
		}
	}
	return nil
}

func (p *pairs) constant(c int, src *vec.Vector, i int) {
	p.vecs[c].TakeConst(src, i)
	p.Batch.Cols[c] = &p.vecs[c]
}

// fill makes s n times x.
func fill[T any](s []T, n int, x T) []T {
	if cap(s) < n {
		s = make([]T, n, max(n, vec.BatchSize))
	}
	s = s[:n]
	for i := range s {
		s[i] = x
	}
	return s
}

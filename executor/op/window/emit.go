package window

import "github.com/streamdb/streamdb/sql/vec"

// emitBlock computes the block's wanted rows and emits them.
func (o *Over) emitBlock() error {
	b := o.block
	if len(b.segs) == 0 {
		return nil
	}
	defer b.reset()
	b.findPeers()
	for k, c := range o.calls {
		o.results[k].Resize(c.typ, b.rows.N)
		c.eval(b, o.results[k])
	}
	if o.failed != nil {
		return o.failed
	}
	o.lay.Unview(b.rows, &o.batch)
	o.batch.Cols = append(o.batch.Cols, o.results...)
	o.sel = o.sel[:0]
	for _, s := range b.segs {
		for i := s.first; i < s.last; i++ {
			o.sel = append(o.sel, i)
		}
	}
	if o.direct {
		return o.emitDirect()
	}
	o.batch.Sel, o.batch.Weights = o.sel, nil
	if o.sign < 0 {
		for len(o.weights) < b.rows.N {
			o.weights = append(o.weights, -1)
		}
		o.batch.Weights = o.weights
	}
	_, err := o.out.Add(&o.batch)
	return err
}

// emitDirect passes the rows on: nothing is retracted in this step.
func (o *Over) emitDirect() error {
	for from := 0; from < len(o.sel); from += vec.BatchSize {
		o.batch.Sel = o.sel[from:min(from+vec.BatchSize, len(o.sel))]
		if err := o.emit.Batch(&o.batch); err != nil {
			return err
		}
	}
	return nil
}

// fail records that the result of a row failed, once for each copy.
func (o *Over) fail(row int32, err error) {
	var hash [1]uint64
	vec.IdentityHash(o.block.rows.Cols, []int32{row}, o.block.rows.N, hash[:])
	if e := o.ctx.Faults.Add(hash[0], o.sign, err); e != nil && o.failed == nil {
		o.failed = e
	}
}

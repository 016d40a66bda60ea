package vec

import "github.com/streamdb/streamdb/sql/types"

// Batch is a unit of rows of one Z-set: columns of equal length, a selection and weights.
type Batch struct {
	// Cols are the columns; each has N rows or is Const.
	Cols []*Vector
	// N is how many rows the columns have, selected or not.
	N int
	// Sel are the indices of the rows that are in the batch, ascending; nil means all N.
	Sel []int32
	// Weights are the rows' signed multiplicities, by physical index; nil means all +1. A zero weight is allowed and
	// means that the row is not there.
	Weights []int64
}

// Rows is how many rows are in the batch.
func (b *Batch) Rows() int {
	if b.Sel != nil {
		return len(b.Sel)
	}
	return b.N
}

// Weight is the weight of the row at physical index i.
func (b *Batch) Weight(i int) int64 {
	if b.Weights == nil {
		return 1
	}
	return b.Weights[i]
}

// Row is the physical index of the k-th row of the batch.
func (b *Batch) Row(k int) int {
	if b.Sel != nil {
		return int(b.Sel[k])
	}
	return k
}

// Types are the types of the columns.
func (b *Batch) Types() []types.Type {
	ts := make([]types.Type, len(b.Cols))
	for i, c := range b.Cols {
		ts[i] = c.Type
	}
	return ts
}

// NewBatch makes an empty batch with columns of types ts, to be appended to.
func NewBatch(ts []types.Type, capacity int) *Batch {
	b := &Batch{Cols: make([]*Vector, len(ts))}
	for i, t := range ts {
		b.Cols[i] = New(t, capacity)
	}
	return b
}

// Reset empties a batch made by NewBatch, keeping its buffers.
func (b *Batch) Reset() {
	for _, c := range b.Cols {
		c.Reset(c.Type)
	}
	b.N, b.Sel, b.Weights = 0, nil, b.Weights[:0]
	if len(b.Weights) == 0 {
		b.Weights = nil
	}
}

// AppendRow adds one row of values with a weight. It is for catalogs and tests.
func (b *Batch) AppendRow(weight int64, row ...types.Datum) {
	for i, d := range row {
		b.Cols[i].Append(d)
	}
	b.appendWeights(1, func(int) int64 { return weight }, weight == 1)
}

// AppendBatch copies the rows of src behind those of b.
func (b *Batch) AppendBatch(src *Batch) {
	for i, c := range src.Cols {
		b.Cols[i].AppendSelected(c, src.Sel, src.N)
	}
	b.appendWeights(src.Rows(), func(k int) int64 { return src.Weights[src.Row(k)] }, src.Weights == nil)
}

// AppendRows copies the rows of src at the physical indices rows behind those of b.
func (b *Batch) AppendRows(src *Batch, rows []int32) {
	if len(rows) == 0 {
		return
	}
	for i, c := range src.Cols {
		b.Cols[i].AppendSelected(c, rows, src.N)
	}
	b.appendWeights(len(rows), func(k int) int64 { return src.Weights[rows[k]] }, src.Weights == nil)
}

// appendWeights adds n weights, keeping nil while all are +1.
func (b *Batch) appendWeights(n int, weight func(k int) int64, ones bool) {
	if b.Weights == nil && !ones {
		b.Weights = make([]int64, b.N, max(b.N+n, b.room()))
		for i := range b.Weights {
			b.Weights[i] = 1
		}
	}
	if b.Weights != nil {
		for k := range n {
			w := int64(1)
			if !ones {
				w = weight(k)
			}
			b.Weights = append(b.Weights, w)
		}
	}
	b.N += n
}

// room is how many rows the columns have room for.
func (b *Batch) room() int {
	if len(b.Cols) == 0 {
		return 0
	}
	c := b.Cols[0]
	return max(cap(c.Bool), cap(c.I32), cap(c.I64), cap(c.F64), cap(c.Wide), cap(c.Str))
}

// Clone is a compacted copy of b (no selection, no constants) that shares nothing with it.
func (b *Batch) Clone() *Batch {
	out := NewBatch(b.Types(), b.Rows())
	out.AppendBatch(b)
	return out
}

// Bytes is about how much memory the batch's buffers hold.
func (b *Batch) Bytes() int {
	n := 8*cap(b.Weights) + 4*cap(b.Sel)
	for _, c := range b.Cols {
		n += cap(c.Bool) + 4*cap(c.I32) + 8*(cap(c.I64)+cap(c.F64)+cap(c.Str)+cap(c.Valid)) + 16*cap(c.Wide) + cap(c.Data)
	}
	return n
}

// Recycle is Reset for a batch that shares no data with another: string buffers are kept as well.
func (b *Batch) Recycle() {
	for _, c := range b.Cols {
		data := c.Data
		c.Reset(c.Type)
		c.Data = data[:0]
	}
	b.N, b.Sel = 0, nil
	b.Weights = nil
}

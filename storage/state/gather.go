package state

import (
	"unsafe"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// gather makes out column col of some rows; null where there is no row. Strings go to buf, which is made larger if need be and which out is given.
func (l *layout) gather(refs []ref, col int, out *vec.Vector, buf []byte) {
	out.Resize(l.spec.Types[col], len(refs))
	switch l.kinds[col] {
	case types.KindBool:
		gatherValues(l, refs, col, out.Bool)
	case types.KindInt32:
		gatherValues(l, refs, col, out.I32)
	case types.KindInt64:
		gatherValues(l, refs, col, out.I64)
	case types.KindFloat:
		gatherValues(l, refs, col, out.F64)
	case types.KindWide:
		gatherValues(l, refs, col, out.Wide)
	default:
		gatherStrings(l, refs, col, out, buf)
	}
	gatherNulls(l, refs, col, out)
}

func gatherValues[T any](l *layout, refs []ref, col int, out []T) {
	for k := range refs {
		r := &refs[k]
		if r.row < 0 {
			out[k] = *new(T)
			continue
		}
		p := &r.page.shape
		out[k] = *at[T](l.valuesAt(r.base, p.cap, p.flags.weightWidth(), col), int(r.row))
	}
}

// gatherStrings measures the strings first: a buffer that grew with them would copy them several times. Where one row comes several times
// running, as a join's partner does, its string is copied once.
func gatherStrings(l *layout, refs []ref, col int, out *vec.Vector, buf []byte) {
	total := 0
	for k := range refs {
		r := &refs[k]
		if k > 0 && r.is(&refs[k-1]) {
			out.Str[k] = out.Str[k-1]
			continue
		}
		out.Str[k] = vec.Span{Off: uint32(total)}
		if r.row < 0 {
			continue
		}
		c := l.column(&r.page.shape, r.base, col)
		n := c.strLen(int(r.row))
		out.Str[k].Len = uint32(n)
		total += n
	}
	if cap(buf) < total {
		buf = make([]byte, total)
	}
	out.Data = buf[:total]
	for k, s := range out.Str {
		if r := &refs[k]; s.Len != 0 && (k == 0 || !r.is(&refs[k-1])) {
			c := l.column(&r.page.shape, r.base, col)
			copy(out.Data[s.Off:], c.bytes(int(r.row)))
		}
	}
}

// is reports whether two refs are of one row.
func (r *ref) is(other *ref) bool { return r.row == other.row && r.page == other.page }

func gatherNulls(l *layout, refs []ref, col int, out *vec.Vector) {
	for k := range refs {
		r := &refs[k]
		if r.row >= 0 {
			if r.page.flags&hasNulls == 0 {
				continue
			}
			c := l.column(&r.page.shape, r.base, col)
			if !c.null(int(r.row)) {
				continue
			}
		}
		out.SetNull(k)
	}
}

// output is a batch of rows that were collected from pages, up to vec.BatchSize of them; more wait for the next one.
type output struct {
	refs  []ref
	batch vec.Batch
	// strings are buffers for the batch's columns, which it has no longer than until the next one.
	strings [][]byte
	// given is how many of refs are in the batch.
	given int
}

func (o *output) reset() { o.refs, o.given = o.refs[:0], 0 }

// begin forgets the rows that were given.
func (o *output) begin() {
	o.refs = append(o.refs[:0], o.refs[o.given:]...)
	o.given = 0
}

func (o *output) full() bool { return len(o.refs) >= vec.BatchSize }

func (o *output) add(p *node, base unsafe.Pointer, row uint32) {
	o.refs = append(o.refs, ref{page: p, base: base, row: int32(row)})
}

// give makes the batch of columns cols (nil: all) of the first rows; nil when there are none.
func (o *output) give(l *layout, cols []int) *vec.Batch {
	o.given = min(len(o.refs), vec.BatchSize)
	if o.given == 0 {
		return nil
	}
	refs, b := o.refs[:o.given], &o.batch
	n := len(cols)
	if cols == nil {
		n = len(l.kinds)
	}
	for len(b.Cols) < n {
		b.Cols, o.strings = append(b.Cols, &vec.Vector{}), append(o.strings, nil)
	}
	b.Cols, b.N = b.Cols[:n], o.given
	for i, v := range b.Cols {
		col := i
		if cols != nil {
			col = cols[i]
		}
		if poisonBytes(o.strings[i]) {
			o.strings[i] = nil
		}
		l.gather(refs, col, v, o.strings[i])
		if l.kinds[col] == types.KindBytes {
			o.strings[i] = v.Data
		}
	}
	b.Weights = l.gatherWeights(refs, b.Weights)
	return b
}

// gatherWeights gives the weights of rows, in dst if it has room; nil when all are 1.
func (l *layout) gatherWeights(refs []ref, dst []int64) []int64 {
	ones := true
	for k := range refs {
		ones = ones && refs[k].page.flags&hasWeights == 0
	}
	if ones {
		return nil
	}
	dst = dst[:0]
	for k := range refs {
		r := &refs[k]
		dst = append(dst, l.weight(&r.page.shape, r.base, uint32(r.row)))
	}
	return dst
}

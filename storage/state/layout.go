package state

import (
	"math"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// layout is where things lie in a page of an arrangement, made once from its Spec. A page of capacity c is
//
//	header | hashes 8c | weights 8c | columns, widest first | validity bitmaps | index | strings
//
// Hashes and index are there when indexed; weights and bitmaps when the page's flags say so, as most pages hold rows of
// weight 1 without nulls. The widest columns come first, so everything is aligned without gaps and the place of a column
// is headerSize + c * (before + weights), with no table to look up.
type layout struct {
	spec Spec
	kind layoutKind
	// indexed says that pages have hashes and an index.
	indexed     bool
	fingerprint uint64
	kinds       []types.Kind
	width       []uint32
	before      []uint32
	// row is the bytes of one row with its hash, without weight, validity and strings.
	row uint32
	// bytesCols are the columns whose values lie in the page's strings.
	bytesCols []int
	// inexact are the columns whose values can be equal without being identical.
	inexact []bool
	// orders compare the columns' values.
	orders []order
	// sort is the order of an Ordered.
	sort []sortColumn
	// bijective says that the key is a single integer, so that keys that are not null and have one hash are one key
	// (see vec.HashRows).
	bijective bool
	nullHash  uint64
}

const (
	headerSize = 64
	// maxRows is what an index entry can name. A larger page has no index: it holds rows of one hash only.
	maxRows = 1<<rowBits - 1
)

var kindWidth = [...]uint32{
	types.KindBool: 1, types.KindInt32: 4, types.KindInt64: 8, types.KindFloat: 8, types.KindWide: 16, types.KindBytes: 8,
}

// layoutKind is the layout of an arrangement. It is stored.
type layoutKind uint8

const (
	kindHashed layoutKind = iota + 1
	kindOrdered
	kindList
	kindLog
)

// layout makes the layout of this kind; nil when there is no such kind.
func (k layoutKind) layout(spec Spec) *layout {
	if k < kindHashed || k > kindLog {
		return nil
	}
	l := newLayout(spec, k)
	if k == kindOrdered {
		l.sort = sortColumns(&l.spec)
	}
	return l
}

func newLayout(spec Spec, kind layoutKind) *layout {
	n, indexed := len(spec.Types), kind == kindHashed
	l := &layout{
		spec: spec, kind: kind, indexed: indexed, fingerprint: makeFingerprint(&spec, kind),
		kinds: make([]types.Kind, n), width: make([]uint32, n), before: make([]uint32, n),
		inexact: make([]bool, n), orders: make([]order, n),
	}
	if indexed {
		l.row = 8
	}
	for i, t := range spec.Types {
		l.kinds[i], l.inexact[i], l.orders[i] = t.Kind(), inexact(t), newOrder(t)
		l.width[i] = kindWidth[l.kinds[i]]
		if l.kinds[i] == types.KindBytes {
			l.bytesCols = append(l.bytesCols, i)
		}
	}
	if spec.Key == 1 && isInteger(l.kinds[0]) {
		l.bijective, l.nullHash = true, vec.HashDatums(spec.Types[:1], []types.Datum{types.Null})
	}
	for _, w := range []uint32{16, 8, 4, 1} {
		for i := range l.width {
			if l.width[i] == w {
				l.before[i] = l.row
				l.row += w
			}
		}
	}
	return l
}

// inexact reports whether two values of t can be equal and yet differ: 0.0 and -0.0, 1.0 and 1.00, '1 day' and '24 hours'.
func inexact(t types.Type) bool {
	switch t.Kind() {
	case types.KindFloat:
		return true
	case types.KindWide:
		return t.ID == types.Interval
	case types.KindBytes:
		return types.BytesKey(t) != nil
	}
	return false
}

// pageFlags say which optional parts a page has.
type pageFlags uint8

const (
	hasWeights pageFlags = 1 << iota
	hasNulls
)

func (f pageFlags) weightWidth() uint32 { return uint32(f&hasWeights) * 8 }

// nullsAt is where the validity bitmaps begin in a page of capacity c: one of bitmapSize(c) bytes a column.
func (l *layout) nullsAt(c uint32, f pageFlags) uint32 {
	return (headerSize + c*(l.row+f.weightWidth()) + 7) &^ 7
}

func bitmapSize(c uint32) uint32 { return (c + 63) / 64 * 8 }

// indexAt is where the index begins.
func (l *layout) indexAt(c uint32, f pageFlags) uint32 {
	at := l.nullsAt(c, f)
	if f&hasNulls != 0 {
		at += bitmapSize(c) * uint32(len(l.kinds))
	}
	return at
}

// slots is the number of index entries: a quarter of them stays free, or there would be long runs.
func (l *layout) slots(c uint32) uint32 {
	if !l.indexed || c > maxRows {
		return 0
	}
	return c + c/3 + 2
}

// stringsAt is where the strings begin, and so the size of a page without any.
func (l *layout) stringsAt(c uint32, f pageFlags) uint32 {
	return l.indexAt(c, f) + l.slots(c)*2
}

// capacity is how many rows of the given average bytes of strings a page of size bytes holds.
func (l *layout) capacity(size int, f pageFlags, avgStrings float64) uint32 {
	perRow := float64(l.row+f.weightWidth()) + avgStrings
	if l.indexed {
		perRow += 8.0 / 3
	}
	if f&hasNulls != 0 {
		perRow += float64(len(l.kinds)) / 8
	}
	c := uint32(max(0, min(maxRows, math.Floor(float64(size-headerSize)/perRow))))
	for c > 0 && float64(l.stringsAt(c, f))+avgStrings*float64(c) > float64(size) {
		c--
	}
	return c
}

// fit is the size and capacity of a page for rows rows with strs bytes of strings. It is larger than maxPage only when
// nothing smaller will do.
func (l *layout) fit(rows uint32, strs int, f pageFlags) (size int, capacity uint32) {
	rows = max(rows, 1)
	avg := float64(strs) / float64(rows)
	for class := classOf(int(l.stringsAt(rows, f)) + strs); class < numClasses; class++ {
		size = classSize(class)
		c := l.capacity(size, f, avg)
		if c >= rows && int(l.stringsAt(c, f))+strs <= size {
			return size, c
		}
	}
	return pageSize(int(l.stringsAt(rows, f)) + strs), rows
}

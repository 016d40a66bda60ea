package sorted

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Layout is the order of an input's columns in an ordered arrangement.
type Layout struct {
	// Spec is the arrangement's. Its Types are the input's, in the layout's order.
	Spec state.Spec
	// Key is how many columns the partition has, Prefix how many it and the order have: rows equal in these are peers.
	Key, Prefix int
	// Cols are the input's columns in the layout's order, Place where each input column went.
	Cols, Place []int
	// Order is how the columns from Key to Prefix are sorted.
	Order []vec.Order

	order []vec.CompareFunc
	rest  func(a []*vec.Vector, i int, b []*vec.Vector, j int) int
}

// NewLayout lays out an input with columns of types ts.
func NewLayout(ts []types.Type, partition []int, order []physical.SortKey) *Layout {
	l := &Layout{Place: make([]int, len(ts))}
	add := func(c int) bool {
		if slices.Contains(l.Cols, c) {
			return false
		}
		l.Cols = append(l.Cols, c)
		return true
	}
	for _, c := range partition {
		add(c)
	}
	l.Key = len(l.Cols)
	for _, k := range order {
		if add(k.Column) { // a column that is there already decides nothing any more
			o := vec.Order{Desc: k.Desc, NullsFirst: k.NullsFirst}
			l.Order = append(l.Order, o)
			l.order = append(l.order, vec.OrderComparator(ts[k.Column], o))
			l.Spec.Order = append(l.Spec.Order, state.Order{Col: len(l.Cols) - 1, Order: o})
		}
	}
	l.Prefix = len(l.Cols)
	for c := range ts {
		add(c)
	}
	for i, c := range l.Cols {
		l.Place[c] = i
		l.Spec.Types = append(l.Spec.Types, ts[c])
	}
	l.Spec.Key = l.Key
	l.rest = vec.RowComparator(l.Spec.Types)
	return l
}

// End is the column of window ends by which partitions close, -1 if they do not.
func (l *Layout) End(c *physical.Closing) int {
	if c == nil {
		return -1
	}
	return l.Place[c.End]
}

// View makes dst the batch b in the layout's order; it shares b's columns.
func (l *Layout) View(b, dst *vec.Batch) {
	dst.Cols = dst.Cols[:0]
	for _, c := range l.Cols {
		dst.Cols = append(dst.Cols, b.Cols[c])
	}
	dst.N, dst.Sel, dst.Weights = b.N, b.Sel, b.Weights
}

// Unview makes dst the batch b, which is in the layout's order, in that of the input.
func (l *Layout) Unview(b, dst *vec.Batch) {
	dst.Cols = dst.Cols[:0]
	for _, i := range l.Place {
		dst.Cols = append(dst.Cols, b.Cols[i])
	}
	dst.N, dst.Sel, dst.Weights = b.N, b.Sel, b.Weights
}

// ComparePeers orders two rows of one partition by ORDER BY alone.
func (l *Layout) ComparePeers(a []*vec.Vector, i int, b []*vec.Vector, j int) int {
	for k, f := range l.order {
		if r := f(a[l.Key+k], i, b[l.Key+k], j); r != 0 {
			return r
		}
	}
	return 0
}

// Compare orders two rows of one partition; it is 0 for identical ones alone.
func (l *Layout) Compare(a []*vec.Vector, i int, b []*vec.Vector, j int) int {
	if r := l.ComparePeers(a, i, b, j); r != 0 {
		return r
	}
	return l.rest(a, i, b, j)
}

package join

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// The sides of a join, which are also its ports.
const (
	left  = 0
	right = 1
)

// layout is which columns a join keeps of each side, and which of them its pairs need. A pair's columns are the kept ones of
// the left and then of the right side.
type layout struct {
	sides [2]sideLayout
	types []types.Type
	// output are the pair columns that are emitted, outTypes their types.
	output   []int
	outTypes []types.Type
	// residual is over pair columns; nil means true.
	residual expr.Node
}

// sideLayout is what is kept of one side: the key columns, and then the others that the output or the residual has.
type sideLayout struct {
	// offset is where the side's columns begin in a pair.
	offset int
	// keys is how many of the kept columns are keys.
	keys int
	// nullsEqual says, key by key, that null matches null.
	nullsEqual []bool
	// cols are the input's columns that are kept, types their types.
	cols  []int
	types []types.Type
	// used are the kept columns that pairs need.
	used []int
	// bound says when rows are freed, nil if they are kept.
	bound *sideBound
	// logged says that rows are kept in a log: none is ever taken back.
	logged bool
}

// newLayout lays out the columns of a join; those of more, numbered as its output, are kept before others.
func newLayout(n *physical.Join, leftTypes, rightTypes []types.Type, more ...int) *layout {
	l := &layout{}
	used := append(more, n.Output...)
	if !n.Residual.None() {
		used = append(used, expr.ColumnsUsed(n.Residual.Node)...)
	}
	l.sides[left] = newSideLayout(n.LeftKeys, n.NullsEqual, used, 0, leftTypes)
	l.sides[right] = newSideLayout(n.RightKeys, n.NullsEqual, used, len(leftTypes), rightTypes)
	if n.Bound != nil {
		l.sides[left].keepTime(n.Bound.Left, leftTypes)
		l.sides[right].keepTime(n.Bound.Right, rightTypes)
		l.setBounds(n.Bound, [2][]types.Type{leftTypes, rightTypes})
	}
	l.sides[right].offset = len(l.sides[left].cols)
	l.types = slices.Concat(l.sides[left].types, l.sides[right].types)
	pairColumn := func(c int) int {
		if c < len(leftTypes) {
			return slices.Index(l.sides[left].cols, c)
		}
		return l.sides[right].offset + slices.Index(l.sides[right].cols, c-len(leftTypes))
	}
	for _, c := range n.Output {
		p := pairColumn(c)
		l.output, l.outTypes = append(l.output, p), append(l.outTypes, l.types[p])
	}
	if !n.Residual.None() {
		l.residual = expr.MapColumns(n.Residual.Node, pairColumn)
	}
	return l
}

// newSideLayout lays out a side whose columns are numbered from first on in used.
func newSideLayout(keys []int, nullsEqual []bool, used []int, first int, ts []types.Type) sideLayout {
	s := sideLayout{keys: len(keys), nullsEqual: nullsEqual, cols: slices.Clone(keys)}
	for _, c := range used {
		if c -= first; c < 0 || c >= len(ts) {
			continue
		}
		kept := s.keep(c)
		if !slices.Contains(s.used, kept) {
			s.used = append(s.used, kept)
		}
	}
	for _, c := range s.cols {
		s.types = append(s.types, ts[c])
	}
	if s.used == nil {
		s.used = []int{} // not nil, which is all to a Probe
	}
	return s
}

// keep is where an input column is kept.
func (s *sideLayout) keep(col int) int {
	kept := slices.Index(s.cols, col)
	if kept < 0 {
		kept = len(s.cols)
		s.cols = append(s.cols, col)
	}
	return kept
}

// useAll makes pairs have all columns of a side that are kept.
func (s *sideLayout) useAll() {
	s.used = s.used[:0]
	for c := range s.cols {
		s.used = append(s.used, c)
	}
}

package agg

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
)

// wanted is the selection of the rows that count: those of weight zero are not there, and windows that have closed take no more
// rows. Such do not come from the assignment of windows but where what is known of old rows is revised.
func (a *Aggregate) wanted(b *vec.Batch) []int32 {
	sel := b.Sel
	if b.Weights != nil {
		sel = a.keep(b, sel, func(i int32) bool { return b.Weights[i] != 0 })
	}
	if !a.windowed() {
		return sel
	}
	end, any := a.closed()
	if !any {
		return sel
	}
	ends := b.Cols[a.node.Keys[a.node.WindowEnd]]
	if ends.Const {
		if sorted.EndOf(ends, 0) <= end {
			return []int32{}
		}
		return sel
	}
	return a.keep(b, sel, func(i int32) bool { return sorted.EndOf(ends, int(i)) > end })
}

// keep narrows a selection by keep. It is the selection itself if nothing is left out.
func (a *Aggregate) keep(b *vec.Batch, sel []int32, keep func(i int32) bool) []int32 {
	if sel == nil {
		sel = a.all(b.N)
		if k := slices.IndexFunc(sel, func(i int32) bool { return !keep(i) }); k < 0 {
			return nil
		}
	}
	if cap(a.sel) < len(sel) {
		a.sel = make([]int32, 0, max(len(sel), vec.BatchSize))
	}
	out := a.sel[:0] // it may be sel itself: it is written no faster than read
	for _, i := range sel {
		if keep(i) {
			out = append(out, i)
		}
	}
	return out
}

// rowsOf are the rows of sel (nil: all) that a call looks at: its filter is true of them, and no argument is null unless the
// function wants nulls. It is valid until the next call and never nil.
func (a *Aggregate) rowsOf(c *call, b *vec.Batch, sel []int32) []int32 {
	if sel == nil {
		sel = a.all(b.N)
	}
	if c.filter != physical.NoColumn {
		switch v := b.Cols[c.filter]; {
		case !v.Const:
			sel = a.narrow(sel, func(i int32) bool { return v.Bool[i] != 0 && !v.IsNull(int(i)) })
		case v.IsNull(0) || v.Bool[0] == 0:
			return sel[:0]
		}
	}
	if c.fn.KeepNulls {
		return sel
	}
	for _, x := range c.args {
		if v := b.Cols[x]; v.HasNulls() {
			sel = a.narrow(sel, func(i int32) bool { return !v.IsNull(int(i)) })
		}
	}
	return sel
}

// narrow keeps the rows of sel for which keep is true; sel may be its own last result.
func (a *Aggregate) narrow(sel []int32, keep func(i int32) bool) []int32 {
	if cap(a.some) < len(sel) {
		a.some = make([]int32, 0, max(len(sel), vec.BatchSize))
	}
	out := a.some[:0]
	for _, i := range sel {
		if keep(i) {
			out = append(out, i)
		}
	}
	return out
}

// all is the selection of n rows.
func (a *Aggregate) all(n int) []int32 {
	for i := len(a.identity); i < n; i++ {
		a.identity = append(a.identity, int32(i))
	}
	return a.identity[:n]
}

package agg

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// numbering gives groups numbers, which stand for their keys in the arrangements of distinct values: there would otherwise be a copy of
// a group's texts with each of its values. A group's number is in its row. It is the key group, and how many groups of that there
// were before: as rows of a key group move together, no two can become one wherever they move to. This needs groups that stay: the
// input is only added to, and no window closes.
type numbering struct {
	// ids are the numbers of the first groups of the scratch; fresh counts, by key group, those that have no row yet.
	ids   []int64
	fresh [state.Groups]int64

	keys   []*vec.Vector
	hashes []uint64
	rows   []int32
	refs   state.Refs
	stored vec.Vector
}

// groupShift leaves room in a number for the key group, and for the sign.
const groupShift = 56

// numbered reports whether groups have numbers: where they can, and where a number is smaller than the keys.
func numbered(n *physical.Aggregate, keys []types.Type, calls []call) bool {
	distinct, large := false, len(keys) > 1
	for i := range calls {
		distinct = distinct || calls[i].distinct
	}
	for _, t := range keys {
		large = large || t.Kind() == types.KindBytes
	}
	return n.AppendOnly && n.WindowEnd == physical.NoColumn && distinct && large
}

// number gives the groups of the scratch their numbers: those that are in the arrangement have one.
func (a *Aggregate) number() error {
	s := a.scratch
	x, h := &s.numbering, a.groups.whole
	for len(x.ids) < s.index.Len() {
		x.rows = x.rows[:0]
		for i := len(x.ids); i < min(len(x.ids)+vec.BatchSize, s.index.Len()); i++ {
			x.rows = append(x.rows, int32(i))
		}
		x.hashes = s.index.Hashes()[len(x.ids) : len(x.ids)+len(x.rows)]
		if h.Rows() > 0 {
			if x.keys == nil {
				x.keys = vectors(len(a.layout.keys))
			}
			for c, v := range x.keys {
				v.Take(s.index.Cols[c], x.rows)
			}
			if err := h.Lookup(x.keys, x.hashes, nil, len(x.rows), &x.refs); err != nil {
				return err
			}
			h.Gather(&x.refs, a.numberColumn(), &x.stored)
		}
		for k, hash := range x.hashes {
			if h.Rows() > 0 && x.refs.Found(k) {
				x.ids = append(x.ids, x.stored.I64[k])
				continue
			}
			g := state.GroupOf(hash)
			x.ids = append(x.ids, int64(g)<<groupShift|(h.GroupRows(g)+x.fresh[g]))
			x.fresh[g]++
		}
	}
	return nil
}

// reset forgets the groups of the scratch, whose rows are written.
func (x *numbering) reset() { x.ids, x.fresh = x.ids[:0], [state.Groups]int64{} }

// take makes v the numbers of groups of the scratch.
func (x *numbering) take(v *vec.Vector, groups []int32) {
	v.Resize(int8T, len(groups))
	for k, g := range groups {
		v.I64[k] = x.ids[g]
	}
}

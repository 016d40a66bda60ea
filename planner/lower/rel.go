package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// rel is a lowered subplan: a node of the physical plan and what is known of its output by identity.
type rel struct {
	node int
	// cols are the columns by position.
	cols  []logical.ColID
	props *props.Props
	dist  distribution
}

// position is where a column is.
func (r *rel) position(c logical.ColID) int {
	i := slices.Index(r.cols, c)
	if i < 0 {
		panic(sqlerr.Internal("the planner lost column %d", c))
	}
	return i
}

func (r *rel) positions(cols []logical.ColID) []int {
	out := make([]int, len(cols))
	for i, c := range cols {
		out[i] = r.position(c)
	}
	return out
}

// optional is the position of a column that may be left out.
func (r *rel) optional(c logical.ColID) int {
	if c == 0 {
		return physical.NoColumn
	}
	return r.position(c)
}

func (r *rel) sortKeys(keys []logical.SortKey) []physical.SortKey {
	var out []physical.SortKey
	for _, k := range keys {
		out = append(out, physical.SortKey{Column: r.position(k.Col), Desc: k.Desc, NullsFirst: k.NullsFirst})
	}
	return out
}

// physicalProps are the subplan's properties by position. What speaks of columns that are not there is left out.
func (r *rel) physicalProps() physical.Props {
	p := physical.Props{AppendOnly: r.props.AppendOnly, Single: r.dist.single}
	for _, k := range r.props.Keys {
		if pos, ok := r.set(k); ok {
			p.Keys = append(p.Keys, pos)
		}
	}
	for i, c := range r.cols {
		if r.props.Watermarks.Has(c) {
			p.Watermarks = append(p.Watermarks, i)
		}
		if slices.ContainsFunc(r.props.Windows, func(w props.Window) bool { return w.Closed && w.End == c }) {
			p.Closed = append(p.Closed, i)
		}
		if r.props.NotNull.Has(c) {
			p.NotNull = append(p.NotNull, i)
		}
	}
	for _, h := range r.dist.hashes {
		if logical.SetOf(h...).SubsetOf(logical.SetOf(r.cols...)) {
			p.Hash = r.positions(h)
			break
		}
	}
	return p
}

// set are the positions of a set's columns, ascending; not ok if one is not there.
func (r *rel) set(s logical.ColSet) ([]int, bool) {
	out := []int{}
	for _, c := range s.List() {
		i := slices.Index(r.cols, c)
		if i < 0 {
			return nil, false
		}
		out = append(out, i)
	}
	slices.Sort(out)
	return out, true
}

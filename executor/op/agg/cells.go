package agg

import (
	"slices"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// cells are up to vec.BatchSize partial aggregates with their keys: of a slice, or of several slices together. link is another slice's
// end, or nowhere.
type cells struct {
	n      int
	keys   []*vec.Vector
	hashes []uint64
	count  *vec.Vector
	state  []*vec.Vector
	link   *vec.Vector

	// found says which of the keys that were looked for were there.
	found []bool
	any   bool
	refs  state.Refs
	batch vec.Batch
	links []int64
}

func newCells(l *layout, keys int) *cells {
	return &cells{keys: vectors(keys), count: &vec.Vector{}, state: vectors(len(l.state)), link: &vec.Vector{}}
}

// setLink makes all cells link to a slice. What c shares is not touched.
func (c *cells) setLink(to int64) {
	c.links = sized(c.links, c.n)
	for k := range c.n {
		c.links[k] = to
	}
	*c.link = vec.Vector{Type: int8T, I64: c.links[:c.n]}
}

// cellSpec is an arrangement of cells by the first keys of a layout.
func cellSpec(l *layout, keys int) state.Spec {
	return state.Spec{Types: slices.Concat(l.keys[:keys], []types.Type{int8T}, l.state, []types.Type{int8T}), Key: keys, Unique: true}
}

// view makes c the rows of an arrangement of cells, sharing them.
func (c *cells) view(b *vec.Batch) {
	c.n = b.N
	for k, v := range c.keys {
		*v = *b.Cols[k]
	}
	at := len(c.keys)
	*c.count = *b.Cols[at]
	for k, v := range c.state {
		*v = *b.Cols[at+1+k]
	}
	*c.link = *b.Cols[len(b.Cols)-1]
	c.hash()
}

func (c *cells) hash() {
	c.hashes = sized(c.hashes, c.n)
	vec.HashRows(c.keys, nil, c.n, c.hashes)
}

// take makes c rows of another, sharing them.
func (c *cells) take(from *cells, rows []int32) {
	c.n = len(rows)
	for k, v := range c.keys {
		v.Take(from.keys[k], rows)
	}
	c.count.Take(from.count, rows)
	for k, v := range c.state {
		v.Take(from.state[k], rows)
	}
	c.link.Take(from.link, rows)
	c.hashes = sized(c.hashes, c.n)
	for k, r := range rows {
		c.hashes[k] = from.hashes[r]
	}
}

// find makes c what an arrangement (nil: an empty one) has of the keys of another: where nothing is found, the cell of no input.
func (c *cells) find(h *state.Hashed, of *cells, l *layout) error {
	c.n, c.any = of.n, false
	c.found = sized(c.found, c.n)
	clear(c.found)
	if h == nil || h.Rows() == 0 {
		return nil
	}
	if err := h.Lookup(of.keys, of.hashes, nil, of.n, &c.refs); err != nil {
		return err
	}
	for k := range c.found {
		c.found[k] = c.refs.Found(k)
		c.any = c.any || c.found[k]
	}
	if !c.any {
		return nil
	}
	at := len(of.keys)
	h.Gather(&c.refs, at, c.count)
	for k, v := range c.state {
		h.Gather(&c.refs, at+1+k, v)
	}
	h.Gather(&c.refs, at+1+len(c.state), c.link)
	c.count.Valid, c.link.Valid = nil, nil
	for i := range l.calls {
		if call := &l.calls[i]; call.how == merged {
			for k := call.from; k < call.to; k++ {
				c.state[k].Valid = nil // a group that is not there has the zero state
			}
		}
	}
	return nil
}

// merge adds other cells of the same keys to what was found.
func (c *cells) merge(from *cells, a *Aggregate) {
	for i := range a.calls {
		if call := &a.calls[i]; call.how == merged {
			call.fn.Merge(&a.ofGroups.Ctx, c.state[call.from:call.to], a.groups.each0[:c.n], from.state[call.from:call.to], c.n)
		}
	}
	for k := range c.n {
		c.count.I64[k] += from.count.I64[k]
	}
}

// put writes cells under the keys of others.
func (c *cells) put(h *state.Hashed, of *cells, refs *state.Refs) error {
	b := &c.batch
	b.Cols = append(append(append(append(b.Cols[:0], of.keys...), c.count), c.state...), c.link)
	b.N = c.n
	return h.Put(b, of.hashes, refs)
}

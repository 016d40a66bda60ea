package relation

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// content is the rows of a relation as an arrangement: by its key where it has one, else by the whole row. The
// arrangement wants its key first, so its columns are the relation's in another order.
//
// Rows that only ever come, and have no key, are a list instead: there is nothing to find and nothing to take out.
type content struct {
	rows *state.Hashed
	list *state.List // instead of rows
	// order are the relation's columns in the arrangement's order; place is its inverse.
	order, place []int
	key          int
	unique       bool
	hashes       []uint64
	// partial leaves out rows with a null in the key: those of UNIQUE are not held against each other.
	partial     bool
	view        vec.Batch
	plus, minus []int32
	// changes is how many rows of blocks have been applied.
	changes int64
}

// contentSpec is the arrangement's schema for a relation with these columns and key (nil: none), and the order of columns.
func contentSpec(ts []types.Type, key []int) (spec state.Spec, order []int) {
	inKey := make([]bool, len(ts))
	for _, k := range key {
		inKey[k] = true
		order = append(order, k)
	}
	for i := range ts {
		if !inKey[i] {
			order = append(order, i)
		}
	}
	spec.Types = make([]types.Type, len(ts))
	for i, c := range order {
		spec.Types[i] = ts[c]
	}
	spec.Key, spec.Unique = len(key), len(key) > 0
	if !spec.Unique {
		spec.Key = len(ts)
	}
	return spec, order
}

func newContent(mem *state.Memory, ts []types.Type, key []int) *content {
	spec, order := contentSpec(ts, key)
	c := &content{rows: state.NewHashed(mem, spec), order: order, place: make([]int, len(order)), key: spec.Key, unique: spec.Unique}
	for i, k := range order {
		c.place[k] = i
	}
	return c
}

// arrangement is what is the same for rows and list.
type arrangement interface {
	Freeze() *state.Version
	OpenManifest(manifest []byte) (*state.Version, error)
	Adopt(v *state.Version) error
	Rows() int64
	Bytes() int64
	Release()
}

func (c *content) arrangement() arrangement {
	if c.list != nil {
		return c.list
	}
	return c.rows
}

// newListContent is the content of an append-only relation without a key.
func newListContent(mem *state.Memory, ts []types.Type) *content {
	c := &content{list: state.NewList(mem, ts), place: make([]int, len(ts))}
	for i := range c.place {
		c.place[i] = i
	}
	return c
}

// open begins a scan of one key group of a version. A list is all in the first.
func (c *content) open(s *state.Scan, v *state.Version, group int) (any bool) {
	if c.list == nil {
		v.Hashed().Scan(s, group)
		return true
	}
	if group == 0 {
		v.List().ScanFrom(s, 0)
	}
	return group == 0
}

// apply adds a block's changes. With a key it deletes before it puts, since an update is a -1 and a +1 row of one key, in
// any order and perhaps in different batches.
func (c *content) apply(block *Block) error {
	if c.list != nil {
		return block.Scan(func(b *vec.Batch) error {
			c.count(b)
			return c.list.Append(b)
		})
	}
	if !c.unique {
		return block.Scan(func(b *vec.Batch) error {
			c.count(b)
			v := c.arrange(b)
			return c.rows.Apply(v, c.hash(v), nil)
		})
	}
	if err := block.Scan(c.delete); err != nil {
		return err
	}
	return block.Scan(c.put)
}

// delete removes the rows of b that go.
func (c *content) delete(b *vec.Batch) error {
	if b.Weights == nil {
		return nil
	}
	v := c.arrange(b)
	c.signs(v)
	if len(c.minus) == 0 {
		return nil
	}
	v.Sel = c.minus
	_, err := c.rows.Delete(v.Cols[:c.key], c.hash(v), v.Sel, v.N)
	return err
}

// put stores the rows of b that come.
func (c *content) put(b *vec.Batch) error {
	c.count(b)
	v := c.arrange(b)
	if b.Weights != nil || c.partial {
		c.signs(v)
		if c.partial {
			c.plus = withoutNulls(v.Cols[:c.key], c.plus)
		}
		if len(c.plus) == 0 {
			return nil
		}
		v.Sel, v.Weights = c.plus, nil
	}
	return c.rows.Put(v, c.hash(v), nil)
}

// withoutNulls narrows rows to those without a null in the columns.
func withoutNulls(cols []*vec.Vector, rows []int32) []int32 {
	for _, c := range cols {
		if !c.HasNulls() {
			continue
		}
		kept := rows[:0]
		for _, i := range rows {
			if !c.IsNull(int(i)) {
				kept = append(kept, i)
			}
		}
		rows = kept
	}
	return rows
}

// arrange is b with its columns in the arrangement's order.
func (c *content) arrange(b *vec.Batch) *vec.Batch {
	c.view = vec.Batch{Cols: c.view.Cols[:0], N: b.N, Sel: b.Sel, Weights: b.Weights}
	for _, k := range c.order {
		c.view.Cols = append(c.view.Cols, b.Cols[k])
	}
	return &c.view
}

// hash gives the hashes of the keys of rows that arrange has put in order, one for each selected row.
func (c *content) hash(b *vec.Batch) []uint64 {
	n := b.Rows()
	if cap(c.hashes) < n {
		c.hashes = make([]uint64, max(n, vec.BatchSize))
	}
	vec.HashRows(b.Cols[:c.key], b.Sel, b.N, c.hashes[:n])
	return c.hashes[:n]
}

// signs sorts the rows of b into those that come and those that go.
func (c *content) signs(b *vec.Batch) {
	c.plus, c.minus = c.plus[:0], c.minus[:0]
	for k := range b.Rows() {
		i := b.Row(k)
		switch w := b.Weight(i); {
		case w > 0:
			c.plus = append(c.plus, int32(i))
		case w < 0:
			c.minus = append(c.minus, int32(i))
		}
	}
}

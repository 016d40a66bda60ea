package relation

import (
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Found are the rows that a look-up by a unique key has found, one for each key looked up.
type Found struct {
	refs   state.Refs
	hashes []uint64
	// Rows has a row for each key, by the key's index: null in all columns where nothing was found. Its columns are the relation's.
	Rows *vec.Batch
}

// Has reports whether a row was found for the i-th key.
func (f *Found) Has(i int) bool { return f.refs.Found(i) }

// AddIndex keeps the relation's rows by another unique key as well. The relation must be empty.
func (r *Relation) AddIndex(key []int, mem *state.Memory) {
	x := newContent(mem, r.Types, key)
	x.partial = true
	r.indexes = append(r.indexes, x)
}

// HasKey reports whether rows can be found by these columns.
func (r *Relation) HasKey(key []int) bool { return r.byKey(key) != nil }

// byKey is the arrangement whose key are these columns, in this order.
func (r *Relation) byKey(key []int) *content {
	if r.content != nil && r.content.list == nil && r.content.unique && slices.Equal(r.content.order[:r.content.key], key) {
		return r.content
	}
	for _, x := range r.indexes {
		if slices.Equal(x.order[:x.key], key) {
			return x
		}
	}
	return nil
}

// Find looks n rows up by a unique key: keys are the columns named by key, in that order. It reads the content as it is
// now, between two cuts, and freezes nothing; cut is the cut it stands at.
func (r *Relation) Find(key []int, keys []*vec.Vector, n int) (f *Found, cut uint64, err error) {
	f = &Found{}
	cut, err = r.FindInto(f, key, keys, n)
	return f, cut, err
}

// FindInto is Find that uses f and its buffers again: a point read by a prepared statement allocates nothing.
func (r *Relation) FindInto(f *Found, key []int, keys []*vec.Vector, n int) (cut uint64, err error) {
	f.hashes = slices.Grow(f.hashes[:0], n)[:n]
	vec.HashRows(keys, nil, n, f.hashes)
	r.mu.RLock()
	defer r.mu.RUnlock()
	c := r.byKey(key)
	if c == nil { // dropped since the caller looked
		return 0, sqlerr.New(sqlerr.UndefinedTable, "relation %q does not exist", r.Name)
	}
	if f.Rows == nil || len(f.Rows.Cols) != len(r.Types) {
		f.Rows = vec.NewBatch(r.Types, n)
	}
	f.Rows.N = n
	if err := c.rows.Lookup(keys, f.hashes, nil, n, &f.refs); err != nil {
		return 0, err
	}
	for i, p := range c.place {
		c.rows.Gather(&f.refs, p, f.Rows.Cols[i])
	}
	return r.cut, nil
}

// Contains reports for each row of b whether the content, as it is now, has it (identical in all columns).
func (r *Relation) Contains(b *vec.Batch) ([]bool, error) {
	rows := b.Clone()
	has := make([]bool, rows.N)
	r.mu.RLock()
	defer r.mu.RUnlock()
	c := r.content
	if c.unique {
		keys := make([]*vec.Vector, c.key)
		for i := range keys {
			keys[i] = rows.Cols[c.order[i]]
		}
		hashes := make([]uint64, rows.N)
		vec.HashRows(keys, nil, rows.N, hashes)
		return has, c.containsUnique(rows, keys, hashes, has)
	}
	return has, c.containsRow(rows, has)
}

// containsUnique finds each row by its key and compares the rest.
func (c *content) containsUnique(rows *vec.Batch, keys []*vec.Vector, hashes []uint64, has []bool) error {
	var refs state.Refs
	if err := c.rows.Lookup(keys, hashes, nil, rows.N, &refs); err != nil {
		return err
	}
	for i := range has {
		has[i] = refs.Found(i)
	}
	var col vec.Vector
	for i, p := range c.place {
		c.rows.Gather(&refs, p, &col)
		for k := range has {
			has[k] = has[k] && vec.Identical(rows.Cols[i], k, &col, k)
		}
	}
	return nil
}

// containsRow finds whole rows in a content without a key.
func (c *content) containsRow(rows *vec.Batch, has []bool) error {
	v := vec.Batch{N: rows.N}
	for _, k := range c.order {
		v.Cols = append(v.Cols, rows.Cols[k])
	}
	hashes := make([]uint64, v.N)
	vec.HashRows(v.Cols, nil, v.N, hashes)
	p := state.Probe{Cols: []int{}}
	if err := c.rows.Probe(&p, v.Cols, hashes, nil, v.N); err != nil {
		return err
	}
	for {
		more, err := p.Next()
		if err != nil || !more {
			return err
		}
		for _, i := range p.Rows {
			has[i] = true
		}
	}
}

package relation

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Pad says what older rows lack: blocks may come with fewer columns than the relation has, and a snapshot may have fewer. It is for a
// relation that has no rows yet; p may be nil.
func (r *Relation) Pad(p *vec.Padding) { r.padding = p }

// Width is how many columns the relation has.
func (r *Relation) Width() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.Types)
}

// Widen adds columns to the relation: ts are all its columns' types, and p what the rows that there are have in the added ones. The rows
// are copied into an arrangement with the new shape, while readers go on with the versions they hold. Sorted indexes are dropped;
// whoever has made them makes them anew. Nothing of the relation's may be published at the same time.
func (r *Relation) Widen(ts []types.Type, p *vec.Padding) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, keys := r.content, r.indexes
	r.Types, r.padding = ts, p
	for i := range r.history.blocks {
		r.history.bytes -= r.history.blocks[i].bytes()
		r.history.blocks[i].pad(p)
		r.history.bytes += r.history.blocks[i].bytes()
	}
	if old == nil {
		return nil
	}
	r.content, r.indexes = old.widened(ts, r.mem), nil
	for _, x := range keys {
		w := x.widened(ts, r.mem)
		w.partial = true
		r.indexes = append(r.indexes, w)
	}
	if err := r.refill(old, p); err != nil {
		return err
	}
	r.content.changes = old.changes
	old.arrangement().Release()
	for _, x := range keys {
		x.rows.Release()
	}
	return nil
}

// widened is an empty content of rows with more columns, by the same key. Relations whose rows only come are views, which are not
// widened.
func (c *content) widened(ts []types.Type, mem *state.Memory) *content {
	if c.unique {
		return newContent(mem, ts, c.order[:c.key])
	}
	return newContent(mem, ts, nil)
}

// refill puts the rows of an older content, padded, into the relation's.
func (r *Relation) refill(old *content, p *vec.Padding) error {
	reading := &Reading{content: old, version: old.arrangement().Freeze()}
	defer reading.Release()
	return reading.Scan(identity(len(old.place)), func(b *vec.Batch) error {
		wide := p.Pad(b)
		for _, x := range append([]*content{r.content}, r.indexes...) {
			if err := x.add(wide); err != nil {
				return err
			}
		}
		return nil
	})
}

// add puts rows that are not there yet.
func (c *content) add(b *vec.Batch) error {
	if c.unique {
		return c.put(b)
	}
	v := c.arrange(b)
	return c.rows.Apply(v, c.hash(v), nil)
}

// pad gives the block's rows the columns that they lack. The batches themselves are shared by readers, and stay as they are.
func (b *Block) pad(p *vec.Padding) {
	if p == nil || len(b.Batches) == 0 {
		return
	}
	wide := make([]*vec.Batch, len(b.Batches))
	for i, x := range b.Batches {
		wide[i] = p.Pad(x)
	}
	b.Batches = wide
}

func identity(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

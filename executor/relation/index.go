package relation

import (
	"context"
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// index is the rows of a relation sorted by some of its columns: what CREATE INDEX makes. It has whole rows, so that a read needs
// nothing else, and with them their weights.
type index struct {
	oid  uint32
	cols []int // those it is sorted by first
	tree *state.Ordered
	// order are the relation's columns in the tree's order; place is its inverse.
	order, place []int
	view         vec.Batch
	hashes       []uint64

	// ready says that the index is the relation's content sorted; behind are the blocks published while it was not. The relation's
	// lock guards both.
	ready  bool
	behind []Block

	// built is closed when the index is ready, or dropped before.
	built chan struct{}

	// building guards the tree until the index is ready: its builder may be writing it when it is dropped.
	building sync.Mutex
	dropped  bool
}

func newIndex(oid uint32, ts []types.Type, columns []int, mem *state.Memory) *index {
	spec, order := contentSpec(ts, columns)
	spec.Key, spec.Unique = 0, false // one order over everything
	x := &index{oid: oid, cols: columns, tree: state.NewOrdered(mem, spec), order: order, place: make([]int, len(order)), built: make(chan struct{})}
	for i, c := range order {
		x.place[c] = i
	}
	return x
}

// add adds changes with the relation's columns.
func (x *index) add(b *vec.Batch) error {
	x.view = vec.Batch{Cols: x.view.Cols[:0], N: b.N, Sel: b.Sel, Weights: b.Weights}
	for _, c := range x.order {
		x.view.Cols = append(x.view.Cols, b.Cols[c])
	}
	n := b.Rows()
	for len(x.hashes) < n { // all rows have the same key: none
		x.hashes = append(x.hashes, emptyKey)
	}
	return x.tree.Apply(&x.view, x.hashes[:n], nil)
}

// emptyKey is the hash of a key without columns.
var emptyKey = vec.HashDatums(nil, nil)

// publish takes a block, or keeps it for the builder. The relation is locked.
func (x *index) publish(b *Block) error {
	switch {
	case x.ready:
		return b.Scan(x.add)
	case len(b.Batches) > 0 || b.Stored != nil:
		x.behind = append(x.behind, *b)
	}
	return nil
}

// release gives the pages back. The index is no longer one of its relation's, so nobody but its builder can be at it.
func (x *index) release() {
	x.building.Lock()
	defer x.building.Unlock()
	if !x.dropped {
		x.dropped = true
		x.tree.Release()
		x.settle()
	}
}

// settle wakes who waits for the index. building is locked.
func (x *index) settle() {
	select {
	case <-x.built:
	default:
		close(x.built)
	}
}

// DropIndex forgets a sorted index. Reads that have begun go on with the version that they hold.
func (r *Relation) DropIndex(oid uint32) {
	r.mu.Lock()
	i := slices.IndexFunc(r.sorted, func(x *index) bool { return x.oid == oid })
	if i < 0 {
		r.mu.Unlock()
		return
	}
	x := r.sorted[i]
	r.sorted = slices.Delete(slices.Clone(r.sorted), i, i+1)
	r.mu.Unlock()
	x.release()
}

// sortedBy is the index of that name, if reads can use it. The relation is locked.
func (r *Relation) sortedBy(oid uint32) *index {
	for _, x := range r.sorted {
		if x.oid == oid && x.ready {
			return x
		}
	}
	return nil
}

// IndexReady reports whether reads use an index: it has been built.
func (r *Relation) IndexReady(oid uint32) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.sortedBy(oid) != nil
}

// IndexBytes is the memory of an index that reads use; 0 for another.
func (r *Relation) IndexBytes(oid uint32) int64 {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if x := r.sortedBy(oid); x != nil {
		return x.tree.Bytes()
	}
	return 0
}

// AwaitIndex waits until an index has been built, or is not there.
func (r *Relation) AwaitIndex(ctx context.Context, oid uint32) {
	r.mu.RLock()
	i := slices.IndexFunc(r.sorted, func(x *index) bool { return x.oid == oid })
	var built chan struct{}
	if i >= 0 {
		built = r.sorted[i].built
	}
	r.mu.RUnlock()
	if built == nil {
		return
	}
	select {
	case <-built:
	case <-ctx.Done():
	}
}

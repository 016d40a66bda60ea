package relation

import (
	"github.com/streamdb/streamdb/storage/state"
)

// IndexBuild fills a new index with the rows that its relation has already, a batch at a time, while the relation goes on: it reads a
// frozen version of the content, and then what was published since. Until that is done no read uses the index. Steps must not be run at
// the same time; DropIndex may come at any time.
type IndexBuild struct {
	relation *Relation
	index    *index
	reading  *Reading
	columns  []int
	scan     state.Scan
	open     bool
	group    int
	rounds   int
}

// AddSortedIndex begins to keep the relation's rows sorted by columns (each once) as well, in pages of mem. oid names the index.
func (r *Relation) AddSortedIndex(oid uint32, columns []int, mem *state.Memory) *IndexBuild {
	r.mu.Lock()
	defer r.mu.Unlock()
	x := newIndex(oid, r.Types, columns, mem)
	b := &IndexBuild{relation: r, index: x}
	if r.content == nil { // released: nobody will read it
		x.dropped = true
		return b
	}
	b.columns = make([]int, len(r.Types))
	for i := range b.columns {
		b.columns[i] = i
	}
	b.reading = &Reading{content: r.content, version: r.content.arrangement().Freeze(), types: r.Types, Cut: r.cut}
	r.sorted = append(r.sorted, x)
	return b
}

// catchUpRounds is how often a builder goes after what was published while it was at work. What is there then is applied under the
// relation's lock, so that a publisher who is faster cannot keep the index from ever being ready.
const catchUpRounds = 8

// Step does a piece of the work. It is done when the index is ready, or dropped.
func (b *IndexBuild) Step() (done bool, err error) {
	b.index.building.Lock()
	defer b.index.building.Unlock()
	if b.index.dropped {
		b.Close()
		return true, nil
	}
	if b.group < state.Groups {
		return false, b.copyBatch()
	}
	b.Close()
	return b.catchUp()
}

// copyBatch copies the next rows of the frozen content.
func (b *IndexBuild) copyBatch() error {
	if !b.open {
		if b.open = b.reading.OpenScan(&b.scan, b.group, b.columns); !b.open {
			b.group++
			return nil
		}
	}
	more, err := b.scan.Next()
	if err != nil {
		return err
	}
	if !more {
		b.open = false
		b.group++
		return nil
	}
	return b.index.add(b.scan.Batch)
}

// catchUp applies what was published meanwhile.
func (b *IndexBuild) catchUp() (done bool, err error) {
	r, x := b.relation, b.index
	b.rounds++
	r.mu.Lock()
	behind := x.behind
	x.behind = nil
	if len(behind) == 0 || b.rounds > catchUpRounds {
		defer r.mu.Unlock()
		if err := x.addBlocks(behind); err != nil {
			return false, err
		}
		x.ready = true
		x.settle()
		return true, nil
	}
	r.mu.Unlock()
	return false, x.addBlocks(behind)
}

func (x *index) addBlocks(blocks []Block) error {
	for i := range blocks {
		if err := blocks[i].Scan(x.add); err != nil {
			return err
		}
	}
	return nil
}

// Close gives the frozen content back, whether the index is done or not.
func (b *IndexBuild) Close() {
	if b.reading != nil {
		b.reading.Release()
		b.reading = nil
	}
}

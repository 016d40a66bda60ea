package changelog

import (
	"math"
	"slices"

	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// Blocks walks over the rows of a relation in the epochs from (inclusive) to (exclusive), epoch by epoch, as the log is
// now. Within an epoch, rows come in the order in which Append was given them.
func (l *Log) Blocks(relation uint32, from, to uint64) (*BlockIter, error) {
	it, err := l.store.Scan(kv.LogRange(relation))
	if err != nil {
		return nil, err
	}
	b := &BlockIter{it: it, relation: relation, to: to, padding: l.padding(relation)}
	if b.refs, err = readReferences(it, relation, from, to); err != nil {
		it.Close()
		return nil, err
	}
	b.seekBlock(from, 0)
	return b, nil
}

// BlockIter walks over blocks. It holds one block in memory, whatever the size of an epoch. It is for one goroutine,
// which closes it.
type BlockIter struct {
	it       kv.Iterator
	relation uint32
	to       uint64

	refs []reference // still to be read
	// While a stage is being read, stage is its reference, chunk the next of its blocks, and next the block to go back to.
	stage *reference
	chunk uint32
	next  blockID
	// atBlock says that the iterator stands on a block in the range that was not given yet.
	atBlock bool

	epoch uint64
	batch *vec.Batch
	// padding is what older rows lack.
	padding *vec.Padding
	key     []byte
	err     error
}

// Next moves to the next block. It is false at the end and after an error.
func (b *BlockIter) Next() bool {
	if b.err != nil {
		return false
	}
	for {
		if b.stage != nil {
			if b.chunk < b.stage.extent.chunks {
				return b.readStage()
			}
			b.stage = nil
			b.seekBlock(b.next.epoch, b.next.chunk)
		}
		if b.err != nil {
			return false
		}
		at := blockID{epoch: math.MaxUint64}
		if b.atBlock {
			at.epoch, at.chunk = kv.LogKeyNumbers(b.it.Key())
		}
		if len(b.refs) > 0 && b.refs[0].at.compare(at) <= 0 {
			b.stage, b.refs, b.chunk, b.next = &b.refs[0], b.refs[1:], 0, at
			continue
		}
		if !b.atBlock {
			return false
		}
		b.epoch = at.epoch
		ok := b.read()
		b.moved(b.it.Next())
		return ok && b.err == nil
	}
}

// readStage reads the next chunk of the stage.
func (b *BlockIter) readStage() bool {
	b.key = kv.StageKey(b.key[:0], b.relation, b.stage.stage, b.chunk)
	var found bool
	if b.chunk == 0 {
		found = b.it.Seek(b.key)
	} else {
		found = b.it.Next()
	}
	if !found || string(b.it.Key()) != string(b.key) {
		if b.err = b.it.Err(); b.err == nil {
			b.err = kv.Damaged(blockName(b.key), "it is missing")
		}
		return false
	}
	b.epoch = b.stage.at.epoch
	b.chunk++
	return b.read()
}

func (b *BlockIter) read() bool {
	value, err := b.it.Value()
	if err == nil {
		b.batch, err = decodeBlock(b.it.Key(), value)
	}
	if b.err = err; err == nil {
		b.batch = b.padding.Pad(b.batch)
	}
	return err == nil
}

// seekBlock moves the iterator to the first block at or after a chunk of an epoch.
func (b *BlockIter) seekBlock(epoch uint64, chunk uint32) {
	b.key = kv.BlockKey(b.key[:0], b.relation, epoch, chunk)
	b.moved(b.it.Seek(b.key))
}

// moved looks at where the iterator has come: whether that is a block in the range.
func (b *BlockIter) moved(ok bool) {
	b.atBlock = ok && kv.IsBlockKey(b.it.Key())
	if b.atBlock {
		epoch, _ := kv.LogKeyNumbers(b.it.Key())
		b.atBlock = epoch < b.to
	}
	if !ok && b.err == nil {
		b.err = b.it.Err()
	}
}

// Epoch is the epoch of the current block.
func (b *BlockIter) Epoch() uint64 { return b.epoch }

// Batch is the rows of the current block. It is the caller's.
func (b *BlockIter) Batch() *vec.Batch { return b.batch }

// Err is the error that ended the walk, or nil.
func (b *BlockIter) Err() error { return b.err }

// Close ends the walk.
func (b *BlockIter) Close() error { return b.it.Close() }

// readReferences lists a relation's references in their order: there is one for each large COPY, so that they are few.
func readReferences(it kv.Iterator, relation uint32, from, to uint64) ([]reference, error) {
	r := kv.ReferenceRange(relation, from, to)
	var refs []reference
	for ok := it.Seek(r.Lower); ok && string(it.Key()) < string(r.Upper); ok = it.Next() {
		value, err := it.Value()
		if err != nil {
			return nil, err
		}
		x, err := decodeReference(it.Key(), value)
		if err != nil {
			return nil, err
		}
		refs = append(refs, x)
	}
	slices.SortFunc(refs, func(a, b reference) int { return a.at.compare(b.at) })
	return refs, it.Err()
}

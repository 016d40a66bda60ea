package relation

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Block is what changed in a relation at a cut.
type Block struct {
	Epoch uint64
	// Time is the epoch's recorded time.
	Time int64
	// Batches are the consolidated changes, shared by all readers and never written again.
	Batches []*vec.Batch
	// Stored reads the changes from the log, when they are too many to be kept in memory; nil otherwise. It may be called
	// any number of times, at the same time as well.
	Stored func(emit func(*vec.Batch) error) error
	// Ranges are the changes of a replayable source: not rows, but where to read them.
	Ranges []Range
	// Watermark is the relation's watermark at the end of the epoch.
	Watermark int64
}

// Range is a part of a source's split, from a position up to another.
type Range struct {
	Split    string
	From, To connector.Position
}

// Empty says that a block has no rows; it may still move the watermark.
func (b *Block) Empty() bool { return len(b.Batches) == 0 && len(b.Ranges) == 0 && b.Stored == nil }

// Scan emits the rows of the block, but for those of Ranges.
func (b *Block) Scan(emit func(*vec.Batch) error) error {
	for _, x := range b.Batches {
		if err := emit(x); err != nil {
			return err
		}
	}
	if b.Stored != nil {
		return b.Stored(emit)
	}
	return nil
}

func (b *Block) bytes() (n int64) {
	for _, x := range b.Batches {
		n += int64(x.Bytes())
	}
	return n
}

// history is the blocks that are kept, ascending by epoch.
type history struct {
	blocks []Block
	// trimmed is the epoch of the newest block that is gone.
	trimmed   uint64
	bytes     int64
	watermark int64
}

func newHistory() history { return history{watermark: op.NoWatermark} }

func (h *history) append(b Block) {
	b.Watermark = max(b.Watermark, h.watermark)
	h.watermark = b.Watermark
	h.blocks = append(h.blocks, b)
	h.bytes += b.bytes()
}

// after is the index of the first block past an epoch.
func (h *history) after(epoch uint64) int {
	lo, hi := 0, len(h.blocks)
	for lo < hi {
		if m := (lo + hi) / 2; h.blocks[m].Epoch <= epoch {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo
}

// trim forgets the blocks up to and with an epoch.
func (h *history) trim(epoch uint64) {
	n := h.after(epoch)
	if n == 0 {
		return
	}
	for i := range h.blocks[:n] {
		h.bytes -= h.blocks[i].bytes()
	}
	h.trimmed = h.blocks[n-1].Epoch
	h.blocks = append([]Block(nil), h.blocks[n:]...)
}

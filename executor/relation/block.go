package relation

import (
	"sort"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Block is what changed in a relation at a cut.
type Block struct {
	Epoch uint64
	// From is the first epoch whose changes are in the block, if they are those of several (0: of Epoch alone). At the epochs from there
	// to Epoch the relation has no cut.
	From uint64
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
	// Idle says that the relation holds up no watermark from the end of the epoch on, where it meets others.
	Idle bool
}

// Range is a part of a source's split, from a position up to another.
type Range struct {
	Split    string
	From, To connector.Position
}

// Rows is how many rows the block has at most; those in the log are not counted.
func (b *Block) Rows() (n int64) {
	for _, x := range b.Batches {
		n += int64(x.N)
	}
	for _, r := range b.Ranges {
		n += int64(r.To - r.From)
	}
	return n
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
	// before is the watermark at the newest block that is gone.
	before int64
	// idle is the status at the newest block, idleBefore that at the newest that is gone.
	idle, idleBefore bool
	// spans are the steps over several epochs, ascending: also those that changed nothing.
	spans []span
}

// span is a step over the epochs from first to cut.
type span struct{ first, cut uint64 }

func newHistory() history { return history{watermark: op.NoWatermark, before: op.NoWatermark} }

func (h *history) append(b Block) {
	b.Watermark = max(b.Watermark, h.watermark)
	h.watermark, h.idle = b.Watermark, b.Idle
	h.blocks = append(h.blocks, b)
	h.bytes += b.bytes()
}

// news reports whether a block says anything at all.
func (h *history) news(b *Block) bool {
	return !b.Empty() || b.Watermark > h.watermark || b.Idle != h.idle
}

// step notes that a block was one step over several epochs.
func (h *history) step(b *Block) {
	if b.From != 0 && b.From < b.Epoch {
		h.spans = append(h.spans, span{b.From, b.Epoch})
	}
}

// within is the step inside of which an epoch lies, with its cut still ahead.
func (h *history) within(epoch uint64) (s span, ok bool) {
	i := sort.Search(len(h.spans), func(i int) bool { return h.spans[i].cut > epoch })
	if i == len(h.spans) || h.spans[i].first > epoch {
		return span{}, false
	}
	return h.spans[i], true
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
	gone := sort.Search(len(h.spans), func(i int) bool { return h.spans[i].cut > epoch })
	h.spans = append([]span(nil), h.spans[gone:]...)
	n := h.after(epoch)
	if n == 0 {
		return
	}
	for i := range h.blocks[:n] {
		h.bytes -= h.blocks[i].bytes()
	}
	h.trimmed, h.before, h.idleBefore = h.blocks[n-1].Epoch, h.blocks[n-1].Watermark, h.blocks[n-1].Idle
	h.blocks = append([]Block(nil), h.blocks[n:]...)
}

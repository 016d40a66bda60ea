package microbatch

import (
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
)

// block is what one task sends to one partition through an exchange: rows and watermarks, and a Cut at the end of each segment. It
// never changes once its task has committed.
type block struct {
	messages []exchange.Message
	rows     int
	bytes    int64 // of the rows in memory
	// place is where the rows lie in the scratch file, if they are not in memory: the batches of messages are nil then.
	place *place
}

// target fills a block; it implements exchange.Target.
type target struct {
	block *block
	pool  *pool
}

// Full implements exchange.Target: a batch is bounded when it is cut.
func (t *target) Full() bool { return false }

// Take implements exchange.Target.
func (t *target) Take() *vec.Batch { return t.pool.take() }

// Send implements exchange.Target.
func (t *target) Send(m exchange.Message) {
	if m.Batch != nil {
		t.block.rows += m.Batch.N
		t.block.bytes += int64(m.Batch.Bytes())
	}
	t.block.messages = append(t.block.messages, m)
}

// take gives the block that was filled and begins another.
func (t *target) take() *block {
	b := t.block
	t.block = &block{}
	return b
}

// marks are the newest watermarks in a block at the end of each of so many segments, given the one before. A block of fewer segments
// has everything in the last.
func (b *block) marks(segments int, before int64) []int64 {
	out := make([]int64, segments)
	cuts := 0
	for _, m := range b.messages {
		if m.Kind == exchange.Cut {
			cuts++
		}
	}
	at, newest := segments-max(1, cuts), before
	for i := range at {
		out[i] = before
	}
	for _, m := range b.messages {
		switch m.Kind {
		case exchange.Watermark:
			newest = max(newest, m.Time)
		case exchange.Cut:
			out[at] = newest
			at++
		}
	}
	for ; at < segments; at++ {
		out[at] = newest
	}
	return out
}

// lowest is the merged watermark at the end of each segment of what several partitions wrote.
func lowest(ports [][]int64, segments int) []int64 {
	out := make([]int64, segments)
	for s := range out {
		out[s] = op.EndOfTime
		for _, p := range ports {
			out[s] = min(out[s], p[s])
		}
	}
	return out
}

// reader gives the rows of a block segment by segment.
type reader struct {
	block *block
	at    int
	skip  int // segments before the block's first
}

func newReader(b *block, segments int) reader {
	cuts := 0
	for _, m := range b.messages {
		if m.Kind == exchange.Cut {
			cuts++
		}
	}
	return reader{block: b, skip: segments - max(1, cuts)}
}

// next pushes the rows of one segment.
func (r *reader) next(push func(*vec.Batch) error) error {
	if r.skip > 0 {
		r.skip--
		return nil
	}
	for r.at < len(r.block.messages) {
		m := r.block.messages[r.at]
		r.at++
		switch m.Kind {
		case exchange.Cut:
			return nil
		case exchange.Data:
			if err := push(m.Batch); err != nil {
				return err
			}
		}
	}
	return nil
}

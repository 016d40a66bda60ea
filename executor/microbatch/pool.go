package microbatch

import (
	"sync"
	"time"

	"github.com/streamdb/streamdb/sql/vec"
)

// poolIdle is how long after the newest batch a driver gives up emptied ones.
const poolIdle = time.Second

// pool keeps batches of one exchange's columns for new blocks: as many as were taken from one base of the lineage to the next, since as many
// come back at once.
type pool struct {
	mu    sync.Mutex
	free  []*vec.Batch
	taken int // since the last trim
}

func (p *pool) put(b *vec.Batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, b)
}

// trim gives up what was not needed since the last time.
func (p *pool) trim() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.taken; n < len(p.free) {
		p.free = append(make([]*vec.Batch, 0, n), p.free[:n]...)
	}
	p.taken = 0
}

// take gives an emptied batch, or nil.
func (p *pool) take() *vec.Batch {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken++
	n := len(p.free)
	if n == 0 {
		return nil
	}
	b := p.free[n-1]
	p.free[n-1] = nil
	p.free = p.free[:n-1]
	b.Recycle()
	return b
}

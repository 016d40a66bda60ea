package microbatch

import (
	"sync"

	"github.com/streamdb/streamdb/sql/vec"
)

// poolSize is how many emptied batches an exchange keeps.
const poolSize = 1024

// pool keeps batches of one exchange's columns for new blocks.
type pool struct {
	mu   sync.Mutex
	free []*vec.Batch
}

func (p *pool) put(b *vec.Batch) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) < poolSize {
		p.free = append(p.free, b)
	}
}

// take gives an emptied batch, or nil.
func (p *pool) take() *vec.Batch {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := len(p.free)
	if n == 0 {
		return nil
	}
	b := p.free[n-1]
	p.free = p.free[:n-1]
	b.Recycle()
	return b
}

package exchange

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Routing says which receiver gets a row.
type Routing struct {
	// Keys are the columns whose hash decides. Empty keys hash alike, so all rows go to the owner of that one key group.
	Keys []int
	// Broadcast sends every row to every receiver; Keys do not matter.
	Broadcast bool
	// Owner is the receiver of each key group.
	Owner [state.Groups]int
}

// Spread is the even assignment of key groups to so many tasks, in contiguous runs.
func Spread(tasks int) (owner [state.Groups]int) {
	for g := range owner {
		owner[g] = g * tasks / state.Groups
	}
	return owner
}

// Target is where a receiver's rows go: a channel to it, or a block that is kept for it.
type Target interface {
	// Full reports whether the sender should hold back.
	Full() bool
	// Take gives an emptied batch to fill, or nil.
	Take() *vec.Batch
	// Send adds a message; a batch sent is the target's.
	Send(m Message)
}

// Partitioner is a task's Output into an exchange: it copies each row into the batch under way to its receiver. It has one
// user.
type Partitioner struct {
	routing Routing
	types   []types.Type
	out     []Target
	pending []*vec.Batch // a receiver's batch being filled, or nil
	sizes   []int        // how many rows those have
	hashes  []uint64
	keys    []*vec.Vector
	rows    [][]int32 // a receiver's rows of the current batch
}

// NewPartitioner makes the output of one task: out has one target for each receiver.
func NewPartitioner(ts []types.Type, r Routing, out []Target) *Partitioner {
	p := &Partitioner{routing: r, types: ts, out: out, pending: make([]*vec.Batch, len(out)), sizes: make([]int, len(out)),
		rows: make([][]int32, len(out)), keys: make([]*vec.Vector, len(r.Keys))}
	for i := range p.sizes {
		p.sizes[i] = firstSize
	}
	return p
}

// Full reports whether a receiver lags so far that its sender should hold back.
func (p *Partitioner) Full() bool {
	full := false
	for _, c := range p.out {
		full = c.Full() || full
	}
	return full
}

// Batch implements op.Output.
func (p *Partitioner) Batch(b *vec.Batch) error {
	switch {
	case b.Rows() == 0:
	case p.routing.Broadcast:
		for r := range p.out {
			p.add(r, b, b.Sel)
		}
	case len(p.out) == 1:
		p.add(0, b, b.Sel)
	default:
		p.split(b)
	}
	return nil
}

// split sorts the rows of b by receiver, a counting pass over the hashes of the keys.
func (p *Partitioner) split(b *vec.Batch) {
	for i, k := range p.routing.Keys {
		p.keys[i] = b.Cols[k]
	}
	n := b.Rows()
	if cap(p.hashes) < n {
		p.hashes = make([]uint64, max(n, vec.BatchSize))
	}
	hashes := p.hashes[:n]
	vec.HashRows(p.keys, b.Sel, b.N, hashes)
	for r := range p.rows {
		p.rows[r] = p.rows[r][:0]
	}
	for k, h := range hashes {
		r := p.routing.Owner[state.GroupOf(h)]
		p.rows[r] = append(p.rows[r], int32(b.Row(k)))
	}
	for r, rows := range p.rows {
		if len(rows) > 0 {
			p.add(r, b, rows)
		}
	}
}

// add copies rows of b (nil: all) into the batches for receiver r and sends those that are full. A batch is filled to its size and not past
// it: growing it would copy what is in it, and leave a buffer of twice the size.
func (p *Partitioner) add(r int, b *vec.Batch, rows []int32) {
	if rows == nil {
		p.addAll(r, b)
		return
	}
	for len(rows) > 0 {
		to := p.filling(r, len(rows))
		n := min(len(rows), p.sizes[r]-to.N)
		to.AppendRows(b, rows[:n])
		rows = rows[n:]
		p.sendFull(r)
	}
}

// addAll copies b whole: behind what is there if there is room for it.
func (p *Partitioner) addAll(r int, b *vec.Batch) {
	for p.sizes[r] < min(b.N, vec.BatchSize) {
		p.sizes[r] *= 2
	}
	if p.filling(r, b.N).N+b.N > p.sizes[r] {
		p.flush(r)
	}
	p.filling(r, b.N).AppendBatch(b)
	p.sendFull(r)
}

// filling is the batch under way to a receiver, to which so many rows are to be added. A first, small one may grow to its size.
func (p *Partitioner) filling(r, rows int) *vec.Batch {
	if p.pending[r] == nil {
		if p.pending[r] = p.out[r].Take(); p.pending[r] == nil {
			room := p.sizes[r]
			if room == firstSize {
				room = min(room, rows)
			}
			p.pending[r] = vec.NewBatch(p.types, room)
		}
	}
	return p.pending[r]
}

// firstSize is how many rows the first batches of a receiver have. While they are filled between two cuts they get twice as large each
// time, up to vec.BatchSize: a view to which little comes, of which there may be thousands, has small ones for good.
const firstSize = 64

func (p *Partitioner) sendFull(r int) {
	if p.pending[r].N < p.sizes[r] {
		return
	}
	p.flush(r)
	p.sizes[r] = min(2*p.sizes[r], vec.BatchSize)
}

func (p *Partitioner) flush(r int) {
	if b := p.pending[r]; b != nil && b.N > 0 {
		p.pending[r] = nil
		p.out[r].Send(Message{Kind: Data, Batch: b})
	}
}

// Watermark implements op.Output: it goes to every receiver, behind the rows before it.
func (p *Partitioner) Watermark(t int64) error {
	for r, c := range p.out {
		p.flush(r)
		c.Send(Message{Kind: Watermark, Time: t})
	}
	return nil
}

// Barrier sends a cut's marker to every receiver, behind everything before it.
func (p *Partitioner) Barrier(b Barrier) {
	for r, c := range p.out {
		p.flush(r)
		c.Send(Message{Kind: Cut, Barrier: b})
	}
}

package session

import (
	"sync"

	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

const (
	// fanBytes is how much encoded output is kept of a relation, the newest blocks first, for those of its subscribers that have not come
	// to it yet. One that lags further encodes for itself.
	fanBytes = 4 << 20
	// fanRows is how many rows of a block are encoded in one piece at most: more are written as they are encoded.
	fanRows = 32 << 10
)

// fans are the relations that are subscribed to, by OID.
type fans struct {
	mu   sync.Mutex
	open map[uint32]*fan
}

// fan has a relation's newest blocks as its subscribers are sent them, so that each is encoded once for all that want one form.
type fan struct {
	mu          sync.Mutex
	subscribers int
	frames      map[frameKey]*frame
	order       []frameKey // the oldest first
	bytes       int
}

// frameKey is a block in a form of the client's (engine.Sharer), with so many of the relation's columns.
type frameKey struct {
	epoch   uint64
	columns int
	form    string
}

// frame is an encoded block. It is made by the first subscriber that needs it, and never written after.
type frame struct {
	once     sync.Once
	messages []byte
	rows     int64
	err      error

	// What follows is the fan's.
	counted   int
	forgotten bool
}

// errUnfinished is that of a frame whose maker has panicked.
var errUnfinished = sqlerr.Internal("a block could not be encoded for its subscribers")

// join gives a relation's fan to one more subscriber, who leaves it.
func (f *fans) join(oid uint32) *fan {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.open == nil {
		f.open = map[uint32]*fan{}
	}
	x := f.open[oid]
	if x == nil {
		x = &fan{frames: map[frameKey]*frame{}}
		f.open[oid] = x
	}
	x.mu.Lock()
	x.subscribers++
	x.mu.Unlock()
	return x
}

func (f *fans) leave(oid uint32, x *fan) {
	f.mu.Lock()
	defer f.mu.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.subscribers--; x.subscribers == 0 {
		delete(f.open, oid)
	}
}

// frame is that of a key; nil if it is not worth sharing, as there is one subscriber.
func (f *fan) frame(key frameKey) *frame {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.subscribers < 2 {
		return nil
	}
	x := f.frames[key]
	if x == nil {
		x = &frame{}
		f.frames[key] = x
		f.order = append(f.order, key)
	}
	return x
}

// made counts a frame that has been encoded, and forgets old ones. Who is still writing one keeps it until then.
func (f *fan) made(x *frame) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if x.forgotten {
		return
	}
	x.counted = len(x.messages)
	f.bytes += x.counted
	for f.bytes > fanBytes && len(f.order) > 1 {
		old := f.frames[f.order[0]]
		delete(f.frames, f.order[0])
		f.order = f.order[1:]
		f.bytes -= old.counted
		old.forgotten = true
	}
}

// shared gives a block in the messages that all subscribers of its form share. done is false if it cannot be shared.
func (o *subscriber) shared(b *relation.Block) (done bool, err error) {
	w := o.y.sharer
	if w == nil || b.Stored != nil || b.Rows() > fanRows {
		return false, nil
	}
	form := w.Form()
	if form == "" {
		return false, nil
	}
	x := o.fan.frame(frameKey{b.Epoch, o.sub.columns, form})
	if x == nil {
		return false, nil
	}
	x.once.Do(func() {
		x.err = errUnfinished
		x.err = o.encode(x, b)
		o.fan.made(x)
	})
	if x.err != nil {
		return false, x.err
	}
	o.y.rows += x.rows
	return true, w.Encoded(x.messages, x.rows)
}

func (o *subscriber) encode(x *frame, b *relation.Block) error {
	return b.Scan(func(part *vec.Batch) (err error) {
		rows := o.framed(part)
		x.rows += count(rows)
		x.messages, err = o.y.sharer.Encode(x.messages, rows)
		return err
	})
}

package exchange

import (
	"sync"

	"github.com/streamdb/streamdb/sql/vec"
)

// Kind says what a message is.
type Kind uint8

// The kinds of message.
const (
	Data      Kind = iota // Batch
	Scan                  // Input: rows to be pulled
	Watermark             // Time
	Cut                   // Barrier
)

// Message is what crosses a channel.
type Message struct {
	Kind    Kind
	Batch   *vec.Batch
	Input   Input
	Time    int64
	Barrier Barrier
}

// Barrier is a cut's marker in the flow.
type Barrier struct {
	// Epoch is the cut's epoch.
	Epoch uint64
	// Time is the recorded time of the epoch, in microseconds since 1970; 0 of a cut that only lets watermarks through.
	Time int64
	// Snapshot asks the task to freeze its state at this cut.
	Snapshot bool
	// Within says that it is no cut but the end of an epoch inside of a step: rows and watermarks of the next one stay behind it.
	Within bool
}

// Channel is a queue of messages between two tasks.
type Channel struct {
	mu    sync.Mutex
	queue []Message
	head  int
	rows  int // in queue
	limit int
	// full says that the sender has seen it full and wants to be woken.
	full bool
	free []*vec.Batch

	// Receiver and Sender are woken when there is something to receive, and when there is room again.
	receiver, sender func()
}

// DefaultRows is a channel's bound: enough to keep both sides busy for about a millisecond.
const DefaultRows = 16 * vec.BatchSize

// NewChannel makes a channel bounded to so many rows.
func NewChannel(rows int) *Channel { return &Channel{limit: rows} }

// Connect sets whom to wake. It must be called before the first message.
func (c *Channel) Connect(sender, receiver func()) { c.sender, c.receiver = sender, receiver }

// Send adds a message. A batch sent belongs to the channel until the receiver is done with it.
func (c *Channel) Send(m Message) {
	c.mu.Lock()
	c.queue = append(c.queue, m)
	if m.Batch != nil {
		c.rows += m.Batch.N
	}
	c.mu.Unlock()
	c.receiver()
}

// Full reports whether the sender should hold back; if so it will be woken once there is room.
func (c *Channel) Full() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.full = c.rows >= c.limit
	return c.full
}

// Peek gives the first message without taking it.
func (c *Channel) Peek() (Message, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.head == len(c.queue) {
		return Message{}, false
	}
	return c.queue[c.head], true
}

// Pop takes the message that Peek gave. Unless the receiver keeps its batch, the sender may fill it again.
func (c *Channel) Pop(keep bool) {
	c.mu.Lock()
	m := c.queue[c.head]
	c.queue[c.head] = Message{}
	c.head++
	if c.head == len(c.queue) {
		c.queue, c.head = c.queue[:0], 0
	} else if c.head >= 64 && 2*c.head >= len(c.queue) {
		n := copy(c.queue, c.queue[c.head:])
		clear(c.queue[n:])
		c.queue, c.head = c.queue[:n], 0
	}
	wake := false
	if m.Batch != nil {
		c.rows -= m.Batch.N
		wake = c.full && c.rows < c.limit
		if wake {
			c.full = false
		}
		if !keep && len(c.free) < 8 {
			c.free = append(c.free, m.Batch)
		}
	}
	c.mu.Unlock()
	if wake {
		c.sender()
	}
}

// Take gives a batch that the receiver has done with, emptied, or nil.
func (c *Channel) Take() *vec.Batch {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.free) == 0 {
		return nil
	}
	b := c.free[len(c.free)-1]
	c.free = c.free[:len(c.free)-1]
	b.Recycle()
	return b
}

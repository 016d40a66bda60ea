package exchange

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// wakes counts how often the two sides of a channel were woken.
type wakes struct{ sender, receiver int }

func newTestChannel(rows int) (*Channel, *wakes) {
	c, w := NewChannel(rows), &wakes{}
	c.Connect(func() { w.sender++ }, func() { w.receiver++ })
	return c, w
}

var int8s = []types.Type{types.T(types.Int8)}

func rowsOf(n int) *vec.Batch {
	b := vec.NewBatch(int8s, n)
	for i := range n {
		b.AppendRow(1, types.NewInt(int64(i)))
	}
	return b
}

// TestChannelModel compares a channel with a slice: order, bound, and that a sender who saw it full is woken when there is
// room again, once.
func TestChannelModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 20).Draw(t, "limit")
		c, w := newTestChannel(limit)
		var queue []Message
		sent, waiting, woken := 0, false, 0
		rows := func() (n int) {
			for _, m := range queue {
				if m.Batch != nil {
					n += m.Batch.N
				}
			}
			return n
		}
		t.Repeat(map[string]func(*rapid.T){
			"data": func(t *rapid.T) {
				m := Message{Kind: Data, Batch: rowsOf(rapid.IntRange(1, 9).Draw(t, "rows"))}
				c.Send(m)
				queue, sent = append(queue, m), sent+1
			},
			"burst": func(*rapid.T) { // long enough for the queue to be compacted while it is not empty
				for range 150 {
					m := Message{Kind: Watermark, Time: int64(sent)}
					c.Send(m)
					queue, sent = append(queue, m), sent+1
				}
			},
			"full": func(t *rapid.T) {
				waiting = rows() >= limit
				require.Equal(t, waiting, c.Full())
			},
			"pop": func(t *rapid.T) {
				for range rapid.IntRange(1, 100).Draw(t, "n") {
					m, ok := c.Peek()
					require.Equal(t, len(queue) > 0, ok)
					if !ok {
						return
					}
					require.Equal(t, queue[0], m)
					c.Pop(true)
					queue = queue[1:]
					if waiting && rows() < limit {
						waiting = false
						woken++
					}
				}
			},
			"": func(t *rapid.T) {
				require.Equal(t, sent, w.receiver)
				require.Equal(t, woken, w.sender)
			},
		})
	})
}

// TestSoftBound: a step that makes more than there is room for finishes; nothing is refused or dropped.
func TestSoftBound(t *testing.T) {
	c, w := newTestChannel(10)
	require.False(t, c.Full())
	for range 5 {
		c.Send(Message{Batch: rowsOf(8)})
	}
	require.True(t, c.Full())
	for range 3 {
		c.Pop(false)
		require.Zero(t, w.sender, "woken before there is room")
	}
	c.Pop(false)
	require.Equal(t, 1, w.sender)
	c.Pop(false)
	require.Equal(t, 1, w.sender, "woken though it did not wait")
	_, ok := c.Peek()
	require.False(t, ok)
}

// TestRecycle: the sender gets back the batches that the receiver did not keep, and those alone.
func TestRecycle(t *testing.T) {
	c, _ := newTestChannel(1000)
	require.Nil(t, c.Take())
	kept, done := rowsOf(3), rowsOf(4)
	c.Send(Message{Batch: kept})
	c.Send(Message{Kind: Watermark, Time: 1})
	c.Send(Message{Batch: done})
	require.Nil(t, c.Take(), "the receiver has not been there")
	c.Pop(true)
	c.Pop(false)
	require.Nil(t, c.Take())
	c.Pop(false)
	got := c.Take()
	require.Same(t, done, got)
	require.Zero(t, got.N)
	require.Zero(t, got.Cols[0].Len())
	require.Nil(t, c.Take())
	require.Equal(t, 3, kept.N)

	for range 20 {
		c.Send(Message{Batch: rowsOf(1)})
	}
	for range 20 {
		c.Pop(false)
	}
	n := 0
	for c.Take() != nil {
		n++
	}
	require.Equal(t, 8, n, "a burst does not stay in memory")
}

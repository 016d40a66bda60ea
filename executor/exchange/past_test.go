package exchange

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/vec"
)

// listed is an input of given items, which are told when the feed ends.
type listed struct {
	items []Item
	open  int
}

func (l *listed) Open() (Feed, error) { l.open++; return &listedFeed{of: l, left: l.items}, nil }
func (l *listed) Release()            {}

type listedFeed struct {
	of   *listed
	left []Item
}

func (f *listedFeed) Next() (Item, error) {
	if len(f.left) == 0 {
		return NoItem, nil
	}
	x := f.left[0]
	f.left = f.left[1:]
	return x, nil
}

func (f *listedFeed) Close() { f.of.open-- }

// TestInOrder: items come epoch by epoch, rows before watermarks, and those of one input in its order; all feeds are closed.
func TestInOrder(t *testing.T) {
	rows := func(epoch uint64) Item { return Item{Batch: &vec.Batch{}, Epoch: epoch, Watermark: NoItem.Watermark} }
	mark := func(epoch uint64) Item { return Item{Epoch: epoch, Watermark: int64(epoch) * 10} }
	a := &listed{items: []Item{rows(1), rows(1), mark(1), mark(4), rows(5), mark(5)}}
	b := &listed{items: []Item{rows(2), mark(2), rows(4), rows(5)}}
	c := &listed{}
	type read struct {
		from  int
		epoch uint64
		rows  bool
	}
	var got []read
	require.NoError(t, InOrder([]Input{a, b, c}, func(i int, x Item) error {
		got = append(got, read{i, x.Epoch, x.Batch != nil})
		return nil
	}))
	require.Equal(t, []read{{0, 1, true}, {0, 1, true}, {0, 1, false}, {1, 2, true}, {1, 2, false}, {1, 4, true}, {0, 4, false}, {0, 5, true}, {1, 5, true}, {0, 5, false}}, got)
	require.Zero(t, a.open+b.open+c.open)
}

package limit

import (
	"slices"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

const second = 1_000_000 // of event time, which counts microseconds

// tally is a number of bids of an auction.
type tally struct{ auction, num int64 }

// slicer counts the bids of each auction in slices of two seconds, five of which make a window of q5.
type slicer struct {
	current int64
	counts  []int64 // of the current slice, by auction
	touched []int64 // auctions with a count
	slices  map[int64][]tally
}

const (
	sliceLength = 2 * second
	perWindow   = 5
)

func (s *slicer) add(auction, slice int64) {
	if slice != s.current {
		s.seal()
		s.current = slice
	}
	if s.counts[auction] == 0 {
		s.touched = append(s.touched, auction)
	}
	s.counts[auction]++
}

// seal ends the current slice. A worker's events are in order, so that it never comes back.
func (s *slicer) seal() {
	out := s.slices[s.current]
	for _, a := range s.touched {
		out = append(out, tally{a, s.counts[a]})
		s.counts[a] = 0
	}
	s.slices[s.current], s.touched = out, s.touched[:0]
}

// hotItems is q5.
func hotItems(e Events, emit func(int, *vec.Batch)) error {
	workers := make([]slicer, e.Workers)
	for w := range workers {
		workers[w] = slicer{counts: make([]int64, e.auctions()), slices: map[int64][]tally{}}
	}
	if err := e.each("bid", func(w int, b *vec.Batch) {
		s, at := &workers[w], b.Cols[bidTime].I64
		for i, id := range b.Cols[bidAuction].I64 {
			s.add(id-firstAuction, at[i]/sliceLength)
		}
	}); err != nil {
		return err
	}
	all := &workers[0]
	all.seal()
	for w := range workers[1:] {
		workers[w+1].seal()
		for k, list := range workers[w+1].slices {
			all.slices[k] = append(all.slices[k], list...)
		}
	}
	out := newRows([]types.Type{bigint, bigint}, emit)
	for _, start := range windowStarts(all.slices) {
		all.window(start, func(auction, num int64) {
			out.batch.Cols[0].AppendInt64(firstAuction + auction)
			out.batch.Cols[1].AppendInt64(num)
			out.added()
		})
	}
	out.flush()
	return nil
}

// windowStarts are the slices that windows with any bids start with.
func windowStarts(all map[int64][]tally) (out []int64) {
	for k, list := range all {
		for back := range int64(perWindow) {
			if len(list) > 0 {
				out = append(out, k-back)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// window adds up a window's slices and shows the auctions with the most bids.
func (s *slicer) window(start int64, show func(auction, num int64)) {
	most := int64(0)
	for k := start; k < start+perWindow; k++ {
		for _, t := range s.slices[k] {
			if s.counts[t.auction] == 0 {
				s.touched = append(s.touched, t.auction)
			}
			s.counts[t.auction] += t.num
			most = max(most, s.counts[t.auction])
		}
	}
	for _, a := range s.touched {
		if s.counts[a] == most {
			show(a, most)
		}
		s.counts[a] = 0
	}
	s.touched = s.touched[:0]
}

// topBids are the bids of a window, or at the instant of its end, that no bid within it was higher than when they came.
type topBids struct {
	highest int64 // of bids within
	bids    []bid
}

func (t *topBids) add(x bid, within bool) {
	switch {
	case x.price < t.highest:
		return
	case within && x.price > t.highest:
		t.highest = x.price
		t.bids = slices.DeleteFunc(t.bids, func(y bid) bool { return y.price < x.price })
	}
	t.bids = append(t.bids, x)
}

// highestBids is q7. Its BETWEEN takes a bid at the instant of a window's end too, so that one may belong to two windows.
func highestBids(e Events, emit func(int, *vec.Batch)) error {
	const length = 10 * second
	windows, pools := make([]map[int64]*topBids, e.Workers), make([][]byte, e.Workers)
	for w := range windows {
		windows[w] = map[int64]*topBids{}
	}
	if err := e.each("bid", func(w int, b *vec.Batch) {
		price, bidder, auction, extra := b.Cols[bidPrice].I64, b.Cols[bidBidder].I64, b.Cols[bidAuction].I64, b.Cols[bidExtra]
		pools[w] = extra.Data
		current, top, before := int64(-1), (*topBids)(nil), (*topBids)(nil)
		for i, at := range b.Cols[bidTime].I64 {
			if k := at / length; k != current {
				current, top, before = k, of(windows[w], k), of(windows[w], k-1)
			}
			edge := at%length == 0
			if price[i] < top.highest && !edge {
				continue
			}
			x := bid{price[i], at, auction[i], bidder[i], extra.Str[i]}
			top.add(x, true)
			if edge {
				before.add(x, false)
			}
		}
	}); err != nil {
		return err
	}
	out := newRows([]types.Type{bigint, bigint, bigint, timestamp, text}, emit)
	for _, t := range mergeTops(windows) {
		for _, x := range t.bids {
			if x.price == t.highest {
				c := out.batch.Cols
				c[0].AppendInt64(x.auction)
				c[1].AppendInt64(x.price)
				c[2].AppendInt64(x.bidder)
				c[3].AppendInt64(x.time)
				c[4].AppendBytes(cut(pools[0], x.extra))
				out.added()
			}
		}
	}
	out.flush()
	return nil
}

func of(windows map[int64]*topBids, k int64) *topBids {
	t := windows[k]
	if t == nil {
		t = &topBids{}
		windows[k] = t
	}
	return t
}

// mergeTops puts the workers' parts of windows together.
func mergeTops(workers []map[int64]*topBids) map[int64]*topBids {
	for _, other := range workers[1:] {
		for k, t := range other {
			into := of(workers[0], k)
			into.highest = max(into.highest, t.highest)
			into.bids = append(into.bids, t.bids...)
		}
	}
	return workers[0]
}

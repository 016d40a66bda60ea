package limit

import (
	"bytes"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// last is the last bid of a bidder on an auction. Its texts are spans into pools that the generator's batches share.
type last struct {
	auction, bidder     int64
	time, price         int64
	channel, url, extra vec.Span
}

// lastTable finds the last bid of a bidder on an auction: bids in the order in which their pairs came first, and a hash table of their
// places with linear probing. Bids go to auctions that are near each other, so a hundred auctions share a part of the table, and the
// parts in use stay in the processor's cache.
type lastTable struct {
	bids  []last
	slots []int32 // 1 + place; 0 is empty
	pools lastPools
}

// A hundred auctions have fewer bids than their part has slots: 46 of 50 events are bids, and 3 are auctions.
const (
	auctionsPerPart = 100
	partBits        = 11
)

func newLastTable(auctions int64) *lastTable {
	return &lastTable{slots: make([]int32, (auctions/auctionsPerPart+1)<<partBits)}
}

// find is the slot of a pair, or the empty one where it belongs.
func (t *lastTable) find(auction, bidder int64) *int32 {
	part := uint64(auction-firstAuction) / auctionsPerPart << partBits
	at := part + (uint64(auction)*0x9e3779b97f4a7c15+uint64(bidder))*0xbf58476d1ce4e5b9>>(64-partBits)
	for {
		s := &t.slots[at]
		if *s == 0 || t.bids[*s-1].auction == auction && t.bids[*s-1].bidder == bidder {
			return s
		}
		if at++; at == uint64(len(t.slots)) {
			at = 0
		}
	}
}

func (t *lastTable) add(x last) {
	s := t.find(x.auction, x.bidder)
	if *s == 0 {
		t.bids = append(t.bids, x)
		*s = int32(len(t.bids))
		return
	}
	if old := &t.bids[*s-1]; t.pools.before(&x, old) {
		*old = x
	}
}

// lastBids is q18.
func lastBids(e Events, emit func(int, *vec.Batch)) error {
	found := make([]*lastTable, e.Workers)
	for w := range found {
		found[w] = newLastTable(e.auctions())
	}
	if err := e.each("bid", func(w int, b *vec.Batch) {
		t, at, price, bidder := found[w], b.Cols[bidTime].I64, b.Cols[bidPrice].I64, b.Cols[bidBidder].I64
		channel, url, extra := b.Cols[bidChannel], b.Cols[bidURL], b.Cols[bidExtra]
		t.pools = lastPools{channel.Data, url.Data, extra.Data}
		for i, auction := range b.Cols[bidAuction].I64 {
			t.add(last{auction, bidder[i], at[i], price[i], channel.Str[i], url.Str[i], extra.Str[i]})
		}
	}); err != nil {
		return err
	}
	out := newRows([]types.Type{bigint, bigint, bigint, text, text, timestamp, text}, emit)
	for w, t := range found {
		for i := range t.bids {
			if x := &t.bids[i]; lasts(x, found, w) {
				x.appendRow(out.batch.Cols, t.pools)
				out.added()
			}
		}
	}
	out.flush()
	return nil
}

// lasts says whether no other worker than w has a later bid of the same pair.
func lasts(x *last, found []*lastTable, w int) bool {
	for v, t := range found {
		if v == w {
			continue
		}
		if s := *t.find(x.auction, x.bidder); s > 0 {
			other := &t.bids[s-1]
			if t.pools.before(other, x) || v < w && !t.pools.before(x, other) { // of equal ones the first
				return false
			}
		}
	}
	return true
}

func (x *last) appendRow(c []*vec.Vector, p lastPools) {
	c[0].AppendInt64(x.auction)
	c[1].AppendInt64(x.bidder)
	c[2].AppendInt64(x.price)
	c[3].AppendBytes(cut(p.channel, x.channel))
	c[4].AppendBytes(cut(p.url, x.url))
	c[5].AppendInt64(x.time)
	c[6].AppendBytes(cut(p.extra, x.extra))
}

type lastPools struct{ channel, url, extra []byte }

// before says whether x ranks before y: the later, then by price downwards, channel, url and extra.
func (p lastPools) before(x, y *last) bool {
	switch {
	case x.time != y.time:
		return x.time > y.time
	case x.price != y.price:
		return x.price > y.price
	}
	if c := bytes.Compare(cut(p.channel, x.channel), cut(p.channel, y.channel)); c != 0 {
		return c < 0
	}
	if c := bytes.Compare(cut(p.url, x.url), cut(p.url, y.url)); c != 0 {
		return c < 0
	}
	return bytes.Compare(cut(p.extra, x.extra), cut(p.extra, y.extra)) < 0
}

package limit

import (
	"bytes"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// averagePrices is q4: the highest bid while the auction was open, and the averages of a category.
func averagePrices(e Events, emit func(int, *vec.Batch)) error {
	auctions, err := e.readAuctions(auctionTime, auctionExpires, auctionCategory)
	if err != nil {
		return err
	}
	opened, expires := auctions.ints[auctionTime], auctions.ints[auctionExpires]
	highest := make([][]int64, e.Workers)
	for w := range highest {
		highest[w] = make([]int64, e.auctions())
	}
	if err := e.each("bid", func(w int, b *vec.Batch) {
		top, at, price := highest[w], b.Cols[bidTime].I64, b.Cols[bidPrice].I64
		for i, id := range b.Cols[bidAuction].I64 {
			if a := id - firstAuction; at[i] >= opened[a] && at[i] <= expires[a] {
				top[a] = max(top[a], price[i])
			}
		}
	}); err != nil {
		return err
	}
	const categories = 16 // more than there are
	var sums, counts [categories]int64
	for a, category := range auctions.ints[auctionCategory] {
		final := int64(0)
		for _, top := range highest {
			final = max(final, top[a])
		}
		if final > 0 {
			sums[category] += final
			counts[category]++
		}
	}
	out := newRows([]types.Type{bigint, bigint}, emit)
	for c, n := range counts {
		if n > 0 {
			out.batch.Cols[0].AppendInt64(int64(c))
			out.batch.Cols[1].AppendInt64(sums[c] / n)
			out.added()
		}
	}
	out.flush()
	return nil
}

// bid is a bid that is kept. Its extra is a span into a pool that the generator's batches share.
type bid struct {
	price, time, auction, bidder int64
	extra                        vec.Span
}

// winningBids is q9.
func winningBids(e Events, emit func(int, *vec.Batch)) error {
	cols := []int{auctionID, auctionItemName, auctionDescription, auctionInitialBid, auctionReserve, auctionTime, auctionExpires, auctionSeller,
		auctionCategory, auctionExtra}
	auctions, err := e.readAuctions(cols...)
	if err != nil {
		return err
	}
	best := make([][]bid, e.Workers)
	pools := make([][]byte, e.Workers)
	for w := range best {
		best[w] = make([]bid, e.auctions())
	}
	opened, expires := auctions.ints[auctionTime], auctions.ints[auctionExpires]
	if err := e.each("bid", func(w int, b *vec.Batch) {
		top, at, price, bidder, extra := best[w], b.Cols[bidTime].I64, b.Cols[bidPrice].I64, b.Cols[bidBidder].I64, b.Cols[bidExtra]
		pools[w] = extra.Data
		for i, id := range b.Cols[bidAuction].I64 {
			a := id - firstAuction
			if at[i] < opened[a] || at[i] > expires[a] || price[i] < top[a].price {
				continue
			}
			if x := (bid{price[i], at[i], id, bidder[i], extra.Str[i]}); wins(&x, &top[a], extra.Data) {
				top[a] = x
			}
		}
	}); err != nil {
		return err
	}
	out := newRows(winningTypes, emit)
	for a := range best[0] {
		x := &best[0][a]
		for _, other := range best[1:] {
			if wins(&other[a], x, pools[0]) {
				x = &other[a]
			}
		}
		if x.price > 0 {
			auctions.appendRow(out.batch, a, cols)
			x.appendRow(out.batch.Cols[len(cols):], pools[0])
			out.added()
		}
	}
	out.flush()
	return nil
}

// wins says whether x is before y by price, time, bidder and extra; a price of zero is no bid.
func wins(x, y *bid, pool []byte) bool {
	switch {
	case x.price != y.price:
		return x.price > y.price
	case x.time != y.time:
		return x.time < y.time
	case x.bidder != y.bidder:
		return x.bidder < y.bidder
	}
	return bytes.Compare(cut(pool, x.extra), cut(pool, y.extra)) < 0
}

func cut(pool []byte, s vec.Span) []byte { return pool[s.Off : s.Off+s.Len] }

// appendRow adds an auction's columns to a batch.
func (t *auctionTable) appendRow(b *vec.Batch, a int, cols []int) {
	for i, c := range cols {
		if t.spans[c] != nil {
			b.Cols[i].AppendBytes(cut(t.pools[c], t.spans[c][a]))
		} else {
			b.Cols[i].AppendInt64(t.ints[c][a])
		}
	}
}

// appendRow adds auction, bidder, price, time and extra.
func (x *bid) appendRow(cols []*vec.Vector, pool []byte) {
	cols[0].AppendInt64(x.auction)
	cols[1].AppendInt64(x.bidder)
	cols[2].AppendInt64(x.price)
	cols[3].AppendInt64(x.time)
	cols[4].AppendBytes(cut(pool, x.extra))
}

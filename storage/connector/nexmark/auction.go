package nexmark

import (
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

const (
	laneAuctionTexts = iota
	laneAuctionPrices
	laneAuctionExpiry
	laneAuctionSeller
)

// auctionColumns are the columns of auction. Without extra a record has 118 bytes on average (numbers and times count as
// eight), so extra has 382.
var auctionColumns = []column{
	{connector.Column{Name: "id", Type: bigint, Doc: "counts from 1000"}, fillAuctionID},
	proseColumn("item_name", "up to 19 letters and spaces", 0, 17),
	proseColumn("description", "up to 99 letters and spaces", 2, 97),
	{connector.Column{Name: "initial_bid", Type: bigint, Doc: "log-uniform from 100 to 10^8"}, fillInitialBid},
	{connector.Column{Name: "reserve", Type: bigint, Doc: "initial_bid and another price"}, fillReserve},
	dateTime,
	{connector.Column{Name: "expires", Type: timestamp, Doc: "on average when a hundred more auctions are open"}, fillExpires},
	{connector.Column{Name: "seller", Type: bigint, Doc: "a person's id, three times of four the hot one's"}, fillSeller},
	{connector.Column{Name: "category", Type: bigint, Doc: "10 to 14"}, fillCategory},
	extraColumn(382-76, 2*76),
}

// auctionInts fills a column of numbers with what one of the events has.
func auctionInts(runs []run, v *vec.Vector, of func(r *run, n uint64) int64) {
	for k := range runs {
		r := &runs[k]
		for i, out := uint64(0), r.ints(v); i < uint64(len(out)); i++ {
			out[i] = of(r, r.first+i)
		}
	}
}

func fillAuctionID(_ *generator, runs []run, v *vec.Vector) {
	auctionInts(runs, v, func(r *run, n uint64) int64 {
		return int64(firstAuctionID + r.group*auctionsPerGroup + n - r.group*eventsPerGroup - personsPerGroup)
	})
}

func fillInitialBid(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneAuctionPrices)
	auctionInts(runs, v, func(_ *run, n uint64) int64 { return price(s.at(n) & 0xffffffff) })
}

func fillReserve(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneAuctionPrices)
	auctionInts(runs, v, func(_ *run, n uint64) int64 {
		w := s.at(n)
		return price(w&0xffffffff) + price(w>>32)
	})
}

// fillExpires gives an auction one millisecond and up to twice the time until eventsInFlight more events have come.
func fillExpires(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneAuctionExpiry)
	auctionInts(runs, v, func(_ *run, n uint64) int64 {
		now := g.millis(n)
		horizon := uint64(g.millis(n+eventsInFlight) - now)
		length := 1 + low32(s.at(n), max(2*horizon, 1))
		return baseTime + (now+int64(length))*microsPerMilli
	})
}

func fillSeller(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneAuctionSeller)
	auctionInts(runs, v, func(r *run, n uint64) int64 {
		return activePersonsAt(r.group, hotSellerSkip).draw(s.at(n), coldSellerOf)
	})
}

func fillCategory(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneAuctionExpiry)
	auctionInts(runs, v, func(_ *run, n uint64) int64 { return int64(firstCategory + high32(s.at(n), categories)) })
}

// proseColumn is a text of 3 to 2+lengths bytes of prose, trimmed; its length is drawn by 16-bit field k, its place is the
// field after.
func proseColumn(name, doc string, k, lengths uint64) column {
	return column{
		connector.Column{Name: name, Type: text, Doc: doc},
		func(g *generator, runs []run, v *vec.Vector) { fillProse(g, runs, v, k, lengths) },
	}
}

func fillProse(g *generator, runs []run, v *vec.Vector, k, lengths uint64) {
	s := g.lane(laneAuctionTexts)
	share(v, g.texts.prose)
	for _, r := range runs {
		for i, out := uint64(0), r.spans(v); i < uint64(len(out)); i++ {
			w := s.at(r.first + i)
			out[i] = g.texts.trimmed(w>>(16*(k+1))&0xffff, 3+field16(w, k, lengths))
		}
	}
}

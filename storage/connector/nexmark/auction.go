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
	{connector.Column{Name: "id", Type: bigint, Doc: "counts from 1000"}, func(g *generator, ns []uint64, v *vec.Vector) {
		for i, n := range ns {
			v.I64[i] = int64(firstAuctionID + auctionNumber(n))
		}
	}},
	proseColumn("item_name", "up to 19 letters and spaces", 0, 17),
	proseColumn("description", "up to 99 letters and spaces", 2, 97),
	{connector.Column{Name: "initial_bid", Type: bigint, Doc: "log-uniform from 100 to 10^8"},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneAuctionPrices)
			for i, n := range ns {
				v.I64[i] = price(s.at(n) & 0xffffffff)
			}
		}},
	{connector.Column{Name: "reserve", Type: bigint, Doc: "initial_bid and another price"},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneAuctionPrices)
			for i, n := range ns {
				w := s.at(n)
				v.I64[i] = price(w&0xffffffff) + price(w>>32)
			}
		}},
	dateTime,
	{connector.Column{Name: "expires", Type: timestamp, Doc: "on average when a hundred more auctions are open"}, fillExpires},
	{connector.Column{Name: "seller", Type: bigint, Doc: "a person's id, three times of four the hot one's"},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneAuctionSeller)
			for i, n := range ns {
				v.I64[i] = choosePerson(n, s.at(n), coldSellerOf, hotSellerSkip)
			}
		}},
	{connector.Column{Name: "category", Type: bigint, Doc: "10 to 14"}, func(g *generator, ns []uint64, v *vec.Vector) {
		s := g.lane(laneAuctionExpiry)
		for i, n := range ns {
			v.I64[i] = int64(firstCategory + high32(s.at(n), categories))
		}
	}},
	extraColumn(382-76, 2*76),
}

// proseColumn is a text of 3 to 2+lengths bytes of prose, trimmed; its length is drawn by 16-bit field k, its place is the
// field after.
func proseColumn(name, doc string, k, lengths uint64) column {
	return column{
		connector.Column{Name: name, Type: text, Doc: doc},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneAuctionTexts)
			share(v, g.texts.prose)
			for i, n := range ns {
				w := s.at(n)
				v.Str[i] = g.texts.trimmed(w>>(16*(k+1))&0xffff, 3+field16(w, k, lengths))
			}
		},
	}
}

// fillExpires gives an auction one millisecond and up to twice the time until eventsInFlight more events have come.
func fillExpires(g *generator, ns []uint64, v *vec.Vector) {
	s := g.lane(laneAuctionExpiry)
	for i, n := range ns {
		now := g.millis(n)
		horizon := uint64(g.millis(n+eventsInFlight) - now)
		length := 1 + low32(s.at(n), max(2*horizon, 1))
		v.I64[i] = baseTime + (now+int64(length))*microsPerMilli
	}
}

package nexmark

import (
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

const (
	laneBidAuction = iota
	laneBidBidder
	laneBidPrice
	laneBidChannel
)

// bidColumns are the columns of bid. As in the Nexmark project a record's size counts the ids, the price, the time and extra
// but not channel and url, which came later there; without extra it is 32 bytes, so extra has 68 on average.
var bidColumns = []column{
	{connector.Column{Name: "auction", Type: bigint, Doc: "an auction's id, every other time the hot one's"}, fillBidAuction},
	{connector.Column{Name: "bidder", Type: bigint, Doc: "a person's id, three times of four the hot one's"}, fillBidder},
	{connector.Column{Name: "price", Type: bigint, Doc: "log-uniform from 100 to 10^8"}, fillBidPrice},
	channelColumn("channel", "every other time one of four names, else channel-0 to channel-9999",
		func(t *texts) *table { return &t.channels }),
	channelColumn("url", "the channel's", func(t *texts) *table { return &t.urls }),
	dateTime,
	extraColumn(68-14, 2*14),
}

func fillBidAuction(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneBidAuction)
	for _, r := range runs {
		auctions, state, out := bidAuctions(r.group), s.state(r.first), r.ints(v)
		for i := range out {
			out[i] = auctions.draw(mix(state), coldAuctionOf)
			state += eventStep
		}
	}
}

func fillBidder(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneBidBidder)
	for _, r := range runs {
		persons, state, out := activePersonsAt(r.group, hotBidderSkip), s.state(r.first), r.ints(v)
		for i := range out {
			out[i] = persons.draw(mix(state), coldBidderOf)
			state += eventStep
		}
	}
}

func fillBidPrice(g *generator, runs []run, v *vec.Vector) {
	s := g.lane(laneBidPrice)
	for _, r := range runs {
		state, out := s.state(r.first), r.ints(v)
		for i := range out {
			out[i] = price(mix(state) & 0xffffffff)
			state += eventStep
		}
	}
}

// channelColumn is a column of what belongs to the bid's channel.
func channelColumn(name, doc string, of func(*texts) *table) column {
	return column{
		connector.Column{Name: name, Type: text, Doc: doc},
		func(g *generator, runs []run, v *vec.Vector) {
			fillChannel(g.lane(laneBidChannel), runs, v, of(g.texts))
		},
	}
}

func fillChannel(s stream, runs []run, v *vec.Vector, t *table) {
	share(v, t.data)
	spans := (*[coldChannels + hotChannelCount]vec.Span)(t.spans)
	for _, r := range runs {
		state, out := s.state(r.first), r.spans(v)
		for i := range out {
			w := mix(state)
			state += eventStep
			out[i] = spans[channel(w)]
		}
	}
}

// channel is the number of the channel that a word chooses. It is used as an index, so that the compiler would make a branch of a
// condition, and every other one would be mispredicted.
func channel(w uint64) uint64 {
	cold, hot := high32(w, coldChannels), coldChannels+high32(w, hotChannelCount)
	isHot := -(low32(w, coldChannelOf)) // 0 or all ones, as coldChannelOf is 2
	return cold ^ (cold^hot)&isHot
}

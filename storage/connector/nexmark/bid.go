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
	{connector.Column{Name: "auction", Type: bigint, Doc: "an auction's id, every other time the hot one's"},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneBidAuction)
			for i, n := range ns {
				v.I64[i] = chooseAuction(n, s.at(n))
			}
		}},
	{connector.Column{Name: "bidder", Type: bigint, Doc: "a person's id, three times of four the hot one's"},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneBidBidder)
			for i, n := range ns {
				v.I64[i] = choosePerson(n, s.at(n), coldBidderOf, hotBidderSkip)
			}
		}},
	{connector.Column{Name: "price", Type: bigint, Doc: "log-uniform from 100 to 10^8"},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneBidPrice)
			for i, n := range ns {
				v.I64[i] = price(s.at(n) & 0xffffffff)
			}
		}},
	channelColumn("channel", "every other time one of four names, else channel-0 to channel-9999",
		func(t *texts) *table { return &t.channels }),
	channelColumn("url", "the channel's", func(t *texts) *table { return &t.urls }),
	dateTime,
	extraColumn(68-14, 2*14),
}

// channelColumn is a column of what belongs to the bid's channel.
func channelColumn(name, doc string, of func(*texts) *table) column {
	return column{
		connector.Column{Name: name, Type: text, Doc: doc},
		func(g *generator, ns []uint64, v *vec.Vector) {
			t, s := of(g.texts), g.lane(laneBidChannel)
			share(v, t.data)
			for i, n := range ns {
				w := s.at(n)
				c, hot := high32(w, coldChannels), coldChannels+high32(w, uint64(len(hotChannels)))
				if low32(w, coldChannelOf) > 0 { // a conditional move: either way is as likely
					c = hot
				}
				v.Str[i] = t.spans[c]
			}
		},
	}
}

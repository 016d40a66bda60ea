package limit

import (
	"time"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

const day = 24 * 60 * 60 * second

// counted is what q17 keeps of an auction.
type counted struct{ bids, highest int64 }

// countAndMax is q17 with its count of all bids and its maximum alone.
func countAndMax(e Events, emit func(int, *vec.Batch)) error {
	days := make([]map[int64][]counted, e.Workers)
	for w := range days {
		days[w] = map[int64][]counted{}
	}
	if err := e.each("bid", func(w int, b *vec.Batch) {
		today, auctions := int64(-1), []counted(nil)
		at, price := b.Cols[bidTime].I64, b.Cols[bidPrice].I64
		for i, id := range b.Cols[bidAuction].I64 {
			if d := at[i] / day; d != today {
				if today = d; days[w][d] == nil {
					days[w][d] = make([]counted, e.auctions())
				}
				auctions = days[w][d]
			}
			a := &auctions[id-firstAuction]
			a.bids++
			a.highest = max(a.highest, price[i])
		}
	}); err != nil {
		return err
	}
	for _, other := range days[1:] {
		for d, auctions := range other {
			if days[0][d] == nil {
				days[0][d] = auctions
				continue
			}
			for a := range auctions {
				into := &days[0][d][a]
				into.bids += auctions[a].bids
				into.highest = max(into.highest, auctions[a].highest)
			}
		}
	}
	out := newRows([]types.Type{bigint, text, bigint, bigint}, emit)
	for d, auctions := range days[0] {
		name := []byte(time.UnixMicro(d * day).UTC().Format(time.DateOnly))
		for a := range auctions {
			if auctions[a].bids > 0 {
				c := out.batch.Cols
				c[0].AppendInt64(int64(firstAuction + a))
				c[1].AppendBytes(name)
				c[2].AppendInt64(auctions[a].bids)
				c[3].AppendInt64(auctions[a].highest)
				out.added()
			}
		}
	}
	out.flush()
	return nil
}

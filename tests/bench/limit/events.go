package limit

import (
	"fmt"
	"sync"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
	"github.com/streamdb/streamdb/storage/connector/nexmark"
)

// Events are those of the generator that a query is asked about.
type Events struct {
	// Count is how many there are, of the three tables together; Rate how many to a second of event time.
	Count, Rate int64
	// Workers is how many goroutines take a part each.
	Workers int
}

// The columns of bid and auction.
const (
	bidAuction = iota
	bidBidder
	bidPrice
	bidChannel
	bidURL
	bidTime
	bidExtra
)

const (
	auctionID = iota
	auctionItemName
	auctionDescription
	auctionInitialBid
	auctionReserve
	auctionTime
	auctionExpires
	auctionSeller
	auctionCategory
	auctionExtra
)

// firstAuction is the first auction's id; they count up from there.
const firstAuction = 1000

// auctions is how many auctions there are among the events, at most.
func (e Events) auctions() int64 { return (e.Count + 49) / 50 * 3 }

// each gives each worker the rows of its part of a table, in their order. The batch is the reader's again when use returns.
func (e Events) each(table string, use func(worker int, b *vec.Batch)) error {
	columns := nexmark.Columns(table)
	source, err := connector.Set{nexmark.Connector}.Source([]connector.Given{{Name: "connector", Value: "nexmark"}, {Name: "table", Value: table},
		{Name: "events", Value: fmt.Sprint(e.Count)}, {Name: "event_rate", Value: fmt.Sprint(e.Rate)}}, nil,
		connector.SourceConfig{Columns: columns})
	if err != nil {
		return err
	}
	all, ts := make([]int, len(columns)), make([]types.Type, len(columns))
	for i, c := range columns {
		all[i], ts[i] = i, c.Type
	}
	errs := make([]error, e.Workers)
	var wg sync.WaitGroup
	for w := range e.Workers {
		wg.Go(func() { errs[w] = e.part(source, w, all, ts, use) })
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// part reads one worker's range.
func (e Events) part(source connector.Source, worker int, wanted []int, ts []types.Type, use func(int, *vec.Batch)) error {
	from := connector.Position(e.Count * int64(worker) / int64(e.Workers))
	to := connector.Position(e.Count * int64(worker+1) / int64(e.Workers))
	reader, err := source.Open(source.Splits()[0], from, wanted)
	if err != nil {
		return err
	}
	defer reader.Close()
	b := vec.NewBatch(ts, vec.BatchSize)
	for done := false; !done; {
		if _, done, err = reader.Poll(b, vec.BatchSize, to); err != nil {
			return err
		}
		use(worker, b)
	}
	return nil
}

// auctionTable is all auctions, by number from 0. Its texts are spans into pools that the generator's batches share.
type auctionTable struct {
	ints  [auctionExtra + 1][]int64
	spans [auctionExtra + 1][]vec.Span
	pools [auctionExtra + 1][]byte
}

// readAuctions keeps the columns given of all auctions.
func (e Events) readAuctions(columns ...int) (*auctionTable, error) {
	t := &auctionTable{}
	declared := nexmark.Columns("auction")
	for _, c := range columns {
		if declared[c].Type.ID == types.Text {
			t.spans[c] = make([]vec.Span, e.auctions())
		} else {
			t.ints[c] = make([]int64, e.auctions())
		}
	}
	var pools sync.Once
	err := e.each("auction", func(_ int, b *vec.Batch) {
		if b.N == 0 {
			return
		}
		first := b.Cols[auctionID].I64[0] - firstAuction
		for _, c := range columns {
			if v := b.Cols[c]; t.spans[c] != nil {
				copy(t.spans[c][first:], v.Str)
			} else {
				copy(t.ints[c][first:], v.I64)
			}
		}
		pools.Do(func() {
			for c, v := range b.Cols {
				t.pools[c] = v.Data
			}
		})
	})
	return t, err
}

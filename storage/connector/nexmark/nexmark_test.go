package nexmark

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// TestRangesAreIndependent: any cutting into ranges and batches, and any choice of columns, gives the same values.
func TestRangesAreIndependent(t *testing.T) {
	const events = 3000
	whole := map[string][][]string{}
	for table := range tables {
		whole[table] = eventRows(t, open(t, table, nil), 0, events, vec.BatchSize)
	}
	rapid.Check(t, func(rt *rapid.T) {
		table := rapid.SampledFrom([]string{"person", "auction", "bid"}).Draw(rt, "table")
		s := open(t, table, nil)
		names := len(s.(*source).columns)
		wanted := rapid.SliceOfN(rapid.IntRange(0, names-1), 0, names).Draw(rt, "wanted")
		ts := make([]types.Type, len(wanted))
		for i, w := range wanted {
			ts[i] = s.(*source).columns[w].Type
		}
		b := vec.NewBatch(ts, 0)
		cuts := append(rapid.SliceOfN(rapid.Uint64Range(0, events), 0, 8).Draw(rt, "cuts"), 0, events)
		slices.Sort(cuts)
		var got [][]string
		for i := range cuts[1:] {
			size := rapid.IntRange(1, 2000).Draw(rt, "size")
			got = append(got, readRows(rt, s, b, wanted, cuts[i], cuts[i+1], size)...)
		}
		require.Len(rt, got, len(whole[table]))
		for i, row := range got {
			for c, w := range wanted {
				require.Equal(rt, whole[table][i][w], row[c])
			}
		}
	})
}

// TestAscending holds the source to its traits: any 256 positions have a row of each table, and event time never falls.
func TestAscending(t *testing.T) {
	for table := range tables {
		s := open(t, table, []string{"date_time"}, option("event_rate", 777))
		require.Equal(t, []string{"date_time"}, s.Traits().Ascending)
		last := int64(0)
		for from := connector.Position(0); from < 20_000; from += 97 {
			rows := 0
			drainTo(t, s, from, from+256, func(b *vec.Batch) {
				rows += b.N
				require.True(t, slices.IsSorted(b.Cols[0].I64))
			})
			require.Positive(t, rows, "%s from %d", table, from)
			drainTo(t, s, from, from+97, func(b *vec.Batch) {
				if b.N > 0 {
					require.GreaterOrEqual(t, b.Cols[0].I64[0], last)
					last = b.Cols[0].I64[b.N-1]
				}
			})
		}
	}
}

// TestAllColumns has a reader make the columns that it was not asked for, beside the same answer.
func TestAllColumns(t *testing.T) {
	const events = 3000
	every := connector.Given{Name: "all_columns", Value: "on"}
	for table := range tables {
		lazy, eager := open(t, table, nil), open(t, table, nil, every)
		r, err := eager.Open(splitName, 0, []int{1})
		require.NoError(t, err)
		b := vec.NewBatch([]types.Type{lazy.(*source).columns[1].Type}, 0)
		require.Equal(t, readRows(t, lazy, b, []int{1}, 0, events, events), readRows(t, eager, b, []int{1}, 0, events, events))
		_, _, err = r.Poll(b, events, events)
		require.NoError(t, err)
		require.Len(t, r.(*reader).scratch, len(tables[table].columns)-1)
		for _, v := range r.(*reader).scratch {
			require.Equal(t, b.N, len(v.I64)+len(v.Str))
		}
	}
}

func TestRatios(t *testing.T) {
	for table, want := range map[string]int{"person": 400, "auction": 1200, "bid": 18400} {
		s := open(t, table, nil, option("events", 20_000))
		require.True(t, s.Traits().Bounded)
		require.Equal(t, connector.Position(20_000), s.End())
		require.Equal(t, want, drain(t, s, 0, connector.MaxPosition), table)
	}
}

// readTable reads the first events of a table, by column.
func readTable(t *testing.T, name string, events uint64) map[string]*vec.Vector {
	s := open(t, name, nil)
	wanted, b := all(s)
	r, err := s.Open(splitName, 0, wanted)
	require.NoError(t, err)
	_, done, err := r.Poll(b, math.MaxInt, connector.Position(events))
	require.NoError(t, err)
	require.True(t, done)
	cols := map[string]*vec.Vector{}
	for i, c := range s.(*source).columns {
		cols[c.Name] = b.Cols[i]
	}
	return cols
}

const sample = 500_000

func TestBidDistributions(t *testing.T) {
	bids := readTable(t, "bid", sample)
	rows := len(bids["price"].I64)
	hotAuction, hotBidder, hotChannel := 0, 0, 0
	var decades [6]int
	for i := range rows {
		n := uint64(i)/bidsPerGroup*eventsPerGroup + uint64(i)%bidsPerGroup + 4
		persons, auctions := int64(n/eventsPerGroup+1), int64(n/eventsPerGroup*auctionsPerGroup+3)
		auction, bidder, p := bids["auction"].I64[i]-firstAuctionID, bids["bidder"].I64[i]-firstPersonID, bids["price"].I64[i]
		require.True(t, auction >= max(0, auctions-inFlightAuctions-1) && auction < auctions, "auction %d at event %d", auction, n)
		require.True(t, bidder >= max(0, persons-activePersons) && bidder < persons, "bidder %d at event %d", bidder, n)
		require.True(t, p >= 100 && p <= 1e8)
		decades[min(int(math.Log10(float64(p)/100)), 5)]++
		if auction == (auctions-1)/hotEvery*hotEvery {
			hotAuction++
		}
		if bidder == min((persons-1)/hotEvery*hotEvery+1, persons-1) {
			hotBidder++
		}
		if slices.Contains(hotChannels[:], string(bids["channel"].Bytes(i))) {
			hotChannel++
		}
		require.Equal(t, baseTime+int64(n/10)*1000, bids["date_time"].I64[i])
	}
	near(t, 0.5+0.5/101, hotAuction, rows)
	near(t, 0.75+0.25/activePersons, hotBidder, rows)
	near(t, 0.5, hotChannel, rows)
	for _, d := range decades {
		near(t, 1.0/6, d, rows)
	}
	require.InDelta(t, 100, 32+meanLength(bids["extra"]), 0.5)
}

func TestAuctionDistributions(t *testing.T) {
	auctions := readTable(t, "auction", sample)
	rows := len(auctions["id"].I64)
	hotSeller, expiry := 0, 0.0
	for i := range rows {
		require.Equal(t, int64(firstAuctionID+i), auctions["id"].I64[i])
		persons, seller := int64(i/auctionsPerGroup+1), auctions["seller"].I64[i]-firstPersonID
		require.True(t, seller >= max(0, persons-activePersons) && seller < persons)
		if seller%hotEvery == 0 {
			hotSeller++
		}
		require.Greater(t, auctions["reserve"].I64[i], auctions["initial_bid"].I64[i])
		c := auctions["category"].I64[i]
		require.True(t, c >= 10 && c <= 14)
		length := auctions["expires"].I64[i] - auctions["date_time"].I64[i]
		require.True(t, length >= 1000 && length <= 340_000, "%d", length)
		expiry += float64(length)
	}
	near(t, 0.75+0.25/100, hotSeller, rows)
	require.InDelta(t, 167_000, expiry/float64(rows), 2000)
	size := 7*8 + meanLength(auctions["item_name"]) + meanLength(auctions["description"]) + meanLength(auctions["extra"])
	require.InDelta(t, 500, size, 2)
}

func TestPersons(t *testing.T) {
	persons := readTable(t, "person", sample)
	size := 2 * 8.0
	for _, v := range persons {
		if v.Type == text {
			size += meanLength(v)
		}
	}
	require.InDelta(t, 200, size, 2)
	for i := range persons["id"].I64 {
		require.Equal(t, int64(firstPersonID+i), persons["id"].I64[i])
		require.Regexp(t, `^[a-z]{3,6}@[a-z]{3,4}\.com$`, string(persons["email_address"].Bytes(i)))
		require.Regexp(t, `^\d{4} \d{4} \d{4} \d{4}$`, string(persons["credit_card"].Bytes(i)))
	}
}

// near checks a share of many independent draws, to five standard deviations.
func near(t *testing.T, want float64, count, of int) {
	t.Helper()
	require.InDelta(t, want, float64(count)/float64(of), 5*math.Sqrt(want*(1-want)/float64(of)))
}

func meanLength(v *vec.Vector) float64 {
	sum := 0
	for i := range v.Str {
		sum += len(v.Bytes(i))
	}
	return float64(sum) / float64(len(v.Str))
}

// TestSharedTextsAreSafe: appending to a column must not write to what other batches see.
func TestSharedTextsAreSafe(t *testing.T) {
	before := string(sharedTexts().letters)
	v := readTable(t, "bid", 100)["extra"]
	v.Append(types.NewText("OVERWRITTEN"))
	require.Equal(t, before, string(sharedTexts().letters))
}

func TestPriceIsAPower(t *testing.T) {
	require.Equal(t, int64(100), price(0))
	require.InDelta(t, 1e8, float64(price(math.MaxUint32)), 100)
	rapid.Check(t, func(t *rapid.T) {
		r := rapid.Uint32().Draw(t, "r")
		exact := 100 * math.Pow(10, 6*float64(r)/(1<<32))
		// A chord of 10^x over 1/256 is off by a hundred-thousandth at most.
		require.InDelta(t, exact, float64(price(uint64(r))), 0.51+exact*1.1e-5)
	})
}

func TestDivisor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, x := rapid.Uint64Range(1, maxRate).Draw(t, "d"), rapid.Uint64Range(0, 1<<60-1).Draw(t, "x")
		require.Equal(t, x/d, newDivisor(d).div(x))
		require.Equal(t, (x/d*d)/d, newDivisor(d).div(x/d*d))
	})
}

func TestPace(t *testing.T) {
	s := open(t, "person", nil, option("rate", 10_000), option("events", 25_000))
	require.True(t, s.Traits().Paced)
	for elapsed, due := range map[time.Duration]connector.Position{
		-time.Second: 0, 0: 0, 99 * time.Microsecond: 0, 100 * time.Microsecond: 1, time.Second: 10_000, 3 * time.Second: 25_000,
		math.MaxInt64: 25_000,
	} {
		require.Equal(t, due, s.Due(elapsed), elapsed)
	}
	require.Equal(t, s.Traits().Counter, open(t, "bid", nil, option("rate", 10_000)).Traits().Counter)
	require.NotEqual(t, s.Traits().Counter, open(t, "bid", nil, option("rate", 10_001)).Traits().Counter)
	require.Equal(t, connector.MaxPosition, open(t, "bid", nil).Due(0), "unpaced and endless")
}

func TestRefusals(t *testing.T) {
	bigintColumn := func(name string) []connector.Column { return []connector.Column{{Name: name, Type: bigint}} }
	for name, c := range map[string]struct {
		options []connector.Given
		columns []connector.Column
		code    sqlerr.Code
		hint    string
	}{
		"no table":       {nil, nil, sqlerr.InvalidParameterValue, "Which table: person, auction or bid."},
		"unknown option": {[]connector.Given{{Name: "speed", Value: "1"}}, nil, sqlerr.InvalidParameterValue, "Valid options are: table, events, rate, event_rate, seed, all_columns, retention."},
		"bad rate":       {[]connector.Given{{Name: "table", Value: "bid"}, {Name: "event_rate", Value: "0"}}, nil, sqlerr.InvalidParameterValue, ""},
		"unknown column": {[]connector.Given{{Name: "table", Value: "bid"}}, bigintColumn("amount"), sqlerr.UndefinedColumn, "Its columns are: auction "},
		"wrong type":     {[]connector.Given{{Name: "table", Value: "bid"}}, bigintColumn("url"), sqlerr.DatatypeMismatch, "Its columns are: auction "},
		"too many":       {[]connector.Given{{Name: "table", Value: "bid"}, {Name: "event_rate", Value: "1"}, {Name: "events", Value: "1000000000000000"}}, nil, sqlerr.InvalidParameterValue, "There can be 9000000000000 events."},
	} {
		t.Run(name, func(t *testing.T) {
			given := append([]connector.Given{{Name: "connector", Value: "nexmark"}}, c.options...)
			_, err := connector.Set{Connector}.Source(given, []string{"retention"}, connector.SourceConfig{Columns: c.columns})
			require.Error(t, err)
			require.Equal(t, c.code, sqlerr.CodeOf(err), err)
			require.Contains(t, sqlerr.From(err).Hint, c.hint)
		})
	}
}

func TestEndlessStopsAtTheEndOfTime(t *testing.T) {
	s := open(t, "bid", nil, option("event_rate", 1))
	wanted, b := all(s)
	r, err := s.Open(splitName, 9_000_000_000_000, wanted)
	require.NoError(t, err)
	_, _, err = r.Poll(b, 10, connector.MaxPosition)
	require.Equal(t, sqlerr.DatetimeFieldOverflow, sqlerr.CodeOf(err))
}

package nexmark

import "fmt"

// The proportions and windows of the Nexmark project's default configuration.
const (
	personsPerGroup  = 1
	auctionsPerGroup = 3
	bidsPerGroup     = 46
	eventsPerGroup   = personsPerGroup + auctionsPerGroup + bidsPerGroup

	firstPersonID  = 1000
	firstAuctionID = 1000
	firstCategory  = 10
	categories     = 5

	activePersons    = 1000 // a cold bidder or seller is one of the last so many
	inFlightAuctions = 100  // a cold auction is at most so many before the newest
	hotEvery         = 100  // of so many persons or auctions one is hot, until the next so many begin

	coldAuctionOf = 2 // one of so many bids goes to a cold auction
	coldBidderOf  = 4
	coldSellerOf  = 4
	coldChannelOf = 2

	// eventsInFlight is how many events it takes until inFlightAuctions more auctions are open.
	eventsInFlight = inFlightAuctions * eventsPerGroup / auctionsPerGroup
)

// The first event is at 2015-07-15 00:00:00 UTC.
const baseTime = 1436918400 * microsPerSecond

const (
	microsPerSecond = 1_000_000
	microsPerMilli  = 1_000
	millisPerSecond = 1_000
)

// maxEvents bounds event numbers so that their arithmetic cannot overflow; at 20 million events a second it is a year and a
// half away.
const maxEvents = 1_000_000_000_000_000

// maxSeconds bounds event time to what a timestamp can hold.
const maxSeconds = 9_000_000_000_000

// generator makes the events of one seed and event rate. It is not changed once made.
type generator struct {
	seed uint64
	// eventRate is how many events there are to a second of event time.
	eventRate divisor
	texts     *texts
}

func newGenerator(seed int64, eventRate int64) *generator {
	return &generator{seed: uint64(seed), eventRate: newDivisor(uint64(eventRate)), texts: sharedTexts()}
}

func (g *generator) lane(l uint64) stream { return newStream(g.seed, l) }

// millis is when event n happens, in milliseconds after the first. Whole milliseconds, as in the Nexmark project, because
// that is the precision of event time in the systems that are given the same events.
func (g *generator) millis(n uint64) int64 { return int64(g.eventRate.div(n * millisPerSecond)) }

// timestamp is when event n happens, as a SQL timestamp.
func (g *generator) timestamp(n uint64) int64 { return baseTime + g.millis(n)*microsPerMilli }

// limit is the number of events that there can be.
func (g *generator) limit() uint64 { return min(maxEvents, g.eventRate.d*maxSeconds) }

// hot is the hot one among the numbers up to newest: number skip of each hotEvery, or the newest when that is not there yet.
func hot(newest, skip uint64) uint64 { return min(newest/hotEvery*hotEvery+skip, newest) }

// Hot bidders are the second of their hundred, so that they are not the hot sellers, who are the first.
const (
	hotSellerSkip  = 0
	hotBidderSkip  = 1
	hotAuctionSkip = 0
)

// choice is a draw of an id: one of so many times any of the count from first on, else the hot one.
type choice struct{ first, count, hot uint64 }

func (c choice) draw(w, coldOf uint64) int64 {
	id := c.first + high32(w, c.count)
	if low32(w, coldOf) > 0 { // a conditional move: no branch to mispredict
		id = c.hot
	}
	return int64(id)
}

// activePersonsAt are the persons that a seller or bidder is chosen from at the events of a group.
func activePersonsAt(group, skip uint64) choice {
	active := min(group+1, activePersons) // person number group is the newest
	return choice{firstPersonID + group + 1 - active, active, firstPersonID + hot(group, skip)}
}

// bidAuctions are the auctions that a bid of a group is for. Bids come last in their group.
func bidAuctions(group uint64) choice {
	newest := group*auctionsPerGroup + auctionsPerGroup - 1
	back := min(newest, inFlightAuctions)
	return choice{firstAuctionID + newest - back, back + 1, firstAuctionID + hot(newest, hotAuctionSkip)}
}

// counter names the event counter that streams of the same seed and rates share.
func counter(seed, rate, eventRate int64) string {
	return fmt.Sprintf("nexmark/seed=%d/rate=%d/event_rate=%d", seed, rate, eventRate)
}

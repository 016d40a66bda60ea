package window

import "github.com/streamdb/streamdb/planner/physical"

// reach is how far a call looks, in rows, and so how far a change is felt.
type reach struct {
	// before and after are how many rows before the first and after the last changed row may have another result.
	before, after int64
	// needBefore and needAfter are how many rows on either side of an affected one its result depends on.
	needBefore, needAfter int64
	// peers says that the peers of the first changed row are affected as well, and that peers must be seen together.
	peers bool
}

// all is more rows than a partition has.
const all = 1 << 60

var wholePartition = reach{all, all, all, all, true}

// merge is the reach of two calls together.
func (r reach) merge(s reach) reach {
	return reach{max(r.before, s.before), max(r.after, s.after), max(r.needBefore, s.needBefore), max(r.needAfter, s.needAfter), r.peers || s.peers}
}

// frameReach is the reach of a call that looks at a frame.
func frameReach(f *physical.Frame, start, end int64) reach {
	if f.Exclude == physical.ExcludeGroup || f.Exclude == physical.ExcludeTies {
		return wholePartition
	}
	switch f.Unit {
	case physical.Rows:
		back, ahead := int64(0), int64(0)
		switch f.Start.Bound {
		case physical.UnboundedPreceding:
			back = all
		case physical.Preceding:
			back = min(start, all)
		}
		switch f.End.Bound {
		case physical.UnboundedFollowing:
			ahead = all
		case physical.Following:
			ahead = min(end, all)
		}
		return reach{before: ahead, after: back, needBefore: back, needAfter: ahead}
	case physical.Range:
		if f.Start.Bound == physical.UnboundedPreceding && f.End.Bound == physical.CurrentRow {
			return reach{after: all, needBefore: all, peers: true}
		}
	}
	return wholePartition
}

// prefixReach is how far a call looks at rows themselves whose frame begins with the partition, if there is an accumulator for those before.
func prefixReach(f *physical.Frame, end int64) reach {
	switch {
	case f.Unit == physical.Range:
		return reach{peers: true}
	case f.End.Bound == physical.Preceding:
		return reach{needBefore: min(end, all)}
	case f.End.Bound == physical.Following:
		return reach{before: min(end, all), needAfter: min(end, all)}
	}
	return reach{}
}

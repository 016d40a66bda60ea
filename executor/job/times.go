package job

import (
	"slices"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/changelog"
)

// leafTime is how far the input of one scan has come in event time.
type leafTime struct {
	node     int
	relation *relation.Relation
	timed    bool // it has event time, and goes by it
	clock    bool // it goes by the time at which rows come
	free     bool // its scan may have a higher watermark than the input
	own      int64
	idle     bool
	// at is the watermark that the scan has: the input's own, or a higher one that it was given while it was idle.
	at int64
}

// times are those of all scans of a plan, in its order. They are where streams meet, so here idle ones leave the minimum: an idle input is
// as complete as the least complete of the others, and its scan gets that watermark. So its own rows are judged by it when they come
// again, and operators of several inputs need not know of idleness: to them nothing is ever behind its watermark.
//
// A view's rows have been judged where it was made. Unless they are judged once more in this plan, a scan of it keeps to the view's own
// watermark: what is behind another's would meet state that has been freed.
//
// It is a function of the inputs' blocks up to an epoch, epoch by epoch, and so the same in both models, in replay and in a back-fill.
type times []leafTime

func newTimes(plan *physical.Plan, inputs map[uint32]Input) (out times) {
	for i := range plan.Nodes {
		if scan, ok := plan.Nodes[i].Op.(*physical.Scan); ok {
			in := inputs[scan.Relation]
			out = append(out, leafTime{node: i, relation: in.Relation, timed: in.Timed && !scan.ByClock, clock: scan.ByClock,
				free: in.Source != nil || in.Logged || judged(plan, i), own: op.NoWatermark, at: op.NoWatermark})
		}
	}
	return out
}

// judged reports whether all rows of a node are judged late somewhere above it.
func judged(plan *physical.Plan, node int) bool {
	read := false
	for i := range plan.Nodes {
		if !slices.Contains(plan.Nodes[i].Inputs, node) {
			continue
		}
		if read = true; !graph.JudgesRows(plan.Nodes[i].Op) && !judged(plan, i) {
			return false
		}
	}
	return read
}

// reach takes the inputs to the end of an epoch of a recorded time, 0 if that is not known; raise is told of each scan whose watermark has
// risen.
func (t times) reach(epoch uint64, time int64, raise func(leaf int, watermark int64)) {
	for i := range t {
		x := &t[i]
		w := x.relation.WatermarkAt(epoch)
		if x.clock && w != op.EndOfTime { // a source that has ended gives no row any more
			if w = time; w == 0 {
				continue
			}
		}
		x.own, x.idle = max(x.own, w), x.relation.IdleAt(epoch)
	}
	t.meet(raise)
}

// meet gives each scan its watermark.
func (t times) meet(raise func(leaf int, watermark int64)) {
	common := t.common()
	for i := range t {
		x := &t[i]
		at := max(x.at, x.own)
		if x.free && x.timed && x.idle {
			at = max(at, common)
		}
		if at > x.at {
			x.at = at
			raise(x.node, at)
		}
	}
}

// common is how complete the inputs are together: as the least complete one that is not idle, and if all are, as the most complete. One
// that has ended says nothing.
func (t times) common() int64 {
	low, high, busy := int64(op.EndOfTime), int64(op.NoWatermark), false
	for i := range t {
		switch x := &t[i]; {
		case !x.timed || x.own == op.EndOfTime:
		case x.idle:
			high = max(high, x.own)
		default:
			low, busy = min(low, x.own), true
		}
	}
	if busy {
		return low
	}
	return high
}

// idle reports whether no input holds up what comes of them: one is idle at least, and the others have ended.
func (t times) idle(at func(*leafTime) (own int64, idle bool)) bool {
	any := false
	for i := range t {
		if !t[i].timed {
			continue
		}
		switch own, idle := at(&t[i]); {
		case idle:
			any = true
		case own != op.EndOfTime:
			return false
		}
	}
	return any
}

// IdleAt reports whether the job's output held up no watermark at the end of an epoch that its inputs have come to.
func (j *Job) IdleAt(epoch uint64) bool {
	return j.times.idle(func(x *leafTime) (int64, bool) { // reads only what does not change
		return x.relation.WatermarkAt(epoch), x.relation.IdleAt(epoch)
	})
}

// begin forgets all but the marks that a snapshot has: those of scans, in the plan's order.
func (t times) begin(stored []int64) {
	for i := range t {
		t[i].own, t[i].idle, t[i].at = op.NoWatermark, false, op.NoWatermark
		if i < len(stored) {
			t[i].at = stored[i]
		}
	}
}

// marks are the watermarks of the scans, for a snapshot.
func (t times) marks() []int64 {
	out := make([]int64, len(t))
	for i := range t {
		out[i] = t[i].at
	}
	return out
}

// replay goes through the log's records up to an epoch, and gives the watermarks that the scans of streams had at the end of each, by
// scan. What views had before they were read is not known: they come in at the end, whose recorded time is now.
func (t times) replay(log *changelog.Log, logged func(node int) bool, upTo uint64, now int64) (map[int][]mark, error) {
	out := map[int][]mark{}
	raise := func(epoch uint64) func(int, int64) {
		return func(leaf int, w int64) { out[leaf] = append(out[leaf], mark{epoch, w}) }
	}
	if !slices.ContainsFunc(t, func(x leafTime) bool { return (x.timed || x.clock) && logged(x.node) }) { // no record has anything to say
		t.reach(upTo, now, raise(upTo))
		return out, nil
	}
	err := eachRecord(log, upTo, func(r *changelog.Record) error {
		any := false
		for i := range t {
			if logged(t[i].node) {
				any = t[i].read(r) || any
			}
		}
		if any {
			t.meet(raise(r.Epoch))
		}
		return nil
	})
	if err == nil {
		t.reach(upTo, now, raise(upTo))
	}
	return out, err
}

// read takes in what a record says of the input; it reports whether that is anything.
func (x *leafTime) read(r *changelog.Record) (any bool) {
	if x.clock {
		if any = hasRows(r, x.relation.OID); any {
			x.own = r.Time
		}
		return any
	}
	for _, w := range r.Watermarks {
		if w.Relation == x.relation.OID && w.Split == "" {
			x.own, any = max(x.own, w.Time), true
		}
	}
	for _, s := range r.Statuses {
		if s.Relation == x.relation.OID {
			x.idle, any = s.Idle, true
		}
	}
	return any
}

// hasRows reports whether rows of a stream came in an epoch.
func hasRows(r *changelog.Record, oid uint32) bool {
	return slices.ContainsFunc(r.Relations, func(x changelog.RelationRows) bool { return x.Relation == oid }) ||
		slices.ContainsFunc(r.Splits, func(x changelog.Split) bool { return x.Relation == oid })
}

// clockAt is the lowest watermark of the scans that go by the clock.
func (t times) clockAt() int64 {
	at := int64(op.EndOfTime)
	for i := range t {
		if t[i].clock {
			at = min(at, t[i].at)
		}
	}
	return at
}

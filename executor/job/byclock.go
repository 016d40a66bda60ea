package job

import (
	"time"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
)

// clockWindows are the operators of a plan whose windows close as time passes. The job knows when rows came, and so when a window that may
// have some closes next: then the clock has to close an epoch, though nothing else happens.
//
// They may take windows for open that have no rows, and cost an epoch without effect, but not the other way round.
type clockWindows []*clockWindow

// clockWindow is one of them.
type clockWindow struct {
	// size is a window's length, or a session's gap; allowed is how long after its end a window closes. All are in microseconds.
	size, allowed int64
	// slide and offset are those at which windows end; slide is 0 for sessions.
	slide, offset int64
	// until is when the last window ends that may have rows. runs are when sessions may end, ascending.
	until int64
	runs  []run
}

// run are sessions that end one shortly after another.
type run struct{ from, to int64 }

// mostRuns is about how many runs are told apart of the sessions of one gap.
const mostRuns = 256

// newClockWindows finds them in a plan, those below first.
func newClockWindows(plan *physical.Plan) (out clockWindows) {
	for i := range plan.Nodes {
		switch x := plan.Nodes[i].Op.(type) {
		case *physical.WindowAssign:
			if x.ByClock && x.Judge {
				c := &clockWindow{size: x.Size, slide: x.Slide, offset: x.Offset, allowed: x.Allowed, until: op.NoWatermark}
				out = append(out, c)
			}
		case *physical.Session:
			out = out.session(x)
		case *physical.SessionAggregate:
			out = out.session(&x.Session)
		}
	}
	return out
}

func (l clockWindows) session(x *physical.Session) clockWindows {
	if !x.ByClock {
		return l
	}
	return append(l, &clockWindow{size: x.Gap, allowed: x.Allowed, until: op.NoWatermark})
}

// came says that rows came at a time. They may be in windows of each operator, and those windows' ends in windows of the next.
func (l clockWindows) came(at int64) {
	for _, c := range l {
		at = max(at, c.came(at))
	}
}

// came gives when the last window that holds a time ends.
func (c *clockWindow) came(at int64) int64 {
	if c.slide > 0 {
		end := floor(at-c.offset, c.slide) + c.offset + c.size
		c.until = max(c.until, end)
		return end
	}
	c.ends(at+c.size, at+c.size)
	return at + c.size
}

// ends notes that sessions may end between two times.
func (c *clockWindow) ends(from, to int64) {
	apart := max(100*time.Millisecond.Microseconds(), c.size/mostRuns) // no shorter than between two epochs that the clock closes of itself
	if n := len(c.runs); n > 0 && from <= c.runs[n-1].to+apart {
		last := &c.runs[n-1]
		last.from, last.to = min(last.from, from), max(last.to, to)
		return
	}
	c.runs = append(c.runs, run{from, to})
}

// unknown says that rows may have come at any time up to one.
func (l clockWindows) unknown(upTo int64) {
	for _, c := range l {
		if c.slide == 0 {
			c.ends(upTo+1, upTo+c.size)
		}
		upTo = max(upTo, c.came(upTo))
	}
}

// due is when the next window closes, as of a watermark; op.EndOfTime for never.
func (l clockWindows) due(watermark int64) int64 {
	due := int64(op.EndOfTime)
	if watermark == op.NoWatermark || watermark == op.EndOfTime {
		return due
	}
	for _, c := range l {
		due = min(due, c.due(watermark))
	}
	return due
}

func (c *clockWindow) due(watermark int64) int64 {
	w := watermark - c.allowed
	if c.slide > 0 {
		if next := floor(w-c.offset, c.slide) + c.offset + c.slide; next <= c.until {
			return next + c.allowed
		}
		return op.EndOfTime
	}
	for len(c.runs) > 0 && c.runs[0].to <= w {
		c.runs = c.runs[1:]
	}
	if len(c.runs) == 0 {
		return op.EndOfTime
	}
	return max(c.runs[0].from, w+1) + c.allowed
}

// floor is the multiple of a size at a time or before it.
func floor(t, size int64) int64 {
	rest := t % size
	if rest < 0 {
		rest += size
	}
	return t - rest
}

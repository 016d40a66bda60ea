package explain

import (
	"fmt"
	"strings"

	"github.com/streamdb/streamdb/planner/physical"
)

// onTime are the lines of what leaves out late rows.
func onTime(x *physical.OnTime, time string) []string {
	line := "Left out: " + time + " < watermark"
	if x.Allowed > 0 {
		line += " - " + micros(x.Allowed)
	}
	return []string{line}
}

// joinTimes say when a join frees its state, and what becomes of its inputs' watermarks.
func (v *view) joinTimes(x *physical.Join) []string {
	if b := x.Bound; b != nil {
		var d []string
		line := "Time Bound: " + v.timeBound(b)
		if b.Windows {
			line = "Window: closes at " + v.input(0)[b.Left]
		}
		if b.OnClose {
			line += ", emits on close"
		}
		d = append(d, line)
		ended := v.endedByUntil(x)
		if b.HoldBack > 0 && len(ended) < 2 {
			d = append(d, "Watermark: held back by "+micros(b.HoldBack))
		}
		return append(d, list("Watermark ends here", strings.Join(ended, ", "))...)
	}
	return v.ended()
}

// endedByUntil are the times that carry no watermark behind a join because rows come out as long after their time as they say
// themselves. In a full join that goes for what is made of both times.
func (v *view) endedByUntil(x *physical.Join) (ended []string) {
	for side, until := range []*physical.Until{x.Bound.LeftUntil, x.Bound.RightUntil} {
		other := []*physical.Until{x.Bound.RightUntil, x.Bound.LeftUntil}[side]
		if until != nil || other != nil && x.Join == physical.FullJoin {
			ended = append(ended, v.input(side)[[]int{x.Bound.Left, x.Bound.Right}[side]])
		}
	}
	return ended
}

// timeBound says when the partners of a join's rows are.
func (v *view) timeBound(b *physical.JoinBound) string {
	left, right := v.input(0), v.input(1)
	l, r := left[b.Left], right[b.Right]
	switch until := b.LeftUntil; {
	case until != nil && b.RightUntil != nil:
		return fmt.Sprintf("%s to %s, and %s to %s", r, shifted(left[until.Column], until.Plus), l, shifted(right[b.RightUntil.Column], b.RightUntil.Plus))
	case until != nil:
		return fmt.Sprintf("%s between %s and %s", r, shifted(l, -b.Before), shifted(left[until.Column], until.Plus))
	case b.RightUntil != nil:
		return fmt.Sprintf("%s between %s and %s", l, shifted(r, -b.After), shifted(right[b.RightUntil.Column], b.RightUntil.Plus))
	}
	return fmt.Sprintf("%s between %s and %s", r, shifted(l, -b.Before), shifted(l, b.After))
}

// ended names the columns whose watermark an operator does not pass on.
func (v *view) ended() []string {
	var ended []string
	for side, in := range v.node.Inputs {
		for _, c := range v.plan.Nodes[in].Props.Watermarks {
			ended = append(ended, v.input(side)[c])
		}
	}
	return list("Watermark ends here", strings.Join(ended, ", "))
}

func shifted(name string, by int64) string {
	switch {
	case by > 0:
		return name + " + " + micros(by)
	case by < 0:
		return name + " - " + micros(-by)
	}
	return name
}

func (v *view) asof(x *physical.Asof) []string {
	left, right := v.input(0), v.input(1)
	conds := make([]string, len(x.LeftKeys))
	for i := range x.LeftKeys {
		conds[i] = equality(left[x.LeftKeys[i]], right[x.RightKeys[i]], x.NullsEqual[i])
	}
	d := list("Cond", strings.Join(conds, " AND "))
	d = append(d, "Nearest: "+left[x.LeftTime]+" "+x.Compare+" "+right[x.RightTime])
	switch {
	case x.OnClose:
		return append(d, "Frees: what the watermark has passed, emits then")
	case x.Frees:
		return append(d, "Frees: what the watermark has passed")
	}
	return append(d, v.ended()...)
}

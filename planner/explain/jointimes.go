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
		l, r := v.input(0)[b.Left], v.input(1)[b.Right]
		line := fmt.Sprintf("Time Bound: %s between %s and %s", r, shifted(l, -b.Before), shifted(l, b.After))
		if b.Windows {
			line = "Window: closes at " + l
		}
		if b.OnClose {
			line += ", emits on close"
		}
		d = append(d, line)
		if b.HoldBack > 0 {
			d = append(d, "Watermark: held back by "+micros(b.HoldBack))
		}
		return d
	}
	return v.ended()
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

package lower

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// frees reports whether window functions of a maintained plan need no more than the last rows before the watermark: then late rows
// are left out, and the others are freed. Each function must look at so many rows, or so much time, to either side.
func (l *lowering) frees(o *logical.Over, in *rel) bool {
	if !l.options.View || !in.props.Streaming || !in.props.AppendOnly || len(o.OrderBy) == 0 {
		return false
	}
	time := o.OrderBy[0]
	if time.Desc || time.NullsFirst || !in.props.Watermarks.Has(time.Col) || len(in.props.Windows) > 0 {
		return false
	}
	for _, c := range o.PartitionBy {
		if c == time.Col {
			return false
		}
	}
	for i := range o.Calls {
		if !limited(&o.Calls[i], len(o.OrderBy) == 1 && timed(l.md.Type(time.Col))) {
			return false
		}
	}
	return true
}

// timed reports whether a type plus an interval is of that type again.
func timed(t types.Type) bool { return t.ID == types.Timestamp || t.ID == types.Timestamptz }

// limited reports whether a function looks only so far; byTime says that a frame by values is one by the time that carries the watermark.
func limited(c *logical.WindowCall, byTime bool) bool {
	if c.Window != nil {
		switch c.Window.Name {
		case "lag", "lead":
			return len(c.Args) == 1
		case "first_value", "last_value", "nth_value":
		default:
			return false
		}
	}
	f := &c.Frame
	if f.Exclude == physical.ExcludeGroup || f.Exclude == physical.ExcludeTies || f.Start == physical.UnboundedPreceding || f.End == physical.UnboundedFollowing {
		return false
	}
	moved := f.StartOff != nil || f.EndOff != nil
	return f.Unit == physical.Rows || f.Unit == physical.Range && byTime && moved
}

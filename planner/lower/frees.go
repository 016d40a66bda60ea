package lower

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// frees reports whether window functions of a maintained plan need no more than the last rows before the watermark, and of those before a
// state of a fixed size: then late rows are left out, and the others are freed.
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
		if !l.limited(o, &o.Calls[i], len(o.OrderBy) == 1 && timed(l.md.Type(time.Col))) {
			return false
		}
	}
	return true
}

// timed reports whether a type plus an interval is of that type again.
func timed(t types.Type) bool { return t.ID == types.Timestamp || t.ID == types.Timestamptz }

// limited reports whether what a function looks at of the rows before the watermark is so many of them, or has a fixed size; byTime says that
// a frame by values is one by the time that carries the watermark.
func (l *lowering) limited(o *logical.Over, c *logical.WindowCall, byTime bool) bool {
	if c.Window != nil {
		switch c.Window.Name {
		case "row_number", "rank", "dense_rank":
			return true
		case "lag", "lead":
			return len(c.Args) == 1 || l.shift(o, c) != nil
		case "first_value", "last_value":
		case "nth_value":
			if c.Frame.Start == physical.UnboundedPreceding {
				return false
			}
		default:
			return false
		}
	}
	f := &c.Frame
	if f.Exclude == physical.ExcludeGroup || f.Exclude == physical.ExcludeTies || f.End == physical.UnboundedFollowing {
		return false
	}
	if f.Start == physical.UnboundedPreceding {
		return accumulates(c)
	}
	moved := f.StartOff != nil || f.EndOff != nil
	return f.Unit == physical.Rows || f.Unit == physical.Range && byTime && moved
}

// accumulates reports whether a state of a fixed size can stand for the first rows of a frame that begins with its partition.
func accumulates(c *logical.WindowCall) bool {
	f := &c.Frame
	if f.Exclude != physical.ExcludeNone || c.Aggregate != nil && c.Aggregate.OrderSensitive {
		return false
	}
	switch {
	case f.End == physical.CurrentRow:
		return f.Unit == physical.Rows || f.Unit == physical.Range
	case c.Window != nil && f.End == physical.Preceding: // the frame may have no row
		return false
	}
	return f.Unit == physical.Rows
}

// shift is how many rows lag or lead goes, where that is a constant; nil where it is not, or not said.
func (l *lowering) shift(o *logical.Over, c *logical.WindowCall) *int64 {
	if c.Window == nil || c.Window.Name != "lag" && c.Window.Name != "lead" || len(c.Args) < 2 {
		return nil
	}
	by, ok := constantIn(o.Input, c.Args[1])
	if !ok || by.Null {
		return nil
	}
	return &by.I
}

// constantIn is the value of a column of n where each row has the same and n says so.
func constantIn(n logical.Node, col logical.ColID) (types.Datum, bool) {
	switch x := n.(type) {
	case *logical.Filter:
		return constantIn(x.Input, col)
	case *logical.Over:
		return constantIn(x.Input, col)
	case *logical.Project:
		for _, it := range x.Items {
			if it.Col != col {
				continue
			}
			if c, ok := it.Expr.(*expr.Const); ok {
				return c.Value, true
			}
			if c, ok := logical.ColumnOf(it.Expr); ok {
				return constantIn(x.Input, c)
			}
		}
	}
	return types.Datum{}, false
}

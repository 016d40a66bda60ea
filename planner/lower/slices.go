package lower

import (
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
)

// manyWindows is how many windows a row may be in before it is worth a note that it changes each of them.
const manyWindows = 32

// sliceAggregate brings the slices of a key together, whatever the window. A statement gives windows at its end, a maintained plan as it is
// asked to, if they close.
func (l *lowering) sliceAggregate(a *logical.SliceAggregate) rel {
	in := l.lower(a.Input)
	keys := in.dist.orderLike(a.Keys)
	rows := l.together(in, keys, []logical.ColID{a.Slice, a.First}, a.Calls)
	op := &physical.SliceAggregate{Keys: rows.positions(keys), Slice: rows.position(a.Slice), First: rows.position(a.First), Of: a.Of, Calls: rows.calls,
		AppendOnly: in.props.AppendOnly, Closes: l.options.View && a.Watermark, Partial: rows.partial}
	op.Final = !l.options.View || op.Closes && l.options.EmitOnClose
	cols := append(slices.Clone(keys), a.Start, a.End)
	for i := range a.Calls {
		cols = append(cols, a.Calls[i].Col)
	}
	unbounded := ""
	switch {
	case op.Closes:
		l.close(props.Window{By: []logical.ColID{a.Slice}})
	case in.props.Streaming:
		unbounded = "one group for each window and " + l.list(keys)
		if len(keys) == 0 {
			unbounded = "one group for each window"
		}
	}
	if n := a.Of.Size / a.Of.Slide; l.options.View && !op.Final && n > manyWindows {
		l.note(fmt.Sprintf("each row is in %d windows, whose rows all change with it at each cut; EMIT ON WINDOW CLOSE gives each window once", n))
	}
	return l.add(op, []rel{rows.rel}, rel{cols: cols, props: l.props.Of(a), dist: rows.dist.after(keys)}, unbounded)
}

// note adds a note to the plan, once.
func (l *lowering) note(text string) {
	if !slices.Contains(l.plan.Notes, text) {
		l.plan.Notes = append(l.plan.Notes, text)
	}
}

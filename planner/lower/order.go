package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

func (l *lowering) topN(t *logical.TopN) rel {
	r, _ := l.top(t, 0)
	return r
}

// top lowers a TopN. If number is not 0 and numbered is true, the result has it as a last column: the row's number in its partition.
func (l *lowering) top(t *logical.TopN, number logical.ColID) (r rel, numbered bool) {
	in := l.lower(t.Input)
	if t.Limit == nil && t.Offset == nil {
		return in, false
	}
	keys := in.dist.orderLike(t.PartitionBy)
	in, closing := l.closing(l.byKey(in, keys), keys)
	if limit, ok := firstRows(t); ok && in.props.AppendOnly {
		return l.firstRows(t, in, &physical.FirstRows{PartitionBy: in.positions(keys), Limit: limit, Closing: closing}, number)
	}
	op := &physical.TopN{PartitionBy: in.positions(keys), OrderBy: in.sortKeys(t.OrderBy), Limit: physical.E(t.Limit), Offset: physical.E(t.Offset),
		WithTies: t.WithTies, AppendOnly: in.props.AppendOnly, Closing: closing}
	unbounded := ""
	switch {
	case !in.props.Streaming || closing != nil:
	case !in.props.AppendOnly || t.Limit == nil:
		unbounded = "all rows of its input"
	case len(keys) > 0:
		unbounded = "the first rows of each " + l.list(keys)
	}
	return l.add(op, []rel{in}, rel{cols: in.cols, props: l.props.Of(t), dist: in.dist}, unbounded), false
}

// firstRows is the limit of a TopN that keeps so few rows of each partition that FirstRows may do it, if nothing is retracted.
func firstRows(t *logical.TopN) (limit int, ok bool) {
	c, ok := t.Limit.(*expr.Const)
	if !ok || c.Value.Null || c.Value.I < 1 || c.Value.I > physical.MaxFirstRows {
		return 0, false
	}
	return int(c.Value.I), len(t.PartitionBy) > 0 && t.Offset == nil && !t.WithTies
}

// firstRows adds op, of a TopN over in, which has a number column if number is not 0.
func (l *lowering) firstRows(t *logical.TopN, in rel, op *physical.FirstRows, number logical.ColID) (r rel, numbered bool) {
	op.OrderBy, op.Number = in.sortKeys(t.OrderBy), number != 0
	out := rel{cols: in.cols, props: l.props.Of(t), dist: in.dist}
	if op.Number {
		out.cols = append(slices.Clone(in.cols), number)
	}
	unbounded := ""
	if in.props.Streaming && op.Closing == nil {
		unbounded = "the first rows of each " + l.list(t.PartitionBy)
	}
	return l.add(op, []rel{in}, out, unbounded), op.Number
}

// numbers is the TopN below an Over that does nothing but number its rows, by the same order of the same partitions: nil if it is another.
func numbers(o *logical.Over) *logical.TopN {
	t, ok := o.Input.(*logical.TopN)
	if !ok || len(o.Calls) != 1 || o.Calls[0].Window == nil || o.Calls[0].Window.Name != "row_number" ||
		!slices.Equal(t.PartitionBy, o.PartitionBy) || !slices.Equal(t.OrderBy, o.OrderBy) {
		return nil
	}
	return t
}

func (l *lowering) over(o *logical.Over) rel {
	if t := numbers(o); t != nil {
		if _, shared := l.done[t]; !shared {
			top, numbered := l.top(t, o.Calls[0].Col)
			if numbered {
				return top
			}
			l.done[t] = top
		}
	}
	in := l.lower(o.Input)
	frees := l.frees(o, &in)
	if frees {
		in = l.judged(in, o.OrderBy[0].Col, false)
	}
	keys := in.dist.orderLike(o.PartitionBy)
	in, closing := l.closing(l.byKey(in, keys), keys)
	op := &physical.Over{PartitionBy: in.positions(keys), OrderBy: in.sortKeys(o.OrderBy), AppendOnly: in.props.AppendOnly, Closing: closing, Frees: frees}
	cols := slices.Clone(in.cols)
	for i := range o.Calls {
		op.Calls = append(op.Calls, l.windowCall(o, &o.Calls[i], &in))
		cols = append(cols, o.Calls[i].Col)
	}
	unbounded := ""
	switch {
	case !in.props.Streaming || closing != nil:
	case !frees:
		unbounded = "all rows of its input"
	case len(keys) > 0:
		unbounded = "the last rows of each " + l.list(keys)
	}
	return l.add(op, []rel{in}, rel{cols: cols, props: l.props.Of(o), dist: in.dist}, unbounded)
}

func (l *lowering) windowCall(o *logical.Over, c *logical.WindowCall, in *rel) physical.WindowCall {
	f := c.Frame
	out := physical.WindowCall{Args: in.positions(c.Args), Filter: in.optional(c.Filter), Type: l.md.Type(c.Col), By: l.shift(o, c),
		Frame: physical.Frame{Unit: f.Unit, Start: physical.Bound{Bound: f.Start, Offset: physical.E(f.StartOff)},
			End: physical.Bound{Bound: f.End, Offset: physical.E(f.EndOff)}, Exclude: f.Exclude}}
	if c.Aggregate != nil {
		out.Name, out.ArgTypes, out.Aggregate = c.Aggregate.Name, slices.Clone(c.Aggregate.Args), true
	} else {
		out.Name, out.ArgTypes = c.Window.Name, slices.Clone(c.Window.Args)
	}
	return out
}

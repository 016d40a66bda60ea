package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

func (l *lowering) topN(t *logical.TopN) rel {
	in := l.lower(t.Input)
	if t.Limit == nil && t.Offset == nil {
		return in
	}
	keys := in.dist.orderLike(t.PartitionBy)
	in, closing := l.closing(l.byKey(in, keys), keys)
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
	return l.add(op, []rel{in}, rel{cols: in.cols, props: l.props.Of(t), dist: in.dist}, unbounded)
}

func (l *lowering) over(o *logical.Over) rel {
	in := l.lower(o.Input)
	keys := in.dist.orderLike(o.PartitionBy)
	in, closing := l.closing(l.byKey(in, keys), keys)
	op := &physical.Over{PartitionBy: in.positions(keys), OrderBy: in.sortKeys(o.OrderBy), AppendOnly: in.props.AppendOnly, Closing: closing}
	cols := slices.Clone(in.cols)
	for i := range o.Calls {
		op.Calls = append(op.Calls, l.windowCall(&o.Calls[i], &in))
		cols = append(cols, o.Calls[i].Col)
	}
	unbounded := ""
	if in.props.Streaming && closing == nil {
		unbounded = "all rows of its input"
	}
	return l.add(op, []rel{in}, rel{cols: cols, props: l.props.Of(o), dist: in.dist}, unbounded)
}

func (l *lowering) windowCall(c *logical.WindowCall, in *rel) physical.WindowCall {
	f := c.Frame
	out := physical.WindowCall{Args: in.positions(c.Args), Filter: in.optional(c.Filter), Type: l.md.Type(c.Col),
		Frame: physical.Frame{Unit: f.Unit, Start: physical.Bound{Bound: f.Start, Offset: physical.E(f.StartOff)},
			End: physical.Bound{Bound: f.End, Offset: physical.E(f.EndOff)}, Exclude: f.Exclude}}
	if c.Aggregate != nil {
		out.Name, out.ArgTypes, out.Aggregate = c.Aggregate.Name, slices.Clone(c.Aggregate.Args), true
	} else {
		out.Name, out.ArgTypes = c.Window.Name, slices.Clone(c.Window.Args)
	}
	return out
}

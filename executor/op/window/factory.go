package window

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// factory makes the functions of a node's calls.
type factory struct {
	node  *physical.Over
	types []types.Type // of the input
}

// call is a function of the node, with what it looks at.
type call struct {
	function
	reach reach
	// kept is how far it looks at rows themselves: less than reach where fold brings rows that are freed into an accumulator of the
	// partition (totals), or what is needed of them is none.
	kept reach
	fold func(b *block)
	// ranges is the reach in values, which comes on top; nil for most.
	ranges *rangeReach
	typ    types.Type
}

// call makes call k of the node; its accumulator, if it has one, begins in column total of the totals (-1: none).
func (f *factory) call(ctx *op.Context, k, total int) (call, error) {
	c, err := f.function(ctx, &f.node.Calls[k], total)
	if c.fold == nil {
		c.kept = c.reach
	}
	return c, err
}

func (f *factory) function(ctx *op.Context, c *physical.WindowCall, total int) (call, error) {
	if c.Aggregate {
		return f.aggregate(ctx, c, total)
	}
	argument := func(k int) int {
		if k < len(c.Args) {
			return c.Args[k]
		}
		return physical.NoColumn
	}
	switch c.Name {
	case "row_number":
		return call{function: position(rowNumber), reach: reach{after: all}, typ: c.Type}, nil
	case "rank":
		return call{function: position(rank), reach: reach{after: all, peers: true}, typ: c.Type}, nil
	case "dense_rank":
		d := denseRank{total}
		return f.folded(call{function: position(d.of), reach: reach{after: all, needBefore: all, peers: true}, typ: c.Type}, reach{peers: true}, d.fold), nil
	case "percent_rank":
		return call{function: share(percentRank), reach: wholePartition, typ: c.Type}, nil
	case "cume_dist":
		return call{function: share(cumeDist), reach: wholePartition, typ: c.Type}, nil
	case "ntile":
		return call{function: ntile{argument(0)}, reach: wholePartition, typ: c.Type}, nil
	case "lag", "lead":
		return shiftCall(c, argument), nil
	case "first_value", "last_value", "nth_value":
		fr, err := f.newFrames(ctx, &c.Frame)
		if err != nil {
			return call{}, err
		}
		v := &frameValue{frames: fr, value: argument(0), nth: argument(1), last: c.Name == "last_value", total: total}
		return f.framed(ctx, c, v, &fr, v.fold)
	}
	return call{}, sqlerr.Internal("unknown window function %s", c.Name)
}

// folded is a call that needs no more of the rows that were freed than what fold has made of them: kept is how far it looks at others.
func (f *factory) folded(c call, kept reach, fold func(b *block)) call {
	if f.node.Frees {
		c.kept, c.fold = kept, fold
	}
	return c
}

func shiftCall(c *physical.WindowCall, argument func(k int) int) call {
	s := &shift{value: argument(0), offset: argument(1), fallback: argument(2), sign: 1}
	r := reach{before: 1, needAfter: 1}
	if c.Name == "lag" {
		s.sign, r = -1, reach{after: 1, needBefore: 1}
	}
	switch {
	case c.By != nil:
		r = shiftReach(s.sign * *c.By)
	case s.offset >= 0: // a column may be any number
		r = wholePartition
	}
	return call{function: s, reach: r, typ: c.Type}
}

// shiftReach is the reach of a look at the row that is by rows ahead.
func shiftReach(by int64) reach {
	if by < 0 {
		return reach{after: -by, needBefore: -by}
	}
	return reach{before: by, needAfter: by}
}

func (f *factory) aggregate(ctx *op.Context, c *physical.WindowCall, total int) (call, error) {
	agg := fn.FindAggregate(c.Name, c.ArgTypes)
	if agg == nil {
		return call{}, sqlerr.Internal("unknown aggregate %s", c.Name)
	}
	a := newAggregate(agg, argTypes(c, f.types))
	a.args, a.filter = c.Args, c.Filter
	a.ctx.Use(ctx.Env)
	var err error
	if a.frames, err = f.newFrames(ctx, &c.Frame); err != nil {
		return call{}, err
	}
	a.total, a.running = total, running(agg, &c.Frame)
	if a.running {
		return call{function: a, reach: reach{after: all, peers: c.Frame.Unit == physical.Range}, typ: c.Type}, nil
	}
	return f.framed(ctx, c, a, &a.frames, a.fold)
}

// framed is a call of a function over a frame.
func (f *factory) framed(ctx *op.Context, c *physical.WindowCall, fun function, fr *frames, fold func(b *block)) (call, error) {
	out := call{function: fun, reach: frameReach(&c.Frame, fr.startBy, fr.endBy), typ: c.Type}
	if c.Frame.Start.Bound == physical.UnboundedPreceding {
		out = f.folded(out, prefixReach(&c.Frame, fr.endBy), fold)
	}
	if fr.startAt == nil && fr.endAt == nil {
		return out, nil
	}
	var err error
	if out.ranges, err = f.newRangeReach(ctx, &c.Frame); out.ranges != nil {
		out.reach = reach{peers: true}
	}
	return out, err
}

// argTypes are the types of a call's arguments, of an input with columns of types ts.
func argTypes(c *physical.WindowCall, ts []types.Type) []types.Type {
	out := make([]types.Type, len(c.Args))
	for i, a := range c.Args {
		out[i] = ts[a]
	}
	return out
}

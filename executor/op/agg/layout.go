package agg

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// layout is an Aggregate node made ready: its calls with their functions, and where each keeps what it knows of a group.
//
// A group's row in the state is its keys, how many rows it has, then the columns of the calls' states, and its number if it has one.
type layout struct {
	node *physical.Aggregate
	in   []types.Type
	// keys are the types of the group's columns. Of the first hashed ones the state is kept: those behind are told by the slice.
	keys   []types.Type
	hashed int
	// numbered says that groups have a number, behind the columns of state.
	numbered bool
	calls    []call
	// results are how many of the calls are the node's; those behind them choose the form of the keys (see shown).
	results int
	// shown is, for each key, the call that chooses which of several forms of one value is output, or -1 where equal values
	// have one form: 1.0 and 1.00 are one group, and what is shown must not depend on which came first.
	shown []int
	// state are the types of the columns behind the count.
	state []types.Type
	out   []types.Type
}

// call is one aggregate of the node.
type call struct {
	fn     *fn.Aggregate
	args   []int
	filter int
	order  []physical.SortKey
	typ    types.Type
	how    method
	// distinct says that equal arguments count once.
	distinct bool
	// from and to are its columns among layout.state.
	from, to int
}

// method is how a call follows its input.
type method uint8

const (
	// merged calls have a state that changes are merged into.
	merged method = iota
	// counted is count(*), which the hidden count answers.
	counted
	// ordered calls keep the group's input in order and compute the result from it anew; their state is the result.
	ordered
)

var int8T = types.T(types.Int8)

func newLayout(n *physical.Aggregate, in []types.Type) (*layout, error) {
	l := &layout{node: n, in: in, results: len(n.Calls)}
	for _, k := range n.Keys {
		l.keys = append(l.keys, in[k])
	}
	l.hashed = len(l.keys)
	for i := range n.Calls {
		c := &n.Calls[i]
		f := fn.FindAggregate(c.Name, c.ArgTypes)
		if f == nil {
			return nil, sqlerr.Internal("the plan calls an aggregate %s%v that does not exist", c.Name, c.ArgTypes)
		}
		l.add(call{fn: f, args: c.Args, filter: c.Filter, order: c.OrderBy, typ: c.Type, distinct: c.Distinct && f.Extreme == 0})
	}
	for i, t := range l.keys {
		l.shown = append(l.shown, -1)
		if f := FormChooser(t); f != nil {
			l.shown[i] = len(l.calls)
			l.add(call{fn: f, args: n.Keys[i : i+1], filter: physical.NoColumn, typ: t})
		}
	}
	l.numbered = numbered(n, l.keys, l.calls)
	l.out = slices.Clone(l.keys)
	for i := range l.calls[:l.results] {
		l.out = append(l.out, l.calls[i].typ)
	}
	return l, nil
}

// add decides how a call is followed and gives it its columns.
func (l *layout) add(c call) {
	args := make([]types.Type, len(c.args))
	for i, a := range c.args {
		args[i] = l.in[a]
	}
	c.from = len(l.state)
	switch {
	case len(c.args) == 0 && c.fn.Name == "count" && c.filter == physical.NoColumn && !c.distinct:
		c.how = counted
	case c.fn.OrderSensitive || !c.fn.Retractable && !l.node.AppendOnly:
		c.how = ordered
		l.state = append(l.state, c.typ)
	case l.node.Partial != nil:
		l.state = append(l.state, args...)
	default:
		l.state = append(l.state, c.fn.State(args)...)
	}
	c.to = len(l.state)
	l.calls = append(l.calls, c)
}

// FormChooser is the aggregate that gives the least of the forms that one value of t can have, nil if there is only one.
func FormChooser(t types.Type) *fn.Aggregate {
	if types.OneForm(t) {
		return nil
	}
	if t.Array {
		return fn.FindAggregate("min", []types.Type{types.T(types.AnyArray)})
	}
	return fn.FindAggregate("min", []types.Type{t.Plain()})
}

// spec is the arrangement of groups.
func (l *layout) spec() state.Spec {
	ts := slices.Concat(l.keys, []types.Type{int8T}, l.state)
	if l.numbered {
		ts = append(ts, int8T)
	}
	return state.Spec{Types: ts, Key: l.hashed, Unique: true}
}

// numberColumn is where the group's number is in the arrangement, if groups have numbers.
func (l *layout) numberColumn() int { return l.countColumn() + 1 + len(l.state) }

// countColumn is where the count is in the arrangement; the state columns follow.
func (l *layout) countColumn() int { return len(l.keys) }

// windowed says that groups belong to windows, which close.
func (l *layout) windowed() bool { return l.node.WindowEnd != physical.NoColumn }

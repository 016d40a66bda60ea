package lower

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

func (l *lowering) aggregate(a *logical.Aggregate) rel {
	in := l.lower(a.Input)
	w, windowed := l.window(in.props, a.Keys)
	if len(a.Calls) == 0 && !a.Global && !windowed {
		return l.distinct(a, in)
	}
	keys := in.dist.orderLike(a.Keys)
	rows := l.together(in, keys, nil, a.Calls)
	op := &physical.Aggregate{Keys: rows.positions(keys), Calls: rows.calls, Global: a.Global, AppendOnly: in.props.AppendOnly,
		WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn, Partial: rows.partial}
	if windowed {
		op.WindowEnd, op.WindowStart = slices.Index(keys, w.End), slices.Index(keys, w.Start)
		op.EmitOnClose = l.options.EmitOnClose
		l.close(w)
	}
	cols := slices.Clone(keys)
	for i := range a.Calls {
		cols = append(cols, a.Calls[i].Col)
	}
	unbounded := ""
	if in.props.Streaming && len(keys) > 0 && !windowed {
		unbounded = "one group for each " + l.list(keys)
	}
	return l.add(op, []rel{rows.rel}, rel{cols: cols, props: l.props.Of(a), dist: rows.dist.after(keys)}, unbounded)
}

func (l *lowering) aggCall(c *logical.AggCall, in *rel) physical.AggCall {
	return physical.AggCall{Name: c.Fn.Name, ArgTypes: slices.Clone(c.Fn.Args), Args: in.positions(c.Args), Distinct: c.Distinct,
		Filter: in.optional(c.Filter), OrderBy: in.sortKeys(c.OrderBy), Type: l.md.Type(c.Col)}
}

// distinct is grouping without calls.
func (l *lowering) distinct(a *logical.Aggregate, in rel) rel {
	if !logical.SetOf(in.cols...).SubsetOf(logical.SetOf(a.Keys...)) || len(in.cols) != len(a.Keys) {
		in = l.pick(in, a.Keys)
	}
	in = l.byKey(in, in.cols)
	unbounded := ""
	if in.props.Streaming {
		unbounded = "each different " + l.list(in.cols)
	}
	op := &physical.Distinct{AppendOnly: in.props.AppendOnly}
	return l.add(op, []rel{in}, rel{cols: in.cols, props: l.props.Of(a), dist: in.dist}, unbounded)
}

// list names columns for a note.
func (l *lowering) list(cols []logical.ColID) string {
	var names []string
	for _, c := range cols {
		names = append(names, l.names.of(c))
	}
	if len(names) == 1 {
		return names[0]
	}
	return "(" + strings.Join(names, ", ") + ")"
}

package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
)

// root ends the plan: the visible columns, then, for a statement, those that only order it.
func (l *lowering) root(in rel, result Result) {
	cols := slices.Clone(result.Cols)
	order := result.OrderBy
	if l.options.View {
		order = nil
	}
	for _, k := range order {
		if !slices.Contains(cols, k.Col) {
			cols = append(cols, k.Col)
		}
	}
	out := l.pick(in, cols)
	if l.options.TTL > 0 {
		out = l.expiry(out)
	}
	op := &physical.Root{Names: result.Names, Hidden: len(cols) - len(result.Cols), OrderBy: out.sortKeys(order), EmitOnClose: l.options.EmitOnClose}
	op.Key, op.HasKey = visibleKey(l.plan.Nodes[out.node].Props.Keys, len(result.Cols))
	l.add(op, []rel{out}, out, "")
	l.notes()
}

// visibleKey is the key with the fewest columns among those of visible columns only. A view has no hidden column for a key's sake:
// its changes are then consolidated as its user sees them.
func visibleKey(keys [][]int, visible int) (best []int, ok bool) {
	for _, k := range keys {
		if len(k) > 0 && k[len(k)-1] >= visible || ok && len(k) >= len(best) {
			continue
		}
		best, ok = k, true
	}
	return best, ok
}

// notes says of state that grows for ever what and where. Groups of an aggregation are left out: a view has as many rows itself, or
// its user has thrown them away knowingly.
func (l *lowering) notes() {
	for i := range l.plan.Nodes {
		n := &l.plan.Nodes[i]
		switch n.Op.(type) {
		case *physical.Aggregate, *physical.SliceAggregate, *physical.SessionAggregate:
			continue
		}
		if n.Props.Unbounded == "" {
			continue
		}
		name := n.Op.Kind()
		if n.Props.Of != "" {
			name = "the join of " + n.Props.Of
		}
		note := "the state of " + name + " grows without bound: it keeps " + n.Props.Unbounded
		if n.Props.Remedy != "" {
			note += "; to bound it, " + n.Props.Remedy
		}
		l.note(note)
	}
}

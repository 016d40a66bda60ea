package planner

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

// completeWindows makes the end of a window a key wherever its start is one. In TUMBLE and HOP the one tells the other, so the
// groups stay the same, and now it is known when they close. It has to come before the rules, which prune the end if nobody reads it.
func completeWindows(n logical.Node) logical.Node {
	ends := map[logical.ColID]logical.ColID{}
	logical.Walk(n, func(n logical.Node) {
		if w, ok := n.(*logical.WindowAssign); ok && w.Spec.Window != physical.Cumulate {
			ends[w.Start] = w.End
		}
	})
	if len(ends) == 0 {
		return n
	}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		a, ok := n.(*logical.Aggregate)
		if !ok {
			return n
		}
		keys, have := slices.Clone(a.Keys), logical.OutputSet(a.Input)
		for _, k := range a.Keys {
			if end := ends[k]; end != 0 && have.Has(end) && !slices.Contains(keys, end) {
				keys = append(keys, end)
			}
		}
		if len(keys) == len(a.Keys) {
			return n
		}
		c := *a
		c.Keys = keys
		return &c
	})
}

package planner

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

// windowEnd is the end of a window that its start tells, of rows that agree in other columns.
type windowEnd struct {
	end logical.ColID
	of  []logical.ColID
}

// windowEnds are those of TUMBLE and HOP, whose windows have one length, and of the sessions of one partition.
func windowEnds(n logical.Node) map[logical.ColID]windowEnd {
	ends := map[logical.ColID]windowEnd{}
	logical.Walk(n, func(n logical.Node) {
		switch w := n.(type) {
		case *logical.WindowAssign:
			if w.Spec.Window != physical.Cumulate {
				ends[w.Start] = windowEnd{end: w.End}
			}
		case *logical.Session:
			ends[w.Start] = windowEnd{w.End, w.PartitionBy}
		}
	})
	return ends
}

// completeWindows makes the end of a window a key wherever its start is one and tells it, so that the groups stay the same: then it
// is known when they close. It has to come before the rules, which prune the end if nobody reads it.
func completeWindows(n logical.Node) logical.Node {
	ends := windowEnds(n)
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
			w, ok := ends[k]
			if ok && logical.SetOf(w.of...).SubsetOf(logical.SetOf(a.Keys...)) && have.Has(w.end) && !slices.Contains(keys, w.end) {
				keys = append(keys, w.end)
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

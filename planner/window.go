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

// completeWindows makes the end of a window a key, or one of what partitions, wherever its start is one and tells it, so that the groups stay
// the same: then it is known when they close. It has to come before the rules, which prune the end if nobody reads it.
func completeWindows(n logical.Node) logical.Node {
	ends := windowEnds(n)
	if len(ends) == 0 {
		return n
	}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		switch x := n.(type) {
		case *logical.Aggregate:
			if keys, more := complete(x.Keys, x.Input, ends); more {
				c := *x
				c.Keys = keys
				return &c
			}
		case *logical.Over:
			if keys, more := complete(x.PartitionBy, x.Input, ends); more {
				c := *x
				c.PartitionBy = keys
				return &c
			}
		}
		return n
	})
}

// complete adds to keys the ends of windows that they tell, if the input has them.
func complete(keys []logical.ColID, in logical.Node, ends map[logical.ColID]windowEnd) (out []logical.ColID, more bool) {
	out, have := slices.Clone(keys), logical.OutputSet(in)
	for _, k := range keys {
		w, ok := ends[k]
		if ok && logical.SetOf(w.of...).SubsetOf(logical.SetOf(keys...)) && have.Has(w.end) && !slices.Contains(out, w.end) {
			out = append(out, w.end)
		}
	}
	return out, len(out) > len(keys)
}

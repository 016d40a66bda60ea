package graph

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
)

// LeavesOut reports whether rows of a plan's inputs can be left out as late.
func LeavesOut(plan *physical.Plan) bool {
	return Judges(plan) || slices.ContainsFunc(plan.Nodes, func(n physical.Node) bool {
		m, ok := n.Op.(*physical.Match)
		return ok && m.Watermark
	})
}

// Frees reports whether some operator of a plan frees state or settles rows by the watermark: changes that come for behind it, which a
// view above one that recounts late rows gets, would find nothing to change.
func Frees(plan *physical.Plan) bool {
	return LeavesOut(plan) || slices.ContainsFunc(plan.Nodes, func(n physical.Node) bool { return frees(n.Op) })
}

func frees(x physical.Op) bool {
	switch x := x.(type) {
	case *physical.Aggregate:
		return x.WindowEnd != physical.NoColumn
	case *physical.SliceAggregate:
		return x.Closes
	case *physical.Session:
		return x.Closes
	case *physical.SessionAggregate:
		return x.Closes
	case *physical.TopN:
		return x.Closing != nil
	case *physical.FirstRows:
		return x.Closing != nil
	case *physical.Over:
		return x.Closing != nil
	case *physical.Join:
		return x.Bound != nil
	case *physical.Asof:
		return x.Frees
	case *physical.Hold:
		return true
	}
	return false
}

// Monotone reports whether a plan's result only grows with its inputs, in whatever order their rows come: no operator waits for the
// watermark to say that something will not come.
func Monotone(plan *physical.Plan) bool {
	return !slices.ContainsFunc(plan.Nodes, func(n physical.Node) bool { return !monotone(n.Op) })
}

func monotone(x physical.Op) bool {
	switch x := x.(type) {
	case *physical.Scan, *physical.Values, *physical.Filter, *physical.Project, *physical.Union, *physical.TableFunc, *physical.Exchange,
		*physical.WindowAssign, *physical.OnTime, *physical.Distinct, *physical.Root:
		return true
	case *physical.Join:
		return x.Join == physical.InnerJoin || x.Join == physical.SemiJoin
	case *physical.Aggregate: // without calls it tells which groups there are
		return len(x.Calls) == 0
	case *physical.PartialAggregate:
		return len(x.Calls) == 0
	}
	return false
}

package graph

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/agg"
	"github.com/streamdb/streamdb/executor/op/hold"
	"github.com/streamdb/streamdb/executor/op/join"
	"github.com/streamdb/streamdb/executor/op/match"
	"github.com/streamdb/streamdb/executor/op/order"
	"github.com/streamdb/streamdb/executor/op/row"
	"github.com/streamdb/streamdb/executor/op/session"
	"github.com/streamdb/streamdb/executor/op/set"
	"github.com/streamdb/streamdb/executor/op/temporal"
	"github.com/streamdb/streamdb/executor/op/window"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/state"
)

// build makes the operator of plan node i: the list from nodes to operators.
func build(plan *physical.Plan, i int, mem *state.Memory) (op.Operator, error) {
	n := &plan.Nodes[i]
	switch x := n.Op.(type) {
	case *physical.Filter:
		return row.NewFilter(x)
	case *physical.Project:
		return row.NewProject(x)
	case *physical.OnTime:
		return row.NewOnTime(x), nil
	case *physical.Temporal:
		return temporal.New(x, n.Types, mem), nil
	case *physical.Expiry:
		return temporal.NewExpiry(x, n.Types, mem), nil
	case *physical.Union:
		return row.NewUnion(len(n.Inputs)), nil
	case *physical.Join:
		return join.New(x, plan.Nodes[n.Inputs[0]].Types, plan.Nodes[n.Inputs[1]].Types, mem)
	case *physical.Asof:
		return join.NewAsof(x, plan.Nodes[n.Inputs[0]].Types, plan.Nodes[n.Inputs[1]].Types, mem)
	case *physical.Aggregate:
		return agg.New(x, plan.Nodes[n.Inputs[0]].Types, mem)
	case *physical.PartialAggregate:
		return agg.NewPartial(x, plan.Nodes[n.Inputs[0]].Types, mem)
	case *physical.SessionAggregate:
		return agg.NewSessions(x, plan.Nodes[n.Inputs[0]].Types, mem)
	case *physical.SliceAggregate:
		return agg.NewSlices(x, plan.Nodes[n.Inputs[0]].Types, mem)
	case *physical.Hold:
		return hold.New(x, plan.Nodes[n.Inputs[0]].Types, mem), nil
	case *physical.TopN:
		return order.NewTopN(x, n.Types, mem)
	case *physical.FirstRows:
		return order.NewFirstRows(x, plan.Nodes[n.Inputs[0]].Types, mem), nil
	case *physical.Match:
		return match.New(x, plan.Nodes[n.Inputs[0]].Types, n.Types, mem)
	case *physical.Over:
		return window.NewOver(x, plan.Nodes[n.Inputs[0]].Types, mem)
	case *physical.WindowAssign:
		return row.NewWindowAssign(x), nil
	case *physical.Stamp:
		return row.NewStamp(x), nil
	case *physical.Session:
		return session.New(x, plan.Nodes[n.Inputs[0]].Types, mem)
	case *physical.TableFunc:
		return row.NewTableFunc(x, plan.Nodes[n.Inputs[0]].Types, n.Types)
	case *physical.Distinct:
		return set.NewDistinct(x, n.Types, mem)
	case *physical.SetOp:
		return set.NewSetOp(x, n.Types, mem)
	case *physical.MaxOneRow:
		return set.NewMaxOneRow(x, n.Types, mem)
	default:
		return nil, notBuilt(n.Op.Kind())
	}
}

// ByEpoch reports whether some operator of a plan goes by epochs: then those of a step must stay apart.
func ByEpoch(plan *physical.Plan) bool {
	for i := range plan.Nodes {
		if j, ok := plan.Nodes[i].Op.(*physical.Join); ok && j.LookUp {
			return true
		}
	}
	return false
}

// Clocked reports whether the output of a plan changes as time passes.
func Clocked(plan *physical.Plan) bool {
	return Expires(plan) || slices.ContainsFunc(plan.Nodes, func(n physical.Node) bool { return clocked(n.Op) })
}

func clocked(x physical.Op) bool {
	switch x := x.(type) {
	case *physical.Temporal:
		return true
	case *physical.WindowAssign:
		return x.ByClock && x.Judge
	case *physical.Session:
		return x.ByClock
	case *physical.SessionAggregate:
		return x.ByClock
	}
	return false
}

// Expires reports whether rows of a plan's output go some time after they have come: then it follows from each change of its inputs, and not
// from their sum alone.
func Expires(plan *physical.Plan) bool {
	return slices.ContainsFunc(plan.Nodes, func(n physical.Node) bool { _, ok := n.Op.(*physical.Expiry); return ok })
}

// Judges reports whether some operator of a plan leaves out late rows: then rows must meet the watermark that was in force when they
// came.
func Judges(plan *physical.Plan) bool {
	return slices.ContainsFunc(plan.Nodes, func(n physical.Node) bool { return JudgesRows(n.Op) })
}

// JudgesRows reports whether an operator leaves out rows that are late by its watermark.
func JudgesRows(x physical.Op) bool {
	switch x := x.(type) {
	case *physical.WindowAssign:
		return x.Judge
	case *physical.Stamp:
		return x.Judge
	case *physical.OnTime:
		return true
	}
	return false
}

package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// fold evaluates constant expressions, drops conditions that are true, and replaces what a false one empties.
func fold(c *Context, n logical.Node) logical.Node {
	return logical.Transform(n, func(n logical.Node) logical.Node {
		n = logical.MapOwnExprs(n, expr.Fold)
		switch n := n.(type) {
		case *logical.Filter:
			conds, empty := foldConds(n.Conds)
			if empty {
				return logical.Empty(n.Output())
			}
			if len(conds) == len(n.Conds) {
				return n
			}
			return logical.NewFilter(n.Input, conds...)
		case *logical.Join:
			return foldJoin(n)
		}
		return n
	})
}

// foldConds drops constants from a conjunction; empty says that it is never true.
func foldConds(conds []expr.Node) (kept []expr.Node, empty bool) {
	for _, c := range conds {
		if expr.IsFalseOrNull(c) {
			return nil, true
		}
		for _, a := range expr.Conjuncts(c) {
			kept = append(kept, a)
		}
	}
	return kept, false
}

func foldJoin(j *logical.Join) logical.Node {
	if j.NullAware {
		return j
	}
	conds, empty := foldConds(j.On)
	if empty {
		switch j.Kind {
		case physical.InnerJoin, physical.SemiJoin:
			return logical.Empty(j.Output())
		case physical.AntiJoin:
			return j.Left
		}
		conds = []expr.Node{expr.Bool(false)}
	}
	out := *j
	out.On = conds
	return &out
}

package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// simplifyOuterJoins makes an outer join an inner one (or a full join a one-sided one) where a condition above it drops the rows
// that have no partner.
func simplifyOuterJoins(_ *Context, n logical.Node) logical.Node {
	s := &simplifier{parents(n)}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		switch n := n.(type) {
		case *logical.Filter:
			rejected := rejects(n.Conds)
			return logical.MapInputs(n, func(in logical.Node) logical.Node { return s.simplify(in, rejected) })
		case *logical.Join:
			return s.join(n, logical.ColSet{})
		}
		return n
	})
}

// rejects are the columns of which a null keeps one of the conditions from being true.
func rejects(conds []expr.Node) logical.ColSet {
	var out logical.ColSet
	for _, c := range conds {
		out.AddAll(props.NullRejected(c))
	}
	return out
}

// simplifier has the number of each node's parents in the plan as it was; nodes made since have one.
type simplifier struct{ parents map[logical.Node]int }

// simplify rewrites the joins below whose null-extended rows cannot survive, as a null in one of the rejected columns drops a row.
func (s *simplifier) simplify(n logical.Node, rejected logical.ColSet) logical.Node {
	if s.parents[n] > 1 || rejected.Empty() {
		return n
	}
	switch n := n.(type) {
	case *logical.Filter, *logical.WindowAssign:
		return logical.MapInputs(n, func(in logical.Node) logical.Node { return s.simplify(in, rejected) })
	case *logical.Project:
		var below logical.ColSet
		for _, it := range n.Items {
			if rejected.Has(it.Col) {
				below.AddAll(strict(it.Expr))
			}
		}
		return logical.MapInputs(n, func(in logical.Node) logical.Node { return s.simplify(in, below) })
	case *logical.Join:
		return s.join(n, rejected)
	}
	return n
}

// What a join becomes if its rows without a right partner, or without a left one, are dropped.
var (
	needsRight = map[physical.JoinKind]physical.JoinKind{physical.LeftJoin: physical.InnerJoin, physical.FullJoin: physical.RightJoin}
	needsLeft  = map[physical.JoinKind]physical.JoinKind{physical.RightJoin: physical.InnerJoin, physical.FullJoin: physical.LeftJoin}
)

func (s *simplifier) join(j *logical.Join, rejected logical.ColSet) logical.Node {
	out := *j
	if kind, ok := needsRight[out.Kind]; ok && rejected.Intersects(logical.OutputSet(j.Right)) {
		out.Kind = kind
	}
	if kind, ok := needsLeft[out.Kind]; ok && rejected.Intersects(logical.OutputSet(j.Left)) {
		out.Kind = kind
	}
	left, right := s.below(&out, rejected)
	out.Left, out.Right = s.simplify(j.Left, left), s.simplify(j.Right, right)
	if out.Kind == j.Kind && out.Left == j.Left && out.Right == j.Right {
		return j
	}
	return &out
}

// below gives what is rejected on each side: by a condition above, of the side that is shown as it is; by the join's own conditions,
// of a side whose rows come in pairs only.
func (s *simplifier) below(j *logical.Join, rejected logical.ColSet) (left, right logical.ColSet) {
	own := rejects(j.On)
	if j.NullAware {
		own = logical.ColSet{}
	}
	switch j.Kind {
	case physical.InnerJoin, physical.SemiJoin:
		return rejected.Union(own), rejected.Union(own)
	case physical.LeftJoin, physical.AntiJoin:
		return rejected, own
	case physical.RightJoin:
		return own, rejected
	}
	return logical.ColSet{}, logical.ColSet{}
}

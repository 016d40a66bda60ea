package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
)

// simplifyOuterJoins makes an outer join an inner one (or a full join a one-sided one) where a condition above it drops the rows
// that have no partner.
func simplifyOuterJoins(c *Context, n logical.Node) logical.Node {
	return logical.Transform(n, func(n logical.Node) logical.Node {
		f, ok := n.(*logical.Filter)
		if !ok {
			return n
		}
		rejected := logical.ColSet{}
		for _, cond := range f.Conds {
			rejected.AddAll(props.NullRejected(cond))
		}
		in := simplify(f.Input, rejected)
		if in == f.Input {
			return n
		}
		return f.WithInputs([]logical.Node{in})
	})
}

// simplify rewrites the joins below whose null-extended rows cannot survive, as a null in one of the rejected columns drops a row.
func simplify(n logical.Node, rejected logical.ColSet) logical.Node {
	switch n := n.(type) {
	case *logical.Filter, *logical.WindowAssign:
		return logical.MapInputs(n, func(in logical.Node) logical.Node { return simplify(in, rejected) })
	case *logical.Project:
		below := logical.ColSet{}
		for _, it := range n.Items {
			if rejected.Has(it.Col) {
				below.AddAll(props.NullRejected(it.Expr))
			}
		}
		return logical.MapInputs(n, func(in logical.Node) logical.Node { return simplify(in, below) })
	case *logical.Join:
		return simplifyJoin(n, rejected)
	}
	return n
}

func simplifyJoin(j *logical.Join, rejected logical.ColSet) logical.Node {
	out := *j
	if !j.LeftOnly() {
		if rejected.Intersects(logical.OutputSet(j.Right)) { // rows without a right partner are dropped
			out.Kind = map[physical.JoinKind]physical.JoinKind{physical.LeftJoin: physical.InnerJoin, physical.FullJoin: physical.RightJoin}[j.Kind]
			if out.Kind == "" {
				out.Kind = j.Kind
			}
		}
		if rejected.Intersects(logical.OutputSet(j.Left)) {
			kind := map[physical.JoinKind]physical.JoinKind{physical.RightJoin: physical.InnerJoin, physical.FullJoin: physical.LeftJoin}[out.Kind]
			if kind != "" {
				out.Kind = kind
			}
		}
	}
	// An inner join's own conditions reject as well.
	if out.Kind == physical.InnerJoin {
		for _, c := range out.On {
			rejected = rejected.Union(props.NullRejected(c))
		}
	}
	if out.Kind != physical.RightJoin && out.Kind != physical.FullJoin {
		out.Left = simplify(j.Left, rejected)
	}
	if out.Kind == physical.InnerJoin || out.Kind == physical.RightJoin {
		out.Right = simplify(j.Right, rejected)
	}
	if out.Kind == j.Kind && out.Left == j.Left && out.Right == j.Right {
		return j
	}
	return &out
}

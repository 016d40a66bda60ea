package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// asof brings rows of one key into one task, and there the nearest together.
func (l *lowering) asof(a *logical.Asof) rel {
	left, right := l.lower(a.Left), l.lower(a.Right)
	wide := len(left.cols) // of the output, which does not show computed keys
	output := slices.Concat(left.cols, right.cols)
	op := &physical.Asof{Outer: a.Outer, Compare: a.Compare}
	if b := l.props.AsofBound(a); b != nil && l.options.View {
		left, right = l.judged(left, b.Left, b.LeftEnds), l.judged(right, b.Right, b.RightEnds)
		op.Frees = true
		op.OnClose = l.options.EmitOnClose && left.props.AppendOnly && right.props.AppendOnly
	}
	var leftKeys, rightKeys []expr.Node
	for i := range a.LeftKeys {
		x, y := sameType(a.LeftKeys[i], a.RightKeys[i])
		leftKeys, rightKeys = append(leftKeys, x), append(rightKeys, y)
	}
	x, y := sameType(a.LeftTime, a.RightTime)
	left, lk := l.extend(left, append(leftKeys, x))
	right, rk := l.extend(right, append(rightKeys, y))
	n := len(leftKeys)
	lt, rt, nulls := lk[n], rk[n], slices.Clone(a.Nulls)
	lk, rk = lk[:n:n], rk[:n:n]
	left, right = l.meet(left, right, &lk, &rk, nulls)
	op.LeftKeys, op.RightKeys, op.NullsEqual = left.positions(lk), right.positions(rk), nulls
	op.LeftTime, op.RightTime = left.position(lt), right.position(rt)
	for i := range output {
		if i < wide {
			op.Output = append(op.Output, i)
		} else {
			op.Output = append(op.Output, len(left.cols)+i-wide)
		}
	}
	out := rel{cols: output, props: l.props.Of(a), dist: left.dist.after(lk)}
	if op.Frees {
		return l.add(op, []rel{left, right}, out, "")
	}
	what := ""
	if left.props.Streaming || right.props.Streaming {
		what = "all rows of both inputs"
	}
	out = l.add(op, []rel{left, right}, out, what)
	if p := &l.plan.Nodes[out.node].Props; p.Unbounded != "" {
		p.Of = relations(a.Left) + " and " + relations(a.Right)
		p.Remedy = "give both times a WATERMARK and look back: MATCH_CONDITION (a.at >= b.at)"
	}
	return out
}

// sameType gives two expressions that were compared exactly one type.
func sameType(a, b expr.Node) (expr.Node, expr.Node) {
	x, y, ok := oneType(a, b)
	if !ok {
		panic(sqlerr.Internal("an ASOF join compares %s and %s", a.Type(), b.Type()))
	}
	return x, y
}

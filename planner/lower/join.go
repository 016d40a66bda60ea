package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

func (l *lowering) join(j *logical.Join) rel {
	if j.Dependent() {
		panic(sqlerr.Internal("the rule decorrelate has left a dependent %s join", j.Kind))
	}
	c := splitConditions(j)
	left, right := l.lower(j.Left), l.lower(j.Right)
	wide := len(left.cols) // of the output, which does not show computed keys
	output := slices.Clone(left.cols)
	if !j.LeftOnly() {
		output = append(output, right.cols...)
	}
	right = l.rightRows(j, right, c)
	bound := l.bound(j, &left, &right)
	left, lk := l.extend(left, c.left)
	right, rk := l.extend(right, c.right)
	if c.nullAware {
		// Whether any right row is there, or any null, decides for left rows of all keys.
		left, right = l.byKey(left, nil), l.byKey(right, nil)
	} else {
		left, right = l.meet(left, right, &lk, &rk, c.nulls)
	}
	op := &physical.Join{Join: j.Kind, LookUp: j.LookUp && l.options.View, LeftKeys: left.positions(lk), RightKeys: right.positions(rk), NullsEqual: c.nulls, NullAware: c.nullAware,
		LeftAppendOnly: left.props.AppendOnly, RightAppendOnly: right.props.AppendOnly,
		LeftUnique: l.props.Unique(j.Left, determined(c.left)), RightUnique: l.props.Unique(j.Right, determined(c.right))}
	if bound != nil {
		b := l.props.Bound(j)
		op.Bound, bound.Left, bound.Right = bound, left.position(b.Left), right.position(b.Right)
		bound.LeftUntil, bound.RightUntil = left.until(b.LeftUntil), right.until(b.RightUntil)
	}
	both := rel{cols: slices.Concat(left.cols, right.cols)}
	if len(c.residual) > 0 {
		op.Residual = l.expr(expr.NewAnd(c.residual...), &both)
	}
	for i := range output {
		if i < wide {
			op.Output = append(op.Output, i)
		} else {
			op.Output = append(op.Output, len(left.cols)+i-wide)
		}
	}
	out := rel{cols: output, props: l.props.Of(j), dist: joinDistribution(j, left.dist, lk, rk)}
	if bound != nil {
		return l.add(op, []rel{left, right}, out, "")
	}
	what, remedy := unbounded(j, left.props, right.props)
	if op.LookUp && left.props.Streaming {
		what, remedy = "", "" // left rows are not kept
	}
	out = l.add(op, []rel{left, right}, out, what)
	if n := &l.plan.Nodes[out.node]; n.Props.Unbounded != "" {
		n.Props.Of, n.Props.Remedy = relations(j.Left)+" and "+relations(j.Right), remedy
	}
	return out
}

// determined are the columns whose values keys tell.
func determined(keys []expr.Node) (s logical.ColSet) {
	for _, k := range keys {
		if c, ok := props.Determines(k); ok {
			s.Add(c)
		}
	}
	return s
}

// rightRows keeps the right rows that count: NOT IN over two conditions compares by the first and filters by the other.
func (l *lowering) rightRows(j *logical.Join, right rel, c *conditions) rel {
	if len(c.rightOnly) == 0 {
		return right
	}
	return l.filterBy(right, c.rightOnly, l.props.Of(logical.NewFilter(j.Right, c.rightOnly...)))
}

// joinDistribution is where a join's rows lie: where their keys do, of the sides that are never filled with nulls.
func joinDistribution(j *logical.Join, d distribution, lk, rk []logical.ColID) distribution {
	if d.single {
		return distribution{single: true}
	}
	var out distribution
	if j.Kind != physical.RightJoin && j.Kind != physical.FullJoin {
		out.hashes = append(out.hashes, slices.Clone(lk))
	}
	if j.Kind == physical.InnerJoin || j.Kind == physical.RightJoin {
		out.hashes = append(out.hashes, slices.Clone(rk))
	}
	return out
}

// meet brings rows with equal keys into one task. The order of the keys is free: that of a side that is spread by them already wins.
func (l *lowering) meet(left, right rel, lk, rk *[]logical.ColID, nulls []bool) (rel, rel) {
	if left.dist.single && right.dist.single {
		return left, right
	}
	if len(*lk) == 0 {
		return l.byKey(left, nil), l.byKey(right, nil)
	}
	order := permutation(*lk, left.dist.orderLike(*lk))
	if slices.IsSorted(order) && !left.dist.by(*lk) {
		order = permutation(*rk, right.dist.orderLike(*rk))
	}
	*lk, *rk = permuted(*lk, order), permuted(*rk, order)
	copy(nulls, permuted(nulls, order))
	return l.byHash(left, *lk), l.byHash(right, *rk)
}

// permutation gives the indices of have's elements in the order of want. Where an element is there twice nothing is moved.
func permutation(have, want []logical.ColID) []int {
	order := make([]int, len(have))
	var used logical.ColSet
	for i := range have {
		order[i] = i
	}
	for _, c := range have {
		if used.Has(c) {
			return order
		}
		used.Add(c)
	}
	for i, c := range want {
		order[i] = slices.Index(have, c)
	}
	return order
}

func permuted[T any](list []T, order []int) []T {
	out := make([]T, len(list))
	for i, k := range order {
		out[i] = list[k]
	}
	return out
}

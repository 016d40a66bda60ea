package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// pullConditions: if all that is correlated is conditions, they become the join's.
func (d *decorrelator) pullConditions(j *logical.Join, outer logical.ColSet) (logical.Node, bool) {
	right, conds := d.pull(j.Right, outer)
	if len(conds) == 0 || d.free.Of(right).Intersects(outer) {
		return nil, false
	}
	out := *j
	out.Right = right
	out.On = slices.Concat(j.On, conds)
	if j.LeftOnly() || logical.OutputSet(right).SubsetOf(logical.OutputSet(j.Right)) {
		return &out, true
	}
	return logical.NewProject(&out, logical.PassThrough(d.md, j.Output())), true
}

// pull takes the conditions on outer columns out of a subplan, as far as they can move up through it. The subplan may get more
// columns by it.
func (d *decorrelator) pull(n logical.Node, outer logical.ColSet) (logical.Node, []expr.Node) {
	switch n := n.(type) {
	case *logical.Filter:
		in, conds := d.pull(n.Input, outer)
		kept, own := correlated(n.Conds, outer)
		return logical.NewFilter(in, kept...), append(conds, own...)
	case *logical.Project:
		return d.pullProject(n, outer)
	case *logical.WindowAssign:
		in, conds := d.pull(n.Input, outer)
		return n.WithInputs([]logical.Node{in}), conds
	case *logical.Join:
		return d.pullJoin(n, outer)
	case *logical.Asof:
		left, conds := d.pull(n.Left, outer)
		return n.WithInputs([]logical.Node{left, n.Right}), conds
	case *logical.Aggregate:
		in, conds := d.pull(n.Input, outer)
		if n.Global {
			return n, nil
		}
		if logical.ExprCols(conds...).Intersect(logical.OutputSet(in)).SubsetOf(logical.SetOf(n.Keys...)) {
			return n.WithInputs([]logical.Node{in}), conds
		}
		out := *n
		return d.pullKeys(n, in, conds, outer, func(in logical.Node, keys []logical.ColID) logical.Node {
			out.Input, out.Keys = in, union(keys, n.Keys)
			return &out
		})
	case *logical.TopN:
		in, conds := d.pull(n.Input, outer)
		out := *n
		return d.pullKeys(n, in, conds, outer, func(in logical.Node, keys []logical.ColID) logical.Node {
			out.Input, out.PartitionBy = in, union(keys, n.PartitionBy)
			return &out
		})
	case *logical.Match:
		in, conds := d.pull(n.Input, outer)
		out := *n
		return d.pullKeys(n, in, conds, outer, func(in logical.Node, keys []logical.ColID) logical.Node {
			out.Input, out.PartitionBy = in, union(keys, n.PartitionBy)
			return &out
		})
	case *logical.Over:
		in, conds := d.pull(n.Input, outer)
		out := *n
		return d.pullKeys(n, in, conds, outer, func(in logical.Node, keys []logical.ColID) logical.Node {
			out.Input, out.PartitionBy = in, union(keys, n.PartitionBy)
			return &out
		})
	case *logical.Session:
		in, conds := d.pull(n.Input, outer)
		out := *n
		return d.pullKeys(n, in, conds, outer, func(in logical.Node, keys []logical.ColID) logical.Node {
			out.Input, out.PartitionBy = in, union(keys, n.PartitionBy)
			return &out
		})
	}
	return n, nil
}

// correlated divides conditions into those that stay and those that read outer columns.
func correlated(conds []expr.Node, outer logical.ColSet) (kept, pulled []expr.Node) {
	for _, c := range conds {
		if logical.ExprCols(c).Intersects(outer) && stable(c) {
			pulled = append(pulled, c)
		} else {
			kept = append(kept, c)
		}
	}
	return kept, pulled
}

// pullProject carries the columns that the conditions read. What may fail is not computed for rows that a condition leaves out.
func (d *decorrelator) pullProject(n *logical.Project, outer logical.ColSet) (logical.Node, []expr.Node) {
	in, conds := d.pull(n.Input, outer)
	if len(conds) == 0 || !cannotFail(n.Exprs()...) || !stable(n.Exprs()...) {
		return n, nil
	}
	items := slices.Clone(n.Items)
	more := logical.ExprCols(conds...).Intersect(logical.OutputSet(in)).Minus(logical.OutputSet(n))
	return logical.NewProject(in, append(items, logical.PassThrough(d.md, more.List())...)), conds
}

// pullKeys moves conditions through an operator that treats groups of rows apart: if all are equalities, the rows that one outer row sees
// are those of one group more.
func (d *decorrelator) pullKeys(n, in logical.Node, conds []expr.Node, outer logical.ColSet,
	group func(in logical.Node, keys []logical.ColID) logical.Node) (logical.Node, []expr.Node) {
	if len(conds) == 0 {
		return n, nil
	}
	items, on, ok := d.groupKeys(in, conds, outer)
	if !ok {
		return n, nil
	}
	return group(d.computed(in, items), itemCols(items)), on
}

func (d *decorrelator) pullJoin(j *logical.Join, outer logical.ColSet) (logical.Node, []expr.Node) {
	out := *j
	var conds []expr.Node
	switch j.Kind {
	case physical.InnerJoin:
		var left, right, own []expr.Node
		out.Left, left = d.pull(j.Left, outer)
		out.Right, right = d.pull(j.Right, outer)
		out.Right, right = d.apart(out.Right, right, logical.OutputSet(out.Left))
		out.On, own = correlated(j.On, outer)
		conds = slices.Concat(left, right, own)
	case physical.LeftJoin, physical.SemiJoin, physical.AntiJoin:
		out.Left, conds = d.pull(j.Left, outer)
	case physical.RightJoin:
		out.Right, conds = d.pull(j.Right, outer)
	}
	if len(conds) == 0 {
		return j, nil
	}
	return &out, conds
}

// apart renames the columns that a right side has in common with the left: both may carry one of a subplan that they share.
func (d *decorrelator) apart(right logical.Node, conds []expr.Node, left logical.ColSet) (logical.Node, []expr.Node) {
	if !logical.OutputSet(right).Intersects(left) {
		return right, conds
	}
	p := &logical.Project{Input: right, Items: logical.PassThrough(d.md, right.Output())}
	by := map[logical.ColID]expr.Node{}
	for i, it := range p.Items {
		if left.Has(it.Col) {
			p.Items[i].Col = d.md.Copy(it.Col)
			by[it.Col] = d.md.Ref(p.Items[i].Col)
		}
	}
	out := make([]expr.Node, len(conds))
	for i, c := range conds {
		out[i] = logical.Substitute(c, by)
	}
	return p, out
}

// groupKeys turns equalities of outer and inner expressions into keys of a grouping, and conditions on those keys.
func (d *decorrelator) groupKeys(in logical.Node, conds []expr.Node, outer logical.ColSet) (keys []logical.Item, on []expr.Node, ok bool) {
	own := logical.OutputSet(in)
	var used logical.ColSet
	for _, c := range conds {
		l, r, nulls, ok := props.Equality(c)
		if !ok {
			return nil, nil, false
		}
		if logical.ExprCols(l).Intersects(own) {
			l, r = r, l
		}
		if logical.ExprCols(l).Intersects(own) || logical.ExprCols(r).Intersects(outer) || !cannotFail(r) {
			return nil, nil, false
		}
		k, plain := logical.ColumnOf(r)
		if !plain || !own.Has(k) || used.Has(k) {
			k = d.md.New("key", r.Type())
		}
		used.Add(k)
		keys = append(keys, logical.Item{Col: k, Expr: r})
		if nulls {
			on = append(on, &expr.IsDistinct{Left: l, Right: d.md.Ref(k), Not: true})
		} else {
			on = append(on, c.With([]expr.Node{l, d.md.Ref(k)}))
		}
	}
	return keys, on, true
}

// computed adds the keys that are not columns already.
func (d *decorrelator) computed(in logical.Node, keys []logical.Item) logical.Node {
	own := logical.OutputSet(in)
	items := slices.DeleteFunc(slices.Clone(keys), func(it logical.Item) bool { return own.Has(it.Col) })
	return logical.Extend(d.md, in, items)
}

func itemCols(items []logical.Item) []logical.ColID {
	out := make([]logical.ColID, len(items))
	for i, it := range items {
		out[i] = it.Col
	}
	return out
}

// union are the columns in either list.
func union(a, b []logical.ColID) []logical.ColID {
	have := logical.SetOf(a...)
	out := slices.Clone(a)
	for _, c := range b {
		if !have.Has(c) {
			out = append(out, c)
		}
	}
	return out
}

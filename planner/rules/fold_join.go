package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// join folds the conditions; where they are never true, or a side is empty, the kind says what is left.
func (f *folder) join(j *logical.Join) logical.Node {
	conds, never := foldConds(j.On)
	if j.NullAware {
		conds, never = j.On, false // the first has a meaning of its own
	}
	never = never || isEmpty(j.Right)
	left := isEmpty(j.Left)
	switch j.Kind {
	case physical.InnerJoin, physical.SemiJoin:
		if never || left {
			return logical.Empty(j.Output())
		}
	case physical.LeftJoin, physical.AntiJoin:
		if left {
			return logical.Empty(j.Output())
		}
		if never {
			return f.alone(j.Left, j)
		}
	case physical.RightJoin:
		if isEmpty(j.Right) {
			return logical.Empty(j.Output())
		}
		if never || left {
			return f.alone(j.Right, j)
		}
	case physical.FullJoin:
		if isEmpty(j.Right) {
			return f.alone(j.Left, j)
		}
		if left {
			return f.alone(j.Right, j)
		}
		if never {
			conds = []expr.Node{expr.Bool(false)}
		}
	}
	if slices.Equal(conds, j.On) {
		return j
	}
	out := *j
	out.On = conds
	return &out
}

// alone is a side whose rows all have no partner: the other side's columns are null.
func (f *folder) alone(side logical.Node, j *logical.Join) logical.Node {
	have := logical.OutputSet(side)
	items := logical.PassThrough(f.md, j.Output())
	for i, it := range items {
		if !have.Has(it.Col) {
			items[i].Expr = expr.Null(f.md.Type(it.Col))
		}
	}
	return logical.NewProject(side, items)
}

// setOp folds INTERSECT and EXCEPT of nothing.
func (f *folder) setOp(s *logical.SetOp) logical.Node {
	switch {
	case isEmpty(s.Left), isEmpty(s.Right) && s.Kind == physical.Intersect:
		return logical.Empty(s.Cols)
	case isEmpty(s.Right):
		out := f.project(s.Left, s.LeftIn, s.Cols)
		if s.All {
			return out
		}
		return logical.NewDistinct(out)
	}
	return s
}

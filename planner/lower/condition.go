package lower

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// conditions are a join's, taken apart.
type conditions struct {
	// left and right are the keys, pair by pair of one type; nulls says of which nulls match.
	left, right []expr.Node
	nulls       []bool
	residual    []expr.Node
	// rightOnly are those of a null-aware join that say which right rows count.
	rightOnly []expr.Node
	nullAware bool
}

func splitConditions(j *logical.Join) *conditions {
	ls, rs := logical.OutputSet(j.Left), logical.OutputSet(j.Right)
	c := &conditions{}
	if j.NullAware {
		c.notIn(j.On, ls, rs)
		return c
	}
	for _, on := range j.On {
		for _, arm := range expr.Conjuncts(on) {
			if !c.key(arm, ls, rs) {
				c.residual = append(c.residual, arm)
			}
		}
	}
	return c
}

// notIn splits NOT IN's conditions: what was compared, then which right rows count. The operator's own form has one key and nothing else;
// any other is an anti join whose comparison keeps a row out unless it is false.
func (c *conditions) notIn(on []expr.Node, ls, rs logical.ColSet) {
	plain := true
	for _, cond := range on[1:] {
		if logical.ExprCols(cond).SubsetOf(rs) {
			c.rightOnly = append(c.rightOnly, cond)
		} else {
			plain = false
		}
	}
	if plain && c.key(on[0], ls, rs) && !c.nulls[0] {
		c.nullAware = true
		return
	}
	*c = conditions{residual: []expr.Node{&expr.Test{Arg: on[0], Kind: expr.TestFalse, Not: true}}}
	for _, cond := range on[1:] {
		if !c.key(cond, ls, rs) {
			c.residual = append(c.residual, cond)
		}
	}
}

// key takes a condition as a pair of keys if it equates an expression of each side.
func (c *conditions) key(cond expr.Node, ls, rs logical.ColSet) bool {
	a, b, nulls, ok := props.Equality(cond)
	if !ok || expr.Volatility(cond) >= fn.Volatile {
		return false
	}
	ac, bc := logical.ExprCols(a), logical.ExprCols(b)
	if ac.Empty() || bc.Empty() {
		return false
	}
	if ac.SubsetOf(rs) && bc.SubsetOf(ls) {
		a, b, ac, bc = b, a, bc, ac
	}
	if !ac.SubsetOf(ls) || !bc.SubsetOf(rs) {
		return false
	}
	if a, b, ok = oneType(a, b); !ok {
		return false
	}
	c.left, c.right, c.nulls = append(c.left, a), append(c.right, b), append(c.nulls, nulls)
	return true
}

// oneType gives both sides of an equality exactly one type, so that equal values have one form and thus one hash: numerics of different
// scales and strings of different lengths do not.
func oneType(a, b expr.Node) (expr.Node, expr.Node, bool) {
	s, t := a.Type(), b.Type()
	switch {
	case s == t:
		return a, b, true
	case s.Same(t):
		return expr.NewCast(a, s.Plain(), false), expr.NewCast(b, s.Plain(), false), true
	case isText(s) && isText(t):
		text := types.T(types.Text)
		return expr.NewCast(a, text, false), expr.NewCast(b, text, false), true
	}
	return nil, nil, false
}

func isText(t types.Type) bool { return !t.Array && (t.ID == types.Text || t.ID == types.Varchar) }

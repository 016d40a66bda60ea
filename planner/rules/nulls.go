package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// nullTests drops tests of columns that are never null: a IS NOT NULL is true, and a IS NOT DISTINCT FROM b, by which domains are joined
// back, is a = b where nulls cannot meet nulls.
func nullTests(c *Context, n logical.Node) logical.Node {
	t := &nullTester{c.MD, c.props()}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		switch n := n.(type) {
		case *logical.Filter:
			notNull := t.props.Of(n.Input).NotNull
			return logical.NewFilter(n.Input, t.conds(n.Conds, notNull)...)
		case *logical.Join:
			if n.NullAware {
				return n
			}
			out := *n
			out.On = t.conds(n.On, t.props.Of(n.Left).NotNull.Union(t.props.Of(n.Right).NotNull))
			return &out
		}
		return n
	})
}

type nullTester struct {
	md    *logical.Columns
	props *props.Deriver
}

// conds simplifies conditions over rows in which columns are never null.
func (t *nullTester) conds(list []expr.Node, notNull logical.ColSet) []expr.Node {
	var out []expr.Node
	for _, c := range list {
		switch e := c.(type) {
		case *expr.Test:
			if e.Kind == expr.TestNull && e.Not && isNotNull(e.Arg, notNull) {
				continue
			}
		case *expr.IsDistinct:
			if e.Not && (isNotNull(e.Left, notNull) || isNotNull(e.Right, notNull)) {
				c = equality(e)
			}
		}
		out = append(out, c)
	}
	return out
}

func isNotNull(e expr.Node, notNull logical.ColSet) bool {
	c, ok := logical.ColumnOf(e)
	return ok && notNull.Has(c)
}

// equality makes a = b of a IS NOT DISTINCT FROM b, where the types have the operator.
func equality(d *expr.IsDistinct) expr.Node {
	l, r := d.Left.Type(), d.Right.Type()
	if !l.Same(r) {
		return d
	}
	arg := l.Plain()
	switch {
	case l.Array:
		arg = types.T(types.AnyArray)
	case l.ID == types.Varchar:
		arg = types.T(types.Text)
	}
	if f := fn.Find("=", []types.Type{arg, arg}); f != nil {
		return expr.NewCall(f, d.Left, d.Right)
	}
	return d
}

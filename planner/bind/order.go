package bind

import (
	"strconv"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// orderExpr is a key of an order, still an expression.
type orderExpr struct {
	expr             expr.Node
	pos              int
	desc, nullsFirst bool
}

// orderExpr binds an item of ORDER BY. resolve, if not nil, finds what a number or a name means in the select list.
func (x *exprContext) orderExpr(o *ast.OrderItem, resolve func(ast.Expr) (expr.Node, bool)) orderExpr {
	pos := start(o.Expr)
	out := orderExpr{pos: pos}
	if resolve != nil {
		if n, ok := resolve(o.Expr); ok {
			out.expr = n
		}
	}
	if out.expr == nil {
		out.expr = x.expr(o.Expr)
	}
	out.expr = x.b.resolve(out.expr, pos)
	x.b.mustOrder(out.expr.Type(), pos)
	out.desc, out.nullsFirst = direction(o)
	return out
}

// direction reads ASC, DESC, USING and NULLS.
func direction(o *ast.OrderItem) (desc, nullsFirst bool) {
	desc = o.Desc
	switch o.Using.Name {
	case "":
	case "<":
		desc = false
	case ">":
		desc = true
	default:
		panic(sqlerr.New(sqlerr.WrongObjectType, "operator %s is not a valid ordering operator", o.Using.Name).
			WithHint("Ordering operators must be \"<\" or \">\" members of btree operator families.").At(o.Using.Pos))
	}
	return desc, o.Nulls == ast.NullsFirst || o.Nulls == ast.NullsDefault && desc
}

// bindOrder binds ORDER BY: a number is a position, a name first an output column, all else an expression over the input.
func (s *selection) bindOrder(items []*ast.OrderItem) {
	x := *s.list
	for _, o := range items {
		s.order = append(s.order, x.orderExpr(o, func(e ast.Expr) (expr.Node, bool) { return s.listed(e, "ORDER BY", true) }))
	}
	s.list.joins = x.joins
}

// bindDistinctOn binds DISTINCT ON's list by the same rules.
func (s *selection) bindDistinctOn() {
	for _, e := range s.core.DistinctOn {
		n, ok := s.listed(e, "DISTINCT ON", true)
		if !ok {
			n = s.list.expr(e)
		}
		n = s.b.resolve(n, start(e))
		s.b.mustEqual(n.Type(), start(e))
		s.on = append(s.on, n)
	}
}

// listed finds the target that a clause names by its position or, if names is set, by its output name.
func (s *selection) listed(e ast.Expr, clause string, names bool) (expr.Node, bool) {
	switch e := e.(type) {
	case *ast.Literal:
		return s.position(e, clause), true
	case *ast.ColumnRef:
		if len(e.Name.Parts) != 1 || e.Star || !names {
			return nil, false
		}
		var found expr.Node
		for i, t := range s.targets {
			if t.name != e.Name.Last() {
				continue
			}
			if found != nil && !expr.Equal(found, s.known(i)) {
				fail(start(e), sqlerr.AmbiguousColumn, "%s %q is ambiguous", clause, e.Name.Last())
			}
			found = s.known(i)
		}
		return found, found != nil
	}
	return nil, false
}

func (s *selection) position(e *ast.Literal, clause string) expr.Node {
	i, err := strconv.Atoi(e.Text)
	if e.Kind != ast.LiteralInteger || err != nil {
		fail(e.Pos, sqlerr.SyntaxError, "non-integer constant in %s", clause)
	}
	if i < 1 || i > len(s.targets) {
		fail(e.Pos, sqlerr.InvalidColumnReference, "%s position %d is not in select list", clause, i)
	}
	return s.known(i - 1)
}

// known is a target's expression. A string that is to be sorted by or compared is of type text there, also where the set operation around
// it would have made it another one, as in PostgreSQL.
func (s *selection) known(i int) expr.Node {
	t := &s.targets[i]
	t.expr = s.b.resolve(t.expr, t.pos)
	return t.expr
}

// orderOutput binds the ORDER BY of a set operation or VALUES, which may name result columns only.
func (b *binder) orderOutput(r *relation, items []*ast.OrderItem, what string) {
	for _, o := range items {
		id := outputColumn(r, o.Expr, what)
		b.mustOrder(b.md.Type(id), start(o.Expr))
		desc, nullsFirst := direction(o)
		r.order = append(r.order, logical.SortKey{Col: id, Desc: desc, NullsFirst: nullsFirst})
	}
}

func outputColumn(r *relation, e ast.Expr, what string) logical.ColID {
	switch e := e.(type) {
	case *ast.Literal:
		i, err := strconv.Atoi(e.Text)
		if e.Kind != ast.LiteralInteger || err != nil {
			fail(e.Pos, sqlerr.SyntaxError, "non-integer constant in ORDER BY")
		}
		if i < 1 || i > len(r.cols) {
			fail(e.Pos, sqlerr.InvalidColumnReference, "ORDER BY position %d is not in select list", i)
		}
		return r.cols[i-1].id
	case *ast.ColumnRef:
		if len(e.Name.Parts) == 1 && !e.Star {
			for _, c := range r.cols {
				if c.name == e.Name.Last() {
					return c.id
				}
			}
			fail(start(e), sqlerr.UndefinedColumn, "column %q does not exist", e.Name.Last())
		}
	}
	panic(sqlerr.New(sqlerr.FeatureNotSupported, "invalid %s ORDER BY clause", what).
		WithDetail("Only result column names can be used, not expressions or functions.").
		WithHint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.").At(start(e)))
}

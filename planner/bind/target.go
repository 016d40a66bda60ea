package bind

import (
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// target is a column of a select list.
type target struct {
	name string
	expr expr.Node
	pos  int
}

// targets binds a select list, stars expanded.
func (x *exprContext) targets(list []*ast.Target, u unknowns) []target {
	var out []target
	for _, t := range list {
		pos := t.Position()
		if ref, ok := t.Expr.(*ast.ColumnRef); ok && ref.Star {
			out = append(out, x.star(ref)...)
			continue
		}
		if f, ok := t.Expr.(*ast.Field); ok && f.Star {
			out = append(out, x.fieldStar(f)...)
			continue
		}
		n := x.expr(t.Expr)
		if u == resolveUnknown {
			n = x.b.resolve(n, pos)
		}
		name := t.Alias
		if name == "" {
			name = columnName(t.Expr)
		}
		out = append(out, target{name, n, pos})
	}
	return out
}

// star expands * and t.*.
func (x *exprContext) star(ref *ast.ColumnRef) []target {
	var out []target
	add := func(it *fromItem) {
		for _, c := range it.cols {
			out = append(out, target{c.name, x.b.ref(c.id, ref.Position()), ref.Position()})
		}
	}
	if len(ref.Name.Parts) > 0 {
		add(x.qualifiedItem(x.b.qualifier(ref.Name.Parts, ref.Position()), ref.Position()))
		return out
	}
	if len(x.scope.items) == 0 {
		fail(ref.Position(), sqlerr.SyntaxError, "SELECT * with no tables specified is not valid")
	}
	for _, it := range x.scope.items {
		if it.colsVisible {
			add(it)
		}
	}
	return out
}

// noName is the name of a column that has none.
const noName = "?column?"

// columnName is the name that PostgreSQL gives a column without an alias (FigureColname).
func columnName(e ast.Expr) string {
	if n, _ := figureName(e); n != "" {
		return n
	}
	return noName
}

// figureName gives a name and its strength: 2 for a real one, 1 for one that an inner name overrides.
func figureName(e ast.Expr) (string, int) {
	switch e := e.(type) {
	case *ast.ColumnRef:
		if !e.Star {
			return e.Name.Last(), 2
		}
	case *ast.Subscript:
		return figureName(e.Expr)
	case *ast.Field:
		return e.Name, 2
	case *ast.FuncCall:
		return funcColumnName(e), 2
	case *ast.Cast:
		if n, s := figureName(e.Expr); s > 1 {
			return n, s
		}
		return e.Type.Name.Last(), 1
	case *ast.Collate:
		return figureName(e.Expr)
	case *ast.Case:
		if e.Else != nil {
			if n, s := figureName(e.Else); s > 0 {
				return n, s
			}
		}
		return "case", 1
	case *ast.ArrayCtor, *ast.ArrayQuery:
		return "array", 2
	case *ast.Row:
		return "row", 2
	case *ast.Overlaps:
		return "overlaps", 2
	case *ast.Exists:
		return "exists", 2
	case *ast.Subquery:
		return queryColumnName(e.Query)
	}
	return "", 0
}

// funcColumnName is a call's name, SQL's own syntax being named as PostgreSQL's grammar does.
func funcColumnName(e *ast.FuncCall) string {
	if e.Form == ast.FormSimilar {
		return "substring"
	}
	return e.Name.Last()
}

// queryColumnName is the name of a scalar subquery: that of its first column.
func queryColumnName(q *ast.Select) (string, int) {
	core, ok := q.Body.(*ast.SelectCore)
	if !ok || len(core.Targets) == 0 {
		return "", 0
	}
	if t := core.Targets[0]; t.Alias != "" {
		return t.Alias, 2
	}
	return figureName(core.Targets[0].Expr)
}

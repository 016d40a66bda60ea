package parse

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
)

// parenthesised gives an expression with parentheses around each operation, so
// that it shows how operators bind.
func parenthesised(e ast.Expr) string {
	var b strings.Builder
	between := func(parts ...any) string {
		b.WriteByte('(')
		for _, p := range parts {
			switch x := p.(type) {
			case string:
				b.WriteString(x)
			case ast.Expr:
				b.WriteString(parenthesised(x))
			}
		}
		b.WriteByte(')')
		return b.String()
	}
	not := func(n bool, s string) string {
		if n {
			return " NOT" + s
		}
		return s
	}
	switch x := e.(type) {
	case *ast.And:
		return between(joinExprs(x.Args, " AND "))
	case *ast.Or:
		return between(joinExprs(x.Args, " OR "))
	case *ast.Not:
		return between("NOT ", x.Expr)
	case *ast.BinaryOp:
		return between(x.Left, " "+x.Op.Name+" ", x.Right)
	case *ast.OpChain:
		left := parenthesised(x.First)
		for _, link := range x.Rest {
			left = "(" + left + " " + link.Op.Name + " " + parenthesised(link.Arg) + ")"
		}
		return left
	case *ast.UnaryOp:
		return between(x.Op.Name+" ", x.Expr)
	case *ast.IsNull:
		return between(x.Expr, " IS", not(x.Not, " NULL"))
	case *ast.IsBool:
		return between(x.Expr, " IS", not(x.Not, " "+[]string{"TRUE", "FALSE", "UNKNOWN"}[x.Test]))
	case *ast.IsDistinct:
		return between(x.Left, " IS", not(x.Not, " DISTINCT FROM "), x.Right)
	case *ast.Between:
		word := " BETWEEN "
		if x.Symmetric {
			word = " BETWEEN SYMMETRIC "
		}
		return between(x.Expr, not(x.Not, word), x.Low, " AND ", x.High)
	case *ast.InList:
		return between(x.Expr, not(x.Not, " IN ("), joinExprs(x.List, ", "), ")")
	case *ast.Like:
		word := []string{" LIKE ", " ILIKE ", " SIMILAR TO "}[x.Kind]
		if x.Escape != nil {
			return between(x.Expr, not(x.Not, word), x.Pattern, " ESCAPE ", x.Escape)
		}
		return between(x.Expr, not(x.Not, word), x.Pattern)
	case *ast.Quantified:
		word := " ANY ("
		if x.All {
			word = " ALL ("
		}
		return between(x.Left, " "+x.Op.Name+word, x.Array, ")")
	case *ast.Cast:
		if x.Form == ast.CastOperator {
			return between(x.Expr, "::"+ast.Format(x.Type))
		}
	case *ast.Collate:
		return between(x.Expr, " COLLATE "+ast.FormatName(x.Collation.Parts...))
	case *ast.FuncCall:
		if x.Form == ast.FormAtTimeZone {
			return between(x.Args[1], " AT TIME ZONE ", x.Args[0])
		}
	}
	return ast.Format(e)
}

func joinExprs(list []ast.Expr, sep string) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = parenthesised(e)
	}
	return strings.Join(parts, sep)
}

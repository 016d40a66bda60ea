package bind

import "github.com/streamdb/streamdb/sql/ast"

// start is where an expression begins in the text: PostgreSQL's exprLocation, which its errors about the type of an operand or clause
// point at. Errors about an operator or a function themselves point at its name, the node's own Position.
func start(e ast.Expr) int {
	for {
		switch x := e.(type) {
		case *ast.BinaryOp:
			e = x.Left
		case *ast.OpChain:
			e = x.First
		case *ast.And:
			e = x.Args[0]
		case *ast.Or:
			e = x.Args[0]
		case *ast.IsNull:
			e = x.Expr
		case *ast.IsBool:
			e = x.Expr
		case *ast.IsDistinct:
			e = x.Left
		case *ast.Between:
			e = x.Expr
		case *ast.InList:
			e = x.Expr
		case *ast.InSubquery:
			e = x.Expr
		case *ast.Like:
			e = x.Expr
		case *ast.Quantified:
			e = x.Left
		case *ast.Subscript:
			e = x.Expr
		case *ast.Collate:
			e = x.Expr
		case *ast.Field:
			e = x.Expr
		case *ast.Cast:
			if x.Form != ast.CastOperator {
				return x.Pos
			}
			e = x.Expr
		default:
			return e.Position()
		}
	}
}

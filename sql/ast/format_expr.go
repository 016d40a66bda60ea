package ast

import "strings"

// The levels of PostgreSQL's operator table, loosest first. They are the
// parser's, seen from the other side.
const (
	levelOr = iota + 1
	levelAnd
	levelNot
	levelIs
	levelCompare
	levelPattern
	levelOp
	levelAdd
	levelMul
	levelPower
	levelAt
	levelCollate
	levelSign
	levelCast
	levelPrimary
)

// operatorLevel is the level of an infix operator.
func operatorLevel(op Operator) int {
	if len(op.Schema) > 0 {
		return levelOp
	}
	switch op.Name {
	case "<", ">", "=", "<=", ">=", "<>":
		return levelCompare
	case "+", "-":
		return levelAdd
	case "*", "/", "%":
		return levelMul
	case "^":
		return levelPower
	}
	return levelOp
}

// level is that of the operator at an expression's top.
func level(e Expr) int {
	switch x := e.(type) {
	case *Or:
		return levelOr
	case *And:
		return levelAnd
	case *Not:
		return levelNot
	case *IsNull, *IsBool, *IsDistinct, *IsDocument:
		return levelIs
	case *Between, *InList, *InSubquery, *Like:
		return levelPattern
	case *Overlaps:
		return levelOp
	case *BinaryOp:
		return operatorLevel(x.Op)
	case *OpChain:
		return operatorLevel(x.Rest[0].Op)
	case *Quantified:
		return operatorLevel(x.Op)
	case *UnaryOp:
		if operatorLevel(x.Op) == levelAdd {
			return levelSign
		}
		return levelOp
	case *Collate:
		return levelCollate
	case *Cast:
		if x.Form == CastOperator {
			return levelCast
		}
	case *FuncCall:
		switch x.Form {
		case FormAtTimeZone:
			return levelAt
		case FormIsNormalized:
			return levelIs
		}
	case *NamedArg:
		return levelOr
	}
	return levelPrimary
}

// operand appends an expression, in parentheses unless its level is at least min.
func (p *printer) operand(e Expr, min int) {
	if level(e) >= min {
		p.expr(e)
		return
	}
	p.str("(")
	p.expr(e)
	p.str(")")
}

func (p *printer) operator(op Operator) {
	if len(op.Schema) == 0 {
		p.str(op.Name)
		return
	}
	p.str("OPERATOR(")
	p.parts(op.Schema)
	p.str(".", op.Name, ")")
}

// joined appends operands with a word between.
func (p *printer) joined(args []Expr, word string, min int) {
	for i, a := range args {
		p.when(i > 0, word)
		p.operand(a, min)
	}
}

// expr appends an expression.
func (p *printer) expr(e Expr) {
	switch x := e.(type) {
	case *Or:
		p.joined(x.Args, " OR ", levelOr+1)
	case *And:
		p.joined(x.Args, " AND ", levelAnd+1)
	case *Not:
		p.str("NOT ")
		p.operand(x.Expr, levelNot)
	case *BinaryOp:
		p.operand(x.Left, level(x)+1)
		p.str(" ")
		p.operator(x.Op)
		p.str(" ")
		p.operand(x.Right, level(x)+1)
	case *OpChain:
		p.operand(x.First, level(x)+1)
		for _, link := range x.Rest {
			p.str(" ")
			p.operator(link.Op)
			p.str(" ")
			p.operand(link.Arg, level(x)+1)
		}
	case *UnaryOp:
		p.operator(x.Op)
		p.when(len(x.Op.Schema) > 0, " ")
		p.operand(x.Expr, levelCast)
	case *IsNull, *IsBool, *IsDistinct, *IsDocument, *Between, *InList, *InSubquery, *Like, *Quantified, *Overlaps:
		p.predicate(e)
	case *FuncCall:
		p.funcCall(x)
	default:
		p.primary(e)
	}
}

// not is a negated predicate's word.
func not(n bool) string {
	if n {
		return "NOT "
	}
	return ""
}

func (p *printer) predicate(e Expr) {
	switch x := e.(type) {
	case *IsNull:
		p.operand(x.Expr, levelIs+1)
		p.str(" IS ", not(x.Not), "NULL")
	case *IsBool:
		p.operand(x.Expr, levelIs+1)
		p.str(" IS ", not(x.Not), [...]string{"TRUE", "FALSE", "UNKNOWN"}[x.Test])
	case *IsDistinct:
		p.operand(x.Left, levelIs+1)
		p.str(" IS ", not(x.Not), "DISTINCT FROM ")
		p.operand(x.Right, levelIs+1)
	case *IsDocument:
		p.operand(x.Expr, levelIs+1)
		p.str(" IS ", not(x.Not), "DOCUMENT")
	case *Between:
		p.operand(x.Expr, levelPattern+1)
		p.str(" ", not(x.Not), "BETWEEN ")
		p.when(x.Symmetric, "SYMMETRIC ")
		p.operand(x.Low, levelCast)
		p.str(" AND ")
		p.operand(x.High, levelPattern+1)
	case *InList:
		p.operand(x.Expr, levelPattern+1)
		p.str(" ", not(x.Not), "IN (")
		p.exprs(x.List)
		p.str(")")
	case *InSubquery:
		p.operand(x.Expr, levelPattern+1)
		p.str(" ", not(x.Not), "IN ")
		p.subquery(x.Query)
	case *Like:
		p.operand(x.Expr, levelPattern+1)
		p.str(" ", not(x.Not), [...]string{"LIKE ", "ILIKE ", "SIMILAR TO "}[x.Kind])
		p.operand(x.Pattern, levelPattern+1)
		if x.Escape != nil {
			p.str(" ESCAPE ")
			p.operand(x.Escape, levelPattern+1)
		}
	case *Quantified:
		p.quantified(x)
	case *Overlaps:
		p.expr(x.Left)
		p.str(" OVERLAPS ")
		p.expr(x.Right)
	}
}

func (p *printer) quantified(x *Quantified) {
	p.operand(x.Left, level(x)+1)
	p.str(" ")
	p.operator(x.Op)
	if x.All {
		p.str(" ALL ")
	} else {
		p.str(" ANY ")
	}
	if x.Query != nil {
		p.subquery(x.Query)
		return
	}
	p.str("(")
	p.expr(x.Array)
	p.str(")")
}

// primary appends what needs no parentheses anywhere, casts and COLLATE apart.
func (p *printer) primary(e Expr) {
	switch x := e.(type) {
	case *Literal:
		p.constant(x)
	case *Param:
		p.str("$")
		p.int(int64(x.Number))
	case *ColumnRef:
		p.columnRef(x)
	case *Default:
		p.str("DEFAULT")
	case *CurrentOf:
		p.str("CURRENT OF ")
		p.ident(x.Cursor)
	case *Cast:
		p.cast(x)
	case *Collate:
		p.operand(x.Expr, levelCollate)
		p.str(" COLLATE ")
		p.name(x.Collation)
	case *Subscript:
		p.subscript(x)
	case *Field:
		p.base(x.Expr, false)
		p.str(".")
		if x.Star {
			p.str("*")
		} else {
			p.ident(x.Name)
		}
	case *ArrayCtor:
		p.str("ARRAY[")
		p.exprs(x.Elems)
		p.str("]")
	case *ArrayQuery:
		p.str("ARRAY")
		p.subquery(x.Query)
	case *Row:
		p.when(x.Explicit, "ROW")
		p.str("(")
		p.exprs(x.Items)
		p.str(")")
	case *Case:
		p.caseExpr(x)
	case *Subquery:
		p.subquery(x.Query)
	case *Exists:
		p.str("EXISTS ")
		p.subquery(x.Query)
	case *NamedArg:
		p.ident(x.Name)
		p.str(" => ")
		p.expr(x.Value)
	case *GroupingSet:
		p.str([...]string{"", "ROLLUP ", "CUBE ", "GROUPING SETS "}[x.Kind], "(")
		p.exprs(x.Items)
		p.str(")")
	}
}

func (p *printer) constant(x *Literal) {
	switch x.Kind {
	case LiteralNull:
		p.str("NULL")
	case LiteralBool:
		p.str(strings.ToUpper(x.Text))
	case LiteralString:
		p.literal(x.Text)
	case LiteralBits:
		p.str(strings.ToUpper(x.Text[:1]))
		p.literal(x.Text[1:])
	default:
		p.str(x.Text)
	}
}

func (p *printer) columnRef(x *ColumnRef) {
	p.name(x.Name)
	if x.Star {
		p.when(len(x.Name.Parts) > 0, ".")
		p.str("*")
	}
}

// base appends what a subscript or a field selection is applied to.
func (p *printer) base(e Expr, column bool) {
	switch x := e.(type) {
	case *ColumnRef:
		if column && !x.Star {
			p.expr(e)
			return
		}
	case *Param, *Subscript, *Subquery:
		p.expr(e)
		return
	case *Field:
		if !x.Star {
			p.expr(e)
			return
		}
	}
	p.str("(")
	p.expr(e)
	p.str(")")
}

func (p *printer) subscript(x *Subscript) {
	p.base(x.Expr, true)
	p.bounds(x)
}

func (p *printer) bounds(x *Subscript) {
	p.str("[")
	if x.Lower != nil {
		p.expr(x.Lower)
	}
	p.when(x.Slice, ":")
	if x.Upper != nil {
		p.expr(x.Upper)
	}
	p.str("]")
}

func (p *printer) caseExpr(x *Case) {
	p.str("CASE")
	if x.Operand != nil {
		p.str(" ")
		p.expr(x.Operand)
	}
	for _, w := range x.Whens {
		p.str(" WHEN ")
		p.expr(w.Cond)
		p.str(" THEN ")
		p.expr(w.Result)
	}
	if x.Else != nil {
		p.str(" ELSE ")
		p.expr(x.Else)
	}
	p.str(" END")
}

func (p *printer) subquery(q *Select) {
	p.str("(")
	p.query(q)
	p.str(")")
}

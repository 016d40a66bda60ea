package ast

import "strings"

// specialNames are functions that PostgreSQL's grammar calls by a keyword; they
// need no quotes in a plain call.
var specialNames = map[string]bool{
	"coalesce": true, "greatest": true, "least": true, "nullif": true, "grouping": true,
	"substring": true, "overlay": true,
}

// funcName appends the name of a function. A keyword that may be a function's
// name needs no quotes.
func (p *printer) funcName(x *FuncCall) {
	if len(x.Name.Parts) != 1 {
		p.name(x.Name)
		return
	}
	name := x.Name.Parts[0]
	plain := !x.Star && !x.Distinct && !x.Variadic && len(x.Args) > 0 && x.OrderBy == nil &&
		x.WithinGroup == nil && x.Filter == nil && x.Over == nil && !hasNamedArg(x.Args)
	switch {
	case plain && specialNames[name], KeywordOf(name).Category == TypeFuncKeyword && !contextWords[name]:
		p.str(name)
	default:
		p.contextIdent(name)
	}
}

func hasNamedArg(args []Expr) bool {
	for _, a := range args {
		if _, ok := a.(*NamedArg); ok {
			return true
		}
	}
	return false
}

// funcCall appends a call in the spelling it had.
func (p *printer) funcCall(x *FuncCall) {
	if x.Form != FormCall {
		p.specialForm(x)
		return
	}
	p.str([...]string{"", "RUNNING ", "FINAL "}[x.Semantics])
	p.funcName(x)
	p.str("(")
	switch {
	case x.Star:
		p.str("*")
	default:
		p.when(x.Distinct, "DISTINCT ")
		for i, a := range x.Args {
			p.when(i > 0, ", ")
			p.when(x.Variadic && i == len(x.Args)-1, "VARIADIC ")
			p.expr(a)
		}
	}
	if len(x.OrderBy) > 0 {
		p.str(" ORDER BY ")
		list(p, x.OrderBy, p.orderItem)
	}
	p.str(")")
	if len(x.WithinGroup) > 0 {
		p.str(" WITHIN GROUP (ORDER BY ")
		list(p, x.WithinGroup, p.orderItem)
		p.str(")")
	}
	if x.Filter != nil {
		p.str(" FILTER (WHERE ")
		p.expr(x.Filter)
		p.str(")")
	}
	if x.Over != nil {
		p.str(" OVER ")
		if x.Over.Name != "" {
			p.ident(x.Over.Name)
		} else {
			p.window(x.Over)
		}
	}
}

// specialForm appends a call in SQL's own syntax.
func (p *printer) specialForm(x *FuncCall) {
	name := strings.ToUpper(x.Name.Last())
	switch x.Form {
	case FormKeyword:
		p.str(name)
		if len(x.Args) > 0 {
			p.str("(")
			p.exprs(x.Args)
			p.str(")")
		}
		return
	case FormAtTimeZone:
		p.operand(x.Args[1], levelAt+1)
		p.str(" AT TIME ZONE ")
		p.operand(x.Args[0], levelAt+1)
		return
	case FormIsNormalized:
		p.operand(x.Args[0], levelIs+1)
		p.str(" IS ")
		if len(x.Args) > 1 {
			p.normalForm(x.Args[1])
			p.str(" ")
		}
		p.str("NORMALIZED")
		return
	case FormCollationFor:
		name = "COLLATION FOR "
	case FormTrim:
		name = "TRIM"
	}
	p.str(name, "(")
	p.formArgs(x)
	p.str(")")
}

// normalForm appends NFC and its kin, which the tree has as strings.
func (p *printer) normalForm(e Expr) {
	if lit, ok := e.(*Literal); ok {
		p.str(strings.ToUpper(lit.Text))
	}
}

// formArgs appends the arguments of a special form with the words between them.
func (p *printer) formArgs(x *FuncCall) {
	switch x.Form {
	case FormExtract:
		if lit, ok := x.Args[0].(*Literal); ok && isPlain(lit.Text) {
			p.str(lit.Text)
		} else {
			p.expr(x.Args[0])
		}
		p.str(" FROM ")
		p.expr(x.Args[1])
	case FormPosition:
		p.operand(x.Args[1], levelCast)
		p.str(" IN ")
		p.operand(x.Args[0], levelCast)
	case FormOverlay:
		p.worded(x.Args, "", " PLACING ", " FROM ", " FOR ")
	case FormSubstring:
		p.worded(x.Args, "", " FROM ", " FOR ")
	case FormSimilar:
		p.worded(x.Args, "", " SIMILAR ", " ESCAPE ")
	case FormTrim:
		p.str(map[string]string{"ltrim": "LEADING ", "rtrim": "TRAILING "}[x.Name.Last()])
		p.when(x.Name.Last() == "btrim", "BOTH ")
		if len(x.Args) == 2 {
			p.expr(x.Args[1])
			p.str(" FROM ")
			p.expr(x.Args[0])
			return
		}
		p.str("FROM ")
		p.exprs(x.Args)
	case FormNormalize:
		p.expr(x.Args[0])
		if len(x.Args) > 1 {
			p.str(", ")
			p.normalForm(x.Args[1])
		}
	default:
		p.exprs(x.Args)
	}
}

// worded appends each argument behind its word.
func (p *printer) worded(args []Expr, words ...string) {
	for i, a := range args {
		p.str(words[i])
		p.expr(a)
	}
}

// window appends a window definition with its parentheses.
func (p *printer) window(w *WindowDef) {
	p.str("(")
	space := false
	part := func() {
		p.when(space, " ")
		space = true
	}
	if w.Base != "" {
		part()
		p.contextIdent(w.Base)
	}
	if len(w.PartitionBy) > 0 {
		part()
		p.str("PARTITION BY ")
		p.exprs(w.PartitionBy)
	}
	if len(w.OrderBy) > 0 {
		part()
		p.str("ORDER BY ")
		list(p, w.OrderBy, p.orderItem)
	}
	if w.Frame != nil {
		part()
		p.frame(w.Frame)
	}
	p.str(")")
}

func (p *printer) frame(f *Frame) {
	p.str([...]string{"RANGE ", "ROWS ", "GROUPS "}[f.Unit])
	p.when(f.Between, "BETWEEN ")
	p.bound(f.Start)
	if f.Between {
		p.str(" AND ")
		p.bound(f.End)
	}
	p.str([...]string{"", " EXCLUDE CURRENT ROW", " EXCLUDE GROUP", " EXCLUDE TIES"}[f.Exclude])
}

func (p *printer) bound(b FrameBound) {
	if b.Offset != nil {
		p.expr(b.Offset)
		p.str(" ")
	}
	p.str([...]string{"UNBOUNDED PRECEDING", "PRECEDING", "CURRENT ROW", "FOLLOWING", "UNBOUNDED FOLLOWING"}[b.Kind])
}

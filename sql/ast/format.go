package ast

import (
	"strconv"
	"strings"
)

// Format gives the SQL text of a node: a statement, an expression, an item of
// FROM, a type's name or a part of a statement. The text parses back to the same
// tree. It is one line, keywords in capitals, with no more parentheses than
// PostgreSQL's precedence needs.
func Format(n Node) string {
	p := &printer{}
	p.node(n)
	return string(p.buf)
}

// FormatName gives the SQL text of a qualified name.
func FormatName(parts ...string) string {
	p := &printer{}
	p.parts(parts)
	return string(p.buf)
}

// QuoteIdent gives an identifier as SQL text, quoted unless it is plain, as
// PostgreSQL's quote_ident does.
func QuoteIdent(s string) string {
	if isPlain(s) {
		if k := KeywordOf(s); k.Category == NotKeyword || k.Category == UnreservedKeyword {
			return s
		}
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// QuoteLiteral gives a string as an SQL literal.
func QuoteLiteral(s string) string {
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// isPlain reports whether s needs no quotes for its characters.
func isPlain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c == '_' || i > 0 && (c >= '0' && c <= '9')) {
			return false
		}
	}
	return s != ""
}

// contextWords are words that are no keywords to PostgreSQL, or unreserved ones,
// but would be read as something else where a function, window or CTE is named.
var contextWords = map[string]bool{
	"tumble": true, "hop": true, "cumulate": true, "session": true, "operator": true, "rollup": true,
	"cube": true, "partition": true, "rows": true, "range": true, "groups": true, "recursive": true,
	"search": true, "cycle": true, "table": true, "collation": true, "permute": true,
}

// printer collects the text of a tree.
type printer struct{ buf []byte }

// str appends text.
func (p *printer) str(text ...string) {
	for _, t := range text {
		p.buf = append(p.buf, t...)
	}
}

func (p *printer) int(n int64) { p.buf = strconv.AppendInt(p.buf, n, 10) }

// when appends text if the condition holds.
func (p *printer) when(cond bool, text string) {
	if cond {
		p.str(text)
	}
}

func (p *printer) ident(s string) { p.str(QuoteIdent(s)) }

// contextIdent appends a name where contextWords must be quoted.
func (p *printer) contextIdent(s string) {
	if contextWords[s] {
		p.str(`"`, s, `"`)
		return
	}
	p.ident(s)
}

func (p *printer) literal(s string) { p.str(QuoteLiteral(s)) }

// parts appends a qualified name.
func (p *printer) parts(parts []string) {
	for i, part := range parts {
		p.when(i > 0, ".")
		p.ident(part)
	}
}

func (p *printer) name(n Name) { p.parts(n.Parts) }

// list appends items with commas between.
func list[T any](p *printer, items []T, item func(T)) {
	for i, x := range items {
		p.when(i > 0, ", ")
		item(x)
	}
}

func (p *printer) idents(names []string) { list(p, names, p.ident) }

// parenIdents appends " (names)" if there are any.
func (p *printer) parenIdents(names []string) {
	if len(names) > 0 {
		p.str(" (")
		p.idents(names)
		p.str(")")
	}
}

func (p *printer) names(names []Name) { list(p, names, p.name) }

func (p *printer) exprs(exprs []Expr) { list(p, exprs, p.expr) }

// node appends any node.
func (p *printer) node(n Node) {
	switch x := n.(type) {
	case nil:
	case Name:
		p.name(x)
	case Ident:
		p.ident(x.Name)
	case *TypeName:
		p.typeName(x)
	case *Select:
		p.query(x)
	case Expr:
		p.expr(x)
	case TableExpr:
		p.table(x)
	case SelectBody:
		p.body(x)
	case *Target:
		p.target(x)
	case *OrderItem:
		p.orderItem(x)
	case *With:
		p.with(x)
	case *ColumnDef:
		p.columnDef(x)
	case *Constraint:
		p.constraint(x)
	case *Option:
		p.option(x)
	case AlterAction:
		p.alterAction(x)
	case *IndexElem:
		p.indexElem(x)
	case Statement:
		p.statement(x)
	}
}

// option appends name = value.
func (p *printer) option(o *Option) { p.optionWith(o, " = ") }

// optionWith appends a name and its value with a separator between.
func (p *printer) optionWith(o *Option, separator string) {
	for i, part := range strings.Split(o.Name, ".") {
		p.when(i > 0, ".")
		if isPlain(part) {
			p.str(part)
		} else {
			p.ident(part)
		}
	}
	if o.Value.Kind != ValueNone {
		p.str(separator)
		p.value(o.Value)
	}
}

// options appends " WITH (...)" if there are any; prefix is what stands before
// the parenthesis.
func (p *printer) options(prefix string, opts []*Option) {
	if len(opts) > 0 {
		p.str(prefix, "(")
		list(p, opts, p.option)
		p.str(")")
	}
}

// wordOptions is options for the lists that have no equals sign: those of COPY,
// EXPLAIN and VACUUM.
func (p *printer) wordOptions(prefix string, opts []*Option) {
	if len(opts) > 0 {
		p.str(prefix, "(")
		list(p, opts, func(o *Option) { p.optionWith(o, " ") })
		p.str(")")
	}
}

func (p *printer) value(v OptionValue) {
	switch v.Kind {
	case ValueWord:
		p.word(v.Text)
	case ValueString:
		p.literal(v.Text)
	case ValueNumber:
		p.str(v.Text)
	case ValueDefault:
		p.str("DEFAULT")
	case ValueStar:
		p.str("*")
	case ValueList:
		p.str("(")
		list(p, v.List, p.value)
		p.str(")")
	}
}

// word appends a word that is a value: there only reserved words need quotes,
// but for three that SET and all options take.
func (p *printer) word(w string) {
	if w == "true" || w == "false" || w == "on" || isPlain(w) && KeywordOf(w).Category != ReservedKeyword {
		p.str(w)
		return
	}
	p.parts(strings.Split(w, "."))
}

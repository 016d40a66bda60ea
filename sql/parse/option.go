package parse

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
)

// withOptions takes WITH (name = value, ...) if it is next.
func (p *parser) withOptions() []*ast.Option {
	if !p.word("with") || !p.peekAt(1).punct("(") {
		return nil
	}
	p.next()
	return p.options()
}

// options takes (name [= value], ...). A name may be quoted or qualified; a value
// may be a string, a number, a word, or a list of them in parentheses.
func (p *parser) options() []*ast.Option {
	return p.optionList(func(o *ast.Option) {
		if p.acceptOp("=") {
			o.Value = p.optionValue()
		}
	})
}

// wordOptions takes (name [value], ...), as COPY, EXPLAIN and VACUUM have it.
func (p *parser) wordOptions() []*ast.Option {
	return p.optionList(func(o *ast.Option) {
		if t := &p.toks[p.i-1]; t.kind == tokWord && t.cat == ast.ReservedKeyword &&
			!t.word("analyze") && !t.word("analyse") && !t.word("null") {
			p.unexpectedAt(t)
		}
		if t := p.peek(); !t.punct(",") && !t.punct(")") {
			o.Value = p.optionValue()
		}
	})
}

func (p *parser) optionList(value func(o *ast.Option)) (list []*ast.Option) {
	p.parenList(func() {
		name := p.optionName()
		o := &ast.Option{Pos: name.Pos, Name: name.Name}
		value(o)
		list = append(list, o)
	})
	return list
}

// optionName takes an option's name, which may have a namespace: toast.fillfactor. Flink SQL writes it as a string: 'connector' = 'file'.
func (p *parser) optionName() ast.Ident {
	if t := p.peek(); t.kind == tokString && p.peekAt(1).op("=") {
		p.next()
		return ast.Ident{Pos: int(t.pos), Name: t.text}
	}
	name := p.label()
	for p.acceptPunct(".") {
		name.Name += "." + p.label().Name
	}
	return name
}

// optionValue takes one value.
func (p *parser) optionValue() ast.OptionValue {
	t := p.peek()
	v := ast.OptionValue{Pos: int(t.pos), Text: t.text}
	switch t.kind {
	case tokString:
		v.Kind = ast.ValueString
	case tokInteger, tokNumeric:
		v.Kind = ast.ValueNumber
	case tokWord, tokQuoted:
		v.Kind = ast.ValueWord
		if t.word("default") {
			v.Kind = ast.ValueDefault
		}
	case tokOp:
		return p.signedValue()
	case tokPunct:
		if t.text != "(" {
			p.unexpected()
		}
		v.Kind, v.Text = ast.ValueList, ""
		p.enter()
		p.parenList(func() { v.List = append(v.List, p.optionValue()) })
		p.leave()
		return v
	default:
		p.unexpected()
	}
	p.next()
	for v.Kind == ast.ValueWord && p.acceptPunct(".") {
		v.Text += "." + p.label().Name
	}
	return v
}

// signedValue takes * or a number with its sign.
func (p *parser) signedValue() ast.OptionValue {
	sign := p.next()
	v := ast.OptionValue{Pos: int(sign.pos), Kind: ast.ValueStar, Text: "*"}
	if sign.text == "*" {
		return v
	}
	t := p.peek()
	if sign.text != "-" && sign.text != "+" || t.kind != tokInteger && t.kind != tokNumeric {
		p.i--
		p.unexpected()
	}
	p.next()
	v.Kind, v.Text = ast.ValueNumber, t.text
	if sign.text == "-" {
		v.Text = "-" + t.text
	}
	return v
}

// wordOption is an option that a bare word stands for.
func wordOption(pos int, name, value string) *ast.Option {
	return &ast.Option{Pos: pos, Name: name, Value: ast.OptionValue{Pos: pos, Kind: ast.ValueWord, Text: value}}
}

// hasOption reports whether an option is given and not switched off.
func hasOption(list []*ast.Option, name string) bool {
	on := false
	for _, o := range list {
		if o.Name == name {
			switch strings.ToLower(o.Value.Text) {
			case "false", "off", "0":
				on = false
			default:
				on = true
			}
		}
	}
	return on
}

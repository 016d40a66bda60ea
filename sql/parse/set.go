package parse

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
)

// set reads SET in all its forms.
func (p *parser) set() ast.Statement {
	pos := p.pos()
	p.expect("set")
	if p.accept("constraints") {
		return p.setConstraints(pos)
	}
	if p.accept("transaction") {
		return p.setTransaction(pos)
	}
	local := false
	if next := p.peekAt(1); !next.op("=") && !next.word("to") {
		if local = p.accept("local"); !local && p.accept("session") {
			if p.accept("characteristics", "as", "transaction") {
				return &ast.SetTransaction{Pos: pos, Session: true, Modes: p.transactionModes(true)}
			}
			if p.accept("authorization") {
				return p.setWord(pos, "session_authorization", local)
			}
		}
		if p.accept("transaction") {
			return p.setTransaction(pos)
		}
	}
	return p.setRest(pos, local)
}

func (p *parser) setTransaction(pos int) ast.Statement {
	n := &ast.SetTransaction{Pos: pos}
	if p.accept("snapshot") {
		n.Snapshot = p.stringLit()
		return n
	}
	n.Modes = p.transactionModes(true)
	return n
}

func (p *parser) setConstraints(pos int) ast.Statement {
	n := &ast.SetConstraints{Pos: pos}
	if !p.accept("all") {
		n.Names = p.nameList()
	}
	n.Deferred = p.expectAny("deferred", "immediate") == "deferred"
	return n
}

// setRest reads a setting and its value, or one of the spellings of its own
// that some settings have.
func (p *parser) setRest(pos int, local bool) ast.Statement {
	if next := p.peekAt(1); !next.op("=") && !next.word("to") && !next.punct(".") {
		switch {
		case p.accept("time", "zone"):
			return p.setTimeZone(pos, local)
		case p.accept("names"):
			if p.peek().kind == tokString {
				return p.setWord(pos, "client_encoding", local)
			}
			p.accept("default")
			return &ast.Set{Pos: pos, Name: "client_encoding", Local: local}
		case p.accept("schema"):
			if p.peek().kind != tokString {
				p.unexpected()
			}
			return p.setWord(pos, "search_path", local)
		case p.accept("role"):
			return p.setWord(pos, "role", local)
		case p.accept("session", "authorization"):
			return p.setWord(pos, "session_authorization", local)
		case p.accept("xml", "option"):
			return p.setWord(pos, "xmloption", local)
		}
	}
	n := &ast.Set{Pos: pos, Name: p.settingName(), Local: local}
	if !p.acceptOp("=") {
		if p.accept("from", "current") {
			refuse(pos, "SET FROM CURRENT", "")
		}
		p.expect("to")
	}
	if p.accept("default") {
		return n
	}
	p.commaList(func() { n.Values = append(n.Values, p.settingValue()) })
	return n
}

// settingValue takes a value of SET: a string, a number or a word.
func (p *parser) settingValue() ast.OptionValue {
	t := p.peek()
	if t.kind == tokPunct || t.op("*") || t.word("default") ||
		t.kind == tokWord && t.cat == ast.ReservedKeyword && !t.word("true") && !t.word("false") && !t.word("on") {
		p.unexpected()
	}
	return p.optionValue()
}

// setWord reads one string or word as the value of a setting.
func (p *parser) setWord(pos int, name string, local bool) ast.Statement {
	n := &ast.Set{Pos: pos, Name: name, Local: local}
	if name == "session_authorization" && p.accept("default") {
		return n
	}
	v := ast.OptionValue{Pos: p.pos(), Kind: ast.ValueWord}
	if p.peek().kind == tokString {
		v.Kind, v.Text = ast.ValueString, p.stringLit()
	} else {
		v.Text = p.nonReserved().Name
	}
	n.Values = []ast.OptionValue{v}
	return n
}

// setTimeZone reads the value of SET TIME ZONE. An interval is given as INTERVAL '…'.
func (p *parser) setTimeZone(pos int, local bool) ast.Statement {
	n := &ast.Set{Pos: pos, Name: "timezone", Local: local}
	switch {
	case p.acceptAny("default", "local") != "":
		return n
	case p.word("interval"):
		typ := p.simpleType()
		v := ast.OptionValue{Pos: p.pos(), Kind: ast.ValueString}
		v.Text = "INTERVAL '" + p.stringLit() + "'"
		p.intervalFields(typ)
		n.Values = []ast.OptionValue{v}
	default:
		if t := p.peek(); t.kind == tokWord && t.cat != ast.NotKeyword {
			p.unexpected()
		}
		n.Values = []ast.OptionValue{p.settingValue()}
	}
	return n
}

// settingName takes a setting's name, which may be qualified.
func (p *parser) settingName() string {
	name := p.ident().Name
	for p.acceptPunct(".") {
		name += "." + p.ident().Name
	}
	return strings.ToLower(name)
}

// namedSetting takes a setting's name in the spellings of SHOW and RESET.
func (p *parser) namedSetting() string {
	switch {
	case p.accept("time", "zone"):
		return "timezone"
	case p.accept("transaction", "isolation", "level"):
		return "transaction_isolation"
	case p.accept("session", "authorization"):
		return "session_authorization"
	}
	return p.settingName()
}

// reset reads RESET name | ALL.
func (p *parser) reset() ast.Statement {
	n := &ast.Reset{Pos: p.pos()}
	p.expect("reset")
	if !p.accept("all") {
		n.Name = p.namedSetting()
	}
	return n
}

// shownObjects are the plurals that SHOW takes. Each may be a setting's name by
// the grammar; none is.
var shownObjects = map[string]ast.ObjectKind{
	"streams": ast.ObjectStream, "tables": ast.ObjectTable, "views": ast.ObjectView, "sinks": ast.ObjectSink,
	"sources": ast.ObjectSource, "indexes": ast.ObjectIndex, "schemas": ast.ObjectSchema,
}

// show reads SHOW name | ALL, SHOW objects and SHOW CREATE.
func (p *parser) show() ast.Statement {
	pos := p.pos()
	p.expect("show")
	t := p.peek()
	if t.kind == tokWord {
		switch kind, ok := shownObjects[t.text]; {
		case ok:
			p.next()
			n := &ast.ShowObjects{Pos: pos, Kind: kind}
			if p.acceptAny("in", "from") != "" {
				n.In = p.ident().Name
			}
			return n
		case t.text == "materialized" && p.peekAt(1).word("views"):
			p.i += 2
			return &ast.ShowObjects{Pos: pos, Kind: ast.ObjectMatView}
		case t.text == "create":
			p.next()
			n := &ast.ShowCreate{Pos: pos, Kind: p.objectKind()}
			if n.Kind == "" {
				p.unexpected()
			}
			n.Name = p.qualifiedName()
			return n
		case t.text == "all":
			p.next()
			return &ast.Show{Pos: pos, All: true}
		}
	}
	return &ast.Show{Pos: pos, Name: p.namedSetting()}
}

// discard reads DISCARD.
func (p *parser) discard() ast.Statement {
	n := &ast.Discard{Pos: p.pos()}
	p.expect("discard")
	n.What = p.expectAny("all", "plans", "sequences", "temp", "temporary")
	if n.What == "temporary" {
		n.What = "temp"
	}
	return n
}

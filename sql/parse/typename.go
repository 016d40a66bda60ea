package parse

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// standardTypes are the SQL standard's one-word names of types and what
// PostgreSQL's grammar makes of them.
var standardTypes = map[string]string{
	"int": "int4", "integer": "int4", "smallint": "int2", "bigint": "int8", "real": "float4",
	"decimal": "numeric", "dec": "numeric", "numeric": "numeric", "boolean": "bool", "varchar": "varchar",
}

func catalogType(pos int, name string) *ast.TypeName {
	return &ast.TypeName{Name: ast.Name{Pos: pos, Parts: []string{"pg_catalog", name}}}
}

// typeName takes a type's name with its modifiers and array bounds.
func (p *parser) typeName() *ast.TypeName {
	setOf := p.word("setof")
	if setOf {
		p.next()
	}
	t := p.simpleType()
	t.SetOf = setOf
	if p.accept("array") {
		t.Dims = append(t.Dims, -1)
		if p.acceptPunct("[") {
			t.Dims[0] = p.arrayBound()
			p.expectPunct("]")
		}
		return t
	}
	for p.acceptPunct("[") {
		bound := -1
		if !p.peek().punct("]") {
			bound = p.arrayBound()
		}
		p.expectPunct("]")
		if t.Dims = append(t.Dims, bound); len(t.Dims) > maxWraps {
			bail(tooDeep(p.pos()))
		}
	}
	return t
}

func (p *parser) arrayBound() int {
	t := p.peek()
	n, err := strconv.ParseInt(t.text, 10, 32)
	if t.kind != tokInteger || err != nil {
		p.unexpected()
	}
	p.next()
	return int(n)
}

// simpleType takes a type's name with its modifiers.
func (p *parser) simpleType() *ast.TypeName {
	t := p.peek()
	pos := int(t.pos)
	if p.accept("double", "precision") {
		return catalogType(pos, "float8")
	}
	if t.kind == tokWord && t.cat == ast.ColumnKeyword {
		switch t.text {
		case "float":
			return p.floatType()
		case "bit", "character", "char", "nchar", "national":
			return p.lengthType()
		case "timestamp", "time":
			return p.timeType()
		case "interval":
			p.next()
			typ := catalogType(pos, "interval")
			if typ.Mods = p.optionalPrecision(); typ.Mods == nil {
				p.intervalFields(typ)
			}
			return typ
		}
		name, ok := standardTypes[t.text]
		if !ok {
			p.unexpected()
		}
		p.next()
		typ := catalogType(pos, name)
		switch name {
		case "numeric":
			typ.Mods = p.optionalTypeMods()
		case "varchar":
			typ.Mods = p.optionalPrecision()
		}
		return typ
	}
	if !isFuncName(t) {
		p.unexpected()
	}
	p.next()
	typ := &ast.TypeName{Name: p.qualify(ast.Ident{Pos: pos, Name: t.text})}
	typ.Mods = p.optionalTypeMods()
	return typ
}

// floatType takes FLOAT [(p)], whose precision in bits chooses the type.
func (p *parser) floatType() *ast.TypeName {
	pos := p.pos()
	p.expect("float")
	name := "float8"
	if p.acceptPunct("(") {
		at, t := p.pos(), p.peek()
		bits, err := strconv.ParseInt(t.text, 10, 32)
		if t.kind != tokInteger || err != nil {
			p.unexpected()
		}
		p.next()
		switch {
		case bits < 1:
			bail(sqlerr.New(sqlerr.InvalidParameterValue, "precision for type float must be at least 1 bit").At(at))
		case bits > 53:
			bail(sqlerr.New(sqlerr.InvalidParameterValue, "precision for type float must be less than 54 bits").At(at))
		case bits < 25:
			name = "float4"
		}
		p.expectPunct(")")
	}
	return catalogType(pos, name)
}

// lengthType takes the bit and character types; without VARYING their length is
// 1 unless it is given.
func (p *parser) lengthType() *ast.TypeName {
	pos := p.pos()
	first := p.next().text
	fixed, varying := "bpchar", "varchar"
	switch first {
	case "bit":
		fixed, varying = "bit", "varbit"
	case "national":
		p.expectAny("character", "char")
	}
	typ := catalogType(pos, fixed)
	isVarying := p.accept("varying")
	if isVarying {
		typ = catalogType(pos, varying)
	}
	if first == "bit" {
		typ.Mods = p.optionalTypeMods()
	} else {
		typ.Mods = p.optionalPrecision()
	}
	if !isVarying && typ.Mods == nil {
		typ.Mods = []ast.Expr{&ast.Literal{Pos: ast.NoPos, Kind: ast.LiteralInteger, Text: "1"}}
	}
	return typ
}

// timeType takes TIME and TIMESTAMP [(p)] [WITH | WITHOUT TIME ZONE].
func (p *parser) timeType() *ast.TypeName {
	pos := p.pos()
	typ := catalogType(pos, p.next().text)
	typ.Mods = p.optionalPrecision()
	// WITH begins a clause of its own unless TIME follows.
	zoned := p.word("with") && p.peekAt(1).word("time")
	if zoned || p.word("without") {
		p.next()
		p.expect("time", "zone")
	}
	if zoned {
		typ.Name.Parts[1] += "tz"
	}
	return typ
}

// intervalRanges are, for each interval field, those that may follow TO.
var intervalRanges = map[string][]string{
	"year": {"month"}, "month": nil, "day": {"hour", "minute", "second"},
	"hour": {"minute", "second"}, "minute": {"second"}, "second": nil,
}

// intervalFields takes the fields that restrict an interval, if any.
func (p *parser) intervalFields(typ *ast.TypeName) {
	t := p.peek()
	ends, ok := intervalRanges[t.text]
	if !ok || t.kind != tokWord {
		return
	}
	p.next()
	typ.Fields = t.text
	last := t.text
	if len(ends) > 0 && p.accept("to") {
		last = p.expectAny(ends...)
		typ.Fields += " to " + last
	}
	if last == "second" {
		typ.Mods = p.optionalPrecision()
	}
}

func (p *parser) optionalTypeMods() []ast.Expr {
	if p.peek().punct("(") {
		return p.typeMods()
	}
	return nil
}

// optionalPrecision takes (n) if it is next.
func (p *parser) optionalPrecision() []ast.Expr {
	if !p.acceptPunct("(") {
		return nil
	}
	t := p.peek()
	if t.kind != tokInteger {
		p.unexpected()
	}
	p.next()
	p.expectPunct(")")
	return []ast.Expr{&ast.Literal{Pos: int(t.pos), Kind: ast.LiteralInteger, Text: t.text}}
}

// typeMods takes a type's modifiers, which are constants or plain names.
func (p *parser) typeMods() (mods []ast.Expr) {
	p.parenList(func() {
		t := p.peek()
		pos := int(t.pos)
		switch {
		case t.kind == tokString:
			p.next()
			mods = append(mods, stringLiteral(pos, t.text))
		case isColID(t):
			mods = append(mods, &ast.ColumnRef{Name: p.qualifiedName()})
		default:
			n := p.signedInteger()
			mods = append(mods, &ast.Literal{Pos: pos, Kind: ast.LiteralInteger, Text: strconv.FormatInt(n, 10)})
		}
	})
	return mods
}

// typeLiteral spells a literal whose type has a keyword for its name, such as
// TIMESTAMP '...', and reports whether one is next.
func (s *speller) typeLiteral(t *token) bool {
	if !s.typeLiteralAhead() {
		return false
	}
	typ := s.simpleType()
	text := s.next()
	if t.text == "interval" && typ.Mods == nil {
		s.intervalFields(typ)
	}
	s.leafLiteral(typ, text)
	return true
}

// leafLiteral spells a typed literal.
func (s *speller) leafLiteral(typ *ast.TypeName, text *token) {
	s.leaf(&ast.Cast{
		Pos:  typ.Name.Pos,
		Expr: stringLiteral(int(text.pos), text.text),
		Type: typ,
		Form: ast.CastLiteral,
	})
}

// genericLiteral spells a literal behind its type's name: name 'text'.
func (s *speller) genericLiteral(name ast.Name, mods []ast.Expr) {
	s.leafLiteral(&ast.TypeName{Name: name, Mods: mods}, s.next())
}

// typeLiteralAhead reports whether a type that has a keyword for its name is
// next and a string behind it. All those keywords can be columns' names too.
func (p *parser) typeLiteralAhead() bool {
	i := p.i
	first := &p.toks[i]
	switch first.text {
	case "double":
		if !p.toks[i+1].word("precision") {
			return false
		}
		i++
	case "national":
		if !p.toks[i+1].word("character") && !p.toks[i+1].word("char") {
			return false
		}
		i++
	case "float", "bit", "character", "char", "nchar", "timestamp", "time", "interval":
	default:
		if _, ok := standardTypes[first.text]; !ok {
			return false
		}
	}
	i++
	if p.toks[i].word("varying") {
		i++
	}
	if p.toks[i].punct("(") && p.toks[i].match != 0 {
		i = int(p.toks[i].match) + 1
	}
	if (p.toks[i].word("with") || p.toks[i].word("without")) && p.toks[i+1].word("time") && p.toks[i+2].word("zone") {
		i += 3
	}
	return p.toks[i].kind == tokString
}

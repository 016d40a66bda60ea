package ast

import "strings"

// typeSpelling is SQL's spelling of a built-in type: what stands before its
// modifiers and behind them.
type typeSpelling struct{ before, after string }

var typeSpellings = map[string]typeSpelling{
	"int2": {"smallint", ""}, "int4": {"integer", ""}, "int8": {"bigint", ""},
	"float4": {"real", ""}, "float8": {"double precision", ""},
	"numeric": {"numeric", ""}, "bool": {"boolean", ""},
	"varchar": {"character varying", ""}, "varbit": {"bit varying", ""},
	"bpchar": {"character", ""}, "bit": {"bit", ""},
	"timestamp": {"timestamp", " without time zone"}, "timestamptz": {"timestamp", " with time zone"},
	"time": {"time", " without time zone"}, "timetz": {"time", " with time zone"},
}

// typeName appends a type's name.
func (p *printer) typeName(t *TypeName) {
	p.when(t.SetOf, "SETOF ")
	p.simpleType(t)
	for _, bound := range t.Dims {
		p.str("[")
		if bound >= 0 {
			p.int(int64(bound))
		}
		p.str("]")
	}
}

// simpleType appends a type's name without its dimensions.
func (p *printer) simpleType(t *TypeName) {
	parts := t.Name.Parts
	if len(parts) == 2 && parts[0] == "pg_catalog" {
		if parts[1] == "interval" {
			p.str("interval")
			p.intervalFields(t, " ")
			return
		}
		// Without a length these two names would get one.
		fixed := parts[1] == "bpchar" || parts[1] == "bit"
		if s, ok := typeSpellings[parts[1]]; ok && !(fixed && len(t.Mods) == 0) {
			p.str(s.before)
			p.mods(t)
			p.str(s.after)
			return
		}
	}
	if len(parts) == 1 {
		p.typeIdent(parts[0])
	} else {
		p.parts(parts)
	}
	p.mods(t)
}

// typeIdent appends an unqualified type's name, of which other keywords than of
// a column are names.
func (p *printer) typeIdent(name string) {
	if KeywordOf(name).Category == TypeFuncKeyword {
		p.str(name)
		return
	}
	p.ident(name)
}

func (p *printer) mods(t *TypeName) {
	if len(t.Mods) > 0 {
		p.str("(")
		p.exprs(t.Mods)
		p.str(")")
	}
}

// intervalFields appends an interval's restriction and precision.
func (p *printer) intervalFields(t *TypeName, space string) {
	if t.Fields != "" {
		p.str(space, t.Fields)
	}
	p.mods(t)
}

// cast appends a cast in the spelling it had.
func (p *printer) cast(x *Cast) {
	switch x.Form {
	case CastFunction:
		p.str("CAST(")
		p.expr(x.Expr)
		p.str(" AS ")
		p.typeName(x.Type)
		p.str(")")
	case CastLiteral:
		p.typedLiteral(x)
	default:
		p.operand(x.Expr, levelCast)
		p.str("::")
		p.typeName(x.Type)
	}
}

// typedLiteral appends type 'text'. An interval's fields stand behind the text.
func (p *printer) typedLiteral(x *Cast) {
	t := x.Type
	if t.Fields == "" {
		name := *t
		if len(t.Name.Parts) == 1 && contextWords[t.Name.Parts[0]] {
			p.contextIdent(t.Name.Parts[0])
			p.mods(t)
		} else {
			p.simpleType(&name)
		}
		p.str(" ")
		p.expr(x.Expr)
		return
	}
	p.str(strings.ToLower(t.Name.Last()), " ")
	p.expr(x.Expr)
	p.intervalFields(t, " ")
}

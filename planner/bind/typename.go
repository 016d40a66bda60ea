package bind

import (
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// typeName looks a type up. All types are in pg_catalog.
func (b *binder) typeName(t *ast.TypeName) types.Type {
	if t.SetOf {
		unsupported(t.Position(), "SETOF", "")
	}
	q := t.Name.Qualifier()
	if len(q) > 0 && q[len(q)-1] != "pg_catalog" {
		if _, ok := b.Catalog.Schema(q[len(q)-1]); !ok {
			fail(t.Position(), sqlerr.InvalidSchemaName, "schema %q does not exist", q[len(q)-1])
		}
		fail(t.Position(), sqlerr.UndefinedObject, "type \"%s\" does not exist", strings.Join(t.Name.Parts, "."))
	}
	typ, ok := types.ByTypName(t.Name.Last())
	if !ok {
		undefinedType(t.Name.Last(), t.Position())
	}
	if len(t.Mods) > 0 {
		typ = b.withMods(typ, t.Mods, t.Position())
	}
	if t.Fields != "" {
		typ = intervalFields(typ, t)
	}
	if len(t.Dims) > 0 {
		if typ.OID() == 0 || types.ArrayOf(typ).OID() == 0 {
			fail(t.Position(), sqlerr.UndefinedObject, "could not find array type for data type %s", typ)
		}
		typ = types.ArrayOf(typ)
	}
	return typ
}

// withMods applies modifiers, which are integer constants.
func (b *binder) withMods(t types.Type, mods []ast.Expr, pos int) types.Type {
	ints := make([]int32, len(mods))
	for i, m := range mods {
		text, negative := "", false
		switch m := m.(type) {
		case *ast.Literal:
			text = m.Text
		case *ast.UnaryOp:
			if l, ok := m.Expr.(*ast.Literal); ok && m.Op.Name == "-" {
				text, negative = l.Text, true
			}
		}
		v, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			fail(m.Position(), sqlerr.SyntaxError, "type modifiers must be simple constants or identifiers")
		}
		if negative {
			v = -v
		}
		ints[i] = int32(v)
	}
	out, err := types.WithModifiers(t, ints)
	raise(err, pos)
	return out
}

// intervalRanges are the field restrictions of INTERVAL.
var intervalRanges = map[string]datetime.Fields{
	"year": datetime.FieldYear, "month": datetime.FieldMonth, "day": datetime.FieldDay, "hour": datetime.FieldHour,
	"minute": datetime.FieldMinute, "second": datetime.FieldSecond,
	"year to month":    datetime.FieldYear | datetime.FieldMonth,
	"day to hour":      datetime.FieldDay | datetime.FieldHour,
	"day to minute":    datetime.FieldDay | datetime.FieldHour | datetime.FieldMinute,
	"day to second":    datetime.FieldDay | datetime.FieldHour | datetime.FieldMinute | datetime.FieldSecond,
	"hour to minute":   datetime.FieldHour | datetime.FieldMinute,
	"hour to second":   datetime.FieldHour | datetime.FieldMinute | datetime.FieldSecond,
	"minute to second": datetime.FieldMinute | datetime.FieldSecond,
}

func intervalFields(typ types.Type, t *ast.TypeName) types.Type {
	r, ok := intervalRanges[t.Fields]
	if !ok || typ.ID != types.Interval {
		fail(t.Position(), sqlerr.SyntaxError, "invalid interval fields %q", t.Fields)
	}
	precision := int32(-1)
	if p, ok := typ.Precision(); ok {
		precision = int32(p)
	}
	return types.IntervalType(typ, r, precision)
}

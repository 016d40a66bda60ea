package types

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// aliases are the SQL spellings, in lower case with single blanks, that are no pg_type name, or mean another type than the
// pg_type name does (CHAR is no "char").
var aliases = map[string]Type{
	"boolean":                     T(Bool),
	"smallint":                    T(Int2),
	"int":                         T(Int4),
	"integer":                     T(Int4),
	"bigint":                      T(Int8),
	"real":                        T(Float4),
	"float":                       T(Float8),
	"double precision":            T(Float8),
	"decimal":                     T(Numeric),
	"dec":                         T(Numeric),
	"character varying":           T(Varchar),
	"char varying":                T(Varchar),
	"national character varying":  T(Varchar),
	"national char varying":       T(Varchar),
	"nchar varying":               T(Varchar),
	"character":                   T(BPChar),
	"char":                        T(BPChar),
	"national character":          T(BPChar),
	"national char":               T(BPChar),
	"nchar":                       T(BPChar),
	"time without time zone":      T(Time),
	"timestamp without time zone": T(Timestamp),
	"timestamp with time zone":    T(Timestamptz),
}

// byName holds the types by their pg_type names; arrays have an underscore in front.
var byName = func() map[string]Type {
	m := make(map[string]Type, 2*len(Table))
	for i := range Table {
		m[Table[i].Name] = T(ID(i))
		if Table[i].ArrayOID != 0 {
			m["_"+Table[i].Name] = ArrayOf(T(ID(i)))
		}
	}
	return m
}()

// ByTypName finds a type by its name in pg_type: what a quoted or a pg_catalog-qualified name means.
func ByTypName(name string) (Type, bool) {
	t, ok := byName[name]
	return t, ok
}

// BySQLName finds a type by an unquoted name: an SQL spelling ("character varying", "timestamp with time zone"), an alias
// ("int"), or a pg_type name. The name is in lower case with single blanks between words. It knows no modifiers.
func BySQLName(name string) (Type, bool) {
	if t, ok := aliases[name]; ok {
		return t, true
	}
	return ByTypName(name)
}

// FromSQL is the type that an unquoted name with modifiers means: varchar(10), numeric(12,2), float(24), char = char(1).
// Errors are PostgreSQL's: 42704 for an unknown name, 22023 for a wrong modifier, 42601 where none is allowed.
func FromSQL(name string, mods []int32) (Type, error) {
	t, ok := BySQLName(name)
	if !ok {
		return Type{}, undefinedType(name)
	}
	if name == "float" && len(mods) == 1 {
		return floatOfBits(mods[0])
	}
	if len(mods) > 0 {
		return WithModifiers(t, mods)
	}
	// CHARACTER alone is character(1) by the standard; bpchar, PostgreSQL's own name, has no limit.
	if t.ID == BPChar && !t.Array && name != "bpchar" {
		return WithModifiers(t, []int32{1})
	}
	return t, nil
}

func undefinedType(name string) error {
	return sqlerr.New(sqlerr.UndefinedObject, `type "%s" does not exist`, name)
}

func floatOfBits(bits int32) (Type, error) {
	switch {
	case bits < 1:
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "precision for type float must be at least 1 bit")
	case bits <= 24:
		return T(Float4), nil
	case bits <= 53:
		return T(Float8), nil
	}
	return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "precision for type float must be less than 54 bits")
}

// maxCharLength is PostgreSQL's MaxAttrSize.
const maxCharLength = 10485760

// WithModifiers is t with the modifiers that stand in brackets behind its name.
func WithModifiers(t Type, mods []int32) (Type, error) {
	switch t.ID {
	case Varchar, BPChar:
		return charModifier(t, mods)
	case Numeric:
		return numericModifier(t, mods)
	case Time, Timestamp, Timestamptz:
		return precisionModifier(t, mods)
	case Interval:
		if len(mods) == 1 {
			p, err := clampPrecision("INTERVAL", mods[0])
			return IntervalType(t, datetime.AllFields, p), err
		}
	}
	return Type{}, sqlerr.New(sqlerr.SyntaxError, `type modifier is not allowed for type "%s"`, Table[t.ID].Name)
}

func charModifier(t Type, mods []int32) (Type, error) {
	name := map[ID]string{Varchar: "varchar", BPChar: "char"}[t.ID]
	switch {
	case len(mods) != 1:
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "invalid type modifier")
	case mods[0] < 1:
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "length for type %s must be at least 1", name)
	case mods[0] > maxCharLength:
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "length for type %s cannot exceed %d", name, maxCharLength)
	}
	return t.WithTypmod(mods[0] + 4), nil
}

func numericModifier(t Type, mods []int32) (Type, error) {
	if len(mods) > 2 {
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "invalid NUMERIC type modifier")
	}
	precision, scale := mods[0], int32(0)
	if len(mods) == 2 {
		scale = mods[1]
	}
	if precision < 1 || precision > 1000 {
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "NUMERIC precision %d must be between 1 and 1000", precision)
	}
	if scale < -1000 || scale > 1000 {
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "NUMERIC scale %d must be between -1000 and 1000", scale)
	}
	n := NumericType(int(precision), int(scale))
	n.Array = t.Array
	return n, nil
}

func precisionModifier(t Type, mods []int32) (Type, error) {
	if len(mods) != 1 {
		return Type{}, sqlerr.New(sqlerr.InvalidParameterValue, "invalid type modifier")
	}
	name := "TIMESTAMP"
	if t.ID == Time {
		name = "TIME"
	}
	p, err := clampPrecision(name, mods[0])
	return t.WithTypmod(p), err
}

// maxTimePrecision is how many digits of a second are kept.
const maxTimePrecision = 6

// clampPrecision lowers a precision above 6 to 6, as PostgreSQL does with a warning.
func clampPrecision(name string, p int32) (int32, error) {
	if p < 0 {
		return 0, sqlerr.New(sqlerr.InvalidParameterValue, "%s(%d) precision must not be negative", name, p)
	}
	return min(p, maxTimePrecision), nil
}

// Precision is how many digits of a second a time, timestamp or interval type keeps; not ok when it has no limit.
func (t Type) Precision() (digits int, ok bool) {
	if t.Mod == 0 {
		return 0, false
	}
	switch t.ID {
	case Time, Timestamp, Timestamptz:
		return int(t.Typmod()), true
	case Interval:
		p := int(t.Typmod() & 0xffff)
		return p, p != intervalNoPrecision
	}
	return 0, false
}

// Length is the limit of a varchar(n) or char(n) in characters; not ok when it has none.
func (t Type) Length() (n int, ok bool) {
	if t.Mod == 0 || t.ID != Varchar && t.ID != BPChar {
		return 0, false
	}
	return int(t.Typmod() - 4), true
}

package types

// ID names a type of Table. Arrays are not rows of their own: see Type.Array.
type ID uint8

// The types. The order is stable: IDs are stored in catalogs, plans and blocks; new ones go to the end.
const (
	Unknown ID = iota // an untyped literal or parameter, before it is resolved; never in a column of a relation
	Bool
	Int2
	Int4
	Int8
	Float4
	Float8
	Numeric
	Text
	Varchar
	BPChar // character(n), blank padded
	Name
	Char // "char", one byte
	Bytea
	Date
	Time
	Timestamp
	Timestamptz
	Interval
	UUID
	JSON
	JSONB
	OID
	Regclass
	Regtype
	Regproc
	Regprocedure
	Regoper
	Regnamespace
	Regrole
	XID
	Int2Vector
	OIDVector
	PGNodeTree
	ACLItem
	Record
	Void
	// Pseudo-types of signatures: any type; any element and its array; any array.
	Any
	AnyElement
	AnyArray
	Trigger
	Internal
	CString
	NumIDs // how many there are
)

// Kind is how a value of a type lies in memory: the layout of a column's buffer and the field of Datum that holds it.
type Kind uint8

// The physical kinds. Each type has one for good; kernels are written a kind, not a type.
const (
	KindNone  Kind = iota
	KindBool       // one byte, 0 or 1 (Arrow's bool8)
	KindInt32      // int2, int4, date (days since 1970-01-01)
	KindInt64      // int8, oid and reg*, timestamp and timestamptz (microseconds since 1970-01-01), time, numeric(p<=18,s) scaled
	KindFloat      // float8, and float4 as a float64 that is exactly a float32
	KindWide       // sixteen bytes: uuid, interval
	KindBytes      // everything of varying length
)

// Type is a SQL type with its modifier. It is a small comparable value; compare with Same to ignore the modifier.
type Type struct {
	ID ID
	// Array says that the value is an array with elements of ID (and Mod).
	Array bool
	// Mod is PostgreSQL's atttypmod plus one, so that the zero value means "none" (-1 there).
	Mod int32
}

// T is the plain type of an ID, without modifier.
func T(id ID) Type { return Type{ID: id} }

// ArrayOf is the array type with elements of t.
func ArrayOf(t Type) Type { return Type{ID: t.ID, Array: true, Mod: t.Mod} }

// Elem is the element type of an array type.
func (t Type) Elem() Type { return Type{ID: t.ID, Mod: t.Mod} }

// Same reports whether two types are the same but for their modifiers.
func (t Type) Same(u Type) bool { return t.ID == u.ID && t.Array == u.Array }

// Plain is t without its modifier.
func (t Type) Plain() Type { return Type{ID: t.ID, Array: t.Array} }

// Typmod is the modifier as PostgreSQL's atttypmod: -1 for none.
func (t Type) Typmod() int32 { return t.Mod - 1 }

// WithTypmod is t with PostgreSQL's atttypmod m.
func (t Type) WithTypmod(m int32) Type {
	t.Mod = m + 1
	return t
}

// NumericType is numeric(precision, scale).
func NumericType(precision, scale int) Type {
	return T(Numeric).WithTypmod(int32(precision<<16|scale&0x7ff) + 4)
}

// maxScaledPrecision is the largest precision whose every value, scaled, fits an int64.
const maxScaledPrecision = 18

// NumericMod gives the precision and scale of a numeric type with a modifier.
func (t Type) NumericMod() (precision, scale int, ok bool) {
	if t.ID != Numeric || t.Mod == 0 {
		return 0, 0, false
	}
	m := t.Typmod() - 4
	scale = int(m & 0x7ff)
	if scale >= 1<<10 { // an 11-bit signed number: PostgreSQL 15 allows negative scales
		scale -= 1 << 11
	}
	return int(m >> 16 & 0xffff), scale, true
}

// Scaled reports whether t is a numeric that lies in memory as an int64 scaled by 10^scale: precision up to 18 and a
// scale that is not negative.
func (t Type) Scaled() (scale int, ok bool) {
	p, s, ok := t.NumericMod()
	if !ok || t.Array || p > maxScaledPrecision || s < 0 || s > p {
		return 0, false
	}
	return s, true
}

// Kind is the physical kind of t's values.
func (t Type) Kind() Kind {
	if t.Array {
		return KindBytes
	}
	if _, ok := t.Scaled(); ok {
		return KindInt64
	}
	return kinds[t.ID]
}

// kinds is apart from Table, so that Kind can be called while Table is being made.
var kinds = [NumIDs]Kind{
	Unknown: KindBytes, Bool: KindBool, Int2: KindInt32, Int4: KindInt32, Int8: KindInt64, Float4: KindFloat,
	Float8: KindFloat, Numeric: KindBytes, Text: KindBytes, Varchar: KindBytes, BPChar: KindBytes, Name: KindBytes,
	Char: KindBytes, Bytea: KindBytes, Date: KindInt32, Time: KindInt64, Timestamp: KindInt64, Timestamptz: KindInt64,
	Interval: KindWide, UUID: KindWide, JSON: KindBytes, JSONB: KindBytes, OID: KindInt64, Regclass: KindInt64,
	Regtype: KindInt64, Regproc: KindInt64, Regprocedure: KindInt64, Regoper: KindInt64, Regnamespace: KindInt64,
	Regrole: KindInt64, XID: KindInt64, Int2Vector: KindBytes, OIDVector: KindBytes, PGNodeTree: KindBytes,
	ACLItem: KindBytes, Record: KindBytes, Void: KindBytes, CString: KindBytes,
}

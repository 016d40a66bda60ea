package system

import (
	"github.com/streamdb/streamdb/sql/types"
)

// describe are the columns of information_schema about a type; the same in columns, parameters and routines but for a prefix and
// for which of them the type's own name is under.
func describe[R any](of func(R) types.Type) values[R] {
	get := func(f func(types.Type) types.Datum) func(R) types.Datum {
		return func(r R) types.Datum { return f(of(r)) }
	}
	return values[R]{
		"data_type":                get(dataType),
		"character_maximum_length": get(maximumLength),
		"character_octet_length":   get(octetLength),
		"numeric_precision":        get(numericPrecision),
		"numeric_precision_radix":  get(numericRadix),
		"numeric_scale":            get(numericScale),
		"datetime_precision":       get(datetimePrecision),
	}
}

// dataType is the standard's name of a type: ARRAY for arrays, without modifiers. PostgreSQL's own types have their names.
func dataType(t types.Type) types.Datum {
	if t.Array {
		return str("ARRAY")
	}
	return str(types.Format(t.Plain()))
}

func maximumLength(t types.Type) types.Datum {
	if n, ok := t.Length(); ok && !t.Array {
		return num(n)
	}
	return types.Null
}

// octetLength is four times the length, as a character of UTF-8 takes up to four bytes; without a length the longest text.
func octetLength(t types.Type) types.Datum {
	const longest = 1 << 30
	switch {
	case t.Array || t.ID != types.Text && t.ID != types.Varchar && t.ID != types.BPChar:
		return types.Null
	}
	if n, ok := t.Length(); ok {
		return num(4 * n)
	}
	return num(longest)
}

// numericBits are the widths of binary numbers.
var numericBits = map[types.ID]int{types.Int2: 16, types.Int4: 32, types.Int8: 64, types.Float4: 24, types.Float8: 53}

func numericPrecision(t types.Type) types.Datum {
	if t.Array {
		return types.Null
	}
	if p, _, ok := t.NumericMod(); ok {
		return num(p)
	}
	return known(numericBits[t.ID])
}

func numericRadix(t types.Type) types.Datum {
	switch {
	case t.Array:
		return types.Null
	case t.ID == types.Numeric:
		return num(10)
	case numericBits[t.ID] != 0:
		return num(2)
	}
	return types.Null
}

func numericScale(t types.Type) types.Datum {
	if t.Array {
		return types.Null
	}
	if _, s, ok := t.NumericMod(); ok {
		return num(s)
	}
	switch t.ID {
	case types.Int2, types.Int4, types.Int8:
		return num(0)
	}
	return types.Null
}

func datetimePrecision(t types.Type) types.Datum {
	if t.Array {
		return types.Null
	}
	switch t.ID {
	case types.Date:
		return num(0)
	case types.Time, types.Timestamp, types.Timestamptz, types.Interval:
		if p, ok := t.Precision(); ok {
			return num(p)
		}
		return num(6)
	}
	return types.Null
}

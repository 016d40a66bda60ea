package types

import (
	"bytes"
	"cmp"
	"math"
	"math/bits"

	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/types/jsonb"
)

// Compare orders two values of type t, neither of them null, as PostgreSQL's default btree operator class does, in the "C"
// collation; NaN is the greatest float. A type without such a class in PostgreSQL (json) goes by its bytes.
func Compare(t Type, a, b Datum) int {
	switch t.Kind() {
	case KindBool, KindInt32, KindInt64:
		return cmp.Compare(a.I, b.I)
	case KindFloat:
		return CompareFloats(a.F, b.F)
	case KindWide:
		return WideComparer(t)(a.W, b.W)
	}
	return BytesComparer(t)(a.B, b.B)
}

// Equal reports whether two values of type t, neither of them null, are equal by PostgreSQL's = operator.
func Equal(t Type, a, b Datum) bool { return Compare(t, a, b) == 0 }

// compareNullable puts nulls last, as arrays and records do inside.
func compareNullable(t Type, a, b Datum) int { return CompareBy(t, false, false, a, b) }

// CompareBy orders two values of type t as ORDER BY does: nulls, which are equal to each other, come first or last whatever desc says.
func CompareBy(t Type, desc, nullsFirst bool, a, b Datum) int {
	switch {
	case a.Null && b.Null:
		return 0
	case a.Null || b.Null:
		if a.Null == nullsFirst {
			return -1
		}
		return 1
	case desc:
		return Compare(t, b, a)
	}
	return Compare(t, a, b)
}

// CompareFloats orders floats: -0 equals 0, NaN equals NaN and is greater than everything.
func CompareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	case a == b:
		return 0
	}
	return cmp.Compare(btoi(a != a), btoi(b != b))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// WideComparer is the order of a type of KindWide.
func WideComparer(t Type) func(a, b Wide) int {
	if t.ID == Interval {
		return CompareIntervals
	}
	return CompareUUIDs
}

// CompareUUIDs orders uuids by their bytes.
func CompareUUIDs(a, b Wide) int {
	if c := cmp.Compare(a.Hi, b.Hi); c != 0 {
		return c
	}
	return cmp.Compare(a.Lo, b.Lo)
}

// CompareIntervals orders intervals by length, a month counting 30 days and a day 24 hours.
func CompareIntervals(a, b Wide) int {
	x, y := a.IntervalSpan(), b.IntervalSpan()
	if c := cmp.Compare(int64(x.Hi), int64(y.Hi)); c != 0 {
		return c
	}
	return cmp.Compare(x.Lo, y.Lo)
}

const microsPerDay = 24 * 60 * 60 * 1e6

// IntervalSpan is the length of an interval in microseconds as a 128-bit two's complement number, a month counting 30 days
// and a day 24 hours: intervals are equal exactly when their spans are.
func (w Wide) IntervalSpan() Wide {
	months, days, micros := w.Interval()
	d := int64(months)*30 + int64(days)
	hi, lo := bits.Mul64(uint64(d), microsPerDay)
	if d < 0 {
		hi -= microsPerDay
	}
	lo, carry := bits.Add64(lo, uint64(micros), 0)
	hi, _ = bits.Add64(hi, uint64(micros>>63), carry)
	return Wide{hi, lo}
}

// BytesComparer is the order of a type of KindBytes.
func BytesComparer(t Type) func(a, b []byte) int {
	if t.Array {
		elem := t.Elem()
		return func(a, b []byte) int { return compareArrays(elem, a, b) }
	}
	switch t.ID {
	case Numeric:
		return decimal.CompareEncoded
	case BPChar:
		return func(a, b []byte) int { return bytes.Compare(trimBlanks(a), trimBlanks(b)) }
	case JSONB:
		return jsonb.Compare
	case Int2Vector:
		return func(a, b []byte) int { return compareArrays(T(Int2), a, b) }
	case OIDVector: // unlike arrays, the shorter one comes first
		return func(a, b []byte) int {
			if c := cmp.Compare(ArrayLen(a), ArrayLen(b)); c != 0 {
				return c
			}
			return compareArrays(T(OID), a, b)
		}
	case Record:
		return compareRecords
	}
	return bytes.Compare
}

func trimBlanks(b []byte) []byte { return bytes.TrimRight(b, " ") }

// BytesKey gives the function that maps the values of a type of KindBytes to bytes that are equal exactly when the values
// are; it appends to dst. It is nil when a value's bytes are that already. Hashes are made of these bytes, so they never
// change.
func BytesKey(t Type) func(dst, v []byte) []byte {
	if t.Array {
		elem := t.Elem()
		if OneForm(elem) {
			return nil
		}
		return func(dst, v []byte) []byte { return appendArrayKey(dst, elem, v) }
	}
	switch t.ID {
	case Numeric:
		return func(dst, v []byte) []byte { return decimal.Must(v).AppendKey(dst) }
	case BPChar:
		return func(dst, v []byte) []byte { return append(dst, trimBlanks(v)...) }
	case JSONB:
		return jsonb.AppendKey
	case Record:
		return appendRecordKey
	}
	return nil
}

// OneForm reports whether equal values of t have equal representations, unlike 1.0 and 1.00, 0 and -0, 1 day and 24 hours.
func OneForm(t Type) bool {
	switch t.Kind() {
	case KindFloat:
		return false
	case KindWide:
		return t.ID != Interval
	case KindBytes:
		return BytesKey(t) == nil
	}
	return true
}

// Key maps a value to a representative that is the same for all values equal to it. It is for hashing and grouping alone:
// an interval's is no interval.
func Key(t Type, d Datum) Datum {
	if d.Null {
		return Null
	}
	switch t.Kind() {
	case KindFloat:
		d.F = KeyFloat(d.F)
	case KindWide:
		if t.ID == Interval {
			d.W = d.W.IntervalSpan()
		}
	case KindBytes:
		if key := BytesKey(t); key != nil {
			d.B = key(nil, d.B)
		}
	}
	return d
}

// NaN is the one that texts and casts make, as PostgreSQL's.
var NaN = math.Float64frombits(0x7ff8000000000000)

// KeyFloat is f with one zero and one NaN.
func KeyFloat(f float64) float64 {
	return CanonicalNaN(f) + 0 // -0 + 0 is 0
}

// CanonicalNaN is f, or NaN for any NaN: what clients are sent, whatever the processor made.
func CanonicalNaN(f float64) float64 {
	if f != f {
		return NaN
	}
	return f
}

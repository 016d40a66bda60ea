package types

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// IntOutOfRange is 22003 for an integer type: "integer out of range".
func IntOutOfRange(id ID) error {
	return sqlerr.New(sqlerr.NumericValueOutOfRange, "%s out of range", intLimits[id].name)
}

// IntFits reports whether i is a value of the integer type Int2, Int4 or Int8.
func IntFits(id ID, i int64) bool {
	switch id {
	case Int2:
		return i == int64(int16(i))
	case Int4:
		return i == int64(int32(i))
	}
	return true
}

// FloatToInt rounds half to even, as rint does, to an integer type's range.
func FloatToInt(id ID, f float64) (int64, error) {
	r := math.RoundToEven(f)
	if !(r >= -(1<<63) && r < 1<<63) || !IntFits(id, int64(r)) {
		return 0, IntOutOfRange(id)
	}
	return int64(r), nil
}

// FloatToFloat4 rounds to 32 bits; a number that overflows, or underflows to zero, is 22003.
func FloatToFloat4(f float64) (float64, error) {
	r := float64(float32(f))
	switch {
	case math.IsInf(r, 0) && !math.IsInf(f, 0):
		return 0, sqlerr.New(sqlerr.NumericValueOutOfRange, "value out of range: overflow")
	case r == 0 && f != 0:
		return 0, sqlerr.New(sqlerr.NumericValueOutOfRange, "value out of range: underflow")
	}
	return r, nil
}

// DecimalToInt rounds half away from zero to an integer type's range.
func DecimalToInt(id ID, d decimal.Decimal) (int64, error) {
	l := intLimits[id]
	return d.ToInt(l.min, l.max, l.name)
}

// DecimalToFloat is the nearest float of type Float4 or Float8.
func DecimalToFloat(id ID, d decimal.Decimal) (float64, error) {
	bits := floatBits(id)
	f, ok := d.Float(bits)
	if !ok || f == 0 && d.Sign() != 0 {
		return 0, sqlerr.New(sqlerr.NumericValueOutOfRange, `"%s" is out of range for type %s`, d, Table[id].SQLName)
	}
	return CanonicalNaN(f), nil
}

func floatBits(id ID) int {
	if id == Float4 {
		return 32
	}
	return 64
}

func intToInt(_ *Env, _, to Type, d Datum) (Datum, error) {
	if !IntFits(to.ID, d.I) {
		return Datum{}, IntOutOfRange(to.ID)
	}
	return d, nil
}

func intToFloat(_ *Env, _, to Type, d Datum) (Datum, error) {
	if to.ID == Float4 {
		return NewFloat(float64(float32(d.I))), nil
	}
	return NewFloat(float64(d.I)), nil
}

func intToNumeric(_ *Env, _, to Type, d Datum) (Datum, error) {
	return NumericDatum(to, decimal.FromInt(d.I))
}

func floatToInt(_ *Env, _, to Type, d Datum) (Datum, error) {
	i, err := FloatToInt(to.ID, d.F)
	return NewInt(i), err
}

func floatToFloat(_ *Env, _, to Type, d Datum) (Datum, error) {
	if to.ID == Float8 {
		return d, nil
	}
	f, err := FloatToFloat4(d.F)
	return NewFloat(f), err
}

func floatToNumeric(_ *Env, from, to Type, d Datum) (Datum, error) {
	n, err := decimal.FromFloat(d.F, floatBits(from.ID))
	if err != nil {
		return Datum{}, err
	}
	return NumericDatum(to, n)
}

func numericToInt(_ *Env, from, to Type, d Datum) (Datum, error) {
	i, err := DecimalToInt(to.ID, NumericOf(from, d))
	return NewInt(i), err
}

func numericToFloat(_ *Env, from, to Type, d Datum) (Datum, error) {
	f, err := DecimalToFloat(to.ID, NumericOf(from, d))
	return NewFloat(f), err
}

func intToBool(_ *Env, _, _ Type, d Datum) (Datum, error) { return NewBool(d.I != 0), nil }

func boolToInt(_ *Env, _, _ Type, d Datum) (Datum, error) { return d, nil }

// intToOID reads an integer of 64 bits as an oid; smaller ones keep their bits.
func intToOID(_ *Env, from, _ Type, d Datum) (Datum, error) {
	if from.ID == Int8 && (d.I < 0 || d.I > math.MaxUint32) {
		return Datum{}, sqlerr.New(sqlerr.NumericValueOutOfRange, "OID out of range")
	}
	return NewInt(int64(uint32(d.I))), nil
}

func keep(_ *Env, _, _ Type, d Datum) (Datum, error) { return d, nil }

// castOIDInt is PostgreSQL's binary cast between oid and int4: the same 32 bits, which are signed in one of them.
func castOIDInt(to Type, d Datum) Datum {
	if to.ID == Int4 {
		return NewInt(int64(int32(d.I)))
	}
	return NewInt(int64(uint32(d.I)))
}

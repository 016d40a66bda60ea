package types

import (
	"bytes"
	"errors"
	"math"
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// intLimits are the ranges and names of the integer types.
var intLimits = map[ID]struct {
	min, max int64
	name     string
}{
	Int2: {math.MinInt16, math.MaxInt16, "smallint"},
	Int4: {math.MinInt32, math.MaxInt32, "integer"},
	Int8: {math.MinInt64, math.MaxInt64, "bigint"},
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func trimSpace(s []byte) []byte {
	for len(s) > 0 && isSpace(s[0]) {
		s = s[1:]
	}
	for len(s) > 0 && isSpace(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

// ParseInt reads an integer of type Int2, Int4 or Int8 as PostgreSQL's int4in does.
func ParseInt(id ID, s []byte) (int64, error) {
	i, ok := fastInt(s)
	if !ok {
		return parseIntSlow(id, s)
	}
	if id == Int8 || int64(int32(i)) == i && (id == Int4 || int64(int16(i)) == i) {
		return i, nil
	}
	return 0, outOfRange(intLimits[id].name, s)
}

// fastInt reads up to 18 digits with a sign.
func fastInt(s []byte) (int64, bool) {
	d := s
	if len(d) > 0 && (d[0] == '-' || d[0] == '+') {
		d = d[1:]
	}
	if len(d) == 0 || len(d) > 18 {
		return 0, false
	}
	var i int64
	for _, c := range d {
		if c -= '0'; c > 9 {
			return 0, false
		}
		i = i*10 + int64(c)
	}
	if s[0] == '-' {
		i = -i
	}
	return i, true
}

func parseIntSlow(id ID, s []byte) (int64, error) {
	limit := intLimits[id]
	t := trimSpace(s)
	digits := t
	if len(t) > 0 && (t[0] == '-' || t[0] == '+') {
		digits = t[1:]
	}
	if len(digits) == 0 || bytes.IndexFunc(digits, func(r rune) bool { return r < '0' || r > '9' }) >= 0 {
		return 0, invalidSyntax(limit.name, s)
	}
	i, err := strconv.ParseInt(string(t), 10, 64)
	if err != nil || i < limit.min || i > limit.max {
		return 0, outOfRange(limit.name, s)
	}
	return i, nil
}

// ParseOID reads an oid (or xid): an unsigned 32-bit number; a negative one wraps around as in PostgreSQL.
func ParseOID(typeName string, s []byte) (int64, error) {
	t := trimSpace(s)
	i, err := strconv.ParseInt(string(t), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrSyntax):
		return 0, invalidSyntax(typeName, s)
	case err != nil || i > math.MaxUint32 || i < math.MinInt32:
		return 0, outOfRange(typeName, s)
	}
	return int64(uint32(i)), nil
}

// ParseFloat reads a float of 32 or 64 bits as PostgreSQL's float8in does: strtod's forms, Infinity and NaN in any case.
// Overflow, and underflow to zero, are 22003.
func ParseFloat(bits int, s []byte) (float64, error) {
	t := trimSpace(s)
	f, err := strconv.ParseFloat(string(t), bits)
	if err == nil && (f != 0 || !bytes.ContainsAny(t, "123456789")) && bytes.IndexByte(t, '_') < 0 {
		if f != f {
			f = NaN
		}
		return f, nil
	}
	return parseFloatSlow(bits, t, s, err)
}

func parseFloatSlow(bits int, t, s []byte, err error) (float64, error) {
	name := "double precision"
	if bits == 32 {
		name = "real"
	}
	if errors.Is(err, strconv.ErrSyntax) && bytes.ContainsAny(t, "xX") && !bytes.ContainsAny(t, "pP") {
		// strtod takes hexadecimal numbers without an exponent, Go does not.
		if f, err := strconv.ParseFloat(string(t)+"p0", bits); err == nil {
			return f, nil
		}
	}
	if bytes.IndexByte(t, '_') >= 0 || errors.Is(err, strconv.ErrSyntax) {
		return 0, invalidSyntax(name, s)
	}
	mantissa, _, _ := bytes.Cut(bytes.ToLower(t), []byte("e"))
	if err == nil && !bytes.ContainsAny(mantissa, "123456789") {
		return strconv.ParseFloat(string(t), bits) // 0e5 is zero and no underflow
	}
	return 0, sqlerr.New(sqlerr.NumericValueOutOfRange, `"%s" is out of range for type %s`, t, name)
}

// AppendFloat adds the shortest text that reads back as f (extra_float_digits = 1), for 32 or 64 bits.
func AppendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case f != f:
		return append(dst, "NaN"...)
	case f > math.MaxFloat64:
		return append(dst, "Infinity"...)
	case f < -math.MaxFloat64:
		return append(dst, "-Infinity"...)
	case f == 0:
		if math.Signbit(f) {
			return append(dst, "-0"...)
		}
		return append(dst, '0')
	}
	// Plain digits are printed while the decimal exponent is that of a number the type holds exactly.
	large, small := 1e15, 1e-4
	if bits == 32 {
		large, small = 1e6, float64(float32(1e-4))
	}
	format := byte('f')
	if a := math.Abs(f); a >= large || a < small {
		format = 'e'
	}
	return strconv.AppendFloat(dst, f, format, -1, bits)
}

// ParseNumeric reads a numeric of type t: a Datum of KindBytes, or a scaled integer when t is Scaled. The value is rounded
// to t's scale; one too large for its precision is 22003.
func ParseNumeric(t Type, s []byte) (Datum, error) {
	d, err := decimal.Parse(s)
	if errors.Is(err, decimal.ErrSyntax) {
		return Datum{}, invalidSyntax("numeric", s)
	}
	if err != nil {
		return Datum{}, err
	}
	return NumericDatum(t, d)
}

// NumericDatum is d as a value of the numeric type t, rounded and checked as its modifier says.
func NumericDatum(t Type, d decimal.Decimal) (Datum, error) {
	p, s, ok := t.NumericMod()
	if ok {
		var err error
		if d, err = d.Fit(p, s); err != nil {
			return Datum{}, err
		}
	}
	if scale, ok := t.Scaled(); ok {
		c, fits := d.ScaledInt64(scale)
		if !fits {
			// Only NaN remains: it has no place among scaled integers.
			return Datum{}, sqlerr.Unsupported("NaN in a column of type "+Format(t), "Use numeric without precision.")
		}
		return NewInt(c), nil
	}
	return NewBytes(d.Append(nil)), nil
}

// NumericOf is the number that a value of the numeric type t is.
func NumericOf(t Type, d Datum) decimal.Decimal {
	if scale, ok := t.Scaled(); ok {
		return decimal.New(d.I, scale)
	}
	return decimal.Must(d.B)
}

// ParseBool reads a boolean: any unique prefix of true, false, yes, no, on, off, and 1 and 0, in any case.
func ParseBool(s []byte) (bool, error) {
	t := bytes.ToLower(trimSpace(s))
	if len(t) > 0 {
		is := func(word string) bool { return len(t) <= len(word) && word[:len(t)] == string(t) }
		switch {
		case is("true"), is("yes"), string(t) == "on", string(t) == "1":
			return true, nil
		case is("false"), is("no"), len(t) > 1 && is("off"), string(t) == "0":
			return false, nil
		}
	}
	return false, invalidSyntax("boolean", s)
}

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
	n := 0
	if len(t) > 0 && (t[0] == '-' || t[0] == '+') {
		n = 1
	}
	sign := n
	for n < len(t) && t[n] >= '0' && t[n] <= '9' {
		n++
	}
	if n == sign {
		return 0, invalidSyntax(limit.name, s)
	}
	// Digits are summed up with a negative sign, as there is one negative number more, and only a sum that is too large
	// for that is reported before junk behind it.
	u, err := strconv.ParseUint(string(t[sign:n]), 10, 64)
	switch {
	case err != nil || u > -uint64(limit.min):
		return 0, outOfRange(limit.name, s)
	case n < len(t):
		return 0, invalidSyntax(limit.name, s)
	case t[0] == '-':
		return -int64(u), nil
	case u > uint64(limit.max):
		return 0, outOfRange(limit.name, s)
	}
	return int64(u), nil
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

package types

import (
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// The wire counts dates from 2000-01-01.
const (
	wireEpochDays   = datetime.Epoch2000
	wireEpochMicros = datetime.Epoch2000 * datetime.Day
)

// jsonbVersion stands before the text of a binary jsonb.
const jsonbVersion = 1

// wireSize is the length of the binary form of types that have only one; 0 for others.
func wireSize(id ID) int {
	switch id {
	case Bool, Char:
		return 1
	case Int2:
		return 2
	case Int4, Float4, Date, OID, XID, Regclass, Regtype, Regproc, Regprocedure, Regoper, Regnamespace, Regrole:
		return 4
	case Int8, Float8, Time, Timestamp, Timestamptz:
		return 8
	case Interval, UUID:
		return 16
	}
	return 0
}

// AppendBinary adds the binary form of a value that is not null to dst, as t's send function makes it, without a length.
func AppendBinary(dst []byte, t Type, d Datum) []byte {
	if t.Array {
		return appendArrayBinary(dst, t.Elem(), d.B)
	}
	be := binary.BigEndian
	switch t.ID {
	case Bool:
		return append(dst, byte(d.I))
	case Int2:
		return be.AppendUint16(dst, uint16(d.I))
	case Int8, Time:
		return be.AppendUint64(dst, uint64(d.I))
	case Float4:
		return be.AppendUint32(dst, math.Float32bits(float32(CanonicalNaN(d.F))))
	case Float8:
		return be.AppendUint64(dst, math.Float64bits(CanonicalNaN(d.F)))
	case Numeric:
		return NumericOf(t, d).AppendBinary(dst)
	case Date:
		return be.AppendUint32(dst, uint32(WireDate(int32(d.I))))
	case Timestamp, Timestamptz:
		return be.AppendUint64(dst, uint64(WireTimestamp(d.I)))
	case Interval:
		months, days, micros := d.W.Interval()
		return be.AppendUint32(be.AppendUint32(be.AppendUint64(dst, uint64(micros)), uint32(days)), uint32(months))
	case UUID:
		return be.AppendUint64(be.AppendUint64(dst, d.W.Hi), d.W.Lo)
	case JSONB:
		return append(append(dst, jsonbVersion), d.B...)
	case Char:
		if len(d.B) == 0 { // the NUL character
			return append(dst, 0)
		}
		return append(dst, d.B...)
	case Int2Vector, OIDVector:
		return appendVectorBinary(dst, vectorElem(t.ID), d.B)
	case Record:
		return appendRecordBinary(dst, d.B)
	}
	if wireSize(t.ID) == 4 { // int4, oid and its kin
		return be.AppendUint32(dst, uint32(d.I))
	}
	return append(dst, d.B...)
}

// WireDate is a date counted from 2000-01-01, the infinities apart.
func WireDate(d int32) int32 {
	if d == DateInfinity || d == DateNegInfinity {
		return d
	}
	return d - wireEpochDays
}

// WireTimestamp is a timestamp counted from 2000-01-01, the infinities apart.
func WireTimestamp(ts int64) int64 {
	if !datetime.IsFinite(ts) {
		return ts
	}
	return ts - wireEpochMicros
}

// ParseBinary reads a value of type t, its modifier applied, from the binary form. Errors: 22P03, 08P01 when bytes lack,
// 22021 for text that is no UTF-8, and those of the modifier. The value does not share b.
func ParseBinary(t Type, b []byte) (Datum, error) {
	if t.Array {
		return parseArrayBinary(t.Elem(), b)
	}
	if n := wireSize(t.ID); n != 0 {
		if len(b) != n {
			return Datum{}, badBinaryLength(b, n)
		}
		return parseFixedBinary(t, b)
	}
	switch t.ID {
	case Numeric:
		d, err := decimal.ParseBinary(b)
		if err != nil {
			return Datum{}, err
		}
		return NumericDatum(t, d)
	case Bytea:
		return Datum{B: append([]byte{}, b...)}, nil
	case Int2Vector, OIDVector:
		return parseArrayBinary(vectorElem(t.ID), b)
	case JSONB:
		if len(b) == 0 || b[0] != jsonbVersion {
			return Datum{}, sqlerr.New(sqlerr.InternalError, "unsupported jsonb version number")
		}
		b = b[1:]
	case Record:
		return Datum{}, sqlerr.Unsupported("input of a value of type record", "Write it as an expression.")
	}
	if !utf8.Valid(b) {
		return Datum{}, InvalidUTF8(b)
	}
	return parseBytes(t, b)
}

// InvalidUTF8 is 22021 for the first bytes of b that are no UTF-8.
func InvalidUTF8(b []byte) error {
	for i := 0; i < len(b); {
		r, w := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && w == 1 {
			return sqlerr.New(sqlerr.CharacterNotInRepertoire, `invalid byte sequence for encoding "UTF8": 0x%02x`, b[i])
		}
		i += w
	}
	return nil
}

func badBinaryLength(b []byte, want int) error {
	if len(b) < want {
		return sqlerr.New(sqlerr.ProtocolViolation, "insufficient data left in message")
	}
	return sqlerr.New(sqlerr.InvalidBinaryRepresentation, "incorrect binary data format")
}

func parseFixedBinary(t Type, b []byte) (Datum, error) {
	be := binary.BigEndian
	switch t.ID {
	case Bool:
		return NewBool(b[0] != 0), nil
	case Char:
		if b[0] == 0 {
			return NewBytes([]byte{}), nil
		}
		return NewBytes([]byte{b[0]}), nil
	case Int2:
		return NewInt(int64(int16(be.Uint16(b)))), nil
	case Int4:
		return NewInt(int64(int32(be.Uint32(b)))), nil
	case Int8:
		return NewInt(int64(be.Uint64(b))), nil
	case Float4:
		return NewFloat(float64(math.Float32frombits(be.Uint32(b)))), nil
	case Float8:
		return NewFloat(math.Float64frombits(be.Uint64(b))), nil
	case Date:
		return dateFromWire(int32(be.Uint32(b)))
	case Time:
		if i := int64(be.Uint64(b)); i >= 0 && i <= datetime.Day {
			return FitDatetime(t, NewInt(i))
		}
		return Datum{}, sqlerr.New(sqlerr.DatetimeFieldOverflow, "time out of range")
	case Timestamp, Timestamptz:
		ts, ok := TimestampFromWire(int64(be.Uint64(b)))
		if !ok {
			return Datum{}, TimestampOutOfRange()
		}
		return FitDatetime(t, NewInt(ts))
	case Interval:
		return FitDatetime(t, NewInterval(int32(be.Uint32(b[12:])), int32(be.Uint32(b[8:])), int64(be.Uint64(b))))
	case UUID:
		return Datum{W: Wide{be.Uint64(b), be.Uint64(b[8:])}}, nil
	}
	return NewInt(int64(be.Uint32(b))), nil
}

func dateFromWire(d int32) (Datum, error) {
	if d == DateInfinity || d == DateNegInfinity {
		return NewInt(int64(d)), nil
	}
	days := int64(d) + wireEpochDays
	if days < datetime.MinDate || days > datetime.MaxDate {
		return Datum{}, sqlerr.New(sqlerr.DatetimeFieldOverflow, "date out of range")
	}
	return NewInt(days), nil
}

// TimestampFromWire is a timestamp from one counted from 2000-01-01; not ok when it is out of range.
func TimestampFromWire(i int64) (ts int64, ok bool) {
	if !datetime.IsFinite(i) {
		return i, true
	}
	ts = i + wireEpochMicros
	return ts, (i < 0 || ts > 0) && datetime.ValidTimestamp(ts)
}

// appendBinaryValue adds a value behind its length, -1 for null, as arrays and records have them.
func appendBinaryValue(dst []byte, t Type, d Datum) []byte {
	be := binary.BigEndian
	if d.Null {
		return be.AppendUint32(dst, math.MaxUint32)
	}
	at := len(dst)
	dst = AppendBinary(append(dst, 0, 0, 0, 0), t, d)
	be.PutUint32(dst[at:], uint32(len(dst)-at-4))
	return dst
}

func appendRecordBinary(dst, b []byte) []byte {
	fields, _ := DecodeRecord(b)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(fields)))
	for _, f := range fields {
		dst = binary.BigEndian.AppendUint32(dst, f.Type.OID())
		dst = appendBinaryValue(dst, f.Type, f.Value)
	}
	return dst
}

// appendArrayBinary adds the number of dimensions, a flag for nulls, the OID of the elements' type, length and lower bound
// of each dimension, and the elements.
func appendArrayBinary(dst []byte, elem Type, b []byte) []byte {
	a := mustArray(elem, b)
	be := binary.BigEndian
	nulls := uint32(0)
	for _, d := range a.Elems {
		if d.Null {
			nulls = 1
		}
	}
	dst = be.AppendUint32(be.AppendUint32(be.AppendUint32(dst, uint32(len(a.Dims))), nulls), elem.OID())
	for _, d := range a.Dims {
		dst = be.AppendUint32(be.AppendUint32(dst, uint32(d.Len)), uint32(d.Lower))
	}
	for _, d := range a.Elems {
		dst = appendBinaryValue(dst, elem, d)
	}
	return dst
}

// appendVectorBinary is appendArrayBinary for a vector, which has one dimension even when it is empty.
func appendVectorBinary(dst []byte, elem Type, b []byte) []byte {
	if ArrayLen(b) > 0 {
		return appendArrayBinary(dst, elem, b)
	}
	be := binary.BigEndian
	dst = be.AppendUint32(be.AppendUint32(be.AppendUint32(dst, 1), 0), elem.OID())
	return be.AppendUint64(dst, 0)
}

func parseArrayBinary(elem Type, b []byte) (Datum, error) {
	be := binary.BigEndian
	if len(b) < 12 {
		return Datum{}, badBinaryLength(b, 12)
	}
	ndim := be.Uint32(b)
	if ndim > maxArrayDims {
		return Datum{}, tooManyDims(int(ndim))
	}
	if oid := be.Uint32(b[8:]); oid != elem.OID() {
		return Datum{}, sqlerr.New(sqlerr.DatatypeMismatch, "wrong element type")
	}
	b = b[12:]
	var a Array
	n := 1
	for range ndim {
		if len(b) < 8 {
			return Datum{}, badBinaryLength(b, 8)
		}
		d := Dim{int(int32(be.Uint32(b))), int(int32(be.Uint32(b[4:])))}
		if d.Len < 0 || d.Len > maxArrayLen {
			return Datum{}, sqlerr.New(sqlerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", maxArrayLen)
		}
		a.Dims = append(a.Dims, d)
		n *= d.Len
		b = b[8:]
		if n > len(b)/4 { // each element has a length in front
			return Datum{}, badBinaryLength(nil, 1)
		}
	}
	if ndim == 0 || n == 0 {
		return ArrayDatum(elem, Array{}), nil
	}
	for range n {
		d, rest, err := parseBinaryValue(elem, b)
		if err != nil {
			return Datum{}, err
		}
		a.Elems, b = append(a.Elems, d), rest
	}
	if len(b) != 0 {
		return Datum{}, badBinaryLength(b, 0)
	}
	return ArrayDatum(elem, a), nil
}

func parseBinaryValue(t Type, b []byte) (d Datum, rest []byte, err error) {
	if len(b) < 4 {
		return d, nil, badBinaryLength(b, 4)
	}
	n := int32(binary.BigEndian.Uint32(b))
	b = b[4:]
	switch {
	case n == -1:
		return Null, b, nil
	case n < 0 || int(n) > len(b):
		return d, nil, badBinaryLength(nil, 1)
	}
	d, err = ParseBinary(t, b[:n])
	return d, b[n:], err
}

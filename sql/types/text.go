package types

import (
	"bytes"
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/streamdb/streamdb/sql/types/jsonb"
)

// ParseText reads a value of type t, its modifier applied, as t's input function does. See the function ParseText.
func (e *Env) ParseText(t Type, s []byte) (Datum, error) {
	if t.Array {
		return e.parseArray(t.Elem(), s)
	}
	switch t.ID {
	case Bool:
		b, err := ParseBool(s)
		return NewBool(b), err
	case Int2, Int4, Int8:
		i, err := ParseInt(t.ID, s)
		return NewInt(i), err
	case Float4:
		f, err := ParseFloat(32, s)
		return NewFloat(f), err
	case Float8:
		f, err := ParseFloat(64, s)
		return NewFloat(f), err
	case Numeric:
		return ParseNumeric(t, s)
	case UUID:
		w, err := ParseUUID(s)
		return Datum{W: w}, err
	case Date, Time, Timestamp, Timestamptz, Interval:
		return e.parseDatetime(t, string(s))
	case OID, XID:
		i, err := ParseOID(Table[t.ID].Name, s)
		return NewInt(i), err
	case Regclass, Regtype, Regproc, Regprocedure, Regoper, Regnamespace, Regrole:
		return e.parseReg(t.ID, s)
	case Int2Vector, OIDVector:
		return e.parseVector(t.ID, s)
	}
	return parseBytes(t, s)
}

// parseBytes reads the types whose text is much like their bytes.
func parseBytes(t Type, s []byte) (Datum, error) {
	var b []byte
	var err error
	switch t.ID {
	case Varchar:
		b, err = FitVarchar(t, s, false)
	case BPChar:
		b, err = FitBPChar(t, s, false)
	case Name:
		b = TruncateName(s)
	case Char:
		b = s[:min(len(s), 1)]
	case Bytea:
		b, err = AppendParsedBytea(make([]byte, 0, len(s)/2), s)
		return Datum{B: b}, err
	case JSON:
		b, err = s, jsonb.Check(s)
	case JSONB:
		b, err = jsonb.AppendParsed(make([]byte, 0, len(s)), s)
		return Datum{B: b}, err
	case Unknown, Text, CString, ACLItem, Void:
		b = s
	case PGNodeTree, Record:
		err = sqlerr.Unsupported("input of a value of type "+Format(t), "Write it as an expression.")
	default:
		err = sqlerr.New(sqlerr.FeatureNotSupported, "cannot accept a value of type %s", Format(t))
	}
	return Datum{B: append([]byte{}, b...)}, err
}

func (e *Env) parseDatetime(t Type, s string) (Datum, error) {
	var i int64
	var err error
	switch t.ID {
	case Date:
		d, err := datetime.ParseDate(s, e.clock())
		return NewInt(int64(d)), err
	case Interval:
		v, err := datetime.ParseInterval(s, t.IntervalFields())
		if err != nil {
			return Datum{}, err
		}
		return FitDatetime(t, NewInterval(v.Months, v.Days, v.Micros))
	case Time:
		i, err = datetime.ParseTime(s, e.clock())
	case Timestamp:
		i, err = datetime.ParseTimestamp(s, e.clock())
	default:
		i, err = datetime.ParseTimestamptz(s, e.clock())
	}
	if err != nil {
		return Datum{}, err
	}
	return FitDatetime(t, NewInt(i))
}

// FitDatetime rounds a value of a time, timestamp or interval type to its precision, and an interval to its fields.
func FitDatetime(t Type, d Datum) (Datum, error) {
	if t.Mod == 0 {
		return d, nil
	}
	digits, limited := t.Precision()
	if t.ID == Interval {
		if !limited {
			digits = maxTimePrecision
		}
		v := IntervalOf(d.W).Fit(t.IntervalFields(), digits)
		return NewInterval(v.Months, v.Days, v.Micros), nil
	}
	if t.ID == Time {
		return NewInt(datetime.RoundMicros(d.I, digits)), nil
	}
	ts, ok := datetime.RoundTimestamp(d.I, digits)
	if !ok {
		return Datum{}, TimestampOutOfRange()
	}
	return NewInt(ts), nil
}

// TimestampOutOfRange is 22008 as arithmetic on timestamps words it.
func TimestampOutOfRange() error {
	return sqlerr.New(sqlerr.DatetimeFieldOverflow, "timestamp out of range")
}

// IntervalOf is an interval as package datetime has it.
func IntervalOf(w Wide) datetime.Interval {
	months, days, micros := w.Interval()
	return datetime.Interval{Months: months, Days: days, Micros: micros}
}

// AppendText adds the text form of a value that is not null to dst, as t's output function prints it.
func (e *Env) AppendText(dst []byte, t Type, d Datum) []byte {
	if t.Array {
		return e.appendArray(dst, t.Elem(), d.B)
	}
	switch t.ID {
	case Bool:
		return AppendBool(dst, d.Bool())
	case Int2, Int4, Int8, OID, XID:
		return strconv.AppendInt(dst, d.I, 10)
	case Float4:
		return AppendFloat(dst, d.F, 32)
	case Float8:
		return AppendFloat(dst, d.F, 64)
	case Numeric:
		return NumericOf(t, d).AppendText(dst)
	case Bytea:
		return AppendBytea(dst, d.B)
	case UUID:
		return AppendUUID(dst, d.W)
	case Date:
		return datetime.AppendDate(dst, int32(d.I))
	case Time:
		return datetime.AppendTime(dst, d.I)
	case Timestamp:
		return datetime.AppendTimestamp(dst, d.I)
	case Timestamptz:
		return datetime.AppendTimestamptz(dst, d.I, e.Location())
	case Interval:
		return datetime.AppendInterval(dst, IntervalOf(d.W))
	case Regclass, Regtype, Regproc, Regprocedure, Regoper, Regnamespace, Regrole:
		return e.appendReg(dst, t.ID, uint32(d.I))
	case Int2Vector, OIDVector:
		return appendVector(dst, t.ID, d.B)
	case Record:
		return e.appendRecordText(dst, d.B)
	}
	return append(dst, d.B...)
}

// AppendBool adds t or f.
func AppendBool(dst []byte, b bool) []byte {
	if b {
		return append(dst, 't')
	}
	return append(dst, 'f')
}

// vectorElem is the type of the elements of int2vector and oidvector.
func vectorElem(id ID) Type {
	if id == Int2Vector {
		return T(Int2)
	}
	return T(OID)
}

// parseVector reads numbers with blanks between them; the subscripts begin at 0.
func (e *Env) parseVector(id ID, s []byte) (Datum, error) {
	elem := vectorElem(id)
	var a Array
	for _, f := range bytes.Fields(s) {
		d, err := e.ParseText(elem, f)
		if err != nil {
			return Datum{}, err
		}
		a.Elems = append(a.Elems, d)
	}
	return VectorDatum(id, a.Elems), nil
}

// VectorDatum is an int2vector or oidvector of the elements.
func VectorDatum(id ID, elems []Datum) Datum {
	a := Array{Elems: elems}
	if len(elems) > 0 {
		a.Dims = []Dim{{Len: len(elems)}}
	}
	return ArrayDatum(vectorElem(id), a)
}

func appendVector(dst []byte, id ID, b []byte) []byte {
	for i, d := range mustArray(vectorElem(id), b).Elems {
		if i > 0 {
			dst = append(dst, ' ')
		}
		dst = strconv.AppendInt(dst, d.I, 10)
	}
	return dst
}

// appendRecordText prints a record as (1,"a b",).
func (e *Env) appendRecordText(dst, b []byte) []byte {
	fields, err := DecodeRecord(b)
	if err != nil {
		return dst
	}
	dst = append(dst, '(')
	var buf []byte
	for i, f := range fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		if !f.Value.Null {
			buf = e.AppendText(buf[:0], f.Type, f.Value)
			dst = appendRecordField(dst, buf)
		}
	}
	return append(dst, ')')
}

func appendRecordField(dst, s []byte) []byte {
	quote := len(s) == 0
	for _, c := range s {
		quote = quote || c == '"' || c == '\\' || c == '(' || c == ')' || c == ',' || isSpace(c)
	}
	if !quote {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for _, c := range s {
		if c == '"' || c == '\\' {
			dst = append(dst, c)
		}
		dst = append(dst, c)
	}
	return append(dst, '"')
}

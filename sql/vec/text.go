package vec

import (
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/streamdb/streamdb/sql/types/decimal"
)

// AppendText adds the text form of row i, which is not null, in UTC. Loops hoist the type switch with TextEncoder.
func AppendText(dst []byte, v *Vector, i int) []byte { return TextEncoder(v.Type, nil)(dst, v, i) }

// Encoder adds a form of the value at row i of a column, which is not null, to dst. The column may be constant.
type Encoder func(dst []byte, v *Vector, i int) []byte

// TextEncoder is the text form of a type's values as env (nil: UTC) has it.
func TextEncoder(t types.Type, env *types.Env) Encoder {
	if t.Array {
		return datumText(t, env)
	}
	switch t.ID {
	case types.Int2, types.Int4:
		return func(dst []byte, v *Vector, i int) []byte { return strconv.AppendInt(dst, int64(v.I32[v.at(i)]), 10) }
	case types.Int8, types.OID, types.XID:
		return func(dst []byte, v *Vector, i int) []byte { return strconv.AppendInt(dst, v.I64[v.at(i)], 10) }
	case types.Float8, types.Float4:
		bits := 64
		if t.ID == types.Float4 {
			bits = 32
		}
		return func(dst []byte, v *Vector, i int) []byte { return types.AppendFloat(dst, v.F64[v.at(i)], bits) }
	case types.Bool:
		return func(dst []byte, v *Vector, i int) []byte { return types.AppendBool(dst, v.Bool[v.at(i)] != 0) }
	case types.Timestamp:
		return func(dst []byte, v *Vector, i int) []byte { return datetime.AppendTimestamp(dst, v.I64[v.at(i)]) }
	case types.Timestamptz:
		zone := env.Location()
		return func(dst []byte, v *Vector, i int) []byte {
			return datetime.AppendTimestamptz(dst, v.I64[v.at(i)], zone)
		}
	case types.Date:
		return func(dst []byte, v *Vector, i int) []byte { return datetime.AppendDate(dst, v.I32[v.at(i)]) }
	case types.UUID:
		return func(dst []byte, v *Vector, i int) []byte { return types.AppendUUID(dst, v.Wide[v.at(i)]) }
	case types.Bytea:
		return func(dst []byte, v *Vector, i int) []byte { return types.AppendBytea(dst, v.Bytes(v.at(i))) }
	case types.Numeric:
		return numericText(t)
	case types.Text, types.Varchar, types.BPChar, types.Name, types.Char, types.JSON, types.JSONB, types.Unknown:
		return rawBytes
	}
	return datumText(t, env)
}

func rawBytes(dst []byte, v *Vector, i int) []byte { return append(dst, v.Bytes(v.at(i))...) }

func numericText(t types.Type) Encoder {
	if scale, ok := t.Scaled(); ok {
		return func(dst []byte, v *Vector, i int) []byte {
			return decimal.AppendScaledText(dst, v.I64[v.at(i)], scale)
		}
	}
	return func(dst []byte, v *Vector, i int) []byte { return decimal.Must(v.Bytes(v.at(i))).AppendText(dst) }
}

func datumText(t types.Type, env *types.Env) Encoder {
	return func(dst []byte, v *Vector, i int) []byte { return env.AppendText(dst, t, v.Datum(i)) }
}

// Decoder reads a value and appends it to a column of its type. After an error the column is as before.
type Decoder func(v *Vector, value []byte) error

// TextDecoder reads the text form of a type's values, the modifier applied, with what env has (nil: see types.Env). It does
// not keep the text. Integers, floats, booleans, strings, dates and timestamps in ISO form are read without allocation.
func TextDecoder(t types.Type, env *types.Env) Decoder {
	if t.Array {
		return datumDecoder(t, env.ParseText)
	}
	switch t.ID {
	case types.Int2, types.Int4:
		return func(v *Vector, s []byte) error {
			i, err := types.ParseInt(t.ID, s)
			if err != nil {
				return err
			}
			v.AppendInt32(int32(i))
			return nil
		}
	case types.Int8:
		return func(v *Vector, s []byte) error {
			i, err := types.ParseInt(types.Int8, s)
			if err != nil {
				return err
			}
			v.AppendInt64(i)
			return nil
		}
	case types.Float4, types.Float8:
		return floatDecoder(t)
	case types.Bool:
		return boolDecoder
	case types.Text:
		return textDecoder
	case types.Timestamp, types.Timestamptz:
		return timestampDecoder(t, env)
	case types.Date:
		return dateDecoder(env)
	case types.Numeric:
		return numericDecoder(t)
	}
	return datumDecoder(t, env.ParseText)
}

func datumDecoder(t types.Type, parse func(types.Type, []byte) (types.Datum, error)) Decoder {
	return func(v *Vector, s []byte) error {
		d, err := parse(t, s)
		if err == nil {
			err = v.checkRoom(len(d.B))
		}
		if err != nil {
			return err
		}
		v.Append(d)
		return nil
	}
}

// checkRoom refuses what spans could not reach: the rows of a batch may each be as long as a value can be.
func (v *Vector) checkRoom(n int) error {
	if len(v.Data)+n > math.MaxUint32 {
		return sqlerr.New(sqlerr.ProgramLimitExceeded, "the values of a column in one batch exceed %d bytes", uint32(math.MaxUint32))
	}
	return nil
}

func floatDecoder(t types.Type) Decoder {
	bits := 64
	if t.ID == types.Float4 {
		bits = 32
	}
	return func(v *Vector, s []byte) error {
		f, err := types.ParseFloat(bits, s)
		if err != nil {
			return err
		}
		v.AppendFloat(f)
		return nil
	}
}

func boolDecoder(v *Vector, s []byte) error {
	b := len(s) == 1 && s[0] == 't'
	if !b && !(len(s) == 1 && s[0] == 'f') {
		var err error
		if b, err = types.ParseBool(s); err != nil {
			return err
		}
	}
	v.AppendBool(b)
	return nil
}

func textDecoder(v *Vector, s []byte) error {
	if !utf8.Valid(s) {
		return types.InvalidUTF8(s)
	}
	if err := v.checkRoom(len(s)); err != nil {
		return err
	}
	v.AppendBytes(s)
	return nil
}

func timestampDecoder(t types.Type, env *types.Env) Decoder {
	slow := datumDecoder(t, env.ParseText)
	if t.Mod != 0 {
		return slow
	}
	utc := env.Location() == time.UTC
	return func(v *Vector, s []byte) error {
		if t.ID == types.Timestamptz {
			if ts, ok := datetime.ISOTimestamptz(s, utc); ok {
				v.AppendInt64(ts)
				return nil
			}
		} else if ts, n := datetime.ISOTimestamp(s); n > 0 && n == len(s) {
			v.AppendInt64(ts)
			return nil
		}
		return slow(v, s)
	}
}

func dateDecoder(env *types.Env) Decoder {
	slow := datumDecoder(types.T(types.Date), env.ParseText)
	return func(v *Vector, s []byte) error {
		if d, ok := datetime.ISODate(s); ok {
			v.AppendInt32(d)
			return nil
		}
		return slow(v, s)
	}
}

func numericDecoder(t types.Type) Decoder {
	slow := datumDecoder(t, (*types.Env)(nil).ParseText)
	precision, scale, limited := t.NumericMod()
	_, scaled := t.Scaled()
	return func(v *Vector, s []byte) error {
		d, err := decimal.Parse(s)
		c, small := d.Int64()
		if err != nil || !small || limited && !scaled {
			return slow(v, s)
		}
		if !scaled {
			from := len(v.Data)
			v.Data = decimal.AppendSmall(v.Data, c, d.Scale())
			v.Str = append(v.Str, Span{uint32(from), uint32(len(v.Data) - from)})
			v.appended()
			return nil
		}
		if c, err = decimal.FitScaled(c, d.Scale(), precision, scale); err != nil {
			return err
		}
		v.AppendInt64(c)
		return nil
	}
}

package format

import (
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/jsonb"
	"github.com/streamdb/streamdb/sql/vec"
)

// ColumnDecoder fills v, a column of its type, with the values of fields, one a row; nil is null. At an error it says in which
// row, and v is of no use. Fields are not kept.
type ColumnDecoder func(v *vec.Vector, fields [][]byte) (bad int, err error)

// ValueEncoder adds the value at row i of v, which is not null, to dst.
type ValueEncoder func(dst []byte, v *vec.Vector, i int) []byte

// setter writes the value that a field spells to row i of v.
type setter func(v *vec.Vector, i int, field []byte) error

// TextDecoder reads the text form of type t. env is the session's, or nil for UTC and no clock.
func TextDecoder(t types.Type, env *types.Env) ColumnDecoder {
	return columnDecoder(t, textSetter(t, env))
}

// BinaryDecoder reads the binary form of type t.
func BinaryDecoder(t types.Type) ColumnDecoder { return columnDecoder(t, binarySetter(t)) }

func columnDecoder(t types.Type, set setter) ColumnDecoder {
	isBytes := t.Kind() == types.KindBytes
	return func(v *vec.Vector, fields [][]byte) (int, error) {
		v.Resize(t, len(fields))
		if isBytes {
			v.Data = make([]byte, 0, totalLength(fields))
		}
		for i, f := range fields {
			if f != nil {
				if err := set(v, i, f); err != nil {
					return i, err
				}
				continue
			}
			v.SetNull(i)
			if isBytes {
				v.Str[i] = vec.Span{} // what is under a null can be read
			}
		}
		return 0, nil
	}
}

func totalLength(fields [][]byte) (n int) {
	for _, f := range fields {
		n += len(f)
	}
	return n
}

// textSetter reads the common types without a Datum, and those of varying length right into Data.
func textSetter(t types.Type, env *types.Env) setter {
	if !t.Array {
		switch t.ID {
		case types.Int2, types.Int4:
			return func(v *vec.Vector, i int, f []byte) error {
				x, err := types.ParseInt(t.ID, f)
				v.I32[i] = int32(x)
				return err
			}
		case types.Int8:
			return func(v *vec.Vector, i int, f []byte) (err error) {
				v.I64[i], err = types.ParseInt(t.ID, f)
				return err
			}
		case types.Float8:
			return func(v *vec.Vector, i int, f []byte) (err error) {
				v.F64[i], err = types.ParseFloat(64, f)
				return err
			}
		case types.Text:
			return setText
		case types.Varchar:
			return func(v *vec.Vector, i int, f []byte) error {
				fitting, err := types.FitVarchar(t, f, false)
				v.SetBytes(i, fitting)
				return err
			}
		case types.Bytea:
			return inPlace(types.AppendParsedBytea)
		case types.JSONB:
			return inPlace(jsonb.AppendParsed)
		}
	}
	return func(v *vec.Vector, i int, f []byte) error {
		d, err := env.ParseText(t, f)
		if err == nil {
			setDatum(v, i, d)
		}
		return err
	}
}

func setText(v *vec.Vector, i int, f []byte) error {
	v.SetBytes(i, f)
	return nil
}

// inPlace is the setter of a type whose text is read by appending to Data.
func inPlace(read func(dst, s []byte) ([]byte, error)) setter {
	return func(v *vec.Vector, i int, f []byte) error {
		start := len(v.Data)
		data, err := read(v.Data, f)
		if err == nil {
			v.Data = data
			v.SetEnd(i, start)
		}
		return err
	}
}

func binarySetter(t types.Type) setter {
	if t.Same(types.T(types.Text)) {
		return func(v *vec.Vector, i int, f []byte) error {
			if !utf8.Valid(f) {
				return types.InvalidUTF8(f)
			}
			return setText(v, i, f)
		}
	}
	return func(v *vec.Vector, i int, f []byte) error {
		d, err := types.ParseBinary(t, f)
		if err == nil {
			setDatum(v, i, d)
		}
		return err
	}
}

func setDatum(v *vec.Vector, i int, d types.Datum) {
	switch v.Kind() {
	case types.KindBool:
		v.Bool[i] = uint8(d.I)
	case types.KindInt32:
		v.I32[i] = int32(d.I)
	case types.KindInt64:
		v.I64[i] = d.I
	case types.KindFloat:
		v.F64[i] = d.F
	case types.KindWide:
		v.Wide[i] = d.W
	default:
		v.SetBytes(i, d.B)
	}
}

// TextEncoder writes the text form of type t. env is the session's, or nil for UTC.
func TextEncoder(t types.Type, env *types.Env) ValueEncoder {
	if types.Text == t.ID && !t.Array {
		return func(dst []byte, v *vec.Vector, i int) []byte {
			if v.Const {
				i = 0
			}
			return append(dst, v.Bytes(i)...)
		}
	}
	return func(dst []byte, v *vec.Vector, i int) []byte { return env.AppendText(dst, t, v.Datum(i)) }
}

// BinaryEncoder writes the binary form of type t.
func BinaryEncoder(t types.Type) ValueEncoder {
	return func(dst []byte, v *vec.Vector, i int) []byte { return types.AppendBinary(dst, t, v.Datum(i)) }
}

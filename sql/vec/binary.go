package vec

import (
	"encoding/binary"
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// BinaryEncoder is the binary form of a type's values, without a length.
func BinaryEncoder(t types.Type) Encoder {
	be := binary.BigEndian
	if t.Array {
		return datumBinary(t)
	}
	switch t.ID {
	case types.Bool:
		return func(dst []byte, v *Vector, i int) []byte { return append(dst, v.Bool[v.at(i)]) }
	case types.Int2:
		return func(dst []byte, v *Vector, i int) []byte { return be.AppendUint16(dst, uint16(v.I32[v.at(i)])) }
	case types.Int4:
		return func(dst []byte, v *Vector, i int) []byte { return be.AppendUint32(dst, uint32(v.I32[v.at(i)])) }
	case types.Int8:
		return func(dst []byte, v *Vector, i int) []byte { return be.AppendUint64(dst, uint64(v.I64[v.at(i)])) }
	case types.Float8:
		return func(dst []byte, v *Vector, i int) []byte {
			return be.AppendUint64(dst, math.Float64bits(types.CanonicalNaN(v.F64[v.at(i)])))
		}
	case types.Date:
		return func(dst []byte, v *Vector, i int) []byte {
			return be.AppendUint32(dst, uint32(types.WireDate(v.I32[v.at(i)])))
		}
	case types.Timestamp, types.Timestamptz:
		return func(dst []byte, v *Vector, i int) []byte {
			return be.AppendUint64(dst, uint64(types.WireTimestamp(v.I64[v.at(i)])))
		}
	case types.Text, types.Varchar, types.BPChar, types.Name, types.Bytea, types.JSON, types.Unknown:
		return rawBytes
	}
	return datumBinary(t)
}

func datumBinary(t types.Type) Encoder {
	return func(dst []byte, v *Vector, i int) []byte { return types.AppendBinary(dst, t, v.Datum(i)) }
}

// BinaryDecoder reads the binary form of a type's values, the modifier applied. It does not keep the bytes.
func BinaryDecoder(t types.Type) Decoder {
	be := binary.BigEndian
	if t.Array || t.Mod != 0 {
		return datumDecoder(t, types.ParseBinary)
	}
	switch t.ID {
	case types.Int2:
		return fixedDecoder(2, func(v *Vector, b []byte) { v.AppendInt32(int32(int16(be.Uint16(b)))) })
	case types.Int4:
		return fixedDecoder(4, func(v *Vector, b []byte) { v.AppendInt32(int32(be.Uint32(b))) })
	case types.Int8:
		return fixedDecoder(8, func(v *Vector, b []byte) { v.AppendInt64(int64(be.Uint64(b))) })
	case types.Float8:
		return fixedDecoder(8, func(v *Vector, b []byte) { v.AppendFloat(math.Float64frombits(be.Uint64(b))) })
	case types.Bool:
		return fixedDecoder(1, func(v *Vector, b []byte) { v.AppendBool(b[0] != 0) })
	case types.Timestamp, types.Timestamptz:
		return timestampBinary
	case types.Text:
		return textDecoder
	}
	return datumDecoder(t, types.ParseBinary)
}

// fixedDecoder checks the length for read.
func fixedDecoder(size int, read func(v *Vector, b []byte)) Decoder {
	return func(v *Vector, b []byte) error {
		if len(b) != size {
			return badBinary(b, size)
		}
		read(v, b)
		return nil
	}
}

func badBinary(b []byte, want int) error {
	if len(b) < want {
		return sqlerr.New(sqlerr.ProtocolViolation, "insufficient data left in message")
	}
	return sqlerr.New(sqlerr.InvalidBinaryRepresentation, "incorrect binary data format")
}

func timestampBinary(v *Vector, b []byte) error {
	if len(b) != 8 {
		return badBinary(b, 8)
	}
	ts, ok := types.TimestampFromWire(int64(binary.BigEndian.Uint64(b)))
	if !ok {
		return types.TimestampOutOfRange()
	}
	v.AppendInt64(ts)
	return nil
}

package types

import (
	"bytes"
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// A record (the value of ROW(…) and of a whole row) describes itself: a uvarint count of fields, and for each its type's ID, a byte
// that says array (1), null (2) and named (4), the modifier as a uvarint, the name behind its length as a uvarint if it has one, and
// the value.
const (
	recordArray = 1
	recordNull  = 2
	recordNamed = 4
)

// Field is one field of a record. Name is empty in a record of ROW(…); it is no part of the value as far as comparison goes.
type Field struct {
	Name  string
	Type  Type
	Value Datum
}

// AppendRecord adds the encoding of a record to dst.
func AppendRecord(dst []byte, fields []Field) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(fields)))
	for _, f := range fields {
		var flags byte
		if f.Type.Array {
			flags |= recordArray
		}
		if f.Value.Null {
			flags |= recordNull
			f.Value = Datum{}
		}
		if f.Name != "" {
			flags |= recordNamed
		}
		dst = append(dst, byte(f.Type.ID), flags)
		dst = binary.AppendUvarint(dst, uint64(uint32(f.Type.Mod)))
		if f.Name != "" {
			dst = append(binary.AppendUvarint(dst, uint64(len(f.Name))), f.Name...)
		}
		dst = appendValue(dst, f.Type.Kind(), f.Value)
	}
	return dst
}

// DecodeRecord takes a record apart. The values share b.
func DecodeRecord(b []byte) ([]Field, error) {
	damaged := sqlerr.New(sqlerr.DataCorrupted, "damaged record value")
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)) {
		return nil, damaged
	}
	b = b[w:]
	fields := make([]Field, n)
	for i := range fields {
		if len(b) < 2 || b[0] >= byte(NumIDs) {
			return nil, damaged
		}
		flags := b[1]
		t := Type{ID: ID(b[0]), Array: flags&recordArray != 0}
		mod, w := binary.Uvarint(b[2:])
		if w <= 0 {
			return nil, damaged
		}
		t.Mod = int32(uint32(mod))
		b = b[2+w:]
		var name string
		if flags&recordNamed != 0 {
			n, w := binary.Uvarint(b)
			if w <= 0 || n > uint64(len(b)-w) {
				return nil, damaged
			}
			name, b = string(b[w:w+int(n)]), b[w+int(n):]
		}
		d, rest, ok := readValue(b, t.Kind())
		if !ok {
			return nil, damaged
		}
		if flags&recordNull != 0 {
			d = Null
		}
		fields[i], b = Field{name, t, d}, rest
	}
	return fields, nil
}

// compareRecords orders field by field, nulls last, then by the number of fields. Fields of different types, which
// PostgreSQL refuses to compare, are ordered by type so that the order stays total.
func compareRecords(x, y []byte) int {
	a, erra := DecodeRecord(x)
	b, errb := DecodeRecord(y)
	if erra != nil || errb != nil {
		return bytes.Compare(x, y)
	}
	for i := range min(len(a), len(b)) {
		if !a[i].Type.Same(b[i].Type) {
			return sign(int(a[i].Type.ID) - int(b[i].Type.ID))
		}
		if c := compareNullable(a[i].Type, a[i].Value, b[i].Value); c != 0 {
			return c
		}
	}
	return sign(len(a) - len(b))
}

func appendRecordKey(dst, b []byte) []byte {
	fields, err := DecodeRecord(b)
	if err != nil {
		return append(dst, b...)
	}
	for i, f := range fields {
		fields[i].Name, fields[i].Value = "", Key(f.Type, f.Value)
		fields[i].Type.Mod = 0 // the modifier is no part of the value, but Kind depends on it for numerics
		if _, ok := f.Type.Scaled(); ok {
			fields[i].Type.Mod = f.Type.Mod
		}
	}
	return AppendRecord(dst, fields)
}

// sign is -1, 0 or 1.
func sign(i int) int {
	switch {
	case i < 0:
		return -1
	case i > 0:
		return 1
	}
	return 0
}

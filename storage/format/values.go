package format

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// DecodeColumn makes v the column of type t with the values of fields, one a row; nil is null. At an error it says in which row,
// and v is of no use. Fields are not kept.
func DecodeColumn(v *vec.Vector, t types.Type, decode vec.Decoder, fields [][]byte) (bad int, err error) {
	v.Reset(t)
	v.Grow(len(fields))
	if t.Kind() == types.KindBytes {
		n := 0
		for _, f := range fields {
			n += len(f)
		}
		v.Data = make([]byte, 0, n)
	}
	for i, f := range fields {
		if f == nil {
			v.Append(types.Null)
		} else if err := decode(v, f); err != nil {
			return i, err
		}
	}
	return 0, nil
}

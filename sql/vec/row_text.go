package vec

import "github.com/streamdb/streamdb/sql/types"

// RowText is row i as PostgreSQL shows a composite value, in UTC: for what tells of single rows.
func RowText(b *Batch, i int) string {
	fields := make([]types.Field, len(b.Cols))
	for c, v := range b.Cols {
		fields[c] = types.Field{Type: v.Type, Value: v.Datum(i)}
	}
	return string(types.AppendText(nil, types.T(types.Record), types.Datum{B: types.AppendRecord(nil, fields)}))
}

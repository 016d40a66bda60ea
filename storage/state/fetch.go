package state

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// PlaceType is the type of a column of places in a Log.
var PlaceType = types.T(types.Int8)

// LogPays reports whether rows are better kept as keys and places in a Hashed and the rest, columns of types ts, in a Log, than whole in a Hashed: it
// copies them when its pages grow and split, and hashes all of them. A place is as large as a number.
func LogPays(ts []types.Type) bool {
	const few = 2
	for _, t := range ts {
		if t.Kind() == types.KindBytes {
			return true
		}
	}
	return len(ts) > few
}

// IndexSpec is that of a Hashed with the keys and places of rows whose rest is in a Log: the columns are those of the key, of types keys, and the place.
func IndexSpec(keys []types.Type, unique bool) Spec {
	return Spec{Types: append(append([]types.Type{}, keys...), PlaceType), Key: len(keys), Unique: unique}
}

// Fetch gets rows of a Log. It may be reused, which keeps its buffers.
type Fetch struct {
	// Cols are the columns that were got, of the rows in the order of their places, until the next call.
	Cols []*vec.Vector

	refs    Refs
	strings [][]byte
}

// Rows gets columns cols of the rows with these places, which must be of this log.
func (f *Fetch) Rows(l *LogReader, places []int64, cols []int) error {
	if err := l.find(places, &f.refs); err != nil {
		return err
	}
	for len(f.Cols) < len(cols) {
		f.Cols, f.strings = append(f.Cols, &vec.Vector{}), append(f.strings, nil)
	}
	for k, c := range cols {
		v := f.Cols[k]
		if poisonBytes(f.strings[k]) {
			f.strings[k] = nil
		}
		l.v.lay.gather(f.refs.refs, c, v, f.strings[k])
		if v.Kind() == types.KindBytes {
			f.strings[k] = v.Data
		}
	}
	return nil
}

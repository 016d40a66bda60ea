package nexmark

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// column is a column of a table: fill writes its values at the events ns to v, which has their number of rows.
type column struct {
	connector.Column
	fill func(g *generator, ns []uint64, v *vec.Vector)
}

// The types of columns. Event time has milliseconds; see generator.millis.
var (
	bigint    = types.T(types.Int8)
	text      = types.T(types.Text)
	timestamp = types.T(types.Timestamp).WithTypmod(3)
)

// Random words are drawn from a lane by purpose. The lanes of different tables need not differ, as an event is of one table.
const laneExtra = 4

// dateTime is the column of all tables that says when the event happens.
var dateTime = column{
	connector.Column{Name: "date_time", Type: timestamp, Doc: "when the event happens"},
	func(g *generator, ns []uint64, v *vec.Vector) {
		for i, n := range ns {
			v.I64[i] = g.timestamp(n)
		}
	},
}

// extraColumn is the column that pads a table's records to their average size: least to least+spread bytes of letters, all
// lengths alike.
func extraColumn(least, spread uint64) column {
	return column{
		connector.Column{Name: "extra", Type: text, Doc: "padding up to the record's average size"},
		func(g *generator, ns []uint64, v *vec.Vector) {
			s := g.lane(laneExtra)
			share(v, g.texts.letters)
			for i, n := range ns {
				w := s.at(n)
				v.Str[i] = vec.Span{Off: uint32(w >> 16 & 0xffff), Len: uint32(least + field16(w, 0, spread+1))}
			}
		},
	}
}

// wordColumn is a column of texts of a table, chosen by 16-bit field k of a lane.
func wordColumn(name, doc string, lane, k uint64, of func(*texts) *table) column {
	return column{
		connector.Column{Name: name, Type: text, Doc: doc},
		func(g *generator, ns []uint64, v *vec.Vector) {
			t, s := of(g.texts), g.lane(lane)
			share(v, t.data)
			for i, n := range ns {
				v.Str[i] = t.spans[field16(s.at(n), k, uint64(len(t.spans)))]
			}
		},
	}
}

// share lets v's spans point into data, which is never written again: appending to v would copy it.
func share(v *vec.Vector, data []byte) { v.Data = data[:len(data):len(data)] }

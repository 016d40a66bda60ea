package nexmark

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// column is a column of a table: fill writes its values at the events of runs to v, which has their number of rows.
type column struct {
	connector.Column
	fill func(g *generator, runs []run, v *vec.Vector)
}

// run is a stretch of a batch: its rows from one to another are consecutive events of one group. What is the same for all of a
// group is worked out once a run, and the state of a random lane goes from row to row by an addition.
type run struct {
	first    uint64 // the first row's event number
	group    uint64
	from, to int
}

// ints and spans are the part of a column that a run is to fill.
func (r *run) ints(v *vec.Vector) []int64     { return v.I64[r.from:r.to] }
func (r *run) spans(v *vec.Vector) []vec.Span { return v.Str[r.from:r.to] }

// The types of columns. Event time has milliseconds; see generator.millis.
var (
	bigint    = types.T(types.Int8)
	text      = types.T(types.Text)
	timestamp = types.T(types.Timestamp).WithTypmod(3)
)

// Random words are drawn from a lane by purpose. The lanes of different tables need not differ, as an event is of one table.
const laneExtra = 4

// dateTime is the column of all tables that says when the event happens.
var dateTime = column{connector.Column{Name: "date_time", Type: timestamp, Doc: "when the event happens"}, fillDateTime}

func fillDateTime(g *generator, runs []run, v *vec.Vector) {
	for _, r := range runs {
		for i, out := uint64(0), r.ints(v); i < uint64(len(out)); i++ {
			out[i] = g.timestamp(r.first + i)
		}
	}
}

// extraColumn is the column that pads a table's records to their average size: least to least+spread bytes of letters, all
// lengths alike.
func extraColumn(least, spread uint64) column {
	return column{
		connector.Column{Name: "extra", Type: text, Doc: "padding up to the record's average size"},
		func(g *generator, runs []run, v *vec.Vector) { fillExtra(g, runs, v, least, spread) },
	}
}

func fillExtra(g *generator, runs []run, v *vec.Vector, least, spread uint64) {
	s := g.lane(laneExtra)
	share(v, g.texts.letters)
	for _, r := range runs {
		state, out := s.state(r.first), r.spans(v)
		for i := range out {
			w := mix(state)
			state += eventStep
			out[i] = vec.Span{Off: uint32(w >> 16 & 0xffff), Len: uint32(least + field16(w, 0, spread+1))}
		}
	}
}

// wordColumn is a column of texts of a table, chosen by 16-bit field k of a lane.
func wordColumn(name, doc string, lane, k uint64, of func(*texts) *table) column {
	return column{
		connector.Column{Name: name, Type: text, Doc: doc},
		func(g *generator, runs []run, v *vec.Vector) { fillWords(g.lane(lane), runs, v, of(g.texts), k) },
	}
}

func fillWords(s stream, runs []run, v *vec.Vector, t *table, k uint64) {
	share(v, t.data)
	for _, r := range runs {
		for i, out := uint64(0), r.spans(v); i < uint64(len(out)); i++ {
			out[i] = t.spans[field16(s.at(r.first+i), k, uint64(len(t.spans)))]
		}
	}
}

// share lets v's spans point into data, which is never written again: appending to v would copy it.
func share(v *vec.Vector, data []byte) { v.Data = data[:len(data):len(data)] }

package nexmark

import (
	"math/bits"
	"slices"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Connector is the nexmark connector.
var Connector = connector.Connector{
	Name:      "nexmark",
	Doc:       "The persons, auctions and bids of the Nexmark benchmark, made from a seed.",
	NewSource: newSource,
	SourceOptions: []connector.Option{
		{Name: "table", Kind: connector.Choice, Required: true, Choices: []string{"person", "auction", "bid"},
			Doc: "Which table: person, auction or bid."},
		{Name: "events", Kind: connector.Integer, Default: "0", Min: 0, Max: maxEvents,
			Doc: "How many events there are, of all three tables together; 0 is endless."},
		{Name: "rate", Kind: connector.Integer, Default: "0", Min: 0, Max: maxRate,
			Doc: "Events per second of the clock, of all three tables together; 0 is as fast as they are read."},
		{Name: "event_rate", Kind: connector.Integer, Default: "10000", Min: 1, Max: maxRate,
			Doc: "Events per second of event time, of all three tables together."},
		{Name: "seed", Kind: connector.Integer, Default: "0", Min: -1 << 63, Max: 1<<63 - 1,
			Doc: "Streams with the same seed and rates are of the same events."},
		{Name: "all_columns", Kind: connector.Boolean, Default: "off",
			Doc: "Whether every declared column of an event is made, also those that nobody reads, as a source of whole records would: for benchmarks."},
	},
}

// maxRate bounds both rates.
const maxRate = 1_000_000_000_000

// splitName is the one split: any part of it can be read by itself, so that more are not needed.
const splitName = "events"

// layout is where a table's events lie in a group of eventsPerGroup.
type layout struct {
	first, count uint64
	columns      []column
}

var tables = map[string]layout{
	"person":  {0, personsPerGroup, personColumns},
	"auction": {personsPerGroup, auctionsPerGroup, auctionColumns},
	"bid":     {personsPerGroup + auctionsPerGroup, bidsPerGroup, bidColumns},
}

// Columns are all columns of a table, person, auction or bid, in the Nexmark project's order; nil for any other.
func Columns(table string) []connector.Column {
	var out []connector.Column
	for _, c := range tables[table].columns {
		out = append(out, c.Column)
	}
	return out
}

// source is a table of one event stream.
type source struct {
	generator *generator
	layout    layout
	columns   []column // as declared
	ascending []string // of these, what says when the event happens
	unread    bool     // columns that are not wanted are made too
	rate      uint64
	end       uint64 // MaxPosition when endless
	counter   string
}

func newSource(cfg connector.SourceConfig) (connector.Source, error) {
	o := cfg.Options
	l := tables[o.Text("table")]
	columns, err := connector.Match(Columns(o.Text("table")), byName(cfg.Columns))
	if err != nil {
		return nil, err
	}
	s := &source{
		generator: newGenerator(o.Int("seed"), o.Int("event_rate")),
		layout:    l,
		columns:   make([]column, len(columns)),
		unread:    o.Bool("all_columns"),
		rate:      uint64(o.Int("rate")),
		end:       uint64(connector.MaxPosition),
		counter:   counter(o.Int("seed"), o.Int("rate"), o.Int("event_rate")),
	}
	for i, at := range columns {
		if l.columns[at].Name == dateTime.Name {
			s.ascending = append(s.ascending, cfg.Columns[i].Name)
		}
		s.columns[i] = l.columns[at]
		s.columns[i].Type = cfg.Columns[i].Type
	}
	if n := uint64(o.Int("events")); n > 0 {
		s.end = n
	}
	if limit := s.generator.limit(); s.end != uint64(connector.MaxPosition) && s.end > limit {
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "with event_rate %d, event number %d has no timestamp",
			o.Int("event_rate"), s.end).WithHint("There can be %d events.", limit)
	}
	return s, nil
}

// eventTime is another name for date_time, which a stream may declare it by.
const eventTime = "at"

// byName are declared columns under the names that the tables have for them.
func byName(declared []connector.Column) []connector.Column {
	out := slices.Clone(declared)
	for i := range out {
		if out[i].Name == eventTime {
			out[i].Name = dateTime.Name
		}
	}
	return out
}

func (s *source) Traits() connector.Traits {
	return connector.Traits{
		Replayable: true,
		Bounded:    s.end != uint64(connector.MaxPosition),
		Paced:      s.rate > 0,
		Divisible:  true,
		Counter:    s.counter,
		Ascending:  s.ascending, // of every fifty events at least one is the table's
	}
}

func (s *source) Splits() []string { return []string{splitName} }

func (s *source) End() connector.Position { return connector.Position(s.end) }

// Due is the events of the time that has passed, at rate events per second.
func (s *source) Due(elapsed time.Duration) connector.Position {
	if s.rate == 0 {
		return s.End()
	}
	hi, lo := bits.Mul64(uint64(max(elapsed, 0)), s.rate)
	if hi >= uint64(time.Second) {
		return s.End()
	}
	due, _ := bits.Div64(hi, lo, uint64(time.Second))
	return connector.Position(min(due, s.end))
}

func (s *source) Open(split string, from connector.Position, wanted []int) (connector.Reader, error) {
	if split != splitName {
		return nil, sqlerr.Internal("nexmark has no split %q", split)
	}
	r := &reader{source: s, next: uint64(from), columns: make([]column, len(wanted))}
	for i, w := range wanted {
		r.columns[i] = s.columns[w]
	}
	for i, c := range s.columns {
		if s.unread && !slices.Contains(wanted, i) {
			r.unread, r.scratch = append(r.unread, c), append(r.scratch, vec.New(c.Type, 0))
		}
	}
	return r, nil
}

func (s *source) Close() error { return nil }

// reader makes the events of a table from one number on.
type reader struct {
	source  *source
	columns []column
	next    uint64
	runs    []run // of the batch in work
	// unread are columns that are made and dropped; scratch has them.
	unread  []column
	scratch []*vec.Vector
}

func (r *reader) Poll(dst *vec.Batch, maxRows int, until connector.Position) (connector.Position, bool, error) {
	end := min(uint64(until), r.source.end)
	if limit := r.source.generator.limit(); r.next >= limit && r.next < end {
		return 0, false, sqlerr.New(sqlerr.DatetimeFieldOverflow, "event number %d of nexmark has no timestamp", r.next)
	}
	var rows int
	rows, r.runs, r.next = r.source.layout.runs(r.runs[:0], r.next, end, maxRows)
	dst.N, dst.Sel, dst.Weights = rows, nil, nil
	for i, c := range r.columns {
		dst.Cols[i].Resize(c.Type, rows)
		c.fill(r.source.generator, r.runs, dst.Cols[i])
	}
	for i, c := range r.unread {
		r.scratch[i].Resize(c.Type, rows)
		c.fill(r.source.generator, r.runs, r.scratch[i])
	}
	return connector.Position(r.next), r.next >= end, nil
}

func (r *reader) Close() error { return nil }

// runs appends to runs the table's next events from next on: at most limit, all below end. It returns their number and the event to
// go on from, which is end when there are no more.
func (l layout) runs(runs []run, next, end uint64, limit int) (rows int, _ []run, _ uint64) {
	for group := next / eventsPerGroup; next < end; group++ {
		base := group * eventsPerGroup
		from, to := max(next, base+l.first), min(base+l.first+l.count, end)
		if from < to {
			n := min(int(to-from), limit-rows)
			if n > 0 {
				runs = append(runs, run{first: from, group: group, from: rows, to: rows + n})
				rows += n
			}
			if from += uint64(n); from < to {
				return rows, runs, from
			}
		}
		next = base + eventsPerGroup
	}
	return rows, runs, end
}

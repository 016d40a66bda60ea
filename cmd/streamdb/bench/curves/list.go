package curves

import (
	"fmt"
	"strings"
)

// curve is a property of a query, and the values that it takes.
type curve struct {
	name, title string
	// x says what the values xs are.
	x  string
	xs []int64
	// each is how many queries there are at a value; nil: one.
	each func(x int64) int64
	// eventRate is how many events make a second of event time.
	eventRate int64
	lines     []line
	// query is the i-th query at a value, for a line.
	query func(l line, x, i int64) string
}

// line is how a query is executed, and a variant of it if the curve has some.
type line struct {
	execution   string
	parallelism int
	variant     string
	// byInterval has the curve's values be the intervals of batches, in milliseconds.
	byInterval bool
}

func (l line) String() string {
	s := fmt.Sprintf("%s, %d tasks", l.execution, l.parallelism)
	if l.parallelism == 1 {
		s = l.execution + ", 1 task"
	}
	if l.variant != "" {
		s = l.variant + ", " + s
	}
	return s
}

const (
	pipelined  = "pipelined"
	microbatch = "microbatch"
	million    = 1_000_000
)

var models = []line{{pipelined, 2, "", false}, {pipelined, 1, "", false}, {microbatch, 2, "", false}}

// widths are the columns of bid, narrow ones first.
var widths = []string{"auction", "bidder", "price", "date_time", "channel", "url", "extra"}

// curves are all that there are, in the order of the report.
var curves = []curve{
	{
		name: "keys", title: "Keys of a group", x: "distinct keys", xs: []int64{1_000, 10_000, 100_000, million, 10 * million}, eventRate: 10 * million, lines: models,
		query: func(_ line, x, _ int64) string {
			return fmt.Sprintf(`SELECT k, count(*), max(price) FROM (SELECT (auction * 7919 + bidder * 104729 + price * 31) %% %d AS k, price FROM bid) AS b GROUP BY k`, x)
		},
	},
	{
		name: "window", title: "Size of windows", x: "seconds", xs: []int64{1, 10, 60, 600}, eventRate: 10_000,
		lines: []line{{pipelined, 2, "TUMBLE", false}, {microbatch, 2, "TUMBLE", false}, {pipelined, 2, "HOP by 1 s", false}, {microbatch, 2, "HOP by 1 s", false}},
		query: func(l line, x, _ int64) string {
			window := fmt.Sprintf("TUMBLE(bid, date_time, INTERVAL '%d seconds')", x)
			if strings.HasPrefix(l.variant, "HOP") {
				window = fmt.Sprintf("HOP(bid, date_time, INTERVAL '1 second', INTERVAL '%d seconds')", x)
			}
			return "SELECT window_end, auction % 1000 AS part, count(*) FROM " + window + " GROUP BY window_start, window_end, auction % 1000 EMIT ON WINDOW CLOSE"
		},
	},
	{
		name: "width", title: "Columns of a row", x: "columns of bid", xs: []int64{1, 2, 3, 4, 5, 6, 7}, eventRate: 10 * million, lines: models,
		query: func(_ line, x, _ int64) string { return "SELECT " + strings.Join(widths[:x], ", ") + " FROM bid" },
	},
	{
		name: "views", title: "Queries over one stream", x: "queries", xs: []int64{1, 10, 100, 1_000}, eventRate: 10 * million,
		each: func(x int64) int64 { return x }, lines: []line{{pipelined, 1, "", false}, {microbatch, 1, "", false}},
		query: func(_ line, _, i int64) string {
			return fmt.Sprintf("SELECT auction %% %d AS k, count(*), max(price) FROM bid GROUP BY auction %% %d", i+2, i+2)
		},
	},
	{
		name: "interval", title: "Interval of micro-batches", x: "milliseconds", xs: []int64{10, 30, 100, 300, 1_000}, eventRate: 10 * million,
		lines: []line{{microbatch, 2, "", true}},
		query: func(line, int64, int64) string {
			return "SELECT auction % 1000 AS k, count(*), max(price) FROM bid GROUP BY auction % 1000"
		},
	},
}

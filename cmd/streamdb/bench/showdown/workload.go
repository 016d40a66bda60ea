package showdown

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// workload is a query that is measured.
type workload struct {
	name string
	// what says it in a few words.
	what string
	// tables are the streams that it reads, of few columns; none: it reads those of the Nexmark benchmark, with all theirs.
	tables []string
	// sql is the query. Its last column is the time of the newest event that a row is of.
	sql string
	// drain is about how many events the run without pace has, in units of the run's size: queries differ in speed.
	drain int64
}

// workloads are the four kinds of query. Each has few rows of result for its input, as otherwise the subscriber would be measured.
var workloads = []workload{
	{"stateless", "filter and projection", []string{"bid"},
		`SELECT auction, bidder, price * 908 / 1000 AS price, date_time FROM bid WHERE auction % 123 = 0`, 8},
	{"windowed", "count by key and window of a second", []string{"bid"},
		`SELECT window_start, auction % 16 AS part, count(*) AS bids, sum(price) AS total, max(date_time) AS newest
  FROM TUMBLE(bid, date_time, INTERVAL '1 second') GROUP BY window_start, window_end, auction % 16`, 4},
	{"join", "two streams joined within a second", []string{"bid", "auction"},
		`SELECT b.auction, b.bidder, b.price, a.reserve, b.date_time FROM bid b JOIN auction a
  ON a.id = b.auction AND b.date_time BETWEEN a.date_time AND a.date_time + INTERVAL '1 second' WHERE b.price > a.reserve * 100`, 2},
	{"large-state", "a group for each pair of auction and bidder, never forgotten", []string{"bid"},
		`SELECT auction, bidder, count(*) AS bids, sum(price) AS total, max(date_time) AS newest
  FROM bid GROUP BY auction, bidder HAVING count(*) % 8 = 0`, 2},
}

// chosen are the workloads of the given names; all for none.
func chosen(names []string) ([]workload, error) {
	if len(names) == 0 {
		return workloads, nil
	}
	var out []workload
	for _, n := range names {
		i := slices.IndexFunc(workloads, func(w workload) bool { return w.name == n })
		if i < 0 {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "there is no query %q", n).
				WithHint("Queries are stateless, windowed, join and large-state.")
		}
		out = append(out, workloads[i])
	}
	return out, nil
}

// declarations are the columns of the streams, made whether a query reads them or not.
var declarations = map[string]string{
	"bid":     "auction BIGINT, bidder BIGINT, price BIGINT, date_time TIMESTAMP(3)",
	"auction": "id BIGINT, reserve BIGINT, date_time TIMESTAMP(3), seller BIGINT, category BIGINT",
}

// pace is which events there are, and when.
type pace struct {
	// events is how many, and rate how many a second; 0 is as fast as they are read.
	events, rate int64
	// eventRate is how many there are to a second of event time: rate, where there is one, so that an event's time tells when it is due.
	eventRate int64
}

// paced are the events of some seconds.
func paced(rate int64, d time.Duration) pace {
	return pace{events: int64(float64(rate) * d.Seconds()), rate: rate, eventRate: rate}
}

// streams are the statements that make a query's streams.
func (w workload) streams(p pace) string {
	if len(w.tables) == 0 {
		return nexmark.Streams(nexmark.Options{Events: p.events, EventRate: p.eventRate, Rate: p.rate, AllColumns: true})
	}
	var b strings.Builder
	for _, t := range w.tables {
		fmt.Fprintf(&b, `CREATE STREAM %s (%s, WATERMARK FOR date_time AS date_time)
  WITH (connector = 'nexmark', "table" = '%s', events = %d, rate = %d, event_rate = %d, all_columns = on);
`, t, declarations[t], t, p.events, p.rate, p.eventRate)
	}
	return b.String()
}

// model is how a view is executed.
type model struct {
	execution   string
	interval    time.Duration
	parallelism int
}

const (
	pipelined  = "pipelined"
	microbatch = "microbatch"
)

// options are those of CREATE VIEW and ALTER VIEW.
func (m model) options() string {
	return fmt.Sprintf("execution = '%s', batch_interval = '%d ms', parallelism = %d", m.execution, m.interval.Milliseconds(), m.parallelism)
}

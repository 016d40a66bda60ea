package showdown

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Paced says what to measure: the flags of `streamdb bench latency`.
type Paced struct {
	Execution   []string      `default:"pipelined,microbatch" help:"Models: pipelined, microbatch."`
	Rate        int64         `default:"100000" help:"Events a second, of the three tables together."`
	Seconds     float64       `default:"20" help:"Length of a run; the first half of it does not count."`
	Interval    time.Duration `default:"100ms" help:"Interval of micro-batches."`
	Parallelism int           `default:"2" help:"Tasks per stage, and workers of micro-batches."`
}

// keyed is what tests/bench/peers asks Flink and Spark too.
var keyed = workload{name: "keyed", what: "aggregate by key",
	sql: `SELECT auction, count(*) AS bids, sum(price) AS total, max(date_time) AS newest FROM bid GROUP BY auction`}

// Run measures how long a keyed aggregate's events take until a subscriber has seen them, and writes a line of JSON for each model to out;
// progress goes to errs.
func (p *Paced) Run(ctx context.Context, out, errs io.Writer) error {
	if p.Rate < 1 || p.Seconds <= 0 || p.Parallelism < 1 {
		return sqlerr.New(sqlerr.InvalidParameterValue, "rate, seconds and parallelism must be positive")
	}
	lines := json.NewEncoder(out)
	for _, execution := range p.Execution {
		fmt.Fprintln(errs, keyed.name, execution)
		l, err := p.measure(ctx, model{execution, p.Interval, p.Parallelism})
		if err != nil {
			return err
		}
		if err := lines.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// measure runs the query in a model, on a server of its own.
func (p *Paced) measure(ctx context.Context, m model) (l Latency, err error) {
	length := time.Duration(p.Seconds * float64(time.Second))
	t, err := begin(ctx, keyed, m, paced(p.Rate, length), 0)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	return t.latency(ctx, Latency{Query: keyed.name, Execution: m.execution, Rate: p.Rate}, length/2, length)
}

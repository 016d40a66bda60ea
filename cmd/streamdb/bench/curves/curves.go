package curves

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/drain"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/plot"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Curves says what to measure: the flags of `streamdb bench curves`.
type Curves struct {
	Out    string   `default:"docs/benchmarks/curves" help:"Folder for the report: README.md, plots, results.json." type:"path"`
	Curve  []string `help:"Curves: keys, window, width, views, interval (default: all)."`
	Events int64    `default:"20000000" help:"Events of a run, of the three tables of Nexmark together; a curve of several queries gives each its share."`
	Most   int64    `default:"10000000" help:"Leave out values above this."`
}

// Point is a run that was measured.
type Point struct {
	Curve string `json:"curve"`
	Line  string `json:"line"`
	X     int64  `json:"x"`
	// Events are those that were made, EventsPerS how many of them in a second, times the queries that read them.
	Events       int64    `json:"events"`
	EventsPerS   float64  `json:"events_per_s"`
	CPUSeconds   *float64 `json:"cpu_s"`
	PeakRSSBytes *int64   `json:"peak_rss_bytes"`
	StateBytes   int64    `json:"state_bytes"`
	Rows         int64    `json:"rows"`
}

// Results are all figures.
type Results struct {
	Machine string  `json:"machine"`
	Points  []Point `json:"points"`
}

// Run measures and writes the report; progress goes to errs, and where the report is to out.
func (c *Curves) Run(ctx context.Context, out, errs io.Writer) error {
	list, err := c.chosen()
	if err != nil {
		return err
	}
	r := &Results{Machine: process.Machine()}
	var failed error
	for _, x := range list {
		if failed = c.measure(ctx, x, r, errs); failed != nil {
			break
		}
	}
	if err := plot.WriteReport(c.Out, r.markdown(), r, r.plots()); err != nil {
		return errors.Join(failed, err)
	}
	_, err = fmt.Fprintln(out, c.Out)
	return errors.Join(failed, err)
}

// chosen are the curves that --curve names; all without it.
func (c *Curves) chosen() ([]curve, error) {
	if c.Events < 1 || c.Most < 1 {
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "events and most must be positive")
	}
	if len(c.Curve) == 0 {
		return curves, nil
	}
	var out []curve
	for _, name := range c.Curve {
		i := slices.IndexFunc(curves, func(x curve) bool { return x.name == name })
		if i < 0 {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "there is no curve %q", name).WithHint("Curves are keys, window, width, views and interval.")
		}
		out = append(out, curves[i])
	}
	return out, nil
}

// measure measures a curve, value by value.
func (c *Curves) measure(ctx context.Context, x curve, r *Results, errs io.Writer) error {
	for _, value := range x.xs {
		if value > c.Most {
			continue
		}
		answers := map[string]answer{}
		for _, l := range x.lines {
			p, err := c.point(ctx, x, l, value, answers)
			if err != nil {
				return fmt.Errorf("%s %d, %s: %w", x.name, value, l, err)
			}
			r.Points = append(r.Points, p)
			fmt.Fprintf(errs, "%s %d, %s: %.2f M events/s\n", x.name, value, l, p.EventsPerS/million)
		}
	}
	return nil
}

// answer is what a variant of a query must come to at a value.
type answer struct {
	checksum string
	rows     int64
}

// checkShare is the part of a run's events over which checksums are compared.
const checkShare = 10

// point measures a line at a value, and holds its answers against those of the lines before.
func (c *Curves) point(ctx context.Context, x curve, l line, value int64, answers map[string]answer) (p Point, err error) {
	queries := int64(1)
	if x.each != nil {
		queries = x.each(value)
	}
	events := max(1, c.Events/queries)
	checked, err := c.run(ctx, x, l, value, queries, max(1, events/checkShare), true)
	if err != nil {
		return p, err
	}
	f, err := c.run(ctx, x, l, value, queries, events, false)
	if err != nil {
		return p, err
	}
	got := answer{*checked.Checksum, f.Rows}
	if want, ok := answers[l.variant]; ok && want != got {
		return p, fmt.Errorf("wrong answer: %d rows and checksum %s, but %d and %s in the line before", got.rows, got.checksum, want.rows, want.checksum)
	}
	answers[l.variant] = got
	return Point{Curve: x.name, Line: l.String(), X: value, Events: events, EventsPerS: float64(events*queries) / f.Seconds, CPUSeconds: f.CPUSeconds,
		PeakRSSBytes: f.PeakRSSBytes, StateBytes: f.StateBytes, Rows: f.Rows}, nil
}

// run runs the queries of a line at a value to the end of their streams.
func (c *Curves) run(ctx context.Context, x curve, l line, value, queries, events int64, checksum bool) (f drain.Figures, err error) {
	server, err := process.Start(ctx, "--snapshot-interval", "10s")
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	options := []string{fmt.Sprintf("checksum = %t, execution = '%s', parallelism = %d", checksum, l.execution, l.parallelism)}
	if l.byInterval {
		options = append(options, fmt.Sprintf("batch_interval = '%d milliseconds'", value))
	}
	sql := make([]string, queries)
	for i := range sql {
		sql[i] = x.query(l, value, int64(i))
	}
	streams := nexmark.Streams(nexmark.Options{Events: events, EventRate: x.eventRate})
	return drain.Sinks(ctx, server, streams, strings.Join(options, ", "), sql...)
}

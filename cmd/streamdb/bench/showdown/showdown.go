package showdown

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/plot"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Showdown says what to measure: the flags of `streamdb bench showdown`.
type Showdown struct {
	Out         string        `default:"docs/benchmarks/showdown" help:"Folder for the report: README.md, plots, results.json." type:"path"`
	Query       []string      `help:"Queries: stateless, windowed, join, large-state (default: all)."`
	Part        []string      `help:"Parts: rate, latency, rebuild, fault, straggler (default: all)."`
	Events      int64         `default:"2000000" help:"Size of the runs without pace."`
	Seconds     float64       `default:"6" help:"Length of the runs at a given rate."`
	Load        []int         `default:"20,50,80" help:"Loads at which latency is measured, in percent of the highest rate."`
	Interval    time.Duration `default:"100ms" help:"Interval of micro-batches."`
	Parallelism int           `default:"2" help:"Tasks per stage, and workers of micro-batches."`
	Short       bool          `help:"Small runs, about a minute in all: the answers are checked, the figures mean little."`
}

// The parts of the argument.
const (
	partRate      = "rate"
	partLatency   = "latency"
	partRebuild   = "rebuild"
	partFault     = "fault"
	partStraggler = "straggler"
)

var parts = []string{partRate, partLatency, partRebuild, partFault, partStraggler}

// Results are all figures.
type Results struct {
	Machine    string      `json:"machine"`
	Rates      []Rate      `json:"rates"`
	Latencies  []Latency   `json:"latencies"`
	Rebuilds   []Rebuild   `json:"rebuilds"`
	Faults     []Fault     `json:"faults"`
	Stragglers []Straggler `json:"stragglers"`
}

// Run measures and writes the report; progress goes to errs, and where the report is to out. If a measurement fails, the report has
// those before it.
func (s *Showdown) Run(ctx context.Context, out, errs io.Writer) error {
	queries, err := s.prepare()
	if err != nil {
		return err
	}
	r := &Results{Machine: process.Machine()}
	failed := s.measure(ctx, queries, r, errs)
	if err := plot.WriteReport(s.Out, s.markdown(r), r, r.plots()); err != nil {
		return errors.Join(failed, err)
	}
	_, err = fmt.Fprintln(out, s.Out)
	return errors.Join(failed, err)
}

// prepare checks the flags.
func (s *Showdown) prepare() ([]workload, error) {
	if s.Short {
		s.Events, s.Seconds, s.Load = min(s.Events, 200_000), min(s.Seconds, 1.2), []int{50}
	}
	if s.Events < 1 || s.Seconds <= 0 || s.Parallelism < 1 || s.Interval < time.Millisecond {
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "events, seconds, interval and parallelism must be positive")
	}
	if slices.ContainsFunc(s.Load, func(percent int) bool { return percent < 1 || percent > 100 }) {
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "loads are percents of the highest rate, from 1 to 100")
	}
	for _, p := range s.Part {
		if !slices.Contains(parts, p) {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "there is no part %q", p).WithHint("Parts are rate, latency, rebuild, fault and straggler.")
		}
	}
	return chosen(s.Query)
}

func (s *Showdown) wants(part string) bool { return len(s.Part) == 0 || slices.Contains(s.Part, part) }

// seconds is the length of a run at a given rate.
func (s *Showdown) seconds() time.Duration { return time.Duration(s.Seconds * float64(time.Second)) }

// models are the two, as they are compared.
func (s *Showdown) models() []model {
	return []model{{pipelined, s.Interval, s.Parallelism}, {microbatch, s.Interval, s.Parallelism}}
}

// measure runs the parts.
func (s *Showdown) measure(ctx context.Context, queries []workload, r *Results, errs io.Writer) error {
	for _, w := range queries {
		for _, m := range s.models() {
			if err := s.query(ctx, w, m, r, errs); err != nil {
				return fmt.Errorf("%s, %s: %w", w.name, m.execution, err)
			}
		}
	}
	if err := r.agree(); err != nil {
		return err
	}
	if s.wants(partStraggler) {
		if err := s.stragglers(ctx, r, errs); err != nil {
			return err
		}
	}
	if s.wants(partRebuild) {
		if err := s.rebuilds(ctx, r, errs); err != nil {
			return err
		}
	}
	if s.wants(partFault) {
		return s.faults(ctx, r, errs)
	}
	return nil
}

// query measures one in a model: its highest rate, then its latency below it.
func (s *Showdown) query(ctx context.Context, w workload, m model, r *Results, errs io.Writer) error {
	if !s.wants(partRate) && !s.wants(partLatency) {
		return nil
	}
	rate, err := s.rate(ctx, w, m)
	if err != nil {
		return err
	}
	r.Rates = append(r.Rates, rate)
	fmt.Fprintf(errs, "%s, %s: %.0f events/s without pace, %.0f without snapshots, %d kept up with\n", w.name, m.execution, rate.Drained, rate.Bare, rate.Sustained)
	if !s.wants(partLatency) {
		return nil
	}
	for _, percent := range s.Load {
		l, err := s.latency(ctx, w, m, percent, rate.Sustained)
		if err != nil {
			return err
		}
		r.Latencies = append(r.Latencies, l)
		fmt.Fprintf(errs, "%s, %s at %d %%: p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms\n", w.name, m.execution, percent, l.P50, l.P99, l.P999)
	}
	return nil
}

// agree fails if the models gave different answers over the same events.
func (r *Results) agree() error {
	for _, a := range r.Rates {
		for _, b := range r.Rates {
			if a.Query == b.Query && a.Events == b.Events && (a.Rows != b.Rows || a.Sum != b.Sum) {
				return fmt.Errorf("wrong answer: %s has %d rows (%s) %s, and %d (%s) %s", a.Query, a.Rows, a.Sum, a.Execution, b.Rows, b.Sum, b.Execution)
			}
		}
	}
	return nil
}

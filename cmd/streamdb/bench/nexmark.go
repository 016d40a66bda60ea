package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// generator names the row of the report in which events are only made.
const generator = "generator"

// Nexmark says what to measure: the flags of `streamdb bench nexmark`.
type Nexmark struct {
	Query       []string `help:"Queries, q0 to q22, and generator for the events alone (default: all)."`
	Execution   []string `default:"pipelined" help:"Models to run each query in: pipelined, microbatch."`
	Events      int64    `default:"10000000" help:"Events, of the three tables together."`
	EventRate   int64    `default:"10000000" help:"Events per second of event time."`
	Parallelism int      `default:"2" help:"Tasks per stage."`
	Format      string   `default:"table" enum:"table,json" help:"Report as a table, or as JSON with an object a line."`
	// SnapshotInterval is the flag of that name of a server of the benchmark's own; 0 leaves it alone.
	SnapshotInterval time.Duration `default:"1s" help:"How often the benchmark's own server snapshots its state."`
	URL              string        `name:"url" placeholder:"URL" help:"Measure this server, as postgres://streamdb@host:port/streamdb, and not one of its own; then CPU time and peak memory are unknown."`
}

// Run measures each query in each model and writes the report to out as results come; progress goes to errs. What a server refuses is
// reported in its row, and makes the command fail at the end.
func (n *Nexmark) Run(ctx context.Context, out, errs io.Writer) error {
	queries, err := n.chosen()
	if err != nil {
		return err
	}
	report := newReport(out, n.Format)
	failed := 0
	measure := func(query, execution string, run func() (Result, error)) error {
		fmt.Fprintf(errs, "%s %s\n", query, execution)
		r, err := run()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.Query, r.Execution, r.Events = query, execution, n.Events
		if err != nil {
			failed++
			r.Error = err.Error()
		}
		return report.add(r)
	}
	if len(n.Query) == 0 || slices.Contains(n.Query, generator) {
		if err := measure(generator, "none", n.generate); err != nil {
			return err
		}
	}
	for _, q := range queries {
		for _, execution := range n.Execution {
			if err := measure(q.Name, execution, func() (Result, error) { return n.query(ctx, q, execution) }); err != nil {
				return err
			}
		}
	}
	if failed > 0 {
		return errors.New(plural(failed, "run") + " failed: see the report")
	}
	return nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// chosen are the queries that --query names; all without it.
func (n *Nexmark) chosen() ([]nexmark.Query, error) {
	for _, e := range n.Execution {
		if e != "pipelined" && e != "microbatch" {
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "there is no execution %q", e).WithHint("Models are pipelined and microbatch.")
		}
	}
	if n.Events < 1 || n.EventRate < 1 || n.Parallelism < 1 {
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "events, event rate and parallelism must be positive")
	}
	all := nexmark.Queries()
	if len(n.Query) == 0 {
		return all, nil
	}
	var out []nexmark.Query
	for _, name := range n.Query {
		i := slices.IndexFunc(all, func(q nexmark.Query) bool { return q.Name == name })
		switch {
		case i >= 0:
			out = append(out, all[i])
		case name != generator:
			return nil, sqlerr.New(sqlerr.InvalidParameterValue, "there is no query %q", name).
				WithHint("Queries are q0 to q%d, and %s.", len(all)-1, generator)
		}
	}
	return out, nil
}

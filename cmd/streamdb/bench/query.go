package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/drain"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/nexmark"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/process"
)

// query measures a query in a model: one run for the checksum, then the one that counts, each on a server of its own.
func (n *Nexmark) query(ctx context.Context, q nexmark.Query, execution string) (r Result, err error) {
	checked, err := n.run(ctx, q, execution, true)
	if err != nil {
		return r, err
	}
	f, err := n.run(ctx, q, execution, false)
	if err != nil {
		return r, err
	}
	if f.Rows != checked.Rows && !q.ByClock {
		return r, fmt.Errorf("wrong answer: %d rows, and %d in the run before", f.Rows, checked.Rows)
	}
	rate := float64(n.Events) / f.Seconds
	return Result{Seconds: &f.Seconds, EventsPerS: &rate, CPUSeconds: f.CPUSeconds, PeakRSSBytes: f.PeakRSSBytes, StateBytes: &f.StateBytes, Rows: &f.Rows,
		Checksum: checked.Checksum}, nil
}

// server gives the server to measure.
func (n *Nexmark) server(ctx context.Context) (*process.Server, error) {
	if n.URL != "" {
		return process.At(n.URL), nil
	}
	if n.SnapshotInterval > 0 {
		return process.Start(ctx, "--snapshot-interval", n.SnapshotInterval.String())
	}
	return process.Start(ctx)
}

// run runs a query once, to the end of its streams.
func (n *Nexmark) run(ctx context.Context, q nexmark.Query, execution string, checksum bool) (f drain.Figures, err error) {
	server, err := n.server(ctx)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, server.Stop()) }()
	streams := nexmark.Streams(nexmark.Options{Events: n.Events, EventRate: n.EventRate, AllColumns: true})
	options := fmt.Sprintf("checksum = %t, execution = '%s', parallelism = %d", checksum, execution, n.Parallelism)
	return drain.Sinks(ctx, server, streams+q.Setup, options, q.SQL)
}

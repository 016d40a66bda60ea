package showdown

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// Straggler is what one slow task of eight does to the rate without pace.
type Straggler struct {
	Query     string `json:"query"`
	Execution string `json:"execution"`
	// Usual and Slowed are the rates without it and with it, in events a second.
	Usual  float64 `json:"usual_per_s"`
	Slowed float64 `json:"slowed_per_s"`
	// Speculative is how many tasks were run a second time, in the newest batches.
	Speculative int64 `json:"speculative"`
}

const (
	// slowTask is one of so many tasks, and slowFactor how many times as long as its siblings it takes.
	slowTask, slowFactor = 8, 10
	// slowLength is how much longer these runs are than those that find the rate: there must be many batches.
	slowLength = 4
)

// stragglers measures the query of a single stage: it has eight tasks in either model.
func (s *Showdown) stragglers(ctx context.Context, r *Results, errs io.Writer) error {
	w := workloads[0]
	for _, m := range s.models() {
		if m.execution == pipelined {
			m.parallelism = slowTask
		}
		x, err := s.straggler(ctx, w, m)
		if err != nil {
			return fmt.Errorf("straggler, %s: %w", m.execution, err)
		}
		r.Stragglers = append(r.Stragglers, x)
		fmt.Fprintf(errs, "straggler, %s: %.0f events/s, %.0f with one slow task of %d; %d speculative\n", x.Execution, x.Usual, x.Slowed, slowTask, x.Speculative)
	}
	return nil
}

func (s *Showdown) straggler(ctx context.Context, w workload, m model) (x Straggler, err error) {
	usual, err := s.slowed(ctx, w, m, false)
	if err != nil {
		return x, err
	}
	slow, err := s.slowed(ctx, w, m, true)
	if err != nil {
		return x, err
	}
	if slow.sum != usual.sum {
		return x, errors.New("wrong answer: it differs with a slow task")
	}
	events := float64(s.Events * w.drain * slowLength)
	return Straggler{Query: w.name, Execution: m.execution, Usual: events / usual.seconds, Slowed: events / slow.seconds,
		Speculative: slow.speculative}, nil
}

// drainage is a run without pace.
type drainage struct {
	seconds     float64
	speculative int64
	sum         total
}

// slowed runs the query, perhaps with one task of eight waiting for nine times as long as it works.
func (s *Showdown) slowed(ctx context.Context, w workload, m model, slow bool) (d drainage, err error) {
	t, err := launch(ctx, 0)
	if err != nil {
		return d, err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	if slow {
		place := failpoint.Task
		if m.execution == pipelined {
			place = failpoint.Barrier
		}
		rule := url.Values{"place": {string(place)}, "slow": {fmt.Sprint(slowFactor - 1)}, "every": {fmt.Sprint(slowTask)}}
		if err := t.fail(ctx, rule); err != nil {
			return d, err
		}
	}
	if err := t.open(ctx, w, m, pace{events: s.Events * w.drain * slowLength, eventRate: 1_000_000}); err != nil {
		return d, err
	}
	if err := t.exec(ctx, "FLUSH"); err != nil {
		return d, err
	}
	d.seconds = time.Since(t.created).Seconds()
	if d.sum, err = t.check(ctx); err != nil {
		return d, err
	}
	err = t.conn.QueryRow(ctx, "SELECT coalesce(sum(speculative), 0)::bigint FROM streamdb.batches").Scan(&d.speculative)
	return d, err
}

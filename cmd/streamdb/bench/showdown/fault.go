package showdown

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"time"

	"github.com/streamdb/streamdb/executor/failpoint"
)

// Fault is what a subscriber noticed of something that happened under load. Times are in milliseconds.
type Fault struct {
	What      string `json:"what"`
	Query     string `json:"query"`
	Execution string `json:"execution"`
	Rate      int64  `json:"events_per_s"`
	// Before is the longest time without anything new before it, and Gap after it.
	Before float64 `json:"longest_gap_before_ms"`
	Gap    float64 `json:"longest_gap_ms"`
	// CaughtUp is how long it took until events became visible as soon as they should.
	CaughtUp float64 `json:"caught_up_after_ms"`
	// Answered is how long after its start a killed server answered a strict read of the view.
	Answered float64 `json:"answered_after_ms,omitempty"`
	// At is when it happened, and Latency that of the events due in each hundredth of the run: the longest, negative where none was seen.
	At      float64   `json:"at_ms"`
	Latency []float64 `json:"latency_ms"`
	Length  float64   `json:"length_ms"`
}

// event is something that happens to a view under load.
type event struct {
	what string
	// execution is what the view begins in.
	execution string
	happen    func(ctx context.Context, t *trial, m model) error
	kills     bool
}

// inject is a fault at a place, once.
func inject(place failpoint.Name, key, value string) func(context.Context, *trial, model) error {
	return func(ctx context.Context, t *trial, _ model) error {
		return t.fail(ctx, url.Values{"place": {string(place)}, key: {value}, "times": {"1"}})
	}
}

// change is an ALTER VIEW.
func change(to func(*model)) func(context.Context, *trial, model) error {
	return func(ctx context.Context, t *trial, m model) error {
		to(&m)
		return t.exec(ctx, fmt.Sprintf("ALTER VIEW %s SET (%s)", view, m.options()))
	}
}

func kill(_ context.Context, t *trial, _ model) error { return t.server.Kill() }

// events are what is done to views. Where both models have the same fault, they come one after the other.
var events = []event{
	{what: "a partition is lost", execution: microbatch, happen: inject(failpoint.Lose, "count", "1")},
	{what: "a task panics", execution: microbatch, happen: inject(failpoint.Task, "panic", "true")},
	{what: "a task panics", execution: pipelined, happen: inject(failpoint.Barrier, "panic", "true")},
	{what: "kill -9 and restart", execution: microbatch, happen: kill, kills: true},
	{what: "kill -9 and restart", execution: pipelined, happen: kill, kills: true},
	{what: "switched to micro-batches", execution: pipelined, happen: change(func(m *model) { m.execution = microbatch })},
	{what: "switched to pipelined", execution: microbatch, happen: change(func(m *model) { m.execution = pipelined })},
	{what: "twice the parallelism", execution: pipelined, happen: change(func(m *model) { m.parallelism *= 2 })},
	{what: "half the parallelism, and pipelined", execution: microbatch, happen: change(func(m *model) {
		m.execution, m.parallelism = pipelined, max(1, m.parallelism/2)
	})},
}

// faults has all of it happen to the query with the most state, at half of the rate that both models keep up with.
func (s *Showdown) faults(ctx context.Context, r *Results, errs io.Writer) error {
	w := workloads[len(workloads)-1]
	rate, err := s.common(ctx, w, r)
	if err != nil {
		return err
	}
	for _, e := range events {
		f, err := s.fault(ctx, w, e, rate/2)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", e.what, e.execution, err)
		}
		r.Faults = append(r.Faults, f)
		fmt.Fprintf(errs, "%s, %s: longest gap %.0f ms (%.0f before), caught up after %.0f ms\n", e.what, e.execution, f.Gap, f.Before, f.CaughtUp)
	}
	return nil
}

// common is a rate that both models keep up with.
func (s *Showdown) common(ctx context.Context, w workload, r *Results) (lowest int64, err error) {
	for _, m := range s.models() {
		i := slices.IndexFunc(r.Rates, func(x Rate) bool { return x.Query == w.name && x.Execution == m.execution })
		rate := Rate{}
		if i >= 0 {
			rate = r.Rates[i]
		} else if rate, err = s.rate(ctx, w, m); err != nil {
			return 0, err
		}
		if lowest == 0 || rate.Sustained < lowest {
			lowest = rate.Sustained
		}
	}
	return lowest, nil
}

// fault runs a view under load and has an event happen in the middle.
func (s *Showdown) fault(ctx context.Context, w workload, e event, rate int64) (f Fault, err error) {
	m := model{e.execution, s.Interval, s.Parallelism}
	length := s.seconds()
	t, err := begin(ctx, w, m, paced(rate, length), 0)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	at := t.began.Add(length * 2 / 5)
	if err := until(ctx, at); err != nil {
		return f, err
	}
	f = Fault{What: e.what, Query: w.name, Execution: e.execution, Rate: rate, At: millis(at.Sub(t.began)), Length: millis(length)}
	if err := e.happen(ctx, t, m); err != nil {
		return f, err
	}
	var steps []progress
	if e.kills {
		steps, _ = t.sub.progress()
		if f.Answered, err = t.revive(ctx); err != nil {
			return f, err
		}
	}
	if err := until(ctx, t.began.Add(length)); err != nil {
		return f, err
	}
	if err := t.drained(ctx); err != nil {
		return f, err
	}
	if _, err := t.check(ctx); err != nil {
		return f, err
	}
	more, _ := t.sub.progress()
	f.observe(append(steps, more...), t.began, at, length, slack+s.Interval)
	return f, nil
}

// observe works out what was seen.
func (f *Fault) observe(steps []progress, began, at time.Time, length, allowed time.Duration) {
	f.Before = millis(longestGap(steps, began.Add(warmUp(length)), at))
	f.Gap = millis(longestGap(steps, at, time.Now()))
	line := timelineOf(steps, began, length)
	const points = 100
	for i := range points {
		part := line.percentiles(length*time.Duration(i)/points, length*time.Duration(i+1)/points, 1)
		f.Latency = append(f.Latency, millis(part[0]))
	}
	for ms := range line {
		if line[ms] >= 0 && line.latency(ms) > allowed && line[ms] > at.Sub(began) {
			f.CaughtUp = max(f.CaughtUp, millis(line[ms]-at.Sub(began)))
		}
	}
}

// revive starts a killed server again and subscribes anew. It gives the milliseconds until the view was read.
func (t *trial) revive(ctx context.Context) (answered float64, err error) {
	t.sub.stop()
	_ = t.conn.Close(ctx) // its server is gone
	began := time.Now()
	if err := t.server.Restart(ctx); err != nil {
		return 0, err
	}
	if t.conn, err = t.server.Connect(ctx); err != nil {
		return 0, err
	}
	var rows int64
	if err := t.conn.QueryRow(ctx, "SELECT count(*) FROM "+view).Scan(&rows); err != nil {
		return 0, err
	}
	answered = millis(time.Since(began))
	return answered, t.subscribe(ctx)
}

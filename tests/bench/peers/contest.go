package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// contest is StreamDB and a peer in turn.
type contest struct {
	config
	peer   *peer
	engine engine
	work   string
	report *report
	differ int // queries with different answers
}

// run has all queries answered and then measured, and prints the table.
func (t *contest) run(ctx context.Context) error {
	table := table{peer: t.peer.title, execution: t.engine.execution}
	answers := t.compare(ctx)
	for i, query := range t.queries {
		t.progress(query, answers[i])
	}
	for i, query := range t.queries {
		row := row{query: query, events: t.events, answers: answers[i]}
		if row.events == 0 {
			row.events = millions[query] * 1_000_000
		}
		if row.answers == answersEqual || strings.HasPrefix(row.answers, notCompared) {
			row.pairs = t.measure(ctx, query, row.events)
		}
		if ctx.Err() != nil {
			break // what was measured before is worth printing
		}
		table.rows = append(table.rows, row)
	}
	return errors.Join(table.print(os.Stdout), ctx.Err())
}

// measure runs the pairs of a query.
func (t *contest) measure(ctx context.Context, query string, events int64) (pairs []pair) {
	for range t.runs {
		p := pair{t.measureEngine(ctx, query, events), t.measurePeer(ctx, query, events)}
		pairs = append(pairs, p)
		if p.ours.Error != "" || p.theirs.Error != "" {
			break // it would only be so again
		}
	}
	return pairs
}

func (t *contest) measureEngine(ctx context.Context, query string, events int64) result {
	t.progress(query, engineName)
	r, err := t.engine.run(ctx, query, events, t.eventRate)
	if err != nil {
		r.Error = err.Error()
	}
	r.Engine, r.Query, r.Execution, r.Events = engineName, query, t.engine.execution, events
	t.report.add(ctx, r)
	return r
}

// measurePeer measures the peer in a session of its own, after it was warmed up with the same query.
func (t *contest) measurePeer(ctx context.Context, query string, events int64) result {
	t.progress(query, t.peer.name)
	r := result{Engine: t.peer.name, Query: query, Events: events}
	if err := t.timed(ctx, &r); err != nil {
		r = result{Engine: t.peer.name, Query: query, Events: events, Error: err.Error()}
	}
	t.report.add(ctx, r)
	return r
}

// timed has a peer run a query within the time-out, and fills in the figures.
func (t *contest) timed(ctx context.Context, r *result) (err error) {
	s, err := t.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	ctx, cancel := t.limit(ctx)
	defer cancel()
	if t.warmUp > 0 {
		if _, err := s.run(ctx, t.job(r.Query, t.warmUp)); err != nil {
			return err
		}
	}
	before, err := s.usage()
	if err != nil {
		return err
	}
	seconds, err := s.run(ctx, t.job(r.Query, r.Events))
	if err != nil {
		return err
	}
	after, err := s.usage()
	if err != nil {
		return err
	}
	cpu, rate := after.CPU-before.CPU, float64(r.Events)/seconds
	r.Seconds, r.EventsPerS, r.CPUSeconds, r.PeakRSSBytes = &seconds, &rate, &cpu, &after.PeakRSS
	return nil
}

func (t *contest) job(query string, events int64) job {
	return job{query: filepath.Join(t.peer.queries, query+".sql"), events: events, eventRate: t.eventRate}
}

// begin starts the peer in a folder of its own.
func (t *contest) begin(ctx context.Context) (*session, error) {
	folder, err := os.MkdirTemp(t.work, t.peer.name+"-")
	if err != nil {
		return nil, err
	}
	return t.peer.start(ctx, folder)
}

// limit bounds what is done with a peer by the time-out.
func (t *contest) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, t.timeout, fmt.Errorf("cut after %s", t.timeout))
}

func (t *contest) progress(query, what string) { fmt.Fprintln(os.Stderr, t.peer.name+":", query, what) }

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
	for _, query := range t.queries {
		row := t.query(ctx, query)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		table.rows = append(table.rows, row)
	}
	return table.print(os.Stdout)
}

// query compares a query's answers and, if nothing speaks against it, measures it.
func (t *contest) query(ctx context.Context, query string) (row row) {
	row.query = query
	row.answers = t.compare(ctx, query)
	switch {
	case row.answers == answersDiffer:
		t.differ++
		return row
	case row.answers != answersEqual && !strings.HasPrefix(row.answers, notCompared):
		return row
	}
	row.events = t.events
	if row.events == 0 {
		row.events = millions[query] * 1_000_000
	}
	for range t.runs {
		ours := t.measureEngine(ctx, query, row.events)
		theirs := t.measurePeer(ctx, query, row.events)
		if ctx.Err() != nil {
			return row
		}
		row.pairs = append(row.pairs, pair{ours, theirs})
		if ours.Error != "" || theirs.Error != "" {
			break // it would only be so again
		}
	}
	return row
}

const (
	answersEqual  = "equal"
	answersDiffer = "DIFFER"
	notCompared   = "not compared"
)

// compare says whether a query's answers are equal, or why that is not known.
func (t *contest) compare(ctx context.Context, query string) string {
	if t.checkEvents == 0 {
		return notCompared
	}
	if why, ok := incomparable[query]; ok {
		return notCompared + ": " + why
	}
	t.progress(query, "comparing answers")
	ours, err := t.engine.ask(ctx, query, t.checkEvents, t.eventRate)
	if err != nil {
		return "StreamDB: " + err.Error()
	}
	var theirs answer
	_, err = t.session(ctx, func(s *session) (err error) {
		theirs, err = s.ask(t.job(query, t.checkEvents))
		return err
	})
	switch {
	case err != nil:
		return t.peer.name + " " + err.Error()
	case ours != theirs:
		t.progress(query, fmt.Sprintf("StreamDB: %d rows, %016x; %s: %d rows, %016x", ours.rows, ours.checksum, t.peer.name, theirs.rows, theirs.checksum))
		return answersDiffer
	}
	return answersEqual
}

func (t *contest) job(query string, events int64) job {
	return job{query: filepath.Join(t.peer.queries, query+".sql"), events: events, eventRate: t.eventRate}
}

// session runs something in a new session of the peer, within the time-out, and returns the most memory that the peer had.
func (t *contest) session(ctx context.Context, run func(*session) error) (peakRSS int64, err error) {
	folder, err := os.MkdirTemp(t.work, t.peer.name+"-")
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	limited, cancel := context.WithTimeout(ctx, t.timeout)
	defer cancel()
	s, err := t.peer.start(limited, folder)
	if err != nil {
		return 0, err
	}
	err = run(s)
	if limited.Err() != nil && ctx.Err() == nil {
		err = fmt.Errorf("cut after %s", t.timeout)
	}
	return s.stop(), err
}

func (t *contest) measureEngine(ctx context.Context, query string, events int64) result {
	t.progress(query, "StreamDB")
	r, err := t.engine.run(ctx, query, events, t.eventRate)
	if err != nil {
		r.Error = err.Error()
	}
	r.Engine, r.Query, r.Execution, r.Events = engineName, query, t.engine.execution, events
	t.report.add(r)
	return r
}

// measurePeer measures the peer after it was warmed up with the same query.
func (t *contest) measurePeer(ctx context.Context, query string, events int64) result {
	t.progress(query, t.peer.title)
	var seconds, cpu float64
	peakRSS, err := t.session(ctx, func(s *session) error {
		if t.warmUp > 0 {
			if _, err := s.run(t.job(query, t.warmUp)); err != nil {
				return err
			}
		}
		before, err := s.worker.cpu()
		if err != nil {
			return err
		}
		if seconds, err = s.run(t.job(query, events)); err != nil {
			return err
		}
		after, err := s.worker.cpu()
		cpu = after - before
		return err
	})
	r := result{Engine: t.peer.name, Query: query, Events: events}
	if err != nil {
		r.Error = err.Error()
	} else {
		rate := float64(events) / seconds
		r.Seconds, r.EventsPerS, r.CPUSeconds, r.PeakRSSBytes = &seconds, &rate, &cpu, &peakRSS
	}
	t.report.add(r)
	return r
}

func (t *contest) progress(query, what string) { fmt.Fprintln(os.Stderr, query, what) }

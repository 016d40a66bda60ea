package main

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// contest is StreamDB and a peer in turn.
type contest struct {
	*config
	peer   *peer
	engine engine
	work   string
	report *report
	differ int // pairs with different answers
	// kept is a session for one query after the other, while only answers are compared.
	kept *session
}

// run measures the latencies, and then runs all pairs of queries, round by round, so that what is cut has all queries rather than all
// rounds. The table has what there is by then.
func (t *contest) run(ctx context.Context, show func(table) error) error {
	x := table{peer: t.peer.title, execution: t.engine.execution, byFlink: t.peer.name == flinkName, eventRate: t.eventRate}
	for _, query := range t.queries {
		x.rows = append(x.rows, row{query: query, events: t.size(t.peer, query).timed})
	}
	if err := t.latencies(ctx, &x); err != nil {
		return err
	}
	for round := range max(1, t.runs) {
		for i := range x.rows {
			if t.over() || ctx.Err() != nil {
				break
			}
			if r := &x.rows[i]; !r.failed() {
				if err := t.round(ctx, r, round); err != nil {
					return err
				}
			}
			if err := show(x); err != nil {
				return err
			}
		}
	}
	return errors.Join(show(x), ctx.Err())
}

// round adds a pair to a query's row: one that was run before, or one that is run now.
func (t *contest) round(ctx context.Context, r *row, round int) error {
	at := slot{t.peer.name, r.query, t.engine.execution, r.events, t.eventRate, round}
	if done, ok := t.report.done[at]; ok {
		r.pairs = append(r.pairs, done)
		return nil
	}
	p := t.measure(ctx, at)
	if ctx.Err() != nil {
		return nil // it was broken off with all else
	}
	if p.Answers == answersDiffer {
		t.differ++
	}
	r.pairs = append(r.pairs, p)
	return t.report.add(p)
}

// measure runs a pair: the peer, and then StreamDB, unless the peer refuses the query.
func (t *contest) measure(ctx context.Context, at slot) pair {
	p := pair{slot: at}
	s := t.size(t.peer, at.Query)
	p.Answers = unasked(at.Query, s)
	t.progress(at.Query, t.peer.name)
	theirs, err := t.measurePeer(ctx, at.Query, s, p.Answers == "" && at.Run == 0, &p.Theirs)
	if err != nil {
		p.Theirs = result{Error: err.Error()}
		t.progress(at.Query, err.Error())
		if errors.As(err, new(refused)) {
			return p
		}
	}
	t.progress(at.Query, engineName)
	if theirs != nil {
		if p.Answers, err = t.compare(ctx, at.Query, *theirs, s); err != nil {
			p.Ours.Error = err.Error()
			return p
		}
		t.progress(at.Query, p.Answers)
	}
	if t.runs == 0 {
		return p
	}
	if p.Ours, err = t.engine.run(ctx, at.Query, at.Events, t.eventRate); err != nil {
		p.Ours.Error = err.Error()
	}
	return p
}

// measurePeer has a peer, in a session of its own, give its answer if it is asked for, then run the query until it is warm, and then
// measures it.
func (t *contest) measurePeer(ctx context.Context, query string, size size, asked bool, r *result) (theirs *answer, err error) {
	if _, err := os.Stat(t.job(query, 0).query); err != nil {
		return nil, refused{"no way to say it"}
	}
	s, err := t.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, t.leave(s, err)) }()
	if asked {
		limited, cancel := t.limit(ctx)
		defer cancel()
		a, err := s.ask(limited, t.job(query, size.check))
		if err != nil {
			return nil, err
		}
		theirs = &a
	}
	if t.runs == 0 {
		return theirs, nil
	}
	ctx, cancel := t.limit(ctx)
	defer cancel()
	if size.warmUp > 0 {
		if _, err := s.run(ctx, t.job(query, size.warmUp)); err != nil {
			return theirs, err
		}
	}
	return theirs, s.measure(ctx, t.job(query, size.timed), r)
}

// job is a query over so many events.
func (t *contest) job(query string, events int64) job {
	j := t.peer.job(query)
	j.events, j.eventRate = events, t.eventRate
	return j
}

// begin starts the peer in a folder of its own, if no session was kept.
func (t *contest) begin(ctx context.Context) (*session, error) {
	if s := t.kept; s != nil {
		t.kept = nil
		return s, nil
	}
	folder, err := os.MkdirTemp(t.work, t.peer.name+"-")
	if err != nil {
		return nil, err
	}
	return t.peer.start(ctx, folder)
}

// leave ends a session, or keeps it for the next query if only answers are compared: unless something failed in it.
func (t *contest) leave(s *session, failed error) error {
	if t.runs == 0 && (failed == nil || errors.As(failed, new(refused))) {
		t.kept = s
		return nil
	}
	return s.stop()
}

// end ends the session that was kept.
func (t *contest) end() error {
	if t.kept == nil {
		return nil
	}
	return t.kept.stop()
}

// limit bounds what is done with a peer by the time-out.
func (t *contest) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, t.timeout, fmt.Errorf("cut after %s", t.timeout))
}

func (t *contest) progress(query, what string) { fmt.Fprintln(os.Stderr, t.peer.name+":", query, what) }

package showdown

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Rate is how fast a query goes in a model.
type Rate struct {
	Query     string `json:"query"`
	Execution string `json:"execution"`
	// Events is how many there were in the runs without pace, and Drained how many a second they went through at, with the usual
	// snapshots; Bare is that without any snapshot.
	Events  int64   `json:"events"`
	Drained float64 `json:"drained_per_s"`
	Bare    float64 `json:"drained_per_s_without_snapshots"`
	// CPU is what the server used of its processors for a million events without pace and with snapshots, in seconds: it says what a model
	// costs on a machine that has other things to do.
	CPU float64 `json:"cpu_s_per_million"`
	// Sustained is the highest rate of a source with a clock of its own that the view kept up with.
	Sustained int64 `json:"sustained_per_s"`
	// Behind says that the view fell behind even at that rate, the lowest that was tried.
	Behind bool `json:"fell_behind,omitempty"`
	// Rows is how many the result has and Sum the sum of their hashes; StateBytes is the memory of the view's state in the end.
	Rows       int64  `json:"rows"`
	Sum        string `json:"sum"`
	StateBytes int64  `json:"state_bytes"`
}

// drain lets a query take its events as fast as it can.
func drain(ctx context.Context, w workload, m model, events int64, snapshots time.Duration) (r Rate, err error) {
	t, err := begin(ctx, w, m, pace{events: events, eventRate: 1_000_000}, snapshots)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	if err := t.exec(ctx, "FLUSH"); err != nil {
		return r, err
	}
	seconds := time.Since(t.created).Seconds()
	used, err := t.server.Usage()
	if err != nil {
		return r, err
	}
	sum, err := t.check(ctx)
	if err != nil {
		return r, err
	}
	r = Rate{Query: w.name, Execution: m.execution, Events: events, Drained: float64(events) / seconds,
		CPU: (used.CPU - t.before.CPU) * 1e6 / float64(events), Rows: sum.rows, Sum: fmt.Sprintf("%016x", sum.hash)}
	err = t.conn.QueryRow(ctx, "SELECT state_bytes FROM streamdb.views WHERE name = $1", view).Scan(&r.StateBytes)
	return r, err
}

// rate finds the highest rate of a query in a model.
func (s *Showdown) rate(ctx context.Context, w workload, m model) (r Rate, err error) {
	events := s.Events * w.drain
	if r, err = drain(ctx, w, m, events, 0); err != nil {
		return r, err
	}
	bare, err := drain(ctx, w, m, events, never)
	if err != nil {
		return r, err
	}
	if bare.Rows != r.Rows || bare.Sum != r.Sum {
		return r, errors.New("wrong answer: two runs over the same events differ")
	}
	r.Bare = bare.Drained
	r.Sustained, r.Behind, err = s.sustained(ctx, w, m, r.Drained)
	return r, err
}

const (
	// firstTry is the part of the rate without pace that is tried first, and nextTry by how much less each further one is.
	firstTry, nextTry = 0.9, 0.75
	tries             = 7
	// slack is how far behind the newest event may be at the end, beside the interval of micro-batches, for the rate to be kept up.
	slack = 250 * time.Millisecond
)

// sustained is the highest of some rates at which the view is not left behind: at the end of the run it has what was due. If it is
// left behind at all of them, that is said.
func (s *Showdown) sustained(ctx context.Context, w workload, m model, drained float64) (rate int64, behind bool, err error) {
	next := drained * firstTry
	for range tries {
		rate = max(1, int64(next))
		kept, err := s.keepsUp(ctx, w, m, rate)
		if kept || err != nil {
			return rate, false, err
		}
		next *= nextTry
	}
	return rate, true, nil
}

func (s *Showdown) keepsUp(ctx context.Context, w workload, m model, rate int64) (kept bool, err error) {
	length := s.seconds()
	t, err := begin(ctx, w, m, paced(rate, length), 0)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	allowed := slack
	if m.execution == microbatch {
		allowed += m.interval
	}
	if err := until(ctx, t.began.Add(length)); err != nil {
		return false, err
	}
	behind := length - time.Duration(t.sub.reached())*time.Millisecond
	_, failed := t.sub.sum()
	return behind <= allowed, failed
}

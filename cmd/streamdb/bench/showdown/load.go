package showdown

import (
	"context"
	"errors"
	"time"
)

// Latency is how long events took to become visible at a load below the highest rate. Times are in milliseconds.
type Latency struct {
	Query     string `json:"query"`
	Execution string `json:"execution"`
	// Percent is the load, of the highest rate that this model keeps up with, and Rate that in events a second; 0 where that is not known.
	Percent int     `json:"load_percent,omitempty"`
	Rate    int64   `json:"events_per_s"`
	P50     float64 `json:"p50_ms"`
	P99     float64 `json:"p99_ms"`
	P999    float64 `json:"p999_ms"`
	// Cuts is in how many steps the result changed.
	Cuts int `json:"cuts"`
	// Snapshots were taken meanwhile; they wrote so many bytes each and took so long, both on average.
	Snapshots     int     `json:"snapshots"`
	SnapshotBytes float64 `json:"snapshot_bytes"`
	SnapshotTime  float64 `json:"snapshot_ms"`
}

// latency measures a query in a model at a rate.
func (s *Showdown) latency(ctx context.Context, w workload, m model, percent int, highest int64) (l Latency, err error) {
	rate := highest * int64(percent) / 100
	length := s.seconds()
	t, err := begin(ctx, w, m, paced(rate, length), 0)
	if err != nil {
		return l, err
	}
	defer func() { err = errors.Join(err, t.end()) }()
	return t.latency(ctx, Latency{Query: w.name, Execution: m.execution, Percent: percent, Rate: rate}, warmUp(length), length)
}

// latency waits for the end of a trial of some length, checks its answer and fills in the figures. What was due before from does not count.
func (t *trial) latency(ctx context.Context, l Latency, from, length time.Duration) (Latency, error) {
	if err := until(ctx, t.began.Add(length)); err != nil {
		return l, err
	}
	if err := t.snapshots(ctx, &l); err != nil {
		return l, err
	}
	if err := t.drained(ctx); err != nil {
		return l, err
	}
	if _, err := t.check(ctx); err != nil {
		return l, err
	}
	steps, cuts := t.sub.progress()
	l.Cuts = cuts
	line := timelineOf(steps, t.began, length)
	p := line.percentiles(from, length, 0.5, 0.99, 0.999)
	l.P50, l.P99, l.P999 = millis(p[0]), millis(p[1]), millis(p[2])
	return l, nil
}

// warmUp is the part of a run that is not counted: the view, the subscriber and its connection come into being.
func warmUp(length time.Duration) time.Duration { return length / 6 }

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// snapshots reads what they cost so far.
func (t *trial) snapshots(ctx context.Context, l *Latency) error {
	var micros float64
	err := t.conn.QueryRow(ctx, `SELECT count(*)::int, coalesce(avg(bytes), 0)::float8, coalesce(avg(extract(epoch FROM duration)), 0)::float8 * 1e6
  FROM streamdb.snapshots WHERE status = 'complete'`).Scan(&l.Snapshots, &l.SnapshotBytes, &micros)
	l.SnapshotTime = micros / 1000
	return err
}

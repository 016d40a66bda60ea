package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

const (
	// latencyQuery is the keyed aggregate of `streamdb bench latency`.
	latencyQuery = "latency"
	// latencyInterval is that of our micro-batches: Spark's begin as soon as the one before has ended.
	latencyInterval = "10ms"
	// planTime is between the job's submission and its first event, unless the job takes longer to be started.
	planTime = 3 * time.Second
)

// latencies adds the runs at a rate to the table.
func (t *contest) latencies(ctx context.Context, x *table) error {
	if t.latencyRate == 0 || t.over() || ctx.Err() != nil {
		return nil
	}
	at := slot{t.peer.name, latencyQuery, t.engine.execution, int64(float64(t.latencyRate) * 2 * t.latencySeconds), t.latencyRate, 0}
	if done, ok := t.report.done[at]; ok {
		x.latency = &row{query: latencyQuery, events: at.Events, pairs: []pair{done}}
		return nil
	}
	p := pair{slot: at, Answers: notCompared}
	t.progress(latencyQuery, t.peer.name)
	if err := t.peerLatency(ctx, at, &p.Theirs); err != nil {
		p.Theirs.Error = err.Error()
	}
	t.progress(latencyQuery, engineName)
	if err := t.engine.latency(ctx, t.latencyRate, 2*t.latencySeconds, &p.Ours); err != nil {
		p.Ours.Error = err.Error()
	}
	if ctx.Err() != nil {
		return nil
	}
	x.latency = &row{query: latencyQuery, events: at.Events, pairs: []pair{p}}
	return t.report.add(p)
}

// latencyTime is about how long the latencies of a peer and of ours take.
func (c *config) latencyTime() time.Duration {
	if c.latencyRate == 0 {
		return 0
	}
	const starts = 15 * time.Second
	return starts + time.Duration(4*c.latencySeconds*float64(time.Second))
}

// peerLatency has the peer run the query at the rate; the first half warms it up.
func (t *contest) peerLatency(ctx context.Context, at slot, r *result) (err error) {
	s, err := t.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	ctx, cancel := t.limit(ctx)
	defer cancel()
	j := t.job(latencyQuery, min(at.Events, mostWarmUp))
	if _, err := s.run(ctx, j); err != nil { // a first job may take many seconds to be planned
		return err
	}
	j.events, j.eventRate, j.begin = at.Events, at.EventRate, time.Now().Add(planTime).UnixMilli()
	if j.results, err = os.MkdirTemp(s.folder, "results-"); err != nil {
		return err
	}
	if err := s.measure(ctx, j, r); err != nil {
		return err
	}
	p, err := readLatencies(j.results, 0.5, 0.99)
	if err == nil {
		r.P50, r.P99 = &p[0], &p[1]
	}
	return err
}

// readLatencies are percentiles, 0 to 1, in milliseconds, of what our Java's Latencies wrote to the files of a folder.
func readLatencies(folder string, ps ...float64) ([]float64, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		return nil, err
	}
	counts, total := map[int]int64{}, int64(0)
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			var tenths int
			var n int64
			if _, err := fmt.Sscan(lines.Text(), &tenths, &n); err != nil {
				return nil, errors.Join(fmt.Errorf("%s: %w", name, err), f.Close())
			}
			counts[tenths] += n
			total += n
		}
		if err := errors.Join(lines.Err(), f.Close()); err != nil {
			return nil, err
		}
	}
	if total == 0 {
		return nil, errors.New("the peer saw no event")
	}
	return percentiles(counts, total, ps), nil
}

// percentiles are those of so many values, given as how many there are of each tenth of a millisecond.
func percentiles(counts map[int]int64, total int64, ps []float64) (out []float64) {
	var tenths []int
	for x := range counts {
		tenths = append(tenths, x)
	}
	slices.Sort(tenths)
	for _, p := range ps {
		left := int64(p * float64(total))
		for _, x := range tenths {
			if left -= counts[x]; left < 0 {
				out = append(out, float64(x)/10)
				break
			}
		}
	}
	return out
}

// latency is what `streamdb bench latency` says.
func (e engine) latency(ctx context.Context, rate int64, seconds float64, r *result) error {
	text, err := output(ctx, "", e.binary, "bench", "latency", "--execution", e.execution, "--rate", fmt.Sprint(rate), "--seconds", fmt.Sprint(seconds),
		"--interval", latencyInterval, "--parallelism", fmt.Sprint(slots))
	if err != nil {
		return err
	}
	return json.Unmarshal([]byte(text), r)
}

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// result is a run, as `streamdb bench nexmark --format json` and `streamdb bench latency` write one. What is not known is null.
type result struct {
	Seconds      *float64 `json:"seconds"`
	EventsPerS   *float64 `json:"events_per_s"`
	CPUSeconds   *float64 `json:"cpu_s"`
	PeakRSSBytes *int64   `json:"peak_rss_bytes"`
	StateBytes   *int64   `json:"state_bytes,omitempty"`
	Rows         *int64   `json:"rows,omitempty"`
	Checksum     *string  `json:"checksum,omitempty"`
	// P50 and P99 are in milliseconds, of runs at a rate.
	P50   *float64 `json:"p50_ms,omitempty"`
	P99   *float64 `json:"p99_ms,omitempty"`
	Error string   `json:"error,omitempty"`
}

// slot is where a pair of runs belongs.
type slot struct {
	Peer      string `json:"peer"`
	Query     string `json:"query"`
	Execution string `json:"execution"` // StreamDB's
	Events    int64  `json:"events"`
	EventRate int64  `json:"event_rate"`
	Run       int    `json:"run"` // from 0 on
}

// pair is two runs, one after the other.
type pair struct {
	slot
	Commit  string `json:"commit"`  // of the tree that was measured
	Answers string `json:"answers"` // how they compare
	Ours    result `json:"ours"`
	Theirs  result `json:"theirs"`
}

// settled says that to run the pair again would give nothing new.
func (p pair) settled() bool {
	return p.Ours.Error == "" && (p.Theirs.Error == "" || isRefusal(p.Theirs.Error))
}

// report is a file with a line of JSON for each pair of runs, so that what was cut can be gone on with.
type report struct {
	file   *os.File
	commit string
	done   map[slot]pair
}

// newReport reads the pairs of a file that are of this commit and settled, and will append to it. Without a name nothing is kept.
func newReport(name, commit string) (*report, error) {
	r := &report{commit: commit, done: map[slot]pair{}}
	if name == "" {
		return r, nil
	}
	if err := r.read(name); err != nil {
		return nil, err
	}
	var err error
	r.file, err = os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	return r, err
}

func (r *report) read(name string) error {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		var p pair
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if p.Commit == r.commit && p.settled() {
			r.done[p.slot] = p
		}
	}
	return lines.Err()
}

// add keeps a pair.
func (r *report) add(p pair) error {
	if r.file == nil {
		return nil
	}
	p.Commit = r.commit
	return json.NewEncoder(r.file).Encode(p)
}

func (r *report) close() error {
	if r.file == nil {
		return nil
	}
	return r.file.Close()
}

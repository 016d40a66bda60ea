package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

// result is a run, as `streamdb bench nexmark --format json` writes one, and with the engine's name as the report has it. What is not
// known is null.
type result struct {
	Engine       string   `json:"engine"`
	Query        string   `json:"query"`
	Execution    string   `json:"execution,omitempty"`
	Events       int64    `json:"events"`
	Seconds      *float64 `json:"seconds"`
	EventsPerS   *float64 `json:"events_per_s"`
	CPUSeconds   *float64 `json:"cpu_s"`
	PeakRSSBytes *int64   `json:"peak_rss_bytes"`
	StateBytes   *int64   `json:"state_bytes"`
	Rows         *int64   `json:"rows"`
	Checksum     *string  `json:"checksum"`
	Error        string   `json:"error,omitempty"`
}

// report keeps every run, as a line of JSON.
type report struct{ file *os.File }

// newReport appends to a file; nothing is kept without one.
func newReport(name string) (*report, error) {
	if name == "" {
		return &report{}, nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	return &report{f}, err
}

// add appends a run, but not one that was broken off with all others.
func (r *report) add(ctx context.Context, run result) {
	if r.file == nil || ctx.Err() != nil {
		return
	}
	if err := json.NewEncoder(r.file).Encode(run); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

func (r *report) close() {
	if r.file == nil {
		return
	}
	if err := r.file.Close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

package bench

import (
	"encoding/json"
	"fmt"
	"io"
)

// Result is a run: a line of the report. A figure that is not known is null.
type Result struct {
	Query     string `json:"query"`
	Execution string `json:"execution"`
	// Events are those of the three tables together, whether the query reads all of them or not.
	Events int64 `json:"events"`
	// Seconds are from CREATE SINK to the end of the streams.
	Seconds    *float64 `json:"seconds"`
	EventsPerS *float64 `json:"events_per_s"`
	// CPUSeconds are the server's, of user and kernel.
	CPUSeconds   *float64 `json:"cpu_s"`
	PeakRSSBytes *int64   `json:"peak_rss_bytes"`
	// StateBytes is the most memory that the query's state was seen to have.
	StateBytes *int64 `json:"state_bytes"`
	// Rows are those of the result at the end; Checksum is the blackhole sink's of them.
	Rows     *int64  `json:"rows"`
	Checksum *string `json:"checksum"`
	// Error is why there is no result.
	Error string `json:"error,omitempty"`
}

// report writes results as they come.
type report struct {
	add func(Result) error
}

func newReport(out io.Writer, format string) report {
	if format == "json" {
		encoder := json.NewEncoder(out)
		return report{func(r Result) error { return encoder.Encode(r) }}
	}
	headed := false
	return report{func(r Result) error {
		if !headed {
			headed = true
			if _, err := fmt.Fprintf(out, line, "query", "execution", "seconds", "M events/s", "CPU s/M", "peak MiB", "state MiB", "rows", "checksum"); err != nil {
				return err
			}
		}
		return writeRow(out, r)
	}}
}

// line is a row of the table.
const line = "%-9s  %-10s  %8s  %10s  %8s  %8s  %9s  %10s  %s\n"

func writeRow(out io.Writer, r Result) error {
	if r.Error != "" {
		_, err := fmt.Fprintf(out, "%-9s  %-10s  %s\n", r.Query, r.Execution, r.Error)
		return err
	}
	million := float64(r.Events) / 1e6
	checksum := unknown
	if r.Checksum != nil {
		checksum = *r.Checksum
	}
	_, err := fmt.Fprintf(out, line, r.Query, r.Execution, number(r.Seconds, 1, 2), number(r.EventsPerS, 1e6, 2), number(r.CPUSeconds, million, 3),
		number(r.PeakRSSBytes, 1<<20, 0), number(r.StateBytes, 1<<20, 1), number(r.Rows, 1, 0), checksum)
	return err
}

const unknown = "-"

// number is a figure in some unit with some decimals.
func number[N int64 | float64](n *N, unit float64, decimals int) string {
	if n == nil {
		return unknown
	}
	return fmt.Sprintf("%.*f", decimals, float64(*n)/unit)
}

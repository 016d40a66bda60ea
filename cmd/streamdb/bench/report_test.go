package bench

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	seconds, rate, cpu, peak, state, rows, sum := 2.5, 4e6, 5.0, int64(3<<20), int64(1<<19), int64(7), "0123456789abcdef"
	var out strings.Builder
	r := newReport(&out, "table")
	require.NoError(t, r.add(Result{Query: "q5", Execution: "pipelined", Events: 10_000_000, Seconds: &seconds, EventsPerS: &rate, CPUSeconds: &cpu,
		PeakRSSBytes: &peak, StateBytes: &state, Rows: &rows, Checksum: &sum}))
	require.NoError(t, r.add(Result{Query: "q0", Execution: "microbatch", Events: 10, Seconds: &seconds}))
	require.NoError(t, r.add(Result{Query: "q6", Execution: "pipelined", Error: "0A000: no"}))
	var got [][]string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Fields(line))
	}
	require.Equal(t, [][]string{
		{"query", "execution", "seconds", "M", "events/s", "CPU", "s/M", "peak", "MiB", "state", "MiB", "rows", "checksum"},
		{"q5", "pipelined", "2.50", "4.00", "0.500", "3", "0.5", "7", "0123456789abcdef"},
		{"q0", "microbatch", "2.50", "-", "-", "-", "-", "-", "-"},
		{"q6", "pipelined", "0A000:", "no"},
	}, got)
}

package bench

import (
	"os"
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

func TestUsage(t *testing.T) {
	cpu, err := cpuSeconds("42 (a) b (c) S 1 42 42 0 -1 4194304 10 0 0 0 150 25 0 0 20 0 9 0 123 456 789")
	require.NoError(t, err)
	require.InDelta(t, 1.75, cpu, 1e-9)
	_, err = cpuSeconds("42 (a) S 1")
	require.Error(t, err)
	peak, err := peakRSS("Name:\tx\nVmPeak:\t  900 kB\nVmHWM:\t   20 kB\n")
	require.NoError(t, err)
	require.Equal(t, int64(20480), peak)
	_, err = peakRSS("Name:\tx\n")
	require.Error(t, err)
	u, err := processUsage("self")
	require.NoError(t, err)
	require.Greater(t, u.peakRSS, int64(os.Getpagesize()))
}

package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/bench"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/curves"
	"github.com/streamdb/streamdb/cmd/streamdb/bench/showdown"
)

// TestMain lets the test's binary be the server that a benchmark starts.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "start" {
		main()
		return
	}
	os.Exit(m.Run())
}

// fields are what a line of JSON has.
var fields = []string{"query", "execution", "events", "seconds", "events_per_s", "cpu_s", "peak_rss_bytes", "state_bytes", "rows", "checksum"}

// TestBenchNexmark runs the command on servers that it starts.
func TestBenchNexmark(t *testing.T) {
	n := bench.Nexmark{Query: []string{"generator", "q2", "q17", "q13"}, Execution: []string{"pipelined"}, Events: 20_000, EventRate: 10_000,
		Parallelism: 2, Format: "json",
		SnapshotInterval: 100 * time.Millisecond}
	var out bytes.Buffer
	require.NoError(t, n.Run(t.Context(), &out, io.Discard))
	rows := map[string]float64{}
	for line := range strings.Lines(out.String()) {
		var r map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &r), line)
		require.Len(t, r, len(fields), line)
		for _, f := range fields {
			require.NotNil(t, r[f], "%s: %s", f, line)
		}
		require.Positive(t, r["peak_rss_bytes"])
		require.Len(t, r["checksum"], 16)
		rows[r["query"].(string)] = r["rows"].(float64)
	}
	require.Equal(t, 20_000.0, rows["generator"])
	require.Equal(t, 18_400.0, rows["q13"])
	require.Positive(t, rows["q2"])
	require.Positive(t, rows["q17"])
}

// TestBenchRefusals: what a server refuses is a row of the report, and the command fails; what was not understood fails at once.
func TestBenchRefusals(t *testing.T) {
	ok := bench.Nexmark{Query: []string{"q0"}, Execution: []string{"pipelined"}, Events: 1000, EventRate: 1000, Parallelism: 1, Format: "table"}
	for name, change := range map[string]func(*bench.Nexmark){
		`there is no query "q99"`:         func(n *bench.Nexmark) { n.Query = []string{"q0", "q99"} },
		`there is no execution "lazy"`:    func(n *bench.Nexmark) { n.Execution = []string{"lazy"} },
		"events, event rate and parallel": func(n *bench.Nexmark) { n.Events = 0 },
	} {
		n, out := ok, bytes.Buffer{}
		change(&n)
		require.ErrorContains(t, n.Run(t.Context(), &out, io.Discard), name)
		require.Empty(t, out.String())
	}
	refused, out := ok, bytes.Buffer{}
	refused.EventRate = 1 << 62 // more than the connector takes
	require.ErrorContains(t, refused.Run(t.Context(), &out, io.Discard), "1 run failed")
	require.Contains(t, out.String(), "22023: ")
}

// TestBenchShowdown runs a part of the command, as small as it goes: every answer is checked, and no figure.
func TestBenchShowdown(t *testing.T) {
	s := showdown.Showdown{Out: t.TempDir(), Query: []string{"windowed"}, Part: []string{"rate", "latency", "rebuild"}, Events: 5_000, Seconds: 0.2,
		Load: []int{50}, Interval: 20 * time.Millisecond, Parallelism: 2}
	var out bytes.Buffer
	require.NoError(t, s.Run(t.Context(), &out, io.Discard))
	require.Equal(t, s.Out+"\n", out.String())
	text, err := os.ReadFile(filepath.Join(s.Out, "results.json"))
	require.NoError(t, err)
	var r showdown.Results
	require.NoError(t, json.Unmarshal(text, &r))
	require.Len(t, r.Rates, 2)
	require.Len(t, r.Latencies, 2)
	require.Len(t, r.Rebuilds, 4)
	for _, x := range r.Rebuilds {
		require.Positive(t, x.Read, x)
	}
	report, err := os.ReadFile(filepath.Join(s.Out, "README.md"))
	require.NoError(t, err)
	require.Contains(t, string(report), "| windowed | microbatch | 50 |")
}

// TestBenchShowdownRefusals: what was not understood fails before anything is measured.
func TestBenchShowdownRefusals(t *testing.T) {
	ok := showdown.Showdown{Out: t.TempDir(), Events: 1, Seconds: 1, Load: []int{50}, Interval: time.Second, Parallelism: 1}
	for want, change := range map[string]func(*showdown.Showdown){
		`there is no query "q0"`:       func(s *showdown.Showdown) { s.Query = []string{"q0"} },
		`there is no part "speed"`:     func(s *showdown.Showdown) { s.Part = []string{"speed"} },
		"parallelism must be positive": func(s *showdown.Showdown) { s.Parallelism = 0 },
		"loads are percents":           func(s *showdown.Showdown) { s.Load = []int{0} },
	} {
		s := ok
		change(&s)
		require.ErrorContains(t, s.Run(t.Context(), io.Discard, io.Discard), want)
	}
}

// TestBenchCurves runs the first values of two curves, as small as they go: every answer is checked, and no figure.
func TestBenchCurves(t *testing.T) {
	c := curves.Curves{Out: t.TempDir(), Curve: []string{"views", "window"}, Events: 5_000, Most: 10}
	var out bytes.Buffer
	require.NoError(t, c.Run(t.Context(), &out, io.Discard))
	require.Equal(t, c.Out+"\n", out.String())
	text, err := os.ReadFile(filepath.Join(c.Out, "results.json"))
	require.NoError(t, err)
	var r curves.Results
	require.NoError(t, json.Unmarshal(text, &r))
	require.Len(t, r.Points, 2*2+2*4)
	report, err := os.ReadFile(filepath.Join(c.Out, "README.md"))
	require.NoError(t, err)
	require.Contains(t, string(report), "| 10 | HOP by 1 s, microbatch, 2 tasks |")
	require.FileExists(t, filepath.Join(c.Out, "window.svg"))

	c.Curve = []string{"speed"}
	require.ErrorContains(t, c.Run(t.Context(), io.Discard, io.Discard), `there is no curve "speed"`)
}

package showdown

import (
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/cmd/streamdb/bench/plot"
)

func TestTimeline(t *testing.T) {
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return began.Add(time.Duration(ms) * time.Millisecond) }
	steps := []progress{{0, at(4)}, {3, at(10)}, {4, at(11)}, {7, at(50)}}
	line := timelineOf(steps, began, 10*time.Millisecond)
	want := []int{4, 10, 10, 10, 11, 50, 50, 50, -1, -1}
	for ms, w := range want {
		if w < 0 {
			require.Negative(t, line[ms])
		} else {
			require.Equal(t, time.Duration(w)*time.Millisecond, line[ms], ms)
		}
	}
	require.Equal(t, 9*time.Millisecond, line.latency(1))
	p := line.percentiles(0, 10*time.Millisecond, 0, 0.5, 1)
	require.Equal(t, []time.Duration{4 * time.Millisecond, 9 * time.Millisecond, 45 * time.Millisecond}, p)
	require.Equal(t, []time.Duration{0}, line.percentiles(8*time.Millisecond, time.Second, 0.5), "nobody has seen them")
	require.Equal(t, 39*time.Millisecond, longestGap(steps, at(10), at(60)))
	require.Equal(t, 6*time.Millisecond, longestGap(steps, at(0), at(49)), "a gap counts where it ends")
}

// TestTotal: the order of rows does not matter, and neither where a row's columns are cut; a row that is taken back is gone.
func TestTotal(t *testing.T) {
	row := func(columns ...string) (out [][]byte) {
		for _, c := range columns {
			out = append(out, []byte(c))
		}
		return out
	}
	sum := func(list ...[][]byte) (x total) {
		for _, r := range list {
			x.add(1, r, nil)
		}
		return x
	}
	a, b := row("a", "bc"), row("ab", "c")
	require.Equal(t, sum(a, b), sum(b, a))
	require.NotEqual(t, sum(a), sum(b))
	require.NotEqual(t, sum(a, a), sum(a, b))
	require.NotEqual(t, sum([][]byte{nil}), sum(row("")))
	x := sum(a, b)
	x.add(-1, b, nil)
	require.Equal(t, sum(a), x)
}

// example are figures of all parts.
func example() *Results {
	r := &Results{Machine: "2 × test"}
	for _, m := range []string{pipelined, microbatch} {
		for _, q := range []string{"stateless", "join"} {
			r.Rates = append(r.Rates, Rate{Query: q, Execution: m, Events: 10, Drained: 2e6, Bare: 2.2e6, Sustained: 1_500_000, Rows: 3, Sum: "0", StateBytes: 1 << 20})
			for _, load := range []int{20, 50, 80} {
				r.Latencies = append(r.Latencies, Latency{Query: q, Execution: m, Percent: load, Rate: 1000, P50: 3, P99: 9, P999: 12, Snapshots: 1})
			}
		}
		r.Stragglers = append(r.Stragglers, Straggler{Query: "stateless", Execution: m, Usual: 100, Slowed: 70, Speculative: 3})
		r.Rebuilds = append(r.Rebuilds, Rebuild{Execution: m, Lost: 16, Partitions: 16, Rows: 100, Read: 100, Millis: 50})
	}
	r.Rebuilds = append(r.Rebuilds, Rebuild{Execution: microbatch, Lost: 1, Partitions: 16, Rows: 160, Read: 10, Millis: 4},
		Rebuild{Execution: microbatch, Lost: 2, Partitions: 16, Rows: 160, Read: 20, Millis: 5})
	for _, e := range events {
		r.Faults = append(r.Faults, Fault{What: e.what, Query: "join", Execution: e.execution, Rate: 1000, Before: 5, Gap: 90, CaughtUp: 40, At: 400, Length: 1000,
			Latency: []float64{3, 4, -1, 80, 5}, Answered: map[bool]float64{true: 300}[e.kills]})
	}
	return r
}

// TestReport writes one and reads what can be read of it: the tables' shape, the plots' XML, links to files that are there.
func TestReport(t *testing.T) {
	s := &Showdown{Out: t.TempDir(), Interval: 100 * time.Millisecond, Parallelism: 2, Seconds: 1}
	r := example()
	require.NoError(t, plot.WriteReport(s.Out, s.markdown(r), r, r.plots()))
	text, err := os.ReadFile(filepath.Join(s.Out, "README.md"))
	require.NoError(t, err)
	columns := 0
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "|") {
			columns = 0
			continue
		}
		if n := strings.Count(line, "|"); columns == 0 {
			columns = n
		} else {
			require.Equal(t, columns, n, line)
		}
	}
	for _, part := range strings.Split(string(text), "](")[1:] {
		name, _, _ := strings.Cut(part, ")")
		require.FileExists(t, filepath.Join(s.Out, name))
	}
	for _, want := range []string{"| micro-batches' loss by one slow task of eight | < 20 % | 30.0 % | no |", "| rows read again for one lost partition | < 12.5 % | 6.2 % | yes |",
		"| join | pipelined | 50 | 1k | 3.0 | 9.0 | 12.0 |", "neither is ahead in stateless, join"} {
		require.Contains(t, string(text), want)
	}
	plots, err := filepath.Glob(filepath.Join(s.Out, "*.svg"))
	require.NoError(t, err)
	require.Len(t, plots, 5)
	for _, name := range plots {
		svg, err := os.Open(name)
		require.NoError(t, err)
		defer svg.Close()
		for d := xml.NewDecoder(svg); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			require.NoError(t, err, name)
			if e, ok := token.(xml.StartElement); ok {
				for _, a := range e.Attr {
					require.NotContains(t, a.Value, "NaN", name)
					require.NotContains(t, a.Value, "Inf", name)
				}
			}
		}
	}
}

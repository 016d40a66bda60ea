package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// measured is a run of a million events.
func measured(seconds, cpu float64, mib int64) result {
	rate, bytes := 1e6/seconds, mib<<20
	return result{Seconds: &seconds, EventsPerS: &rate, CPUSeconds: &cpu, PeakRSSBytes: &bytes}
}

// against is a pair of runs with equal answers.
func against(ours, theirs result) pair {
	return pair{Answers: answersEqual, Ours: ours, Theirs: theirs}
}

// outcome is a table with all that can happen.
func outcome() table {
	fast, slow := 2.0, 50.0
	at := func(p99 *float64) result { return result{P50: p99, P99: p99} }
	differing := against(measured(1, 1, 1), measured(9, 9, 9))
	differing.Answers = answersDiffer
	return table{peer: "Peer 1", execution: "pipelined", byFlink: true, eventRate: 1000, rows: []row{
		{query: "q0", events: 1_000_000, pairs: []pair{
			against(measured(1, 1, 100), measured(4, 8, 400)),
			against(measured(2, 3, 300), measured(2, 4, 600)), // the machine was busy
			against(measured(1, 2, 200), measured(3, 6, 500)),
		}},
		{query: "q7", events: 1_000_000, pairs: []pair{against(measured(1, 1, 100), measured(12, 20, 100))}},
		{query: "q11", events: 1_000_000, pairs: []pair{against(measured(1, 1, 100), result{Error: "cut | short"})}},
		{query: "q3", pairs: []pair{{Theirs: result{Error: "refused: why"}}}},
		{query: "q4", events: 1_000_000, pairs: []pair{differing}},
	}, latency: &row{pairs: []pair{{slot: slot{EventRate: 1000}, Answers: notCompared, Ours: at(&fast), Theirs: at(&slow)}}}}
}

func TestTableHasMediansOfPairs(t *testing.T) {
	var out strings.Builder
	require.NoError(t, outcome().print(&out))
	var got [][]string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Fields(line))
	}
	require.Equal(t, [][]string{
		strings.Fields("q0 1.0 1.00 0.33 3.00 3 5.83 2.000 6.000 0.33 200 500 0.40 equal"),
		strings.Fields("q7 1.0 1.00 0.08 12.00 20 3.75 1.000 20.000 0.05 100 100 1.00 equal"), // DBSP's at a slow event rate
		strings.Fields("q11 1.0 1.00 - - 3 - 1.000 - - 100 - - equal; peer: cut | short"),
		strings.Fields("q3 0.0 - - - 3 - - - - - - - peer: refused: why"),
		strings.Fields("q4 1.0 1.00 0.11 - 20 - 1.000 9.000 - 1 9 - DIFFER"),
		strings.Fields("geometric mean of the rates' ratios over 2 queries: 6.00"),
		strings.Fields("geometric mean of the ratios to DBSP over 2 queries: 4.67"),
		strings.Fields("geometric mean of the ratios of memory over 2 queries: 0.63"),
		strings.Fields("latency of a keyed aggregate at 1000 events/s in ms: StreamDB p50 2.0, p99 2.0; peer p50 50.0, p99 50.0; ratio of p99 0.04 (not compared)"),
	}, got[3:])
}

func TestNotesAreTablesOfMarkdown(t *testing.T) {
	n := &notes{head: "# Head\n"}
	require.NoError(t, n.show(table{peer: "Peer 1", execution: "pipelined"}))
	require.NoError(t, n.show(outcome()), "in place of the one before")
	text := n.String()
	require.Equal(t, 1, strings.Count(text, "\n## "))
	require.Contains(t, text, "\n| q0 | 1.0 | 1.00 | 0.33 | 3.00 | 3 | 5.83 | 2.000 | 6.000 | 0.33 | 200 | 500 | 0.40 | equal |\n")
	require.Contains(t, text, `peer: cut \| short |`)
	require.Contains(t, text, "\n- geometric mean of the rates' ratios over 2 queries: 6.00\n")
}

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

func TestTableHasMediansOfPairs(t *testing.T) {
	x := table{peer: "Peer 1", execution: "pipelined", rows: []row{
		{query: "q0", events: 1_000_000, answers: answersEqual, pairs: []pair{
			{measured(1, 1, 100), measured(4, 8, 400)},
			{measured(2, 3, 300), measured(2, 4, 600)}, // the machine was busy
			{measured(1, 2, 200), measured(3, 6, 500)},
		}},
		{query: "q1", events: 1_000_000, answers: answersEqual, pairs: []pair{{measured(1, 1, 100), measured(12, 20, 100)}}},
		{query: "q2", events: 1_000_000, answers: answersEqual, pairs: []pair{{measured(1, 1, 100), result{Error: "cut"}}}},
		{query: "q3", answers: "peer refused: why"},
	}}
	var out strings.Builder
	require.NoError(t, x.print(&out))
	var got [][]string
	for line := range strings.Lines(out.String()) {
		got = append(got, strings.Fields(line))
	}
	require.Equal(t, [][]string{
		strings.Fields("q0 1 1.00 0.33 3.00 2.000 6.000 0.33 200 500 0.40 equal"),
		strings.Fields("q1 1 1.00 0.08 12.00 1.000 20.000 0.05 100 100 1.00 equal"),
		strings.Fields("q2 1 1.00 - - 1.000 - - 100 - - equal; peer: cut"),
		strings.Fields("q3 0 - - - - - - - - - peer refused: why"),
		strings.Fields("geometric mean of the rates' ratios over 2 queries: 6.00"),
	}, got[3:])
}

func TestEveryQueryIsKnown(t *testing.T) {
	for _, q := range allQueries {
		require.Positive(t, millions[q], q)
	}
	require.Len(t, millions, len(allQueries))
}

func TestFlagsNameQueries(t *testing.T) {
	c, err := parse([]string{"-query", "q3,q11", "-peers", "flink"})
	require.NoError(t, err)
	require.Equal(t, []string{"q3", "q11"}, c.queries)
	require.Equal(t, []string{"flink"}, c.peers)
	_, err = parse([]string{"-query", "q23"})
	require.ErrorContains(t, err, "q23")
}

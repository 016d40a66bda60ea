package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// script writes a program for the shell.
func script(t *testing.T, text string) string {
	name := filepath.Join(t.TempDir(), "program")
	require.NoError(t, os.WriteFile(name, []byte("#!/bin/sh\n"+text), 0o755))
	return name
}

// staged is a contest of programs that play StreamDB and the peer, on q0 to q3. Each call of StreamDB adds a line to the folder's calls.
func staged(t *testing.T, folder string, starts *int) *contest {
	for _, q := range []string{"q0", "q1", "q2"} {
		require.NoError(t, os.WriteFile(filepath.Join(folder, q+".sql"), nil, 0o644))
	}
	ours := script(t, `echo "$4" >>`+folder+`/calls
		case $4 in
		q2) echo '{"error": "42601: no"}'; exit 1 ;;
		*) echo '{"seconds": 1, "events_per_s": 10, "cpu_s": 1, "peak_rss_bytes": 1, "rows": 3, "checksum": "0000000000000010"}' ;;
		esac`)
	theirs := script(t, `while IFS='	' read -r query results events rate begin work; do
		case $query in
		*q1.sql) printf 'refused\tno\n'; continue ;;
		esac
		[ -z "$results" ] || echo "3 16" >"$results/0"
		printf 'seconds\t5\n'
	done`)
	c, err := parse([]string{"-query", "q0,q1,q2,q3", "-events", "100", "-runs", "2", "-latency-rate", "0", "-timeout", "1m"})
	require.NoError(t, err)
	peer := &peer{name: "fake", title: "Fake", queries: folder, rate: func(r reference) float64 { return r.flink },
		start: func(ctx context.Context, folder string) (*session, error) {
			*starts++
			p, err := startClient(ctx, folder, "fake", theirs)
			return newSession(folder, p, p), err
		}}
	r, err := newReport(filepath.Join(folder, "runs.jsonl"), "abc")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, r.close()) })
	return &contest{config: &c, peer: peer, engine: engine{binary: ours, execution: "pipelined"}, work: t.TempDir(), report: r}
}

// outcomeOf runs a contest and gives its table's lines, and how often StreamDB was called.
func outcomeOf(t *testing.T, c *contest, folder string) (lines [][]string, calls int) {
	var last table
	require.NoError(t, c.run(t.Context(), func(x table) error { last = x; return nil }))
	for _, cells := range last.cells() {
		lines = append(lines, []string{cells[0], cells[4], cells[len(cells)-1]})
	}
	text, err := os.ReadFile(filepath.Join(folder, "calls"))
	require.NoError(t, err)
	return lines, strings.Count(string(text), "\n")
}

func TestContestGoesOn(t *testing.T) {
	folder := t.TempDir()
	want := [][]string{
		{"q0", "0.50", "equal"},
		{"q1", "-", "peer: refused: no"},
		{"q2", "-", "StreamDB: 42601: no"},
		{"q3", "-", "peer: refused: no way to say it"},
	}
	lines, calls := outcomeOf(t, staged(t, folder, new(int)), folder)
	require.Equal(t, want, lines)
	require.Equal(t, 4, calls, "q0's answer and two runs, and q2's answer")
	lines, calls = outcomeOf(t, staged(t, folder, new(int)), folder)
	require.Equal(t, want, lines)
	require.Equal(t, 5, calls, "what had failed is tried again, and nothing else")
}

func TestSessionIsKeptWhileAnswersAreCompared(t *testing.T) {
	folder, starts := t.TempDir(), 0
	c := staged(t, folder, &starts)
	c.runs = 0
	lines, calls := outcomeOf(t, c, folder)
	require.NoError(t, c.end())
	require.Equal(t, [][]string{
		{"q0", "-", "equal"},
		{"q1", "-", "peer: refused: no"},
		{"q2", "-", "StreamDB: 42601: no"},
		{"q3", "-", "peer: refused: no way to say it"},
	}, lines)
	require.Equal(t, 2, calls)
	require.Equal(t, 1, starts)
}

func TestContestEndsWithItsBudget(t *testing.T) {
	folder := t.TempDir()
	c := staged(t, folder, new(int))
	c.deadline = time.Now().Add(-time.Second)
	lines := [][]string{}
	require.NoError(t, c.run(t.Context(), func(x table) error {
		for _, cells := range x.cells() {
			lines = append(lines, []string{cells[0], cells[4]})
		}
		return nil
	}))
	require.Equal(t, [][]string{{"q0", "-"}, {"q1", "-"}, {"q2", "-"}, {"q3", "-"}}, lines)
}

func TestLatenciesAreAddedUp(t *testing.T) {
	folder := t.TempDir()
	_, err := readLatencies(folder, 0.5)
	require.ErrorContains(t, err, "no event")
	require.NoError(t, os.WriteFile(filepath.Join(folder, "a"), []byte("5 40\n20 10\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "b"), []byte("5 45\n1000 5\n"), 0o644))
	p, err := readLatencies(folder, 0.5, 0.9, 0.99)
	require.NoError(t, err)
	require.Equal(t, []float64{0.5, 2, 100}, p)
}

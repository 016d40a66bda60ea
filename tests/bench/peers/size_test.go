package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEveryQueryIsKnown(t *testing.T) {
	for _, q := range allQueries {
		require.Contains(t, references, q)
		require.GreaterOrEqual(t, target(q), 3.0, q)
	}
	require.Len(t, references, len(allQueries))
}

func TestFlagsNameQueries(t *testing.T) {
	c, err := parse([]string{"-query", "q3,q11", "-peers", "flink"})
	require.NoError(t, err)
	require.Equal(t, []string{"q3", "q11"}, c.queries)
	require.Equal(t, []string{"flink"}, c.peers)
	_, err = parse([]string{"-query", "q23"})
	require.ErrorContains(t, err, "q23")
}

func TestSizesGoByThePeersRate(t *testing.T) {
	c, err := parse(nil)
	require.NoError(t, err)
	flink := &peer{rate: func(r reference) float64 { return r.flink }}
	require.Equal(t, size{check: 1_000_000, warmUp: 2_000_000, timed: 61_000_000}, c.size(flink, "q0"))
	require.Equal(t, size{check: 100_000, warmUp: 400_000, timed: 1_600_000}, c.size(flink, "q16"))
	require.Equal(t, int64(10_000_000), c.size(&peer{rate: func(reference) float64 { return 0 }}, "q0").timed)
	c, err = parse([]string{"-events", "7", "-check-events", "0", "-warm-up", "9"})
	require.NoError(t, err)
	require.Equal(t, size{warmUp: 9, timed: 7}, c.size(flink, "q0"))
}

func TestBudgetIsSharedOut(t *testing.T) {
	for _, x := range []struct {
		budget  string
		pairs   int
		seconds float64
		timeout time.Duration
	}{
		{"0", 10, longestRun, 0},
		{"290s", 10, 10, time.Minute},
		{"300m", 10, longestRun, 2 * time.Minute},
		{"1m", 10, shortestRun, time.Minute},
	} {
		c, err := parse([]string{"-budget", x.budget, "-runs", "1", "-latency-rate", "0"})
		require.NoError(t, err)
		c.fit(x.pairs)
		require.InDelta(t, x.seconds, c.seconds, 1e-9, x.budget)
		require.Equal(t, x.timeout, c.timeout, x.budget)
		require.False(t, c.over())
	}
	c := config{deadline: time.Now().Add(-time.Second)}
	require.True(t, c.over())
}

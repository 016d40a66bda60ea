package process

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

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
	u, err := UsageOf("self")
	require.NoError(t, err)
	require.Greater(t, u.PeakRSS, int64(os.Getpagesize()))
}

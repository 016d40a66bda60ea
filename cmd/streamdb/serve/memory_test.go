package serve

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestGarbageIsBounded(t *testing.T) {
	for _, x := range []struct {
		live    int64
		percent int
	}{
		{0, 100},
		{ballastBytes, 100},
		{ballastBytes + 256<<20, 100},
		{512 << 20, 83},
		{1 << 30, 58},
		{64 << 30, 33},
	} {
		require.Equal(t, x.percent, percentFor(x.live), "%d MiB alive", x.live>>20)
	}
}

// percent is what GOGC is.
func percent() int {
	sample := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(sample)
	return int(sample[0].Value.Uint64())
}

func TestCollectorIsTunedAfterEachCollection(t *testing.T) {
	t.Setenv("GOGC", "")
	defer debug.SetGCPercent(debug.SetGCPercent(mostPercent))
	var live atomic.Int64
	stop := tuneCollector(live.Load)
	defer stop()
	for _, x := range []int64{1 << 30, 0, 64 << 30} {
		live.Store(x)
		for percent() != percentFor(x) {
			runtime.GC()
			runtime.Gosched() // to who applies the rule
		}
	}
}

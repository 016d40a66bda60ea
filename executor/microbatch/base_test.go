package microbatch

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestBase: inputs may be read again past the newest snapshot that is stored and no lost partition is being made again without; until then the
// log has to keep them. It once was trimmed up to a snapshot that the driver had not moved to.
func TestBase(t *testing.T) {
	f := newFixture(t, 1)
	f.cut(false, keys(100)...)
	f.cut(true, 1)
	f.right()
	require.Zero(t, f.d.Base(), "no snapshot is stored")

	d, p := f.d, f.d.stages[1].parts[0]
	d.mu.Lock()
	d.lose(p)
	d.mu.Unlock()
	f.stored = 2
	require.Zero(t, d.Base(), "a rebuild reads what came since the base")
	d.mu.Lock()
	d.schedule()
	d.mu.Unlock()
	f.rest()
	require.EqualValues(t, 2, d.Base(), "no batch has come since the snapshot was stored")

	f.cut(false, 1)
	f.right()
	d.Close()
	require.EqualValues(t, uint64(math.MaxUint64), d.Base(), "a closed driver reads nothing")
}

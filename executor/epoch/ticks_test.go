package epoch_test

import (
	"math"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
)

// ticker is a job whose output changes as time passes.
type ticker struct {
	relation      *relation.Relation
	due, frontier atomic.Int64
}

func (f *fixture) ticker(oid uint32) *ticker {
	x := &ticker{relation: f.relation(oid)}
	x.due.Store(math.MaxInt64)
	x.frontier.Store(math.MaxInt64)
	f.clock.AddTicks(&epoch.Ticks{Relation: x.relation, Due: x.due.Load, Frontier: func() uint64 { return uint64(x.frontier.Load()) }})
	return x
}

func ticks(x *ticker) (out []uint64) {
	for _, b := range blocks(x.relation) {
		out = append(out, b.Epoch)
	}
	return out
}

// TestTicks: an epoch is closed when a job has something due, and not before. Whatever an epoch is closed for, it is a tick of each job that
// has something due by then, or of which that is not known as it is behind; one that is behind alone closes none.
func TestTicks(t *testing.T) {
	f := newFixture(t)
	f.relation(1)
	due, behind, idle := f.ticker(10), f.ticker(11), f.ticker(12)
	f.submit(1, nil, 1)
	f.settle()
	require.Equal(t, uint64(1), f.clock.Closed())

	behind.frontier.Store(0)
	at := f.clock.Now() + time.Minute.Microseconds()
	due.due.Store(at)
	f.clock.Wake()
	require.NoError(t, f.sim.Run(100, func() bool { return f.clock.Closed() > 1 }))
	require.GreaterOrEqual(t, f.clock.Now(), at)
	require.Equal(t, uint64(2), ticks(due)[0])
	require.Equal(t, ticks(due), ticks(behind))

	due.due.Store(math.MaxInt64)
	closed := f.clock.Closed()
	f.submit(1, nil, 2)
	f.settle()
	require.Equal(t, closed+1, f.clock.Closed())
	require.Equal(t, closed+1, ticks(behind)[len(ticks(behind))-1])
	require.Less(t, ticks(due)[len(ticks(due))-1], closed+1)
	require.Empty(t, ticks(idle))
}

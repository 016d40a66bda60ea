package pipelined

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var int8T = types.T(types.Int8)

// numbers are those up to n, as rows. left counts those that have not been released.
type numbers struct {
	n, at int64
	left  *int
}

func (i *numbers) Open() (exchange.Feed, error) { return i, nil }
func (i *numbers) Release()                     { *i.left-- }
func (i *numbers) Close()                       {}

// Next gives the rows one at a time, so that a driver is closed with an input half read.
func (i *numbers) Next() (exchange.Item, error) {
	if i.at == i.n {
		return exchange.NoItem, nil
	}
	i.at++
	b := vec.NewBatch([]types.Type{int8T}, 1)
	b.AppendRow(1, types.NewInt(i.at))
	return exchange.Item{Batch: b, Watermark: exchange.NoItem.Watermark}, nil
}

// TestClose closes drivers at any moment of cuts with and without a snapshot. No page of state and no input is left.
func TestClose(t *testing.T) {
	for steps := range 120 {
		sim, mem, inputs := sched.NewSim(uint64(steps)), state.NewMemory(nil), 0
		d, err := New(driver.Config{Name: "v", Plan: optest.CountPlan(), Tasks: 4, Sched: sim, Mem: mem, Wake: func() {}})
		require.NoError(t, err)
		for e := range uint64(3) {
			d.Feed(0, func(int, int) exchange.Input {
				inputs++
				return &numbers{n: 40, left: &inputs}
			})
			d.Cut(exchange.Barrier{Epoch: 1 + e, Snapshot: e != 1})
		}
		for range steps {
			sim.Step()
		}
		d.Close()
		d.Close()
		pages, nodes := mem.Live()
		require.Zero(t, pages, "pages after %d steps", steps)
		require.Zero(t, nodes, "nodes after %d steps", steps)
		require.Zero(t, inputs, "inputs after %d steps", steps)
	}
}

package microbatch

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/state"
)

// TestRebuildsBesideEachOther has one rebuild begin while another is half through making dropped blocks again that both read.
func TestRebuildsBesideEachOther(t *testing.T) {
	f := newFixture(t, 1)
	f.cut(false, keys(1000)...)
	f.right()
	f.d.mu.Lock()
	f.d.lineage.kept[0].forget(f.d)
	f.d.mu.Unlock()
	again := func(part int) {
		p := f.d.stages[1].parts[part]
		f.d.mu.Lock()
		a := &attempt{rebuild: p, history: f.d.lineage.history(f.d, p)}
		f.d.mu.Unlock()
		out, err := f.d.rebuild(a)
		require.NoError(t, err)
		require.Equal(t, rowsIn(p.states), rowsIn(out.states), "partition %d", part)
		out.drop()
		a.history.release()
	}
	n := 0
	f.opened = func() {
		if n++; n == 4 {
			again(5)
		}
	}
	again(3)
	f.opened = nil
	require.Greater(t, n, 8, "both have made blocks again")
}

// rowsIn is how many rows versions have.
func rowsIn(states []driver.State) (n int) {
	for _, s := range states {
		for g := range state.Groups {
			n += int(s.Version.GroupRows(g))
		}
	}
	return n
}

// TestLosingVersionIsNotTaken: an attempt that ends after another attempt of its task has found their version damaged counts for nothing, as
// the partition is being made again without it.
func TestLosingVersionIsNotTaken(t *testing.T) {
	f := newFixture(t, 1)
	f.cut(false, keys(100)...)
	f.right()
	f.cut(false, 7)
	d := f.d
	var first, second *attempt
	for first == nil {
		require.True(t, f.sim.Step())
		d.mu.Lock()
		for _, a := range d.queue {
			if a.task.run.stage.stateful {
				first = a
			}
		}
		if first != nil {
			d.queue = nil
			first.since = f.sim.Now()
			d.start(first)
			first.task.run.batch.reading++ // the worker that had them would leave
			second = &attempt{task: first.task}
			d.start(second)
		}
		d.mu.Unlock()
	}
	out, err := d.execute(second)
	require.NoError(t, err)
	d.mu.Lock()
	first.ops.drop()
	d.failed(first, sqlerr.New(sqlerr.DataCorrupted, "a page is damaged"))
	driver.Release(second.states)
	d.commit(second, out)
	first.task.run.batch.reading -= 3
	d.schedule()
	d.mu.Unlock()
	f.right()
	require.Equal(t, 1, d.Lineage().Partitions)
}

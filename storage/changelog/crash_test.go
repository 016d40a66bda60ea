package changelog

import (
	"math"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// largeRows is enough for a stage to spill.
const largeRows = 600

// wideRows is a batch of rows of 1 KB with the numbers from (inclusive) to (exclusive).
func wideRows(from, to int) *vec.Batch {
	b := vec.NewBatch(rowTypes, to-from)
	pad := types.NewBytes(make([]byte, 1000))
	for i := from; i < to; i++ {
		b.AppendRow(1, types.NewInt(int64(i)), pad)
	}
	return b
}

// epochRows is what the test's epochs hold: how many rows relation 1 has in an epoch, the first of them being
// epoch * 1,000,000. Some epochs are large, some have none.
func epochRows(epoch uint64) int {
	switch epoch % 4 {
	case 0:
		return 0
	case 1:
		return 3
	case 2:
		return largeRows
	default:
		return 1
	}
}

// appendEpoch appends an epoch: large ones by a stage, small ones as batches.
func appendEpoch(l *Log, epoch uint64, sync bool) error {
	d := RelationData{Relation: 1}
	if n := epochRows(epoch); n > 0 {
		b := wideRows(int(epoch)*1_000_000, int(epoch)*1_000_000+n)
		if n == largeRows {
			st := l.Stage(1)
			if err := st.Write(b); err != nil {
				return err
			}
			if err := st.Finish(); err != nil {
				return err
			}
			d.Stages = []*Stage{st}
		} else {
			d.Batches = []*vec.Batch{b}
		}
	}
	return l.Append(&Record{Epoch: epoch, Time: int64(epoch)}, []RelationData{d}, AppendOptions{Sync: sync})
}

// requireLog checks that a log holds exactly the epochs up to its last, and the rows of those from trimmed on.
func requireLog(t require.TestingT, store kv.Store, l *Log, trimmed uint64) {
	last, _ := l.Last()
	recs, err := l.Records(0)
	require.NoError(t, err)
	defer recs.Close()
	next := uint64(1)
	for ; recs.Next(); next++ {
		require.Equal(t, next, recs.Record().Epoch)
		rows := uint64(0)
		for _, x := range recs.Record().Relations {
			rows += x.Rows
		}
		require.EqualValues(t, epochRows(next), rows)
	}
	require.NoError(t, recs.Err())
	require.Equal(t, last+1, next)

	got := map[uint64]int{}
	blocks, err := l.Blocks(1, 0, math.MaxUint64)
	require.NoError(t, err)
	defer blocks.Close()
	for blocks.Next() {
		e := blocks.Epoch()
		for _, v := range blocks.Batch().Cols[0].I64 {
			if v != int64(e)*1_000_000+int64(got[e]) {
				require.Fail(t, "wrong row", "epoch %d has %d as row %d", e, v, got[e])
			}
			got[e]++
		}
	}
	require.NoError(t, blocks.Err())
	for e := uint64(1); e <= last; e++ {
		if e >= trimmed || got[e] > 0 {
			require.Equal(t, epochRows(e), got[e], "epoch %d", e)
		}
		delete(got, e)
	}
	require.Empty(t, got, "rows of epochs that are not there")
	requireNoOrphans(t, store)
}

// requireNoOrphans checks that every stage on disk is named by an epoch.
func requireNoOrphans(t require.TestingT, store kv.Store) {
	it, err := store.Scan(kv.AllLogRange())
	require.NoError(t, err)
	defer it.Close()
	refs, err := readReferences(it, 1, 0, math.MaxUint64)
	require.NoError(t, err)
	named := map[uint64]bool{}
	for _, r := range refs {
		named[r.stage] = true
	}
	stages := kv.StagesRange(1)
	for ok := it.Seek(stages.Lower); ok && string(it.Key()) < string(stages.Upper); ok = it.Next() {
		id, _ := kv.LogKeyNumbers(it.Key())
		require.True(t, named[id], "stage %d is an orphan", id)
	}
}

// TestCrashAtEveryWrite stops a workload at each of its writes, and looks at every state that a restart may find.
func TestCrashAtEveryWrite(t *testing.T) {
	// work appends, aborts and trims. It gives the last epoch that was acknowledged as durable, and the trim in effect.
	work := func(store *kv.Mem) (acknowledged, trimmed uint64) {
		l, err := openSpilling(store)
		for e := uint64(1); err == nil && e <= 12; e++ {
			sync := e%3 != 0
			if err = appendEpoch(l, e, sync); err == nil && sync {
				acknowledged = e
			}
			if e == 5 {
				st := l.Stage(1)
				_ = st.Write(wideRows(0, largeRows))
				st.Abort()
			}
			if e == 8 {
				trimmed = 4
				_ = l.Trim(1, 4)
			}
		}
		return acknowledged, trimmed
	}
	whole := kv.NewMem(1)
	acknowledged, _ := work(whole)
	require.EqualValues(t, 11, acknowledged)
	for n := 1; n <= whole.Writes(); n++ {
		store := kv.NewMem(uint64(n))
		store.Inject(kv.Fault{Op: kv.FaultWrite, N: n, Err: kv.ErrCrash})
		acknowledged, trimmed := work(store)
		for keep := range store.Pending() + 1 {
			after := store.CrashKeeping(keep)
			l, err := openSpilling(after)
			require.NoError(t, err)
			last, _ := l.Last()
			require.GreaterOrEqual(t, last, acknowledged, "crash at write %d", n)
			requireLog(t, after, l, trimmed)
			require.NoError(t, appendEpoch(l, last+1, true))
			requireLog(t, after, l, trimmed)
		}
	}
}

// TestFullDisk fails every write once. A failed write before Append leaves the log usable; a failed Append does not.
func TestFullDisk(t *testing.T) {
	for n := 1; ; n++ {
		store := kv.NewMem(uint64(n))
		l, err := openSpilling(store)
		require.NoError(t, err)
		store.Inject(kv.Fault{Op: kv.FaultWrite, N: n, Err: kv.DiskFull("mem", nil)})
		var e uint64
		for e = 1; err == nil && e <= 7; e++ {
			err = appendEpoch(l, e, true)
		}
		if err == nil {
			return
		}
		require.Equal(t, sqlerr.DiskFull, sqlerr.CodeOf(err))
		if store.Err() == nil {
			require.NoError(t, appendEpoch(l, e-1, true))
		}
		after := store.Crash()
		l, err = openSpilling(after)
		require.NoError(t, err)
		requireLog(t, after, l, 0)
	}
}

// TestBothStores runs random operations on both stores: they must give the same log.
func TestBothStores(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		disk, err := kv.OpenFolder(t.TempDir(), kv.Options{})
		require.NoError(rt, err)
		defer func() { require.NoError(rt, disk.Close()) }()
		stores := []kv.Store{kv.NewMem(1), disk}
		logs := make([]*Log, 2)
		open := func() {
			for i, s := range stores {
				logs[i], err = openSpilling(s)
				require.NoError(rt, err)
			}
		}
		open()
		epoch, trimmed := uint64(0), uint64(0)
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			switch rapid.IntRange(0, 5).Draw(rt, "step") {
			case 0:
				open()
			case 1:
				trimmed = rapid.Uint64Range(trimmed, epoch+1).Draw(rt, "before")
				for _, l := range logs {
					require.NoError(rt, l.Trim(1, trimmed))
				}
			default:
				epoch++
				sync := rapid.Bool().Draw(rt, "sync")
				for _, l := range logs {
					require.NoError(rt, appendEpoch(l, epoch, sync))
				}
			}
			for i, l := range logs {
				requireLog(rt, stores[i], l, trimmed)
			}
		}
	})
}

// TestBlocksOfAnySize checks that rows come back whole and in order, and that blocks are neither large nor many.
func TestBlocksOfAnySize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		store := kv.NewMem(1)
		l, err := openSpilling(store)
		require.NoError(rt, err)
		d := RelationData{Relation: 1}
		total := 0
		for range rapid.IntRange(1, 6).Draw(rt, "batches") {
			n := rapid.SampledFrom([]int{0, 1, 2, 1000, 9000}).Draw(rt, "rows")
			d.Batches = append(d.Batches, rowsOf(total, total+n))
			if rapid.Bool().Draw(rt, "select") { // a selection that leaves out nothing but a leading row
				b := rowsOf(total-1, total+n)
				for i := range n {
					b.Sel = append(b.Sel, int32(i+1))
				}
				if n == 0 {
					b.Sel = []int32{}
				}
				d.Batches[len(d.Batches)-1] = b
			}
			total += n
		}
		rec := &Record{Epoch: 1}
		require.NoError(rt, l.Append(rec, []RelationData{d}, AppendOptions{}))
		it, err := l.Blocks(1, 1, 2)
		require.NoError(rt, err)
		defer it.Close()
		next, blocks := 0, 0
		for it.Next() {
			b := it.Batch()
			require.LessOrEqual(rt, b.N, blockRows)
			for i, v := range b.Cols[0].I64 {
				if v != int64(next) || string(b.Cols[1].Bytes(i)) != "row "+strconv.Itoa(next) {
					require.Fail(rt, "wrong row", "%d is row %d", v, next)
				}
				next++
			}
			blocks++
		}
		require.NoError(rt, it.Err())
		require.Equal(rt, total, next)
		require.LessOrEqual(rt, blocks, 2+total/2000)
	})
}

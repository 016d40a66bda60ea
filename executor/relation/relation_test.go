package relation

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// blockOf is a block that adds rows.
func blockOf(epoch uint64, rows ...row) Block {
	x := vec.NewBatch(columns, len(rows))
	for _, r := range rows {
		r.appendTo(x, 1)
	}
	return Block{Epoch: epoch, Batches: []*vec.Batch{x}, Watermark: int64(epoch)}
}

// TestNext walks the blocks with a cursor, and sees when those that it wanted have been trimmed.
func TestNext(t *testing.T) {
	r := NewStream(1, "s", columns)
	_, ok, gone := r.Next(0)
	require.False(t, ok || gone)
	for _, e := range []uint64{3, 5, 9} {
		require.NoError(t, r.Publish(blockOf(e, row{"x", int64(e), 0})))
	}
	var seen []uint64
	for at := uint64(0); ; {
		b, ok, gone := r.Next(at)
		require.False(t, gone)
		if !ok {
			break
		}
		at = b.Epoch
		seen = append(seen, at)
	}
	require.Equal(t, []uint64{3, 5, 9}, seen)
	bytes := r.HistoryBytes()
	require.Positive(t, bytes)

	r.Trim(6) // takes 3 and 5
	for at, want := range map[uint64]bool{0: true, 3: true, 4: true, 5: false, 7: false, 9: false} {
		_, _, gone := r.Next(at)
		require.Equal(t, want, gone, "after %d", at)
	}
	b, ok, _ := r.Next(5)
	require.True(t, ok)
	require.Equal(t, uint64(9), b.Epoch)
	require.Less(t, r.HistoryBytes(), bytes)
	r.Trim(9)
	require.Zero(t, r.HistoryBytes())
	require.Equal(t, uint64(9), r.Cut())
}

// TestWatermark: it only rises, and a block without rows counts only if it moves it.
func TestWatermark(t *testing.T) {
	r := NewStream(1, "s", columns)
	require.NoError(t, r.Publish(blockOf(5, row{})))
	require.NoError(t, r.Publish(Block{Epoch: 6, Watermark: 4}))
	require.Equal(t, uint64(5), r.Cut(), "nothing happened at 6")
	require.NoError(t, r.Publish(Block{Epoch: 7, Watermark: 40}))
	require.Equal(t, uint64(7), r.Cut())
	late := blockOf(8, row{})
	late.Watermark = 1
	require.NoError(t, r.Publish(late))
	require.Equal(t, int64(40), r.Watermark())
	b, ok, _ := r.Next(7)
	require.True(t, ok)
	require.Equal(t, int64(40), b.Watermark)
}

// TestRestore: what is before a restart is gone, and what is read from there on is right.
func TestRestore(t *testing.T) {
	r := New(1, "r", columns, byID, state.NewMemory(nil))
	defer r.Release()
	require.NoError(t, r.Restore(&Stored{Cut: 20, Watermark: 7}))
	require.Equal(t, uint64(20), r.Cut())
	require.Equal(t, int64(7), r.Watermark())
	_, _, gone := r.Next(19)
	require.True(t, gone)
	_, ok, gone := r.Next(20)
	require.False(t, ok || gone)
	x, err := r.Read()
	require.NoError(t, err)
	defer x.Release()
	require.True(t, r.Rewind(x, 20))
	require.False(t, r.Rewind(x, 19))
}

// TestWatch: a watcher is woken at once, at each block and failure, and not after Unwatch.
func TestWatch(t *testing.T) {
	r := NewStream(1, "s", columns)
	n := 0
	w := &Watcher{Wake: func() { n++ }}
	r.Watch(w)
	require.Equal(t, 1, n)
	require.NoError(t, r.Publish(blockOf(1, row{})))
	require.Equal(t, 2, n)
	require.NoError(t, r.Publish(Block{Epoch: 2}))
	require.Equal(t, 3, n, "the relation is complete up to 2 though nothing changed")
	r.Fail(errors.New("x"))
	require.Equal(t, 4, n)
	r.Fail(nil)
	require.Equal(t, 5, n)
	r.Unwatch(w)
	require.NoError(t, r.Publish(blockOf(3, row{})))
	require.Equal(t, 5, n)
}

// chain is a table, a view over it, and a view over that, whose frontiers the test moves.
func chain() (table, view, top *Relation, frontier []*atomic.Uint64) {
	table, view, top = NewStream(1, "t", columns), NewStream(2, "v", columns), NewStream(3, "w", columns)
	var upstream []*Relation
	for _, r := range []*Relation{table, view, top} {
		f := &atomic.Uint64{}
		frontier = append(frontier, f)
		d := At(f.Load)
		d.Upstream = upstream
		r.Derive(d)
		upstream = []*Relation{r}
	}
	return table, view, top, frontier
}

// TestWait: a waiter for a view is woken by the block of anything that the view is derived from, and no watcher stays behind.
func TestWait(t *testing.T) {
	table, view, top, frontier := chain()
	frontier[2].Store(3)
	require.NoError(t, top.Wait(t.Context(), 3), "it is there")

	done := make(chan error, 1)
	go func() { done <- top.Wait(t.Context(), 4) }()
	watched := func(n int) func() bool {
		return func() bool {
			for _, r := range []*Relation{table, view, top} {
				r.mu.Lock()
				got := len(r.watchers)
				r.mu.Unlock()
				if got != n {
					return false
				}
			}
			return true
		}
	}
	require.Eventually(t, watched(1), 5*time.Second, time.Millisecond)
	require.NoError(t, table.Publish(blockOf(1, row{})))
	select {
	case err := <-done:
		require.FailNow(t, "woken too early", err)
	case <-time.After(5 * time.Millisecond):
	}
	frontier[2].Store(4)
	require.NoError(t, table.Publish(blockOf(2, row{})))
	require.NoError(t, <-done)
	require.True(t, watched(0)())

	stop := errors.New("canceling statement due to user request")
	ctx, cancel := context.WithCancelCause(t.Context())
	go func() { done <- top.Wait(ctx, 5) }()
	cancel(stop)
	require.ErrorIs(t, <-done, stop)
	require.True(t, watched(0)())

	go func() { done <- top.Wait(t.Context(), 5) }()
	table.Fail(sqlerr.New(sqlerr.DivisionByZero, "division by zero"))
	require.ErrorContains(t, <-done, "blocked")
}

// TestStopped: who waits for a view is told what stopped it, and what to do about that.
func TestStopped(t *testing.T) {
	_, view, top, frontier := chain()
	require.NoError(t, top.Stopped())
	view.Fail(sqlerr.New(sqlerr.DivisionByZero, "division by zero"))

	err := sqlerr.From(view.Stopped())
	require.Equal(t, sqlerr.ObjectNotInPrerequisiteState, err.Code)
	require.Equal(t, `view "v" has failed: division by zero`, err.Message)
	require.Equal(t, "Mend the rows that it fails on, then ALTER VIEW v RESUME.", err.Hint)

	err = sqlerr.From(top.Stopped())
	require.Equal(t, `view "w" is blocked: view "v" has failed: division by zero`, err.Message)
	require.Equal(t, "Mend the rows that it fails on, then ALTER VIEW v RESUME.", err.Hint)

	frontier[2].Store(8)
	ok, stopped := top.Reached(8)
	require.True(t, ok, "what is complete can be read, failed or not")
	require.NoError(t, stopped)
	ok, stopped = top.Reached(9)
	require.False(t, ok)
	require.Error(t, stopped)
	view.Fail(nil)
	ok, stopped = top.Reached(9)
	require.False(t, ok)
	require.NoError(t, stopped)
}

// TestReadReleased: who found a relation before it was dropped, and reads it after, is told so.
func TestReadReleased(t *testing.T) {
	r := New(1, "r", columns, byID, state.NewMemory(nil))
	r.Release()
	_, err := r.Read()
	require.Equal(t, sqlerr.UndefinedTable, sqlerr.CodeOf(err))
}

// TestDiamonds: between views over views there may be more paths than can be walked; each relation is asked once.
func TestDiamonds(t *testing.T) {
	const levels = 100
	asked, demanded := 0, 0
	top := NewStream(1, "w0", columns)
	top.Derive(At(func() uint64 { return 7 }))
	bottom := top
	derive := func(name string, upstream ...*Relation) *Relation {
		r := NewStream(1, name, columns)
		r.Derive(Derivation{
			Frontier: func(known *Frontiers) uint64 {
				asked++
				f := known.Of(upstream[0])
				for _, u := range upstream[1:] {
					f = min(f, known.Of(u))
				}
				return f
			},
			Demand:   func(uint64) { demanded++ },
			Upstream: upstream,
		})
		return r
	}
	for range levels {
		top = derive("w", derive("a", top), derive("b", top))
	}
	require.Equal(t, uint64(7), top.Frontier())
	require.LessOrEqual(t, asked, 4*levels)
	top.Demand(9)
	require.Equal(t, 3*levels, demanded)
	require.Equal(t, uint64(7), CommonCut(7, top))
	require.NoError(t, top.Stopped())

	w := Watcher{Wake: func() {}}
	top.WatchAll(&w)
	require.Len(t, bottom.watchers, 1)
	top.UnwatchAll(&w)
	require.Empty(t, bottom.watchers)

	bottom.Fail(sqlerr.New(sqlerr.DivisionByZero, "division by zero"))
	require.Error(t, top.Stopped())
}

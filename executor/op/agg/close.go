package agg

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// closed is the latest window end that has closed. What lateness is allowed has been taken off the watermark where it was judged.
func (a *Aggregate) closed() (end int64, any bool) { return a.watermark, a.watermark != op.NoWatermark }

// freeClosed frees the state of windows that have closed: nothing can change them any more.
func (a *Aggregate) freeClosed() error {
	end, any := a.closed()
	if !any {
		return nil
	}
	if len(a.lists) > 0 {
		err := a.eachClosed(end, func() error { return a.removeLists() })
		if err != nil {
			return err
		}
	}
	a.free(end)
	return nil
}

func (a *Aggregate) free(end int64) {
	a.groups.drop(end)
	for _, d := range a.distincts {
		d.seen.drop(end)
	}
}

// removeLists takes the groups at hand out of the ordered calls' inputs, which are not in slices.
func (a *Aggregate) removeLists() error {
	for _, l := range a.lists {
		if err := l.remove(a.groups); err != nil {
			return err
		}
	}
	return nil
}

// emitClosed emits the rows of windows that have closed, once and for all, and frees their state.
func (a *Aggregate) emitClosed(out op.Output) error {
	end, any := a.closed()
	if !any {
		return nil
	}
	a.beginEmit(out)
	err := a.eachClosed(end, func() error {
		if err := a.emitStored(); err != nil {
			return err
		}
		return a.removeLists()
	})
	if err != nil {
		return err
	}
	a.free(end)
	return a.emit.flush()
}

// emitAll emits the rows of all groups, of which none is out.
func (a *Aggregate) emitAll(out op.Output) error {
	a.beginEmit(out)
	var err error
	if a.windowed() {
		err = a.eachClosed(op.EndOfTime, a.emitStored)
	} else {
		err = a.eachGroup(a.groups.whole, a.emitStored)
	}
	if err != nil {
		return err
	}
	return a.emit.flush()
}

func (a *Aggregate) beginEmit(out op.Output) {
	a.beginCalls()
	a.emit.begin(out)
}

// emitStored emits the rows of the groups at hand, which are as the arrangement has them.
func (a *Aggregate) emitStored() error {
	g := a.groups
	g.any = false
	g.before.row = sized(g.before.row, g.n)
	clear(g.before.row)
	if err := a.settle(&g.after, g.was.I64); err != nil {
		return err
	}
	return a.emit.changes(g)
}

// eachClosed brings the groups of windows that end at end or before to hand, in the order of the windows.
func (a *Aggregate) eachClosed(end int64, f func() error) error {
	for _, e := range a.groups.sliced.Starts(nil) {
		if e > end {
			return nil
		}
		if err := a.eachGroup(a.groups.sliced.Slice(e), f); err != nil {
			return err
		}
	}
	return nil
}

// eachGroup brings the groups of an arrangement to hand, a chunk at a time.
func (a *Aggregate) eachGroup(h *state.Hashed, f func() error) error {
	var scan state.Scan
	h.Scan(&scan, -1)
	for {
		ok, err := scan.Next()
		if err != nil || !ok {
			return err
		}
		a.groups.take(scan.Batch)
		if err := f(); err != nil {
			return err
		}
	}
}

// take brings rows of the arrangement to hand.
func (g *groups) take(b *vec.Batch) {
	g.n = b.N
	at := g.l.countColumn()
	for c, v := range g.keys {
		*v = *b.Cols[c]
	}
	g.was = *b.Cols[at]
	for c, v := range g.state {
		*v = *b.Cols[at+1+c]
	}
	g.hashes = sized(g.hashes, g.n)
	vec.HashRows(g.keys[:g.l.hashed], nil, g.n, g.hashes)
}

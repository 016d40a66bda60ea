package agg

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// merge brings what was pre-aggregated into the arrangement and emits the groups' changes, unless they are emitted later: when their
// windows close, or at the cut.
func (a *Aggregate) merge(out op.Output) error {
	if a.scratch.index.Len() == 0 {
		return nil
	}
	a.beginCalls()
	for _, d := range a.distincts {
		if err := d.flush(a); err != nil {
			return err
		}
	}
	a.emit.begin(out)
	err := a.groups.each(a.ends(a.scratch.index.Cols), a.scratch.index.Hashes(), func(h *state.Hashed, rows []int32, fresh bool) error {
		if err := a.groups.load(h, a.scratch, rows, fresh); err != nil {
			return err
		}
		return a.revise(h, fresh)
	})
	if err != nil {
		return err
	}
	a.scratch.reset()
	return a.emit.flush()
}

// ends is the column of window ends among the keys.
func (a *Aggregate) ends(keys []*vec.Vector) *vec.Vector {
	if !a.windowed() {
		return nil
	}
	return keys[a.node.WindowEnd]
}

// revise merges the groups at hand, emits what has changed of their rows and puts them back.
func (a *Aggregate) revise(h *state.Hashed, fresh bool) error {
	g := a.groups
	if a.node.EmitOnClose || a.quiet {
		g.merge(a)
		g.after.alive(g.count.I64)
		if err := a.failGroups(g.after.row); err != nil {
			return err
		}
		for _, l := range a.lists {
			g.after.cols[l.number].SetNullConst(a.calls[l.number].typ) // computed when the window closes
		}
		return g.put(h, fresh)
	}
	if g.any {
		for _, l := range a.lists {
			c := &a.calls[l.number]
			g.before.cols[l.number], g.state[c.from] = g.state[c.from], g.before.cols[l.number]
		}
		g.finish(a, &g.before, g.was.I64)
		for k := range g.n {
			g.before.row[k] = g.found[k] && (g.before.row[k] || a.node.Global)
		}
		for _, i := range a.ofGroups.rows {
			g.before.row[i] = false // it was not emitted
		}
		a.ofGroups.reset()
	} else {
		g.before.row = sized(g.before.row, g.n)
		clear(g.before.row)
	}
	g.merge(a)
	if err := a.settle(&g.after, g.count.I64); err != nil {
		return err
	}
	if err := a.emit.changes(g); err != nil {
		return err
	}
	if a.ctx.Once && fresh {
		return nil // nothing will read it
	}
	return g.put(h, fresh)
}

// settle computes the results of the groups at hand; where that fails the group has no row, and the error is the step's.
func (a *Aggregate) settle(r *results, count []int64) error {
	g := a.groups
	for _, l := range a.lists {
		if err := l.results(a, r.cols[l.number]); err != nil {
			return err
		}
	}
	g.finish(a, r, count)
	if a.node.Global {
		r.row[0] = true
	}
	return a.failGroups(r.row)
}

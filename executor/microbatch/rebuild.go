package microbatch

import (
	"errors"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/op"
)

// history is what a rebuild starts from: the base version of each partition that takes part, and the runs that each has committed
// since.
type history struct {
	states map[*partition][]driver.State
	runs   []*batch // since the base, also such as have not completed
	low    []map[int]int64
	begun  bool
}

// history collects it for a partition and all those that its blocks may have to be made again from. The mutex is held.
func (l *lineage) history(d *Driver, p *partition) *history {
	h := &history{states: map[*partition][]driver.State{}, low: l.base.low, begun: l.base.begun}
	h.runs = append(append(h.runs, l.kept...), d.running...)
	h.states[p] = retain(l.base.of(p))
	var above func(s *stage)
	above = func(s *stage) {
		for _, e := range s.reads {
			for _, x := range e.from.parts {
				if _, ok := h.states[x]; !ok {
					h.states[x] = retain(l.base.of(x))
				}
			}
			above(e.from)
		}
	}
	above(p.stage)
	return h
}

func (h *history) release() {
	if h == nil {
		return
	}
	for _, s := range h.states {
		driver.Release(s)
	}
	h.states = nil
}

// rebuild makes a lost version again: from the base, by the same tasks over the same blocks. What they send on was sent before.
func (d *Driver) rebuild(a *attempt) (*outcome, error) {
	p := a.rebuild
	runs := d.committed(a.history, p)
	for {
		out, err := d.again(a.history, p, runs)
		var lost *unreadable
		if !errors.As(err, &lost) {
			return out, err
		}
		out.drop()
		d.mu.Lock()
		lost.run.blocks[lost.edge.from.outgoing(lost.edge)] = nil // they are made again, like those that were dropped
		d.mu.Unlock()
	}
}

// again is one try of a rebuild.
func (d *Driver) again(h *history, p *partition, runs []*run) (*outcome, error) {
	for _, e := range p.stage.reads {
		if err := d.remake(h, e, runs); err != nil {
			return &outcome{}, err
		}
	}
	return d.replay(h, p, runs, nil)
}

// committed are the runs since the base that a partition has committed and was not idle in.
func (d *Driver) committed(h *history, p *partition) (out []*run) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range h.runs {
		if r := b.runs[p.stage.number]; r.tasks != nil && r.tasks[p.number].done && !r.idled[p.number] {
			out = append(out, r)
		}
	}
	return out
}

// remake makes the blocks of an exchange again, where those of some run were dropped.
func (d *Driver) remake(h *history, e *edge, runs []*run) error {
	missing := false
	d.mu.Lock()
	for _, r := range runs {
		missing = missing || r.batch.runs[e.from.number].blocks[e.from.outgoing(e)] == nil
	}
	d.mu.Unlock()
	if !missing {
		return nil
	}
	for _, p := range e.from.parts {
		above := d.committed(h, p)
		for _, x := range e.from.reads {
			if err := d.remake(h, x, above); err != nil {
				return err
			}
		}
		out, err := d.replay(h, p, above, func(r *run, blocks [][]*block) { d.restock(r, p, blocks) })
		out.drop()
		if err != nil {
			return err
		}
	}
	return nil
}

// restock puts blocks that were made again where the dropped ones were.
func (d *Driver) restock(r *run, p *partition, blocks [][]*block) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, list := range blocks {
		if r.blocks[i] == nil {
			r.blocks[i] = make([][]*block, len(r.stage.parts))
		}
		if r.blocks[i][p.number] == nil {
			r.blocks[i][p.number] = list
			d.lineage.Blocks++
			for _, x := range list {
				d.lineage.bytes += x.bytes
			}
		}
	}
}

// replay runs the tasks of a partition again, from the base on. keep is given what each sends on; nil: it is dropped.
func (d *Driver) replay(h *history, p *partition, runs []*run, keep func(*run, [][]*block)) (*outcome, error) {
	out := &outcome{leaves: map[int]int64{}}
	var low map[int]int64
	if h.low != nil {
		low = h.low[p.stage.number]
	}
	var err error
	if out.ops, err = d.build(p, h.states[p], low, h.begun); err != nil {
		return out, err
	}
	tasks := 0
	for _, r := range runs {
		out.begin()
		out.output, out.blocks, out.newest = nil, nil, op.NoWatermark
		if err := out.read(r, p.number); err != nil {
			return out, err
		}
		driver.Release(out.states)
		if err := out.finish(p, r.batch.barrier.Time); err != nil {
			return out, err
		}
		if keep != nil {
			keep(r, out.blocks)
		}
		tasks++
	}
	if tasks == 0 {
		out.states = driver.Freeze(out.ops.instance, p.number)
	}
	d.mu.Lock()
	d.lineage.Rows += out.rows
	d.lineage.Loaded += out.loaded
	d.lineage.Tasks += tasks
	d.mu.Unlock()
	return out, nil
}

package microbatch

import (
	"errors"
	"slices"

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
		d.giveUp(lost)
	}
}

// giveUp drops blocks that cannot be read, so that they are made again. Another rebuild may have done so already.
func (d *Driver) giveUp(lost *unreadable) {
	d.mu.Lock()
	defer d.mu.Unlock()
	edge := &lost.run.blocks[lost.edge.from.outgoing(lost.edge)]
	for _, wrote := range *edge {
		if slices.ContainsFunc(wrote, func(x *block) bool { return x.place != nil }) {
			*edge = nil
			return
		}
	}
}

// sent is what the tasks of a run sent through an exchange: by partition, and by reader's partition. It fails if that was dropped.
func (d *Driver) sent(r *run, e *edge) ([][]*block, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if blocks := r.blocks[e.from.outgoing(e)]; blocks != nil {
		return blocks, nil
	}
	return nil, &unreadable{errors.New("blocks were dropped"), r, e}
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
		if r := b.runs[p.stage.number]; r.tasks != nil && r.tasks[p.number].done() && !r.idled[p.number] {
			out = append(out, r)
		}
	}
	return out
}

// remade are blocks that were made again: of each run, by outgoing edge, partition, and reader's partition.
type remade map[*run][][][]*block

// of are those of a run, without any at first.
func (m remade) of(r *run) [][][]*block {
	if m[r] == nil {
		for range r.stage.writes {
			m[r] = append(m[r], make([][]*block, len(r.stage.parts)))
		}
	}
	return m[r]
}

// remake makes the blocks of an exchange again, where those of some run were dropped.
func (d *Driver) remake(h *history, e *edge, runs []*run) error {
	if !d.missing(e, runs) {
		return nil
	}
	made := remade{}
	for _, r := range runs { // also such as no task has sent anything in
		made.of(r.batch.runs[e.from.number])
	}
	for _, p := range e.from.parts {
		above := d.committed(h, p)
		for _, x := range e.from.reads {
			if err := d.remake(h, x, above); err != nil {
				return err
			}
		}
		out, err := d.replay(h, p, above, func(r *run, blocks [][]*block) {
			for i, list := range blocks {
				made.of(r)[i][p.number] = list
			}
		})
		out.drop()
		if err != nil {
			return err
		}
	}
	d.restock(made)
	return nil
}

// missing reports whether blocks of an exchange were dropped in some run.
func (d *Driver) missing(e *edge, runs []*run) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.ContainsFunc(runs, func(r *run) bool { return r.batch.runs[e.from.number].blocks[e.from.outgoing(e)] == nil })
}

// restock puts blocks that were made again where dropped ones were: all of an edge at once, as other rebuilds read them meanwhile.
func (d *Driver) restock(made remade) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for r, edges := range made {
		for i, wrote := range edges {
			if r.blocks[i] != nil {
				continue
			}
			r.blocks[i] = wrote
			for _, list := range wrote {
				d.lineage.Blocks += min(1, len(list))
				for _, x := range list {
					d.lineage.bytes += x.bytes
				}
			}
		}
	}
}

// replay runs the tasks of a partition again, from the base on. keep is given what each sends on; nil: it is dropped.
func (d *Driver) replay(h *history, p *partition, runs []*run, keep func(*run, [][]*block)) (out *outcome, err error) {
	out = &outcome{leaves: map[int]int64{}}
	defer func() {
		if x := recover(); x != nil {
			err = panicked(x, "")
		}
	}()
	var low map[int]int64
	if h.low != nil {
		low = h.low[p.stage.number]
	}
	if out.ops, err = d.build(p, h.states[p], low, h.begun); err != nil {
		return out, err
	}
	tasks := 0
	for _, r := range runs {
		out.begin()
		out.output, out.blocks, out.newest = nil, nil, op.NoWatermark
		if err := out.read(d, r, p.number); err != nil {
			return out, err
		}
		driver.Release(out.states)
		out.states = nil
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

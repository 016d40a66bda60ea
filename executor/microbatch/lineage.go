package microbatch

import (
	"slices"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/failpoint"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

const (
	// blockBudget is how much memory the blocks of batches that have completed may take; what is more is spilled.
	blockBudget = 256 << 20
	// maxKept is after how many batches without a snapshot the base moves on all the same, so that the lineage stays short.
	maxKept = 4096
)

// lineage is what a lost version is made from again: the versions at a base, and the batches since. The driver's mutex guards it.
type lineage struct {
	base base
	// later are bases that wait for their snapshot to be stored.
	later []base
	kept  []*batch // since the base, completed, oldest first
	bytes int64    // of their blocks
	// pinned counts rebuilds under way: nothing that they read may go.
	pinned int
	lostAt int64 // when the first of what is being rebuilt was lost

	driver.LineageInfo
	failures int
}

// base are the versions of all partitions after a batch, by stage and partition, and the watermarks there.
type base struct {
	epoch  uint64
	states [][][]driver.State
	low    []map[int]int64
	begun  bool
	stored bool // no snapshot is waited for
}

func (b *base) release() {
	for _, stage := range b.states {
		for _, states := range stage {
			driver.Release(states)
		}
	}
	b.states = nil
}

// of is the version of a partition; nil of one that has none.
func (b *base) of(p *partition) []driver.State {
	if b.states == nil {
		return nil
	}
	return b.states[p.stage.number][p.number]
}

// begin makes the versions that were restored the base.
func (l *lineage) begin(stages []*stage) {
	for _, s := range stages {
		var list [][]driver.State
		for _, p := range s.parts {
			list = append(list, retain(p.states))
		}
		l.base.states = append(l.base.states, list)
	}
}

// keep takes a batch that has completed.
func (l *lineage) keep(d *Driver, b *batch) {
	l.kept = append(l.kept, b)
	l.bytes += b.blockBytes()
	if b.barrier.Snapshot || b.rebase {
		x := base{epoch: b.barrier.Epoch, begun: true, stored: b.rebase || d.cfg.Durable == nil}
		for _, r := range b.runs {
			x.states, x.low = append(x.states, r.versions), append(x.low, r.lowAfter)
			r.versions = nil
		}
		l.later = append(l.later, x)
	}
	l.advance(d)
}

// advance moves the base to the newest one whose snapshot is stored, and forgets what lies behind it, or is too much.
func (l *lineage) advance(d *Driver) {
	if l.pinned > 0 {
		return
	}
	durable := uint64(0)
	if d.cfg.Durable != nil {
		durable = d.cfg.Durable()
	}
	for len(l.later) > 0 && (l.later[0].stored || l.later[0].epoch <= durable) {
		l.base.release()
		l.base, l.later = l.later[0], l.later[1:]
	}
	moved := false
	for len(l.kept) > 0 && l.base.begun && l.kept[0].barrier.Epoch <= l.base.epoch {
		l.bytes -= l.kept[0].blockBytes()
		l.kept[0].retire(d)
		l.kept, moved = l.kept[1:], true
	}
	if moved {
		d.trim()
	}
	if l.over(d.budget) != nil {
		d.spiller.Wake()
	}
}

func (l *lineage) release() {
	for _, b := range l.kept {
		b.release()
	}
	l.base.release()
	for i := range l.later {
		l.later[i].release()
	}
}

func (l *lineage) info() driver.LineageInfo {
	out := l.LineageInfo
	out.KeptBytes, out.KeptBatches, out.Failures = l.bytes, len(l.kept), l.failures
	for _, b := range l.kept {
		out.KeptRows += b.info.Rows
	}
	return out
}

func (b *batch) blockBytes() (n int64) {
	for _, r := range b.runs {
		for _, edge := range r.blocks {
			for _, wrote := range edge {
				for _, x := range wrote {
					n += x.bytes
				}
			}
		}
	}
	return n
}

// forget drops the blocks of a batch, to be made again if they are needed.
func (b *batch) forget(d *Driver) {
	for _, r := range b.runs {
		for i := range r.blocks {
			d.recycle(r.stage.writes[i], r.blocks[i])
			r.blocks[i] = nil
		}
	}
}

// trim has the exchanges keep no more emptied batches than are needed.
func (d *Driver) trim() {
	for _, e := range d.edges {
		e.pool.trim()
	}
}

// recycle gives the batches of dropped blocks to those that fill new ones.
func (d *Driver) recycle(e *edge, blocks [][]*block) {
	for _, wrote := range blocks {
		for _, x := range wrote {
			for _, m := range x.messages {
				if m.Batch != nil {
					e.pool.put(m.Batch)
				}
			}
		}
	}
}

// inject asks the fail points what a new batch is to meet. The mutex is held.
func (d *Driver) inject() {
	if n := d.cfg.Faults.Hit(failpoint.Blocks).Count; n > 0 && d.lineage.pinned == 0 {
		for _, b := range d.lineage.kept {
			if b.reading == 0 {
				d.lineage.bytes -= b.blockBytes()
				b.forget(d)
			}
		}
	}
	n := d.cfg.Faults.Hit(failpoint.Lose).Count
	for _, s := range d.stages {
		for _, p := range s.parts {
			if n > 0 && s.stateful && !p.lost && !d.working(p) {
				d.lose(p)
				n--
			}
		}
	}
}

// working reports whether an attempt of a partition's task runs.
func (d *Driver) working(p *partition) bool {
	return slices.ContainsFunc(d.workers, func(w *worker) bool {
		return w.current != nil && w.current.rebuild == nil && w.current.task.part == p
	})
}

// lose drops a partition's version and has it made again. Tasks of the partition wait for it; all others go on. The mutex is held.
func (d *Driver) lose(p *partition) {
	p.release()
	p.lost = true
	if d.lineage.pinned == 0 {
		d.lineage.lostAt = d.cfg.Sched.Now()
	}
	d.lineage.pinned++
	d.lineage.failures++
	d.queue = append(d.queue, &attempt{rebuild: p})
}

// rebuilt takes a version that has been made again.
func (d *Driver) rebuilt(a *attempt, out *outcome, err error) {
	p := a.rebuild
	a.history.release()
	d.lineage.pinned--
	switch {
	case d.failure != nil:
		out.drop()
	case err != nil:
		out.drop()
		d.fail(sqlerr.Wrap(err, sqlerr.DataCorrupted, "partition %d of stage %d is lost and cannot be rebuilt", p.number, p.stage.number))
		d.cfg.Wake()
	default:
		p.warm, p.states, p.lost = out.ops, out.states, false
		d.lineage.Partitions++
	}
	if d.lineage.pinned == 0 {
		d.lineage.Took = d.cfg.Sched.Now() - d.lineage.lostAt
	}
	d.schedule()
}

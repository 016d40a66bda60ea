package microbatch

import (
	"slices"
	"time"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/sql/vec"
)

// infosKept is of how many batches it is told how they went.
const infosKept = 256

// schedule makes tasks of the runs that are ready, as far as that goes, and wakes the workers. The mutex is held.
func (d *Driver) schedule() {
	if d.failure != nil || d.closed {
		return
	}
	for again := true; again; {
		again = false
		for i, b := range d.running {
			for _, r := range b.runs {
				if r.tasks == nil && d.ready(r, i) {
					d.begin(r)
					again = again || r.done
				}
			}
		}
		again = d.completeBatches() || again
	}
	if len(d.queue) > 0 {
		for _, w := range d.workers {
			w.machine.Wake()
		}
	}
}

// ready reports whether the tasks of a run, of the i-th of the batches that run, can be made: what its stage reads has been written, and
// the stage's watermarks at the end of the batch before are known. They are once that run has begun; but in a stage's first one, which may
// be a back-fill, they come with the rows.
func (d *Driver) ready(r *run, i int) bool {
	if i > 0 {
		if before := d.running[i-1].runs[r.stage.number]; !before.done && !before.begun {
			return false
		}
	}
	return !slices.ContainsFunc(r.stage.reads, func(e *edge) bool { return !r.batch.runs[e.from.number].done })
}

// begin makes the tasks of a run. Each follows the one that its partition has in the batch before, and waits for no other: so a slow task
// holds up its own partition, while the others are in batches that come later.
func (d *Driver) begin(r *run) {
	now := d.cfg.Sched.Now()
	r.prepare()
	r.left = len(r.stage.parts)
	if r.batch.barrier.Snapshot || r.batch.rebase {
		r.versions = make([][]driver.State, len(r.stage.parts))
	}
	for _, p := range r.stage.parts {
		t := &task{run: r, part: p}
		r.tasks = append(r.tasks, t)
	}
	for _, t := range r.tasks {
		before := t.part.newest
		t.part.newest = t
		if before != nil && !before.done() {
			before.next = t
			continue
		}
		d.enter(t)
	}
	r.batch.info.Planning += d.cfg.Sched.Now() - now
}

// enter queues a task whose partition has come to the batch, if there is something to do.
func (d *Driver) enter(t *task) {
	if t.run.idle(t.part.number) {
		t.run.idled[t.part.number] = true
		d.settle(t)
		return
	}
	t.run.batch.info.Tasks++
	d.enqueue(&attempt{task: t})
}

// enqueue puts an attempt behind those of its batch and of earlier ones: what is oldest comes first, as batches complete in their order.
func (d *Driver) enqueue(a *attempt) {
	later := func(x *attempt) bool {
		return x.rebuild == nil && x.task.run.batch.barrier.Epoch > a.task.run.batch.barrier.Epoch
	}
	if i := slices.IndexFunc(d.queue, later); i >= 0 {
		d.queue = slices.Insert(d.queue, i, a)
		return
	}
	d.queue = append(d.queue, a)
}

// settle ends a task: its partition has the version of its batch. The next batch's task of the partition may begin.
func (d *Driver) settle(t *task) {
	t.over.Store(true)
	r, p := t.run, t.part
	if r.versions != nil {
		r.versions[p.number] = retain(p.states)
	}
	if r.left--; r.left == 0 {
		d.finish(r)
	}
	next := t.next
	t.next = nil
	if next != nil {
		d.enter(next)
	} else {
		p.newest = nil
	}
}

// commit makes what an attempt has made that of its task, unless another one was faster, or found the version that both began from damaged:
// then the partition is being made again as of that version, and the task waits for it. The mutex is held.
func (d *Driver) commit(a *attempt, out *outcome) {
	t := a.task
	t.attempts = slices.DeleteFunc(t.attempts, func(x *attempt) bool { return x == a })
	if t.done() || t.part.lost || d.failure != nil {
		out.drop()
		return
	}
	r, p, b := t.run, t.part, t.run.batch
	now := d.cfg.Sched.Now()
	r.took = append(r.took, now-a.since)
	p.times.Begin(a.since)
	p.times.End(now)
	p.take(out)
	for i, blocks := range out.blocks {
		r.blocks[i][p.number] = blocks
	}
	r.output[p.number] = out.output
	b.watermark = max(b.watermark, out.newest)
	for leaf, w := range out.leaves {
		r.stage.low[leaf] = max(r.stage.low[leaf], w)
		r.lowAfter[leaf] = max(r.lowAfter[leaf], w)
	}
	if len(r.stage.Leaves) > 0 {
		b.info.Rows += out.rows
	}
	b.due = min(b.due, out.due)
	b.late += out.lates
	b.lateRows = append(b.lateRows, out.late...)
	if err := b.faults.Merge(out.faults); err != nil && b.err == nil {
		b.err = err
	}
	d.settle(t)
}

// take replaces a partition's version by the one that a task has committed.
func (p *partition) take(out *outcome) {
	p.release()
	p.warm, p.states = out.ops, out.states
	p.stats = driver.Measure(p.stats[:0], out.ops.instance, p.number)
}

// finish ends a run.
func (d *Driver) finish(r *run) {
	r.done = true
	r.batch.left--
	if len(r.took) > 0 {
		r.stage.usual = time.Duration(r.median()) * time.Microsecond
	}
}

// completeBatches hands over the batches that all stages have finished.
func (d *Driver) completeBatches() (any bool) {
	for len(d.running) > 0 && d.running[0].left == 0 {
		b := d.running[0]
		d.running = d.running[1:]
		d.hand(b)
		any = true
	}
	if any {
		d.cfg.Wake()
	}
	return any
}

// hand turns a finished batch into a result, and keeps what its versions could be made from again.
func (d *Driver) hand(b *batch) {
	now := d.cfg.Sched.Now()
	res := driver.Result{Barrier: b.barrier, Watermark: b.watermark, Due: b.due, LateRows: b.late, Late: b.lateRows, Err: b.err}
	if res.Err == nil {
		res.Err = b.faults.Err()
	}
	for _, r := range b.runs {
		for _, list := range r.output {
			res.Batches = append(res.Batches, list...)
		}
		r.output = nil
	}
	if b.barrier.Snapshot {
		for _, r := range b.runs {
			for _, states := range r.versions {
				res.States = append(res.States, retain(states)...)
			}
		}
	}
	d.complete = append(d.complete, res)
	d.lineage.keep(d, b)
	b.info.Scheduling = max(0, b.started-b.cutAt-b.info.Planning)
	if b.started > 0 {
		b.info.Run = now - b.started
	}
	b.info.Commit = d.cfg.Sched.Now() - now
	if d.infos = append(d.infos, b.info); len(d.infos) > infosKept {
		d.infos = d.infos[1:]
	}
}

// feedsOf calls f with the inputs of a partition in a segment, and past with those that are read in the order of their epochs.
func (r *run) feedsOf(s, part int, f func(leaf int, in exchange.Input) error, past func(leaves []int, ins []exchange.Input) error) error {
	var leaves []int
	var ins []exchange.Input
	for _, leaf := range r.stage.Leaves {
		feeds := r.batch.segments[s].feeds[leaf]
		for i := part; i < len(feeds); i += len(r.stage.parts) {
			if feeds[i] == nil {
				continue
			}
			if exchange.IsPast(feeds[i]) {
				leaves, ins = append(leaves, leaf), append(ins, feeds[i])
				continue
			}
			if err := f(leaf, feeds[i]); err != nil {
				return err
			}
		}
	}
	if ins == nil {
		return nil
	}
	return past(leaves, ins)
}

// rowsOf pushes what the exchanges have for a partition in the next segment of each reader.
func rowsOf(readers []reader, push func(*vec.Batch) error) error {
	for i := range readers {
		if err := readers[i].next(push); err != nil {
			return err
		}
	}
	return nil
}

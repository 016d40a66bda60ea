package microbatch

import (
	"errors"
	"runtime/debug"
	"sync/atomic"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
)

// task is one partition's part of a run. It may be attempted more than once, also at the same time.
type task struct {
	run      *run
	part     *partition
	attempts []*attempt // that run now
	panics   int
	second   bool  // a second attempt was begun because the first one is slow
	lost     bool  // its partition was lost and rebuilt for it
	next     *task // of its partition, in the batch after, which waits for it
	// over says that it is done, also to attempts that are still running: they break off.
	over atomic.Bool
}

// done reports whether the task's version is there.
func (t *task) done() bool { return t.over.Load() }

// attempt is one execution of a task, by one worker.
type attempt struct {
	task  *task
	ops   *operators // warm ones of the partition, or nil: they are built
	since int64
	// progress counts the batches of rows that it has taken; seen is how many those were when the monitor last looked, moved when it first
	// saw as many, and stuck says that this was a while ago.
	progress    atomic.Int64
	seen, moved int64
	stuck       bool
	// states are the version that it starts from, if operators are to be built.
	states []driver.State
	// search has the attempt push one row at a time, to find the one that it fails on.
	search bool
	// rebuild is a lost partition that is made again from its history, instead of a task.
	rebuild *partition
	history *history
}

// outcome is what an attempt has made.
type outcome struct {
	ops    *operators
	blocks [][]*block // by outgoing edge and reader's partition
	output []*vec.Batch
	newest int64
	states []driver.State
	faults *op.Faults
	late   []driver.LateRows
	lates  int64
	due    int64
	// leaves are the watermarks that came within the rows of leaves.
	leaves map[int]int64
	rows   int64
	loaded int // blocks that were read from the scratch file
	// attempt is what it is of; nil where a version is made again.
	attempt *attempt
	// search pushes rows one at a time; row is the text of the last one.
	search bool
	row    string
}

// errPanic is a panic in an operator. row is what was pushed, if rows were pushed one at a time.
type errPanic struct {
	error
	row string
}

// panicked is the error of what recover gave.
func panicked(x any, row string) error {
	return &errPanic{sqlerr.Internal("panic: %v\n%s", x, debug.Stack()), row}
}

// errOvertaken ends an attempt whose task another one has done.
var errOvertaken = errors.New("another attempt was faster")

// execute runs an attempt. It touches nothing that others see.
func (d *Driver) execute(a *attempt) (out *outcome, err error) {
	r := a.task.run
	out = &outcome{ops: a.ops, newest: op.NoWatermark, leaves: map[int]int64{}, search: a.search, attempt: a}
	defer func() {
		if x := recover(); x != nil {
			err = panicked(x, out.row)
		}
	}()
	if out.ops == nil {
		if out.ops, err = d.build(a.task.part, a.states, r.before, r.begun); err != nil {
			return out, err
		}
	}
	out.begin()
	if err := out.read(d, r, a.task.part.number); err != nil {
		return out, err
	}
	return out, out.finish(a.task.part, r.batch.barrier.Time)
}

// begin sets the operators' surroundings for one run.
func (o *outcome) begin() {
	o.faults = &op.Faults{}
	o.ops.ctx.Faults, o.ops.ctx.LateRows = o.faults, 0
	o.ops.late.Take()
}

// read pushes the input through the operators, segment by segment.
func (o *outcome) read(d *Driver, r *run, part int) error {
	segments := len(r.batch.segments)
	readers := map[int][]reader{}
	for _, e := range r.stage.reads {
		from := r.batch.runs[e.from.number]
		sent, err := d.sent(from, e)
		if err != nil {
			return err
		}
		for _, wrote := range sent {
			if wrote == nil {
				continue
			}
			b := wrote[part]
			if b.place != nil {
				if b, err = b.load(); err != nil {
					return &unreadable{err, from, e}
				}
				o.loaded++
			}
			readers[e.node] = append(readers[e.node], newReader(b, segments))
		}
	}
	for s := range segments {
		if err := r.feedsOf(s, part, o.pull, o.pullPast); err != nil {
			return err
		}
		for _, e := range r.stage.reads {
			if err := rowsOf(readers[e.node], func(b *vec.Batch) error { return o.push(e.node, b) }); err != nil {
				return err
			}
		}
		if err := o.watermarks(r, s); err != nil {
			return err
		}
		if s < segments-1 {
			if err := o.ops.instance.EndEpoch(); err != nil {
				return err
			}
			for _, w := range o.ops.writers {
				w.Barrier(exchange.Barrier{Within: true})
			}
		}
	}
	return nil
}

func (o *outcome) push(node int, b *vec.Batch) error {
	o.rows += int64(b.Rows())
	if a := o.attempt; a != nil {
		a.progress.Add(1)
		if a.task.done() {
			return errOvertaken
		}
	}
	if !o.search {
		return o.ops.instance.Push(node, b)
	}
	one := *b
	for k := range b.Rows() {
		i := int32(b.Row(k))
		o.row = vec.RowText(b, int(i))
		one.Sel = []int32{i}
		if err := o.ops.instance.Push(node, &one); err != nil {
			return err
		}
	}
	o.row = ""
	return nil
}

// pull reads an input to its end.
func (o *outcome) pull(leaf int, in exchange.Input) error {
	f, err := in.Open()
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		item, err := f.Next()
		if err != nil || item == exchange.NoItem {
			return err
		}
		if err := o.take(leaf, item); err != nil {
			return err
		}
	}
}

// pullPast reads inputs of some leaves, the items of all of them in the order of their epochs.
func (o *outcome) pullPast(leaves []int, ins []exchange.Input) error {
	return exchange.InOrder(ins, func(i int, item exchange.Item) error { return o.take(leaves[i], item) })
}

func (o *outcome) take(leaf int, item exchange.Item) error {
	if item.Batch != nil {
		o.ops.ctx.Epoch = item.Epoch
		return o.push(leaf, item.Batch)
	}
	o.leaves[leaf] = item.Watermark
	return o.ops.instance.Watermark(leaf, item.Watermark)
}

// watermarks raises those that move at the end of a segment.
func (o *outcome) watermarks(r *run, s int) error {
	for _, node := range r.stage.inputs() {
		marks := r.moved[node]
		if marks == nil || marks[s] == op.NoWatermark {
			continue
		}
		if s > 0 && marks[s] == marks[s-1] || s == 0 && marks[s] == r.before[node] {
			continue
		}
		if err := o.ops.instance.Watermark(node, marks[s]); err != nil {
			return err
		}
	}
	return nil
}

// finish ends the step, at the recorded time of its epoch, and takes what came of it.
func (o *outcome) finish(p *partition, time int64) error {
	o.ops.ctx.Time = time
	if err := o.ops.instance.EndStep(); err != nil {
		return err
	}
	for i, w := range o.ops.writers {
		w.Barrier(exchange.Barrier{})
		blocks := make([]*block, len(o.ops.targets[i]))
		for k, t := range o.ops.targets[i] {
			blocks[k] = t.take()
		}
		o.blocks = append(o.blocks, blocks)
	}
	if o.ops.root != nil {
		o.output, o.newest = o.ops.root.Take(), o.ops.root.Newest
	}
	o.lates, o.late, o.due = o.ops.ctx.LateRows, o.ops.late.Take(), o.ops.instance.Due()
	o.states = driver.Freeze(o.ops.instance, p.number)
	return nil
}

// drop gives back what an attempt made that is not wanted.
func (o *outcome) drop() {
	driver.Release(o.states)
	if o.ops != nil {
		o.ops.drop()
	}
}

// lostState reports whether an error says that a partition's state could not be read.
func lostState(err error) bool {
	var p *errPanic
	if errors.As(err, &p) {
		return false
	}
	code := sqlerr.CodeOf(err)
	return code == sqlerr.DataCorrupted || code == sqlerr.IOError
}

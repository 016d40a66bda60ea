package pipelined

import (
	"runtime/debug"
	"sync"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/state"
)

// stepMessages bounds a step: enough to pay for waking a goroutine, few enough that a barrier is never long behind.
const stepMessages = 32

// task is an instance of a stage with its inputs and outputs.
type task struct {
	driver   *Driver
	name     string
	number   int
	owner    [state.Groups]int
	root     bool
	ctx      op.Context
	late     driver.Late
	instance *graph.Instance
	machine  sched.Machine
	inputs   []*input
	outputs  []*exchange.Partitioner
	sends    []*exchange.Channel
	result   *driver.Root
	turn     int   // the input to look at next
	aligned  int   // inputs that stand at the barrier
	waiting  int64 // since when the first of them does
	held     hold
	failed   bool

	mu    sync.Mutex // guards what Stats reads
	stats []driver.Stat
	times driver.Shares
}

// input is a channel from a leaf's feeder or one task of the stage below.
type input struct {
	ch      *exchange.Channel
	node    int
	leaf    bool
	feed    exchange.Feed // of the message at the head, once it is being read
	peeked  bool          // item is the feed's next
	item    exchange.Item
	blocked bool    // stands at the barrier
	held    []int64 // watermarks of a leaf that wait for the barrier
	mark    *nodeMark
	port    int // among the inputs of the node
}

// nodeMark merges the watermarks of all producers of a node.
type nodeMark struct {
	low   op.LowWatermark
	ports int
}

func (t *task) addInput(node int, c *exchange.Channel, leaf bool) {
	in := &input{ch: c, node: node, leaf: leaf}
	for _, x := range t.inputs {
		if x.node == node {
			in.mark = x.mark
		}
	}
	if in.mark == nil {
		in.mark = &nodeMark{}
	}
	in.port = in.mark.ports
	in.mark.ports++
	in.mark.low = op.NewLowWatermark(in.mark.ports)
	t.inputs = append(t.inputs, in)
}

// step takes a few messages.
func (t *task) step() (again bool) {
	if t.failed {
		return false
	}
	t.times.Begin(t.driver.cfg.Sched.Now())
	defer func() { t.times.End(t.driver.cfg.Sched.Now()) }()
	defer func() {
		if r := recover(); r != nil {
			t.fail(sqlerr.Internal("panic: %v\n%s", r, debug.Stack()))
			again = false
		}
	}()
	if !t.release() {
		return false
	}
	for range stepMessages {
		if t.backPressured() {
			t.times.Pressed = true
			return false
		}
		in, m, err := t.next()
		if in == nil && err == nil {
			return false
		}
		if err == nil {
			err = t.take(in, m)
		}
		if err != nil {
			t.fail(err)
			return false
		}
	}
	return true
}

func (t *task) fail(err error) {
	t.failed = true
	t.driver.fail(t.name, err)
}

func (t *task) backPressured() bool {
	for _, p := range t.outputs {
		if p.Full() {
			return true
		}
	}
	return false
}

// next finds a message on an input that does not stand at the barrier, fairly.
func (t *task) next() (*input, exchange.Message, error) {
	for range t.inputs {
		in := t.inputs[t.turn]
		t.turn = (t.turn + 1) % len(t.inputs)
		if in.blocked {
			continue
		}
		m, ok := in.ch.Peek()
		if !ok {
			continue
		}
		if m.Kind == exchange.Scan && exchange.IsPast(m.Input) {
			if first, err := t.earliest(in, m.Input); err != nil || !first {
				if err != nil {
					return nil, m, err
				}
				continue
			}
		}
		return in, m, nil
	}
	return nil, exchange.Message{}, nil
}

// earliest reports whether no other leaf has, or may still get, an earlier item than the next one of an input of the past.
func (t *task) earliest(in *input, from exchange.Input) (bool, error) {
	if err := in.peek(from); err != nil {
		return false, err
	}
	for _, x := range t.inputs {
		if x == in || !x.leaf || x.blocked {
			continue
		}
		m, ok := x.ch.Peek()
		if !ok {
			return false, nil // its part of the past, or the barrier, is on its way
		}
		if m.Kind != exchange.Scan || !exchange.IsPast(m.Input) {
			continue
		}
		if err := x.peek(m.Input); err != nil || x.item.Before(in.item) {
			return false, err
		}
	}
	return true, nil
}

func (t *task) take(in *input, m exchange.Message) error {
	switch m.Kind {
	case exchange.Data:
		err := t.instance.Push(in.node, m.Batch)
		in.ch.Pop(false)
		return err
	case exchange.Scan:
		return t.pull(in, m.Input)
	case exchange.Watermark:
		in.ch.Pop(false)
		if in.leaf { // other leaves may have rows of the epoch that are still to be judged by the one before
			in.held = append(in.held, m.Time)
			return nil
		}
		return t.mark(in, m.Time)
	default:
		in.ch.Pop(false)
		in.blocked = true
		if t.aligned == 0 {
			t.waiting = t.driver.cfg.Sched.Now()
		}
		if t.aligned++; t.aligned < len(t.inputs) || t.hold(m.Barrier) {
			return nil
		}
		return t.cut(m.Barrier)
	}
}

// pull takes the next item of an input, which stays at the head of its channel until it has no more.
func (t *task) pull(in *input, from exchange.Input) error {
	if err := in.peek(from); err != nil {
		return err
	}
	item := in.item
	in.peeked = false
	switch {
	case item.Batch != nil:
		t.ctx.Epoch = item.Epoch
		return t.instance.Push(in.node, item.Batch)
	case item.Watermark != op.NoWatermark:
		return t.mark(in, item.Watermark)
	default:
		in.feed.Close()
		in.feed = nil
		from.Release()
		in.ch.Pop(false)
		return nil
	}
}

// peek makes item the next one of the message at the head.
func (in *input) peek(from exchange.Input) (err error) {
	if in.peeked {
		return nil
	}
	if in.feed == nil {
		if in.feed, err = from.Open(); err != nil {
			return err
		}
	}
	in.item, err = in.feed.Next()
	in.peeked = err == nil
	return err
}

func (t *task) mark(in *input, watermark int64) error {
	if low, moved := in.mark.low.Update(in.port, watermark); moved {
		return t.instance.Watermark(in.node, low)
	}
	return nil
}

// raise gives the operators the watermarks that the leaves have come to at the end of the epoch.
func (t *task) raise() error {
	for _, in := range t.inputs {
		for _, w := range in.held {
			if err := t.mark(in, w); err != nil {
				return err
			}
		}
		in.held = in.held[:0]
	}
	return nil
}

// cut ends the step, or an epoch within it: all inputs stand at the barrier.
func (t *task) cut(b exchange.Barrier) error {
	if err := t.raise(); err != nil {
		return err
	}
	var r report
	end := t.instance.EndStep
	if b.Within {
		end = t.instance.EndEpoch
	} else {
		t.ctx.Time = b.Time
	}
	if err := end(); err != nil {
		return err
	}
	if !b.Within {
		r = t.reportOf(b)
	}
	for _, p := range t.outputs {
		p.Barrier(b)
	}
	if !b.Within {
		t.driver.report(r)
		t.ctx.Faults.Reset()
		t.ctx.LateRows = 0
	}
	t.aligned = 0
	for _, in := range t.inputs {
		in.blocked = false
	}
	return nil
}

// reportOf is the task's part of a cut.
func (t *task) reportOf(b exchange.Barrier) report {
	r := report{barrier: b, aligned: t.driver.cfg.Sched.Now() - t.waiting, watermark: op.NoWatermark, due: t.instance.Due(), faults: t.ctx.Faults,
		late: t.ctx.LateRows, lateRows: t.late.Take()}
	if t.root {
		r.batches, r.watermark = t.result.Take(), t.result.Newest
	}
	if b.Snapshot {
		r.states = driver.Freeze(t.instance, t.number)
	}
	t.measure()
	return r
}

// measure copies the operators' counters for Stats.
func (t *task) measure() {
	busy, idle, pressed := t.times.Take(t.driver.cfg.Sched.Now())
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats = driver.Measure(t.stats[:0], t.instance, t.number)
	for i := range t.stats {
		t.stats[i].Busy, t.stats[i].Idle, t.stats[i].BackPressured = busy, idle, pressed
	}
	if len(t.stats) > 0 {
		t.stats[0].Worked = t.times.Ever()
	}
}

func (t *task) close() {
	for _, in := range t.inputs {
		if in.feed != nil {
			in.feed.Close()
			in.feed = nil
		}
		for {
			m, ok := in.ch.Peek()
			if !ok {
				break
			}
			if m.Input != nil {
				m.Input.Release()
			}
			in.ch.Pop(true)
		}
	}
	if t.instance == nil {
		return
	}
	driver.Drop(t.instance)
}

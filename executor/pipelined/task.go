package pipelined

import (
	"runtime/debug"
	"sync"

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
	instance *graph.Instance
	machine  sched.Machine
	inputs   []*input
	outputs  []*exchange.Partitioner
	sends    []*exchange.Channel
	result   result
	turn     int // the input to look at next
	aligned  int // inputs that stand at the barrier
	failed   bool

	mu         sync.Mutex // guards what Stats reads
	stats      []nodeStats
	stateBytes int64
}

type nodeStats struct {
	node  int
	stats graph.Stats
}

// input is a channel from a leaf's feeder or one task of the stage below.
type input struct {
	ch      *exchange.Channel
	node    int
	leaf    bool
	blocked bool // stands at the barrier
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
	defer func() {
		if r := recover(); r != nil {
			t.fail(sqlerr.Internal("panic: %v\n%s", r, debug.Stack()))
			again = false
		}
	}()
	for range stepMessages {
		if t.backPressured() {
			return false
		}
		in, m, ok := t.next()
		if !ok {
			return false
		}
		if err := t.take(in, m); err != nil {
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
func (t *task) next() (*input, exchange.Message, bool) {
	for range t.inputs {
		in := t.inputs[t.turn]
		t.turn = (t.turn + 1) % len(t.inputs)
		if in.blocked {
			continue
		}
		if m, ok := in.ch.Peek(); ok {
			return in, m, true
		}
	}
	return nil, exchange.Message{}, false
}

func (t *task) take(in *input, m exchange.Message) error {
	switch m.Kind {
	case exchange.Data:
		err := t.instance.Push(in.node, m.Batch)
		in.ch.Pop(false)
		return err
	case exchange.Scan:
		return t.pull(in, m.Feed)
	case exchange.Watermark:
		in.ch.Pop(false)
		return t.mark(in, m.Time)
	default:
		in.ch.Pop(false)
		in.blocked = true
		if t.aligned++; t.aligned < len(t.inputs) {
			return nil
		}
		return t.cut(m.Barrier)
	}
}

// pull takes the next item of a feed, which stays at the head of its channel until it has no more.
func (t *task) pull(in *input, f exchange.Feed) error {
	item, err := f.Next()
	switch {
	case err != nil:
		return err
	case item.Batch != nil:
		return t.instance.Push(in.node, item.Batch)
	case item.Watermark != op.NoWatermark:
		return t.mark(in, item.Watermark)
	default:
		f.Close()
		in.ch.Pop(false)
		return nil
	}
}

func (t *task) mark(in *input, watermark int64) error {
	if low, moved := in.mark.low.Update(in.port, watermark); moved {
		return t.instance.Watermark(in.node, low)
	}
	return nil
}

// cut ends the step: all inputs stand at the barrier.
func (t *task) cut(b exchange.Barrier) error {
	if err := t.instance.EndStep(); err != nil {
		return err
	}
	r := report{barrier: b, watermark: op.NoWatermark, faults: t.ctx.Faults, late: t.ctx.LateRows}
	if t.root {
		r.batches, r.watermark = t.result.gatherer.Take(), t.result.watermark
	}
	if b.Snapshot {
		r.versions = t.freeze()
	}
	t.measure()
	for _, p := range t.outputs {
		p.Barrier(b)
	}
	t.driver.report(r)
	t.ctx.Faults.Reset()
	t.ctx.LateRows = 0
	t.aligned = 0
	for _, in := range t.inputs {
		in.blocked = false
	}
	return nil
}

func (t *task) freeze() (out []TaskVersion) {
	for _, s := range t.instance.States() {
		out = append(out, TaskVersion{Node: s.Node, Index: s.Index, Task: t.number, Version: s.State.Freeze()})
	}
	return out
}

// measure copies the operators' counters for Stats.
func (t *task) measure() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stats = t.stats[:0]
	t.instance.Stats(func(node int, s graph.Stats) { t.stats = append(t.stats, nodeStats{node, s}) })
	t.stateBytes = 0
	for _, s := range t.instance.States() {
		t.stateBytes += s.State.Bytes()
	}
}

func (t *task) close() {
	for _, in := range t.inputs {
		for {
			m, ok := in.ch.Peek()
			if !ok {
				break
			}
			if m.Feed != nil {
				m.Feed.Close()
			}
			in.ch.Pop(true)
		}
	}
	if t.instance == nil {
		return
	}
	for _, s := range t.instance.States() {
		s.State.Release()
	}
	t.instance.Close()
}

// adopt takes over the key groups of a stored version that this task owns now.
func (t *task) adopt(s op.State, manifest []byte) error {
	v, err := s.OpenManifest(manifest)
	if err != nil {
		return err
	}
	defer v.Release()
	for g, owner := range t.owner {
		if owner != t.number || v.GroupRows(g) == 0 {
			continue
		}
		if err := s.AttachGroup(v.Group(g)); err != nil {
			return err
		}
	}
	return nil
}

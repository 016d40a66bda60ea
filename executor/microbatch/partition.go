package microbatch

import (
	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
)

// partition is a stage's share of the key groups. The driver's mutex guards it.
type partition struct {
	stage  *stage
	number int
	// states is the newest version; nil of a stage without state.
	states []driver.State
	// warm are operators that stand at that version; nil while a task has them, or none have been built.
	warm *operators
	// lost says that the version is gone and is being made again; no task begins before it is there.
	lost  bool
	times driver.Shares
	// newest is the task of the newest batch that the partition has one in; nil if it is done.
	newest *task
	// stats are the counters of operators, as of the last task that committed.
	stats []driver.Stat
}

// operators are an instance of a stage with its outputs. Tasks of one partition use them in turn; they are dropped with a task that fails.
type operators struct {
	instance *graph.Instance
	ctx      op.Context
	late     driver.Late
	root     *driver.Root
	writers  []*exchange.Partitioner
	targets  [][]*target // by the stage's outgoing edge and the reader's partition
}

// newOperators makes the operators of a partition, without state.
func (d *Driver) newOperators(p *partition) (*operators, error) {
	o := &operators{ctx: op.Context{Env: d.cfg.Env, Faults: &op.Faults{}}}
	o.late.Watch(&o.ctx)
	outputs := map[int][]op.Output{}
	for _, e := range p.stage.writes {
		targets := make([]*target, len(e.to.parts))
		list := make([]exchange.Target, len(targets))
		for i := range targets {
			targets[i] = &target{&block{}, &e.pool}
			list[i] = targets[i]
		}
		w := exchange.NewPartitioner(d.cfg.Plan.Nodes[e.node].Types, driver.Route(e.exchange, p.number, len(targets)), list)
		o.writers, o.targets = append(o.writers, w), append(o.targets, targets)
		outputs[e.node] = append(outputs[e.node], w)
	}
	if p.stage.Root {
		o.root = driver.NewRoot(d.cfg.Gather)
		outputs[graph.RootOutput] = []op.Output{o.root}
	}
	var err error
	o.instance, err = graph.NewInstance(d.cfg.Plan, p.stage.Stage, d.cfg.Mem, &o.ctx, outputs)
	return o, err
}

// build makes the operators of a partition at a version, with the watermarks that were in force there. begun says that the version
// is not the very first: what operators emit for no input at all has been emitted.
func (d *Driver) build(p *partition, states []driver.State, low map[int]int64, begun bool) (*operators, error) {
	o, err := d.newOperators(p)
	if err != nil {
		o.drop()
		return nil, err
	}
	owned := func(group int) bool { return p.stage.owner(group) == p.number }
	if err := driver.Adopt(o.instance, states, owned); err != nil {
		o.drop()
		return nil, err
	}
	if !begun {
		return o, nil
	}
	for _, node := range p.stage.inputs() {
		if t := low[node]; t != op.NoWatermark {
			if err := o.instance.Watermark(node, t); err != nil {
				o.drop()
				return nil, err
			}
		}
	}
	if err := o.instance.EndStep(); err != nil {
		o.drop()
		return nil, err
	}
	o.discard()
	return o, nil
}

// inputs are the plan nodes that rows come in at.
func (s *stage) inputs() []int {
	return append(s.Leaves[:len(s.Leaves):len(s.Leaves)], s.Inputs...)
}

// discard forgets what has been emitted.
func (o *operators) discard() {
	for i, w := range o.writers {
		w.Barrier(exchange.Barrier{})
		for _, t := range o.targets[i] {
			t.take()
		}
	}
	if o.root != nil {
		o.root.Take()
	}
}

func (o *operators) drop() {
	if o.instance != nil {
		driver.Drop(o.instance)
	}
}

// release gives up the version and the operators.
func (p *partition) release() {
	driver.Release(p.states)
	p.states = nil
	if p.warm != nil {
		p.warm.drop()
		p.warm = nil
	}
}

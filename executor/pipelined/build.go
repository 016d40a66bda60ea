package pipelined

import (
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
)

// builder makes a driver's tasks and the channels between them.
type builder struct {
	driver *Driver
	stages []*graph.Stage
	tasks  []int // of each stage
	// channels are those of an exchange into one of the stages that read it, by producing and consuming task.
	channels map[edge][][]*exchange.Channel
}

// edge is an exchange and a stage that reads it: a subplan that is shared has several readers.
type edge struct{ exchange, stage int }

func (b *builder) build() error {
	plan := b.driver.cfg.Plan
	b.stages = graph.Stages(plan)
	if b.driver.cfg.Tasks == 1 {
		b.stages = []*graph.Stage{graph.Fused(plan)}
	}
	b.tasks = make([]int, len(b.stages))
	for i, s := range b.stages {
		b.tasks[i] = b.driver.cfg.Tasks
		if s.Single {
			b.tasks[i] = 1
		}
	}
	for i, s := range b.stages {
		for number := range b.tasks[i] {
			if err := b.task(s, i, number, b.tasks[i]); err != nil {
				return err
			}
		}
	}
	b.connect()
	return nil
}

// task makes one task of a stage. Stages come in order, so the channels that it reads are there.
func (b *builder) task(s *graph.Stage, stage, number, of int) error {
	d := b.driver
	t := &task{driver: d, number: number, owner: exchange.Spread(of), root: s.Root,
		name: fmt.Sprintf("%s/%d.%d", d.cfg.Name, s.Nodes, number)}
	d.tasks = append(d.tasks, t)
	t.ctx = op.Context{Env: d.cfg.Env, Faults: &op.Faults{}}
	t.late.Watch(&t.ctx)
	t.result = driver.NewRoot(d.cfg.Gather)
	outputs := map[int][]op.Output{}
	for _, x := range s.Outputs {
		for i, reader := range b.stages {
			if slices.Contains(reader.Inputs, x) {
				outputs[x] = append(outputs[x], b.output(t, edge{x, i}, of))
			}
		}
	}
	if s.Root {
		outputs[graph.RootOutput] = []op.Output{t.result}
	}
	for _, leaf := range s.Leaves {
		c := exchange.NewChannel(exchange.DefaultRows)
		d.leaves[leaf] = append(d.leaves[leaf], c)
		t.addInput(leaf, c, true)
	}
	for _, x := range s.Inputs {
		for _, from := range b.channels[edge{x, stage}] {
			t.addInput(x, from[number], false)
		}
	}
	var err error
	t.instance, err = graph.NewInstance(d.cfg.Plan, s, d.cfg.Mem, &t.ctx, outputs)
	return err
}

// output makes the channels from a task through an exchange into a stage.
func (b *builder) output(t *task, e edge, producers int) op.Output {
	node := &b.driver.cfg.Plan.Nodes[e.exchange]
	ex := node.Op.(*physical.Exchange)
	out := make([]*exchange.Channel, b.tasks[e.stage])
	for i := range out {
		out[i] = exchange.NewChannel(exchange.DefaultRows / producers)
	}
	b.channels[e] = append(b.channels[e], out)
	targets := make([]exchange.Target, len(out))
	for i, c := range out {
		targets[i] = c
	}
	p := exchange.NewPartitioner(node.Types, driver.Route(ex, t.number, len(out)), targets)
	t.outputs = append(t.outputs, p)
	t.sends = append(t.sends, out...)
	return p
}

// connect starts the machines and tells each channel whom to wake.
func (b *builder) connect() {
	sender := map[*exchange.Channel]*task{}
	for _, t := range b.driver.tasks {
		t.machine = b.driver.cfg.Sched.Start(t.name, t.step)
		for _, c := range t.sends {
			sender[c] = t
		}
	}
	for _, t := range b.driver.tasks {
		for _, in := range t.inputs {
			if from := sender[in.ch]; from != nil {
				in.ch.Connect(from.machine.Wake, t.machine.Wake)
			} else {
				in.ch.Connect(b.driver.cfg.Wake, t.machine.Wake)
			}
		}
	}
}

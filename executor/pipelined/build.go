package pipelined

import (
	"fmt"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/state"
)

// builder makes a driver's tasks and the channels between them.
type builder struct {
	driver *Driver
	// channels are an exchange's, by producing and consuming task; width is how many tasks consume it.
	channels map[int][][]*exchange.Channel
	width    map[int]int
}

func (b *builder) build() error {
	plan := b.driver.cfg.Plan
	stages := graph.Stages(plan)
	tasks := make([]int, len(stages))
	for i, s := range stages {
		tasks[i] = b.driver.cfg.Tasks
		if s.Single {
			tasks[i] = 1
		}
		for _, in := range s.Inputs {
			b.width[in] = tasks[i]
		}
	}
	for i, s := range stages {
		for number := range tasks[i] {
			if err := b.task(s, number, tasks[i]); err != nil {
				return err
			}
		}
	}
	b.connect()
	return nil
}

// task makes one task of a stage. Stages come in order, so the channels that it reads are there.
func (b *builder) task(s *graph.Stage, number, of int) error {
	d := b.driver
	t := &task{driver: d, number: number, owner: exchange.Spread(of), root: s.Root,
		name: fmt.Sprintf("%s/%d.%d", d.cfg.Name, s.Nodes, number)}
	d.tasks = append(d.tasks, t)
	t.ctx = op.Context{Env: d.cfg.Env, Faults: &op.Faults{}, Late: d.cfg.Late}
	outputs := map[int]op.Output{}
	for _, x := range s.Outputs {
		outputs[x] = b.output(t, x, of)
	}
	if s.Root {
		outputs[graph.RootOutput] = &t.result
	}
	for _, leaf := range s.Leaves {
		c := exchange.NewChannel(exchange.DefaultRows)
		d.leaves[leaf] = append(d.leaves[leaf], c)
		t.addInput(leaf, c, true)
	}
	for _, x := range s.Inputs {
		for _, from := range b.channels[x] {
			t.addInput(x, from[number], false)
		}
	}
	var err error
	t.instance, err = graph.NewInstance(d.cfg.Plan, s, d.cfg.Mem, &t.ctx, outputs)
	return err
}

// output makes the channels from a task into an exchange.
func (b *builder) output(t *task, x, producers int) op.Output {
	node := &b.driver.cfg.Plan.Nodes[x]
	ex := node.Op.(*physical.Exchange)
	out := make([]*exchange.Channel, b.width[x])
	for i := range out {
		out[i] = exchange.NewChannel(exchange.DefaultRows / producers)
	}
	b.channels[x] = append(b.channels[x], out)
	routing := exchange.Routing{Keys: ex.Keys, Broadcast: ex.Exchange == physical.BroadcastExchange, Owner: exchange.Spread(len(out))}
	if ex.Exchange == physical.SingleExchange {
		routing.Owner = [state.Groups]int{}
	}
	p := exchange.NewPartitioner(node.Types, routing, out)
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

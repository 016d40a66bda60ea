package graph

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Instance is one task's operators. It has one user at a time.
type Instance struct {
	plan  *physical.Plan
	nodes []*node // by plan index; nil where another stage's
	order []*node // the operators, in plan order
}

// node is a plan node within an instance: its operator (nil for leaves and exchange inputs) and where its output goes.
type node struct {
	index int
	op    op.Operator
	out   fanOut
	Stats Stats
	// held is the watermark that waits for the cut, op.NoWatermark if none does.
	held int64
}

// holds reports whether the node's watermark waits for the cut: what comes out there belongs before it.
func (n *node) holds() bool {
	if _, ok := n.op.(op.Stateful); !ok {
		return false
	}
	p, ok := n.op.(op.Prompt)
	return !ok || !p.Prompt()
}

// Stats are an operator's counters.
type Stats struct {
	RowsIn, RowsOut, Batches int64
	// Watermark is the last watermark that it passed on.
	Watermark int64
}

// NewInstance makes the operators of a stage for one task and opens them. outputs are, for each of the stage's Outputs (and the
// root, under RootOutput), where its rows go.
func NewInstance(plan *physical.Plan, s *Stage, mem *state.Memory, ctx *op.Context, outputs map[int][]op.Output) (*Instance, error) {
	in := &Instance{plan: plan, nodes: make([]*node, len(plan.Nodes))}
	for _, list := range [][]int{s.Leaves, s.Inputs, s.Nodes} {
		for _, i := range list {
			n := &node{index: i, Stats: Stats{Watermark: op.NoWatermark}, held: op.NoWatermark}
			n.out.n = n
			in.nodes[i] = n
		}
	}
	for _, i := range s.Nodes {
		n := in.nodes[i]
		if _, ok := plan.Nodes[i].Op.(*physical.Root); ok {
			in.link(plan.Nodes[i].Inputs[0], outputs[RootOutput]...)
			continue
		}
		operator, err := build(plan, i, mem)
		if err != nil {
			in.Close()
			return nil, err
		}
		if err := operator.Open(ctx); err != nil {
			in.Close()
			return nil, err
		}
		n.op = operator
		in.order = append(in.order, n)
		for port, input := range plan.Nodes[i].Inputs {
			in.link(input, &edge{to: n, port: port})
		}
	}
	for _, i := range s.Outputs {
		in.link(plan.Nodes[i].Inputs[0], outputs[i]...)
	}
	return in, nil
}

// RootOutput is the key of the root's output in NewInstance.
const RootOutput = -1

// link leads the output of a node on. Within a fused stage an exchange is nothing but its input.
func (in *Instance) link(from int, out ...op.Output) {
	for in.nodes[from] == nil {
		from = in.plan.Nodes[from].Inputs[0]
	}
	n := in.nodes[from]
	n.out.to = append(n.out.to, out...)
}

// Push gives rows to the consumers of a leaf or an exchange.
func (in *Instance) Push(leaf int, b *vec.Batch) error { return in.nodes[leaf].out.Batch(b) }

// Watermark gives a leaf's or exchange's watermark to its consumers.
func (in *Instance) Watermark(leaf int, t int64) error { return in.nodes[leaf].out.Watermark(t) }

// EndStep ends the step in all operators.
func (in *Instance) EndStep() error {
	for _, n := range in.order {
		if err := n.op.EndStep(&n.out); err != nil {
			return err
		}
		if t := n.held; t != op.NoWatermark {
			n.held = op.NoWatermark
			if err := n.out.pass(t); err != nil {
				return err
			}
		}
	}
	return nil
}

// EndEpoch ends an epoch inside of a step, for the operators that go by epochs.
func (in *Instance) EndEpoch() error {
	for _, n := range in.order {
		if e, ok := n.op.(op.Epochal); ok {
			if err := e.EndEpoch(&n.out); err != nil {
				return err
			}
		}
	}
	return nil
}

// Due is the time at which the clock alone changes the output of an operator next; op.EndOfTime for never.
func (in *Instance) Due() int64 {
	due := int64(op.EndOfTime)
	for _, n := range in.order {
		if c, ok := n.op.(op.Clocked); ok {
			due = min(due, c.Due())
		}
	}
	return due
}

// Clocked reports whether the output of an operator changes as time passes.
func (in *Instance) Clocked() bool {
	return slices.ContainsFunc(in.order, func(n *node) bool { _, ok := n.op.(op.Clocked); return ok })
}

// StateRef names one state of an instance.
type StateRef struct {
	// Node is the plan node and Index which of its operator's states.
	Node, Index int
	State       op.State
}

// States are the states of all operators, in plan order.
func (in *Instance) States() []StateRef {
	var out []StateRef
	for _, n := range in.order {
		if s, ok := n.op.(op.Stateful); ok {
			for k, st := range s.State() {
				out = append(out, StateRef{n.index, k, st})
			}
		}
	}
	return out
}

// Stats calls f with the counters of each operator.
func (in *Instance) Stats(f func(node int, s Stats)) {
	for _, n := range in.nodes {
		if n != nil {
			f(n.index, n.Stats)
		}
	}
}

// Close closes the operators.
func (in *Instance) Close() {
	for _, n := range in.order {
		n.op.Close()
	}
}

// edge is the direct call from one operator's output to the next operator.
type edge struct {
	to   *node
	port int
}

func (e *edge) Batch(b *vec.Batch) error {
	e.to.Stats.RowsIn += int64(b.Rows())
	return e.to.op.Push(e.port, b, &e.to.out)
}

func (e *edge) Watermark(t int64) error { return e.to.op.Watermark(e.port, t, &e.to.out) }

// fanOut is a node's output: to one consumer, mostly.
type fanOut struct {
	n  *node
	to []op.Output
}

func (f *fanOut) Batch(b *vec.Batch) error {
	rows := b.Rows()
	if rows == 0 {
		return nil
	}
	f.n.Stats.RowsOut += int64(rows)
	f.n.Stats.Batches++
	for _, o := range f.to {
		if err := o.Batch(b); err != nil {
			return err
		}
	}
	return nil
}

func (f *fanOut) Watermark(t int64) error {
	if t <= f.n.Stats.Watermark {
		return nil
	}
	if f.n.holds() {
		f.n.held = max(f.n.held, t)
		return nil
	}
	return f.pass(t)
}

func (f *fanOut) pass(t int64) error {
	f.n.Stats.Watermark = t
	for _, o := range f.to {
		if err := o.Watermark(t); err != nil {
			return err
		}
	}
	return nil
}

func notBuilt(kind string) error {
	return sqlerr.Unsupported("the operator "+kind, "Report it: the planner should not have planned it.")
}

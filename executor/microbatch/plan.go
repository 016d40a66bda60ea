package microbatch

import (
	"slices"
	"time"

	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/state"
)

// leafPartitions is into how many tasks the rows of leaves are divided: more than there are workers, so that one that is slow does not
// hold up the others for long.
const leafPartitions = 8

// stage is a stage of the plan with its partitions.
type stage struct {
	*graph.Stage
	number   int
	parts    []*partition
	reads    []*edge // its exchange inputs
	writes   []*edge
	stateful bool
	// clocked says that an operator's output changes as time passes: no partition has nothing to do.
	clocked bool
	// low are the watermarks of its inputs, by plan node, at the end of the newest batch that it has finished.
	low map[int]int64
	// begun says that it has been through a batch: operators without input have emitted what they emit for none.
	begun bool
	// usual is how long its tasks took in the last run, of all the median.
	usual time.Duration
}

// edge is an exchange and a stage that reads it: a subplan that is shared has several readers.
type edge struct {
	index    int
	node     int // the exchange
	exchange *physical.Exchange
	from, to *stage
	// ports are the newest watermarks of the writer's partitions.
	ports []int64
	pool  pool
}

// layOut makes the stages of a plan.
func (d *Driver) layOut() {
	plan := d.cfg.Plan
	for i, s := range graph.Stages(plan) {
		st := &stage{Stage: s, number: i, low: map[int]int64{}}
		for _, n := range slices.Concat(s.Leaves, s.Inputs) {
			st.low[n] = op.NoWatermark
		}
		d.stages = append(d.stages, st)
	}
	for _, to := range d.stages {
		for _, x := range to.Inputs {
			from := d.writer(x)
			e := &edge{index: len(d.edges), node: x, exchange: plan.Nodes[x].Op.(*physical.Exchange), from: from, to: to}
			d.edges = append(d.edges, e)
			from.writes = append(from.writes, e)
			to.reads = append(to.reads, e)
		}
	}
	for _, s := range d.stages { // a stage comes after those that it reads
		for p := range partitions(s) {
			s.parts = append(s.parts, &partition{stage: s, number: p})
		}
		for _, e := range s.writes {
			e.ports = make([]int64, len(s.parts))
			for i := range e.ports {
				e.ports[i] = op.NoWatermark
			}
		}
	}
}

func (d *Driver) writer(exchange int) *stage {
	return d.stages[slices.IndexFunc(d.stages, func(s *stage) bool { return slices.Contains(s.Outputs, exchange) })]
}

// partitions is how many partitions a stage has: one for each key group where rows come by key, as many as its writer has where they
// are passed on as they lie.
func partitions(s *stage) int {
	if s.Single {
		return 1
	}
	n := 0
	for _, e := range s.reads {
		switch e.exchange.Exchange {
		case physical.ForwardExchange:
			n = max(n, len(e.from.parts))
		case physical.HashExchange:
			n = max(n, state.Groups)
		}
	}
	if n == 0 {
		n = leafPartitions
	}
	return n
}

// owner says which partition of a stage has a key group.
func (s *stage) owner(group int) int { return group * len(s.parts) / state.Groups }

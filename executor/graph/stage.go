package graph

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
)

// Stage is a part of a plan between exchanges. Its nodes are indices into the plan, ascending.
type Stage struct {
	// Nodes are the operators: everything but leaves and exchanges.
	Nodes []int
	// Leaves are the Scan and Values nodes, whose rows the driver pushes in.
	Leaves []int
	// Inputs are the Exchange nodes that it reads.
	Inputs []int
	// Outputs are the Exchange nodes that it writes.
	Outputs []int
	// Root says that the plan's root is here.
	Root bool
	// Single says that one task is enough: all its input comes through single exchanges or is constant.
	Single bool
}

// Stages cuts a plan at its exchanges, in an order in which a stage comes after those it reads.
func Stages(plan *physical.Plan) []*Stage {
	home := components(plan)
	byRoot := map[int]*Stage{}
	var stages []*Stage
	for i := range plan.Nodes {
		n := &plan.Nodes[i]
		s := byRoot[home[i]]
		if s == nil {
			s = &Stage{}
			byRoot[home[i]] = s
			stages = append(stages, s)
		}
		s.add(plan, i, n)
	}
	writer := func(exchange int) *Stage { return byRoot[home[exchange]] }
	stages = producersFirst(stages, writer)
	for _, s := range stages {
		s.Single = single(plan, s, writer)
	}
	return stages
}

// Fused is a plan for one task: a single stage, in which exchanges are passed over. Its nodes, and so its states, are those of Stages.
func Fused(plan *physical.Plan) *Stage {
	s := &Stage{Root: true, Single: true}
	for i := range plan.Nodes {
		switch plan.Nodes[i].Op.(type) {
		case *physical.Scan, *physical.Values:
			s.Leaves = append(s.Leaves, i)
		case *physical.Exchange:
		default:
			s.Nodes = append(s.Nodes, i)
		}
	}
	return s
}

// producersFirst puts each stage behind those whose exchanges it reads; no stages read each other in a circle.
func producersFirst(stages []*Stage, writer func(exchange int) *Stage) []*Stage {
	out, placed := make([]*Stage, 0, len(stages)), map[*Stage]bool{}
	var place func(s *Stage)
	place = func(s *Stage) {
		if placed[s] {
			return
		}
		placed[s] = true
		for _, in := range s.Inputs {
			place(writer(in))
		}
		out = append(out, s)
	}
	for _, s := range stages {
		place(s)
	}
	return out
}

// components gives each node the number of its stage: nodes joined by an edge that is not an exchange's output are in one.
func components(plan *physical.Plan) []int {
	parent := make([]int, len(plan.Nodes))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			i = parent[i]
		}
		return i
	}
	for i := range plan.Nodes {
		for _, in := range plan.Nodes[i].Inputs {
			if _, ok := plan.Nodes[in].Op.(*physical.Exchange); !ok {
				parent[find(i)] = find(in)
			}
		}
	}
	for i := range parent {
		parent[i] = find(i)
	}
	return parent
}

func (s *Stage) add(plan *physical.Plan, i int, n *physical.Node) {
	switch n.Op.(type) {
	case *physical.Scan, *physical.Values:
		s.Leaves = append(s.Leaves, i)
	case *physical.Exchange:
		s.Outputs = append(s.Outputs, i)
	case *physical.Root:
		s.Root = true
		s.Nodes = append(s.Nodes, i)
	default:
		s.Nodes = append(s.Nodes, i)
	}
	for _, in := range n.Inputs {
		if _, ok := plan.Nodes[in].Op.(*physical.Exchange); ok && !slices.Contains(s.Inputs, in) {
			s.Inputs = append(s.Inputs, in)
		}
	}
}

// single tells Stage.Single of a stage, once it is known of those before it; writer gives the stage that writes an exchange.
func single(plan *physical.Plan, s *Stage, writer func(exchange int) *Stage) bool {
	for _, in := range s.Inputs {
		switch plan.Nodes[in].Op.(*physical.Exchange).Exchange {
		case physical.SingleExchange:
		case physical.ForwardExchange:
			if !writer(in).Single {
				return false
			}
		default:
			return false
		}
	}
	for _, l := range s.Leaves {
		if _, ok := plan.Nodes[l].Op.(*physical.Scan); ok {
			return false
		}
	}
	return true
}

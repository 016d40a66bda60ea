package database

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// aggregate is an aggregate over a node whose rows are brought together by its keys; without keys, in one task. Half of those that can be
// are over partial aggregates, whose calls are then merged.
func (p *planner) aggregate(s *simulation, a *physical.Aggregate, out []types.Type, in int) int {
	if mergeable(a) && s.rng.IntN(2) == 0 {
		in = p.partial(a, in)
	}
	if a.Global {
		return p.add(a, out, p.add(&physical.Exchange{Exchange: physical.SingleExchange}, p.nodes[in].Types, in))
	}
	return p.add(a, out, p.hash(in, a.Keys...))
}

func mergeable(a *physical.Aggregate) bool {
	for _, c := range a.Calls {
		if !fn.FindAggregate(c.Name, c.ArgTypes).Retractable && !a.AppendOnly {
			return false
		}
	}
	return true
}

// partial aggregates a node's rows partially, and makes a the aggregate that merges that.
func (p *planner) partial(a *physical.Aggregate, in int) int {
	below := &physical.PartialAggregate{Keys: a.Keys, Calls: a.Calls, AppendOnly: a.AppendOnly}
	row := p.nodes[in].Types
	var ts []types.Type
	a.Keys = nil
	for i, k := range below.Keys {
		a.Keys, ts = append(a.Keys, i), append(ts, row[k])
	}
	a.Partial, ts = &physical.Partial{Count: len(ts)}, append(ts, int8T)
	a.Calls = nil
	for _, c := range below.Calls {
		if len(c.Args) > 0 {
			args := make([]types.Type, len(c.Args))
			for i, x := range c.Args {
				args[i] = row[x]
			}
			c.Args = nil
			for _, t := range fn.FindAggregate(c.Name, c.ArgTypes).State(args) {
				c.Args, ts = append(c.Args, len(ts)), append(ts, t)
			}
		}
		a.Calls = append(a.Calls, c)
	}
	return p.add(below, ts, in)
}

// highestShape is SELECT k, max(v) FROM r GROUP BY k over an input that never takes a row back.
var highestShape = shape{"highest", 1, func(s *simulation, p *planner, in []uint32) int {
	highest := physical.AggCall{Name: "max", ArgTypes: []types.Type{int8T}, Args: []int{1}, Filter: physical.NoColumn, Type: int8T}
	return p.aggregate(s, &physical.Aggregate{Keys: []int{0}, Calls: []physical.AggCall{highest}, AppendOnly: true, WindowEnd: physical.NoColumn,
		WindowStart: physical.NoColumn}, pair, p.scan(in[0], pair))
}, func(in []bag) bag {
	return in[0].groups(func(v bag) int64 { return v.values(func(a, b int64) int64 { return max(a, b) }, false) })
}}

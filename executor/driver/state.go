package driver

import (
	"fmt"

	"github.com/streamdb/streamdb/executor/exchange"
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/storage/state"
)

// Freeze is the state of a task's operators as it is now. The caller releases it.
func Freeze(in *graph.Instance, task int) (out []State) {
	for _, s := range in.States() {
		out = append(out, State{Node: s.Node, Index: s.Index, Task: task, Version: s.State.Freeze()})
	}
	return out
}

// Adopt gives a new instance the key groups that it owns of the states that some tasks had.
func Adopt(in *graph.Instance, states []State, owned func(group int) bool) error {
	for _, to := range in.States() {
		for _, from := range states {
			if from.Node != to.Node || from.Index != to.Index {
				continue
			}
			if err := adopt(to, from, owned); err != nil {
				return fmt.Errorf("state %d of plan node %d: %w", to.Index, to.Node, err)
			}
		}
	}
	return nil
}

// loadBytes is how much of a stored state is read before its operators go on: the rest is read when it is used.
const loadBytes = 256 << 20

// Open gives stored states as versions, each once for all the tasks that adopt parts of them, whose stage in is an instance of, with their
// pages in memory: most of them will be used at once. States that are versions already are retained. The caller releases all.
func Open(in *graph.Instance, states []State) (out []State, err error) {
	for _, to := range in.States() {
		for _, s := range states {
			if s.Node != to.Node || s.Index != to.Index {
				continue
			}
			if s.Version != nil {
				s.Version.Retain()
			} else {
				if s.Version, err = to.State.OpenManifest(s.Manifest); err != nil {
					Release(out)
					return nil, fmt.Errorf("state %d of plan node %d: %w", to.Index, to.Node, err)
				}
				s.Version.Load(loadBytes)
			}
			out = append(out, s)
		}
	}
	return out, nil
}

func adopt(to graph.StateRef, from State, owned func(group int) bool) error {
	v := from.Version
	if v == nil {
		var err error
		if v, err = to.State.OpenManifest(from.Manifest); err != nil {
			return err
		}
		defer v.Release()
	}
	for g := range state.Groups {
		if !owned(g) || v.GroupRows(g) == 0 {
			continue
		}
		group := v.Group(g)
		if err := to.State.AttachGroup(group); err != nil {
			group.Release()
			return err
		}
	}
	return nil
}

// Drop closes an instance and gives back its state.
func Drop(in *graph.Instance) {
	for _, s := range in.States() {
		s.State.Release()
	}
	in.Close()
}

// Measure appends the counters of an instance's operators.
func Measure(dst []Stat, in *graph.Instance, task int) []Stat {
	bytes := map[int]int64{}
	for _, s := range in.States() {
		bytes[s.Node] += s.State.Bytes()
	}
	in.Stats(func(node int, s graph.Stats) {
		dst = append(dst, Stat{Node: node, Task: task, Stats: s, StateBytes: bytes[node]})
	})
	return dst
}

// Route says which of the tasks that read an exchange gets a row of the given writer.
func Route(x *physical.Exchange, writer, readers int) exchange.Routing {
	r := exchange.Routing{Keys: x.Keys, Broadcast: x.Exchange == physical.BroadcastExchange, Owner: exchange.Spread(readers)}
	switch x.Exchange {
	case physical.SingleExchange:
		r.Owner = [state.Groups]int{}
	case physical.ForwardExchange:
		for g := range r.Owner {
			r.Owner[g] = writer
		}
	}
	return r
}

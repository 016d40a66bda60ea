package system

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
)

// holders tells why the watermarks of a job's operators hold: which of its inputs is the furthest behind, and why that is.
type holders struct {
	db    *database.Database
	plan  *physical.Plan
	known map[int]int64 // the lowest watermark of each node's tasks
}

func newHolders(db *database.Database, plan *physical.Plan, tasks []operatorTask) *holders {
	h := &holders{db: db, plan: plan, known: map[int]int64{}}
	for _, x := range tasks {
		if low, ok := h.known[x.Node]; !ok || x.Watermark < low {
			h.known[x.Node] = x.Watermark
		}
	}
	return h
}

// watermark is that of a node. An exchange inside of a task is nothing but its input.
func (h *holders) watermark(node int) int64 {
	if w, ok := h.known[node]; ok {
		return w
	}
	low := int64(op.EndOfTime)
	for _, in := range h.plan.Nodes[node].Inputs {
		low = min(low, h.watermark(in))
	}
	return low
}

// of says what holds a node's watermark; it is empty if nothing does, as all inputs have ended.
func (h *holders) of(node int) string {
	if node < 0 || node >= len(h.plan.Nodes) {
		return ""
	}
	for {
		n := &h.plan.Nodes[node]
		if scan, ok := n.Op.(*physical.Scan); ok {
			if scan.ByClock && h.watermark(node) != op.EndOfTime {
				return scan.Name + ": goes by the clock"
			}
			return h.reason(node, scan.Relation)
		}
		if len(n.Inputs) == 0 {
			return ""
		}
		node = n.Inputs[0]
		for _, in := range n.Inputs[1:] {
			if h.watermark(in) < h.watermark(node) {
				node = in
			}
		}
	}
}

// reason says why a scan's watermark is not higher.
func (h *holders) reason(node int, relation uint32) string {
	o, ok := h.db.Object(relation)
	if !ok || o.Relation == nil {
		return ""
	}
	_, waits := o.Meta.Option("idle_timeout")
	switch name, w := o.Meta.Name, h.watermark(node); {
	case w == op.EndOfTime:
		return ""
	case o.Meta.Watermark == nil:
		return name + ": has no event time"
	case o.Relation.Idle():
		return name + ": is idle"
	case w == op.NoWatermark:
		return name + ": no row has moved its watermark yet"
	case o.Meta.Kind == catalog.Stream && !waits:
		return name + ": waits for rows, and has no idle_timeout"
	default:
		return name + ": waits for rows"
	}
}

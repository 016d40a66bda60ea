package system

import (
	"github.com/streamdb/streamdb/executor/graph"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// operatorTask is one task of an operator of a view or sink, with its counters.
type operatorTask struct {
	view, operator string
	node, task     int
	graph.Stats
}

// operatorTasks are those of all jobs, in the order of plans.
func operatorTasks(s *scan, emit func(operatorTask) error) error {
	db := s.Running()
	if db == nil {
		return nil
	}
	for _, r := range s.cat.Relations() {
		o, ok := db.Object(r.OID)
		if !ok || o.Job == nil {
			continue
		}
		list, err := tasksOf(r, o.Job.Stats)
		if err != nil {
			return err
		}
		if err := emitAll(list, emit); err != nil {
			return err
		}
	}
	return nil
}

func tasksOf(r *catalog.Relation, stats func(func(node, task int, s graph.Stats))) ([]operatorTask, error) {
	plan, err := physical.Decode(r.ViewDef.Plan)
	if err != nil {
		return nil, err
	}
	var out []operatorTask
	stats(func(node, task int, s graph.Stats) {
		x := operatorTask{view: r.Name, node: node, task: task, Stats: s}
		if node >= 0 && node < len(plan.Nodes) {
			x.operator = plan.Nodes[node].Op.Kind()
		}
		out = append(out, x)
	})
	return out, nil
}

// The share of time that an operator is busy or waits for others, and the state of each operator, are not measured yet.
var streamOperators = table[operatorTask]{
	oid: 13603, name: "operators", view: true,
	columns: `view text, operator text, task integer, rows_in bigint, rows_out bigint, busy double precision, backpressured double precision,
		state_bytes bigint, watermark timestamp without time zone, node integer`,
	rows: operatorTasks,
	values: values[operatorTask]{
		"view":      func(x operatorTask) types.Datum { return str(x.view) },
		"operator":  func(x operatorTask) types.Datum { return str(x.operator) },
		"task":      func(x operatorTask) types.Datum { return num(x.task) },
		"rows_in":   func(x operatorTask) types.Datum { return num(x.RowsIn) },
		"rows_out":  func(x operatorTask) types.Datum { return num(x.RowsOut) },
		"watermark": func(x operatorTask) types.Datum { return timestamp(x.Watermark) },
		"node":      func(x operatorTask) types.Datum { return num(x.node) },
	},
}

package system

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// operatorTask is one task of an operator of a view or sink, with its counters.
type operatorTask struct {
	view, operator string
	held           string // what its watermark waits for
	driver.Stat
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
		list, err := tasksOf(db, r, o.Job.Stats)
		if err != nil {
			return err
		}
		if err := emitAll(list, emit); err != nil {
			return err
		}
	}
	return nil
}

func tasksOf(db *database.Database, r *catalog.Relation, stats func(func(driver.Stat))) ([]operatorTask, error) {
	plan, err := physical.Decode(r.ViewDef.Plan)
	if err != nil {
		return nil, err
	}
	var out []operatorTask
	stats(func(s driver.Stat) {
		x := operatorTask{view: r.Name, Stat: s}
		if s.Node >= 0 && s.Node < len(plan.Nodes) {
			x.operator = plan.Nodes[s.Node].Op.Kind()
		}
		out = append(out, x)
	})
	h := newHolders(db, plan, out)
	for i := range out {
		out[i].held = h.of(out[i].Node)
	}
	return out, nil
}

// Operators of a task call each other, so the shares of its time are the same for all of them.
var streamOperators = table[operatorTask]{
	oid: 13603, name: "operators", view: true,
	columns: `view text, operator text, task integer, rows_in bigint, rows_out bigint, busy double precision, idle double precision,
		backpressured double precision, state_bytes bigint, watermark timestamp without time zone, node integer, held_by text`,
	rows: operatorTasks,
	values: values[operatorTask]{
		"view":          func(x operatorTask) types.Datum { return str(x.view) },
		"operator":      func(x operatorTask) types.Datum { return str(x.operator) },
		"task":          func(x operatorTask) types.Datum { return num(x.Task) },
		"rows_in":       func(x operatorTask) types.Datum { return num(x.RowsIn) },
		"rows_out":      func(x operatorTask) types.Datum { return num(x.RowsOut) },
		"busy":          func(x operatorTask) types.Datum { return types.NewFloat(x.Busy) },
		"idle":          func(x operatorTask) types.Datum { return types.NewFloat(x.Idle) },
		"backpressured": func(x operatorTask) types.Datum { return types.NewFloat(x.BackPressured) },
		"state_bytes":   func(x operatorTask) types.Datum { return num(x.StateBytes) },
		"watermark":     func(x operatorTask) types.Datum { return timestamp(x.Watermark) },
		"node":          func(x operatorTask) types.Datum { return num(x.Node) },
		"held_by":       func(x operatorTask) types.Datum { return given(x.held) },
	},
}

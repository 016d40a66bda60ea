package system

import (
	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/sql/types"
)

// viewBatch is a micro-batch of a view or sink.
type viewBatch struct {
	view string
	driver.BatchInfo
}

// viewBatches are the newest batches of all views and sinks that run in micro-batches.
func viewBatches(s *scan, emit func(viewBatch) error) error {
	db := s.Running()
	if db == nil {
		return nil
	}
	for _, r := range s.cat.Relations() {
		o, ok := db.Object(r.OID)
		if !ok || o.Job == nil {
			continue
		}
		for _, b := range o.Job.Batches() {
			if err := emit(viewBatch{r.Name, b}); err != nil {
				return err
			}
		}
	}
	return nil
}

func micros(n int64) types.Datum { return types.NewInterval(0, 0, n) }

var streamBatches = table[viewBatch]{
	oid: 13606, name: "batches", view: true,
	columns: `view text, epoch bigint, started timestamp with time zone, input_rows bigint, tasks integer, planning interval, scheduling interval,
		run interval, commit interval, retries integer, speculative integer`,
	rows: viewBatches,
	values: values[viewBatch]{
		"view":        func(x viewBatch) types.Datum { return str(x.view) },
		"epoch":       func(x viewBatch) types.Datum { return num(int64(x.Epoch)) },
		"started":     func(x viewBatch) types.Datum { return num(x.Started) },
		"input_rows":  func(x viewBatch) types.Datum { return num(x.Rows) },
		"tasks":       func(x viewBatch) types.Datum { return num(x.Tasks) },
		"planning":    func(x viewBatch) types.Datum { return micros(x.Planning) },
		"scheduling":  func(x viewBatch) types.Datum { return micros(x.Scheduling) },
		"run":         func(x viewBatch) types.Datum { return micros(x.Run) },
		"commit":      func(x viewBatch) types.Datum { return micros(x.Commit) },
		"retries":     func(x viewBatch) types.Datum { return num(x.Retries) },
		"speculative": func(x viewBatch) types.Datum { return num(x.Speculative) },
	},
}

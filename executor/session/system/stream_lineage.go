package system

import (
	"github.com/streamdb/streamdb/executor/driver"
	"github.com/streamdb/streamdb/sql/types"
)

// viewLineage is what a view or sink has made again after failures.
type viewLineage struct {
	view     string
	restarts int64
	driver.LineageInfo
}

// viewLineages are those of all views and sinks.
func viewLineages(s *scan, emit func(viewLineage) error) error {
	db := s.Running()
	if db == nil {
		return nil
	}
	for _, r := range s.cat.Relations() {
		o, ok := db.Object(r.OID)
		if !ok || o.Job == nil {
			continue
		}
		if err := emit(viewLineage{r.Name, o.Job.Restarts(), o.Job.Lineage()}); err != nil {
			return err
		}
	}
	return nil
}

// Restarts are counted in both models since the server's start, all else in micro-batches since the view began to run in them.
// kept_rows have come in since the newest snapshot; rebuilt_rows are those that the tasks read again which rebuilt lost partitions.
var streamLineage = table[viewLineage]{
	oid: 13608, name: "lineage", view: true,
	columns: `view text, restarts bigint, failures bigint, rebuilt_partitions bigint, rebuilt_tasks bigint, rebuilt_rows bigint, rebuilt_blocks bigint,
		rebuild_time interval, kept_batches bigint, kept_rows bigint, kept_bytes bigint, dropped_batches bigint,
		spilled_batches bigint, loaded_blocks bigint`,
	rows: viewLineages,
	values: values[viewLineage]{
		"view":               func(x viewLineage) types.Datum { return str(x.view) },
		"restarts":           func(x viewLineage) types.Datum { return num(x.restarts) },
		"failures":           func(x viewLineage) types.Datum { return num(x.Failures) },
		"rebuilt_partitions": func(x viewLineage) types.Datum { return num(x.Partitions) },
		"rebuilt_tasks":      func(x viewLineage) types.Datum { return num(x.Tasks) },
		"rebuilt_rows":       func(x viewLineage) types.Datum { return num(x.Rows) },
		"rebuilt_blocks":     func(x viewLineage) types.Datum { return num(x.Blocks) },
		"rebuild_time":       func(x viewLineage) types.Datum { return micros(x.Took) },
		"kept_batches":       func(x viewLineage) types.Datum { return num(x.KeptBatches) },
		"kept_rows":          func(x viewLineage) types.Datum { return num(x.KeptRows) },
		"kept_bytes":         func(x viewLineage) types.Datum { return num(x.KeptBytes) },
		"spilled_batches":    func(x viewLineage) types.Datum { return num(x.Spilled) },
		"loaded_blocks":      func(x viewLineage) types.Datum { return num(x.Loaded) },
		"dropped_batches":    func(x viewLineage) types.Datum { return num(x.Dropped) },
	},
}

package system

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/sql/types"
)

// lateRow is a row that a view has left out, with the view's name.
type lateRow struct {
	view string
	database.LateRow
}

func lateRows(s *scan, emit func(lateRow) error) error {
	db := s.Running()
	if db == nil {
		return nil
	}
	for _, r := range db.LateRows() {
		for _, meta := range s.cat.Computed(r.View) {
			if err := emit(lateRow{meta.Name, r}); err != nil {
				return err
			}
		}
	}
	return nil
}

var streamLateRows = table[lateRow]{
	oid: 13607, name: "late_rows", view: true,
	columns: `view text, epoch bigint, watermark timestamp without time zone, reason text, row text`,
	rows:    lateRows,
	values: values[lateRow]{
		"view":      func(x lateRow) types.Datum { return str(x.view) },
		"epoch":     func(x lateRow) types.Datum { return num(int64(x.Cut)) },
		"watermark": func(x lateRow) types.Datum { return timestamp(x.Watermark) },
		"reason":    func(x lateRow) types.Datum { return str(x.Reason()) },
		"row":       func(x lateRow) types.Datum { return str(x.Row) },
	},
}

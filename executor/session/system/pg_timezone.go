package system

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// The view pg_timezone_names shows the rows of the function of that name.
var pgTimezoneNames = table[[]types.Datum]{
	oid: 12126, name: "pg_timezone_names", view: true,
	columns: `name text, abbrev text, utc_offset interval, is_dst boolean`,
	rows: func(s *scan, emit func([]types.Datum) error) error {
		c := &fn.Ctx{}
		c.Use(s.env)
		return fn.Lookup("pg_timezone_names")[0].Table(c, nil, emit)
	},
	values: values[[]types.Datum]{
		"name":       func(row []types.Datum) types.Datum { return row[0] },
		"abbrev":     func(row []types.Datum) types.Datum { return row[1] },
		"utc_offset": func(row []types.Datum) types.Datum { return row[2] },
		"is_dst":     func(row []types.Datum) types.Datum { return row[3] },
	},
}

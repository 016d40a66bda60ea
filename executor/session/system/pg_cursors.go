package system

import (
	"github.com/streamdb/streamdb/sql/types"
)

var pgPreparedStatements = table[Prepared]{
	oid: 12095, name: "pg_prepared_statements", view: true,
	columns: `name text, statement text, prepare_time timestamp with time zone, parameter_types regtype[], from_sql boolean,
		generic_plans bigint, custom_plans bigint`,
	rows: func(s *scan, emit func(Prepared) error) error { return emitAll(s.Prepared(), emit) },
	values: values[Prepared]{
		"name":            func(p Prepared) types.Datum { return str(p.Name) },
		"statement":       func(p Prepared) types.Datum { return str(p.Text) },
		"prepare_time":    func(p Prepared) types.Datum { return known(p.Prepared) },
		"parameter_types": func(p Prepared) types.Datum { return list(types.Regtype, p.Params, typeOID) },
		"from_sql":        always[Prepared](flag(true)),
	},
}

var pgCursors = table[Cursor]{
	oid: 12077, name: "pg_cursors", view: true,
	columns: `name text, statement text, is_holdable boolean, is_binary boolean, is_scrollable boolean,
		creation_time timestamp with time zone`,
	rows: func(s *scan, emit func(Cursor) error) error { return emitAll(s.Cursors(), emit) },
	values: values[Cursor]{
		"name":          func(c Cursor) types.Datum { return str(c.Name) },
		"statement":     func(c Cursor) types.Datum { return str(c.Text) },
		"is_holdable":   func(c Cursor) types.Datum { return flag(c.Hold) },
		"is_binary":     always[Cursor](flag(false)),
		"is_scrollable": always[Cursor](flag(false)),
		"creation_time": func(c Cursor) types.Datum { return known(c.Declared) },
	},
}

package system

import (
	"github.com/streamdb/streamdb/sql/types"
)

var pgIndex = table[class]{
	oid: 2610, name: "pg_index",
	columns: `indexrelid oid!, indrelid oid!, indnatts smallint!, indnkeyatts smallint!, indisunique boolean!,
		indnullsnotdistinct boolean!, indisprimary boolean!, indisexclusion boolean!, indimmediate boolean!, indisclustered boolean!,
		indisvalid boolean!, indcheckxmin boolean!, indisready boolean!, indislive boolean!, indisreplident boolean!,
		indkey int2vector!, indcollation oidvector!, indclass oidvector!, indoption int2vector!, indexprs pg_node_tree,
		indpred pg_node_tree`,
	rows: indexes,
	values: values[class]{
		"indexrelid":   func(c class) types.Datum { return num(c.oid) },
		"indrelid":     func(c class) types.Datum { return num(c.on.OID) },
		"indnatts":     func(c class) types.Datum { return num(len(c.columns)) },
		"indnkeyatts":  func(c class) types.Datum { return num(len(c.columns)) },
		"indisunique":  func(c class) types.Datum { return flag(c.unique()) },
		"indisprimary": func(c class) types.Datum { return flag(c.primary()) },
		"indimmediate": always[class](flag(true)),
		"indisvalid":   always[class](flag(true)),
		"indisready":   always[class](flag(true)),
		"indislive":    always[class](flag(true)),
		"indkey":       func(c class) types.Datum { return vector(types.Int2Vector, c.columns, attnum) },
		"indcollation": func(c class) types.Datum {
			return vector(types.OIDVector, c.columns, func(at int) types.Datum { return num(collation(c.on.Columns[at].Type)) })
		},
		"indclass": func(c class) types.Datum {
			return vector(types.OIDVector, c.columns, func(at int) types.Datum { return num(operatorClass(c.on.Columns[at].Type)) })
		},
		"indoption": func(c class) types.Datum {
			options := make([]int, len(c.columns))
			for i := range options {
				options[i] = int(c.option(i))
			}
			return vector(types.Int2Vector, options, func(o int) types.Datum { return num(o) })
		},
	},
}

// indexOn is an index with the names of its schema and table.
type indexOn struct {
	class
	schemaName, definition string
}

var pgIndexes = table[indexOn]{
	oid: 12043, name: "pg_indexes", view: true,
	columns: `schemaname name, tablename name, indexname name, tablespace name, indexdef text`,
	rows: func(s *scan, emit func(indexOn) error) error {
		return indexes(s, func(c class) error { return emit(indexOn{c, s.schemaName(c.schema), indexDefinition(s.cat, c)}) })
	},
	values: values[indexOn]{
		"schemaname": func(x indexOn) types.Datum { return str(x.schemaName) },
		"tablename":  func(x indexOn) types.Datum { return str(x.on.Name) },
		"indexname":  func(x indexOn) types.Datum { return str(x.name) },
		"indexdef":   func(x indexOn) types.Datum { return str(x.definition) },
	},
}

package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// The domains of information_schema read as their base types. Its relations name the database in every row; standard adds it to
// what a row is made of.
type standard[R any] struct {
	of                R
	database, current string // the database, and the user
}

// inStandard makes the rows function of an information_schema relation from one of another relation.
func inStandard[R any](rows func(*scan, func(R) error) error) func(*scan, func(standard[R]) error) error {
	return func(s *scan, emit func(standard[R]) error) error {
		database, user := s.env.Database(), s.env.User()
		return rows(s, func(r R) error { return emit(standard[R]{r, database, user}) })
	}
}

// database is the column of the database's name.
func inDatabase[R any](x standard[R]) types.Datum { return str(x.database) }

// byUser is the column of the one role's name.
func byUser[R any](x standard[R]) types.Datum { return str(x.current) }

type standardNamed = standard[named]

func schemaOfNamed(x standardNamed) types.Datum { return str(x.of.schemaName) }
func nameOfNamed(x standardNamed) types.Datum   { return str(x.of.name) }

// tableType is the standard's kind of a relation.
func tableType(c class) string {
	switch c.kind {
	case kindView, kindMaterialized:
		return "VIEW"
	case kindForeign:
		return "FOREIGN"
	}
	return "BASE TABLE"
}

// writable reports whether rows can be inserted into a relation.
func (c class) writable() bool {
	return c.rel.Kind == catalog.Table || c.rel.Kind == catalog.Stream && c.rel.Connector == ""
}

// shown are the kinds that information_schema lists. PostgreSQL leaves materialized views out, as the standard has none; here
// they are views like others, and tools that list relations by information_schema should find them.
var shown = []byte{kindTable, kindView, kindMaterialized, kindForeign}

var schemaTables = table[standardNamed]{
	oid: 13425, name: "tables", view: true,
	columns: `table_catalog name, table_schema name, table_name name, table_type character varying, self_referencing_column_name name,
		reference_generation character varying, user_defined_type_catalog name, user_defined_type_schema name,
		user_defined_type_name name, is_insertable_into character varying(3), is_typed character varying(3),
		commit_action character varying`,
	rows: inStandard(withNames(shown...)),
	values: values[standardNamed]{
		"table_catalog": inDatabase[named], "table_schema": schemaOfNamed, "table_name": nameOfNamed,
		"table_type":         func(x standardNamed) types.Datum { return str(tableType(x.of.class)) },
		"is_insertable_into": func(x standardNamed) types.Datum { return yesNo(x.of.writable()) },
		"is_typed":           always[standardNamed](yesNo(false)),
	},
}

var schemaViews = table[standardNamed]{
	oid: 13483, name: "views", view: true,
	columns: `table_catalog name, table_schema name, table_name name, view_definition character varying, check_option character varying,
		is_updatable character varying(3), is_insertable_into character varying(3), is_trigger_updatable character varying(3),
		is_trigger_deletable character varying(3), is_trigger_insertable_into character varying(3)`,
	rows: inStandard(withNames(kindView, kindMaterialized)),
	values: values[standardNamed]{
		"table_catalog": inDatabase[named], "table_schema": schemaOfNamed, "table_name": nameOfNamed,
		"view_definition":            func(x standardNamed) types.Datum { return viewText(x.of) },
		"check_option":               always[standardNamed](str("NONE")),
		"is_updatable":               always[standardNamed](yesNo(false)),
		"is_insertable_into":         always[standardNamed](yesNo(false)),
		"is_trigger_updatable":       always[standardNamed](yesNo(false)),
		"is_trigger_deletable":       always[standardNamed](yesNo(false)),
		"is_trigger_insertable_into": always[standardNamed](yesNo(false)),
	},
}

type standardSchema = standard[*catalog.Schema]

var schemaSchemata = table[standardSchema]{
	oid: 13382, name: "schemata", view: true,
	columns: `catalog_name name, schema_name name, schema_owner name, default_character_set_catalog name,
		default_character_set_schema name, default_character_set_name name, sql_path character varying`,
	rows: inStandard(func(s *scan, emit func(*catalog.Schema) error) error { return emitAll(s.cat.Schemas(), emit) }),
	values: values[standardSchema]{
		"catalog_name": inDatabase[*catalog.Schema],
		"schema_name":  func(x standardSchema) types.Datum { return str(x.of.Name) },
		"schema_owner": byUser[*catalog.Schema],
	},
}

// reads is a view and a relation that it reads.
type reads struct {
	view, table named
}

// viewReads are the relations that each view reads.
func viewReads(s *scan, emit func(reads) error) error {
	return withNames(kindView, kindMaterialized)(s, func(v named) error {
		if v.rel.ViewDef == nil {
			return nil
		}
		for _, oid := range v.rel.ViewDef.DependsOn {
			if r, ok := s.cat.RelationByOID(oid); ok {
				if err := emit(reads{v, named{classOf(s.cat, r), s.schemaName(r.Schema), s.owner(r)}}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

var schemaViewTableUsage = table[standard[reads]]{
	oid: 13478, name: "view_table_usage", view: true,
	columns: `view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name, table_name name`,
	rows:    inStandard(viewReads),
	values: values[standard[reads]]{
		"view_catalog": inDatabase[reads], "table_catalog": inDatabase[reads],
		"view_schema":  func(x standard[reads]) types.Datum { return str(x.of.view.schemaName) },
		"view_name":    func(x standard[reads]) types.Datum { return str(x.of.view.name) },
		"table_schema": func(x standard[reads]) types.Datum { return str(x.of.table.schemaName) },
		"table_name":   func(x standard[reads]) types.Datum { return str(x.of.table.name) },
	},
}

// Which columns a view reads is in its plan, not in the catalog.
var schemaViewColumnUsage = absent{
	oid: 13468, name: "view_column_usage", view: true,
	columns: `view_catalog name, view_schema name, view_name name, table_catalog name, table_schema name, table_name name, column_name name`,
}

package system

import (
	"maps"
	"strconv"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// namedColumn is a column of a relation that information_schema shows.
type namedColumn struct {
	named
	num int
	catalog.Column
	sequence *catalog.SequenceDef // of an identity column
	def      string
}

type standardColumn = standard[namedColumn]

func namedColumns(kinds ...byte) func(*scan, func(namedColumn) error) error {
	return func(s *scan, emit func(namedColumn) error) error {
		return withNames(kinds...)(s, func(n named) error {
			for i, c := range n.rel.Visible() {
				x := namedColumn{named: n, num: i + 1, Column: c}
				if c.Default != "" {
					x.def = s.defaultText(c)
				}
				if r, ok := s.cat.RelationByOID(c.Sequence); ok && c.Identity != 0 {
					x.sequence = r.SequenceDef
				}
				if err := emit(x); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// identity is an attribute of an identity column's sequence.
func identity(get func(*catalog.SequenceDef) int64) func(standardColumn) types.Datum {
	return func(x standardColumn) types.Datum {
		if x.of.sequence == nil {
			return types.Null
		}
		return str(strconv.FormatInt(get(x.of.sequence), 10))
	}
}

func identityGeneration(x standardColumn) types.Datum {
	switch x.of.Identity {
	case 'a':
		return str("ALWAYS")
	case 'd':
		return str("BY DEFAULT")
	}
	return types.Null
}

// place are the columns that say which column of which relation a row is about.
var place = values[standardColumn]{
	"table_catalog": inDatabase[namedColumn],
	"table_schema":  func(x standardColumn) types.Datum { return str(x.of.schemaName) },
	"table_name":    func(x standardColumn) types.Datum { return str(x.of.name) },
	"column_name":   func(x standardColumn) types.Datum { return str(x.of.Name) },
}

// columnValues are place and the columns about the column's type, which its number there is an identifier of.
func columnValues(more values[standardColumn]) values[standardColumn] {
	v := describe(func(x standardColumn) types.Type { return x.of.Type })
	maps.Copy(v, place)
	maps.Copy(v, more)
	return v
}

var schemaColumns = table[standardColumn]{
	oid: 13295, name: "columns", view: true,
	columns: `table_catalog name, table_schema name, table_name name, column_name name, ordinal_position integer,
		column_default character varying, is_nullable character varying(3), data_type character varying,
		character_maximum_length integer, character_octet_length integer, numeric_precision integer, numeric_precision_radix integer,
		numeric_scale integer, datetime_precision integer, interval_type character varying, interval_precision integer,
		character_set_catalog name, character_set_schema name, character_set_name name, collation_catalog name,
		collation_schema name, collation_name name, domain_catalog name, domain_schema name, domain_name name, udt_catalog name,
		udt_schema name, udt_name name, scope_catalog name, scope_schema name, scope_name name, maximum_cardinality integer,
		dtd_identifier name, is_self_referencing character varying(3), is_identity character varying(3),
		identity_generation character varying, identity_start character varying, identity_increment character varying,
		identity_maximum character varying, identity_minimum character varying, identity_cycle character varying(3),
		is_generated character varying, generation_expression character varying, is_updatable character varying(3)`,
	rows: inStandard(namedColumns(shown...)),
	values: columnValues(values[standardColumn]{
		"ordinal_position":    func(x standardColumn) types.Datum { return num(x.of.num) },
		"column_default":      func(x standardColumn) types.Datum { return given(x.of.def) },
		"is_nullable":         func(x standardColumn) types.Datum { return yesNo(!x.of.NotNull) },
		"udt_catalog":         inDatabase[namedColumn],
		"udt_schema":          always[standardColumn](str("pg_catalog")),
		"udt_name":            func(x standardColumn) types.Datum { return str(x.of.Type.TypName()) },
		"dtd_identifier":      func(x standardColumn) types.Datum { return str(strconv.Itoa(x.of.num)) },
		"is_self_referencing": always[standardColumn](yesNo(false)),
		"is_identity":         func(x standardColumn) types.Datum { return yesNo(x.of.Identity != 0) },
		"identity_generation": identityGeneration,
		"identity_start":      identity(func(d *catalog.SequenceDef) int64 { return d.Start }),
		"identity_increment":  identity(func(d *catalog.SequenceDef) int64 { return d.Increment }),
		"identity_maximum":    identity(func(d *catalog.SequenceDef) int64 { return d.Max }),
		"identity_minimum":    identity(func(d *catalog.SequenceDef) int64 { return d.Min }),
		"identity_cycle":      always[standardColumn](yesNo(false)),
		"is_generated":        always[standardColumn](str("NEVER")),
		"is_updatable":        func(x standardColumn) types.Datum { return yesNo(x.of.writable()) },
	}),
}

// The types of columns by the schema that they are in: all are PostgreSQL's.
var schemaColumnUdtUsage = table[standardColumn]{
	oid: 13290, name: "column_udt_usage", view: true,
	columns: `udt_catalog name, udt_schema name, udt_name name, table_catalog name, table_schema name, table_name name, column_name name`,
	rows:    inStandard(namedColumns(shown...)),
	values: columnPlace(values[standardColumn]{
		"udt_catalog": inDatabase[namedColumn],
		"udt_schema":  always[standardColumn](str("pg_catalog")),
		"udt_name":    func(x standardColumn) types.Datum { return str(x.of.Type.TypName()) },
	}),
}

func columnPlace(more values[standardColumn]) values[standardColumn] {
	v := maps.Clone(place)
	maps.Copy(v, more)
	return v
}

// The elements of columns that are arrays.
var schemaElementTypes = table[standardColumn]{
	oid: 13493, name: "element_types", view: true,
	columns: `object_catalog name, object_schema name, object_name name, object_type character varying, collection_type_identifier name,
		data_type character varying, character_maximum_length integer, character_octet_length integer, character_set_catalog name,
		character_set_schema name, character_set_name name, collation_catalog name, collation_schema name, collation_name name,
		numeric_precision integer, numeric_precision_radix integer, numeric_scale integer, datetime_precision integer,
		interval_type character varying, interval_precision integer, domain_default character varying, udt_catalog name,
		udt_schema name, udt_name name, scope_catalog name, scope_schema name, scope_name name, maximum_cardinality integer,
		dtd_identifier name`,
	rows: inStandard(func(s *scan, emit func(namedColumn) error) error {
		return namedColumns(shown...)(s, func(c namedColumn) error {
			if !c.Type.Array {
				return nil
			}
			return emit(c)
		})
	}),
	values: values[standardColumn]{
		"object_catalog":             inDatabase[namedColumn],
		"object_schema":              place["table_schema"],
		"object_name":                place["table_name"],
		"object_type":                always[standardColumn](str("TABLE")),
		"collection_type_identifier": func(x standardColumn) types.Datum { return str(strconv.Itoa(x.of.num)) },
		"data_type":                  func(x standardColumn) types.Datum { return dataType(x.of.Type.Elem()) },
		"udt_catalog":                inDatabase[namedColumn],
		"udt_schema":                 always[standardColumn](str("pg_catalog")),
		"udt_name":                   func(x standardColumn) types.Datum { return str(x.of.Type.Elem().TypName()) },
		"dtd_identifier":             func(x standardColumn) types.Datum { return str("a" + strconv.Itoa(x.of.num)) },
	},
}

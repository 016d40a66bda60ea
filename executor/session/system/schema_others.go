package system

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// once makes one row.
func once(_ *scan, emit func(nothing) error) error { return emit(nothing{}) }

var schemaCatalogName = table[standard[nothing]]{
	oid: 13227, name: "information_schema_catalog_name", view: true,
	columns: `catalog_name name`,
	rows:    inStandard(once),
	values:  values[standard[nothing]]{"catalog_name": inDatabase[nothing]},
}

var schemaEnabledRoles = table[standard[nothing]]{
	oid: 13325, name: "enabled_roles", view: true,
	columns: `role_name name`,
	rows:    inStandard(once),
	values:  values[standard[nothing]]{"role_name": byUser[nothing]},
}

// The one role is no member of another.
var schemaApplicableRoles = absent{
	oid: 13236, name: "applicable_roles", view: true,
	columns: `grantee name, role_name name, is_grantable character varying(3)`,
}

var schemaCharacterSets = table[standard[nothing]]{
	oid: 13250, name: "character_sets", view: true,
	columns: `character_set_catalog name, character_set_schema name, character_set_name name, character_repertoire name, form_of_use name,
		default_collate_catalog name, default_collate_schema name, default_collate_name name`,
	rows: inStandard(once),
	values: values[standard[nothing]]{
		"character_set_name":      always[standard[nothing]](str("UTF8")),
		"character_repertoire":    always[standard[nothing]](str("UCS")),
		"form_of_use":             always[standard[nothing]](str("UTF8")),
		"default_collate_catalog": inDatabase[nothing],
		"default_collate_schema":  always[standard[nothing]](str("pg_catalog")),
		"default_collate_name":    always[standard[nothing]](str("C")),
	},
}

// collationNames are those of pg_collation.
var collationNames = each([]string{"default", "C", "POSIX"})

var schemaCollations = table[standard[string]]{
	oid: 13265, name: "collations", view: true,
	columns: `collation_catalog name, collation_schema name, collation_name name, pad_attribute character varying`,
	rows:    inStandard(collationNames),
	values: values[standard[string]]{
		"collation_catalog": inDatabase[string],
		"collation_schema":  always[standard[string]](str("pg_catalog")),
		"collation_name":    func(x standard[string]) types.Datum { return str(x.of) },
		"pad_attribute":     always[standard[string]](str("NO PAD")),
	},
}

var schemaCollationCharacterSet = table[standard[string]]{
	oid: 13270, name: "collation_character_set_applicability", view: true,
	columns: `collation_catalog name, collation_schema name, collation_name name, character_set_catalog name, character_set_schema name,
		character_set_name name`,
	rows: inStandard(collationNames),
	values: values[standard[string]]{
		"collation_catalog":  inDatabase[string],
		"collation_schema":   always[standard[string]](str("pg_catalog")),
		"collation_name":     func(x standard[string]) types.Datum { return str(x.of) },
		"character_set_name": always[standard[string]](str("UTF8")),
	},
}

// sequenceType is the type of a sequence's values.
func sequenceType(x standardNamed) types.Type { return x.of.rel.SequenceDef.Type }

// sequenceBound is a number of a sequence's definition.
func sequenceBound(get func(*catalog.SequenceDef) int64) func(standardNamed) types.Datum {
	return func(x standardNamed) types.Datum { return str(strconv.FormatInt(get(x.of.rel.SequenceDef), 10)) }
}

var schemaSequences = table[standardNamed]{
	oid: 13386, name: "sequences", view: true,
	columns: `sequence_catalog name, sequence_schema name, sequence_name name, data_type character varying, numeric_precision integer,
		numeric_precision_radix integer, numeric_scale integer, start_value character varying, minimum_value character varying,
		maximum_value character varying, increment character varying, cycle_option character varying(3)`,
	rows: inStandard(withNames(kindSequence)),
	values: values[standardNamed]{
		"sequence_catalog": inDatabase[named], "sequence_schema": schemaOfNamed, "sequence_name": nameOfNamed,
		"data_type":               func(x standardNamed) types.Datum { return dataType(sequenceType(x)) },
		"numeric_precision":       func(x standardNamed) types.Datum { return numericPrecision(sequenceType(x)) },
		"numeric_precision_radix": func(x standardNamed) types.Datum { return numericRadix(sequenceType(x)) },
		"numeric_scale":           func(x standardNamed) types.Datum { return numericScale(sequenceType(x)) },
		"start_value":             sequenceBound(func(d *catalog.SequenceDef) int64 { return d.Start }),
		"minimum_value":           sequenceBound(func(d *catalog.SequenceDef) int64 { return d.Min }),
		"maximum_value":           sequenceBound(func(d *catalog.SequenceDef) int64 { return d.Max }),
		"increment":               sequenceBound(func(d *catalog.SequenceDef) int64 { return d.Increment }),
		"cycle_option":            always[standardNamed](yesNo(false)),
	},
}

package system

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

type standardProc = standard[proc]

// routines are the functions that the standard calls routines: not aggregates or window functions.
func routines(_ *scan, emit func(proc) error) error {
	for _, p := range fn.Procs() {
		if p.Kind != 'f' {
			continue
		}
		if err := emit(p); err != nil {
			return err
		}
	}
	return nil
}

// specificName tells functions of one name apart.
func specificName(p proc) string { return p.Name + "_" + strconv.FormatUint(uint64(p.OID), 10) }

var schemaRoutines = table[standardProc]{
	oid: 13377, name: "routines", view: true,
	columns: `specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
		routine_name name, routine_type character varying, module_catalog name, module_schema name, module_name name,
		udt_catalog name, udt_schema name, udt_name name, data_type character varying, character_maximum_length integer,
		character_octet_length integer, character_set_catalog name, character_set_schema name, character_set_name name,
		collation_catalog name, collation_schema name, collation_name name, numeric_precision integer,
		numeric_precision_radix integer, numeric_scale integer, datetime_precision integer, interval_type character varying,
		interval_precision integer, type_udt_catalog name, type_udt_schema name, type_udt_name name, scope_catalog name,
		scope_schema name, scope_name name, maximum_cardinality integer, dtd_identifier name, routine_body character varying,
		routine_definition character varying, external_name character varying, external_language character varying,
		parameter_style character varying, is_deterministic character varying(3), sql_data_access character varying,
		is_null_call character varying(3), sql_path character varying, schema_level_routine character varying(3),
		max_dynamic_result_sets integer, is_user_defined_cast character varying(3), is_implicitly_invocable character varying(3),
		security_type character varying, to_sql_specific_catalog name, to_sql_specific_schema name, to_sql_specific_name name,
		as_locator character varying(3), created timestamp(2) with time zone, last_altered timestamp(2) with time zone,
		new_savepoint_level character varying(3), is_udt_dependent character varying(3),
		result_cast_from_data_type character varying, result_cast_as_locator character varying(3),
		result_cast_char_max_length integer, result_cast_char_octet_length integer, result_cast_char_set_catalog name,
		result_cast_char_set_schema name, result_cast_char_set_name name, result_cast_collation_catalog name,
		result_cast_collation_schema name, result_cast_collation_name name, result_cast_numeric_precision integer,
		result_cast_numeric_precision_radix integer, result_cast_numeric_scale integer, result_cast_datetime_precision integer,
		result_cast_interval_type character varying, result_cast_interval_precision integer, result_cast_type_udt_catalog name,
		result_cast_type_udt_schema name, result_cast_type_udt_name name, result_cast_scope_catalog name,
		result_cast_scope_schema name, result_cast_scope_name name, result_cast_maximum_cardinality integer,
		result_cast_dtd_identifier name`,
	rows: inStandard(routines),
	values: values[standardProc]{
		"specific_catalog": inDatabase[proc], "routine_catalog": inDatabase[proc], "type_udt_catalog": inDatabase[proc],
		"specific_schema": always[standardProc](str("pg_catalog")), "routine_schema": always[standardProc](str("pg_catalog")),
		"type_udt_schema":         always[standardProc](str("pg_catalog")),
		"specific_name":           func(x standardProc) types.Datum { return str(specificName(x.of)) },
		"routine_name":            func(x standardProc) types.Datum { return str(x.of.Name) },
		"routine_type":            always[standardProc](str("FUNCTION")),
		"data_type":               func(x standardProc) types.Datum { return dataType(x.of.Ret) },
		"type_udt_name":           func(x standardProc) types.Datum { return str(x.of.Ret.TypName()) },
		"dtd_identifier":          always[standardProc](str("0")),
		"routine_body":            always[standardProc](str("EXTERNAL")),
		"routine_definition":      func(x standardProc) types.Datum { return str(x.of.Name) },
		"external_language":       always[standardProc](str("INTERNAL")),
		"parameter_style":         always[standardProc](str("GENERAL")),
		"is_deterministic":        func(x standardProc) types.Datum { return yesNo(x.of.Vol == fn.Immutable) },
		"sql_data_access":         always[standardProc](str("MODIFIES")),
		"is_null_call":            func(x standardProc) types.Datum { return yesNo(x.of.Nulls == fn.Strict) },
		"schema_level_routine":    always[standardProc](yesNo(true)),
		"max_dynamic_result_sets": always[standardProc](num(0)),
		"security_type":           always[standardProc](str("INVOKER")),
		"as_locator":              always[standardProc](yesNo(false)),
		"is_udt_dependent":        always[standardProc](yesNo(false)),
	},
}

var schemaRoutinePrivileges = table[standardProc]{
	oid: 13353, name: "routine_privileges", view: true,
	columns: `grantor name, grantee name, specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
		routine_schema name, routine_name name, privilege_type character varying, is_grantable character varying(3)`,
	rows: inStandard(routines),
	values: values[standardProc]{
		"grantor": byUser[proc], "grantee": byUser[proc], "specific_catalog": inDatabase[proc], "routine_catalog": inDatabase[proc],
		"specific_schema": always[standardProc](str("pg_catalog")), "routine_schema": always[standardProc](str("pg_catalog")),
		"specific_name":  func(x standardProc) types.Datum { return str(specificName(x.of)) },
		"routine_name":   func(x standardProc) types.Datum { return str(x.of.Name) },
		"privilege_type": always[standardProc](str("EXECUTE")),
		"is_grantable":   always[standardProc](yesNo(true)),
	},
}

// parameter is a parameter of a routine, with its place from 1, or a column of the rows that it returns.
type parameter struct {
	proc
	num  int
	name string
	out  bool
	typ  types.Type
}

type standardParameter = standard[parameter]

func parameters(s *scan, emit func(parameter) error) error {
	return routines(s, func(p proc) error {
		var list []parameter
		for i, t := range p.Args {
			list = append(list, parameter{p, i + 1, "", false, t})
		}
		for _, c := range p.Columns {
			list = append(list, parameter{p, len(list) + 1, c.Name, true, c.Type})
		}
		return emitAll(list, emit)
	})
}

var schemaParameters = table[standardParameter]{
	oid: 13334, name: "parameters", view: true,
	columns: `specific_catalog name, specific_schema name, specific_name name, ordinal_position integer, parameter_mode character varying,
		is_result character varying(3), as_locator character varying(3), parameter_name name, data_type character varying,
		character_maximum_length integer, character_octet_length integer, character_set_catalog name, character_set_schema name,
		character_set_name name, collation_catalog name, collation_schema name, collation_name name, numeric_precision integer,
		numeric_precision_radix integer, numeric_scale integer, datetime_precision integer, interval_type character varying,
		interval_precision integer, udt_catalog name, udt_schema name, udt_name name, scope_catalog name, scope_schema name,
		scope_name name, maximum_cardinality integer, dtd_identifier name, parameter_default character varying`,
	rows: inStandard(parameters),
	values: values[standardParameter]{
		"specific_catalog": inDatabase[parameter], "udt_catalog": inDatabase[parameter],
		"specific_schema": always[standardParameter](str("pg_catalog")), "udt_schema": always[standardParameter](str("pg_catalog")),
		"specific_name":    func(x standardParameter) types.Datum { return str(specificName(x.of.proc)) },
		"ordinal_position": func(x standardParameter) types.Datum { return num(x.of.num) },
		"parameter_mode":   func(x standardParameter) types.Datum { return str(x.of.mode()) },
		"is_result":        always[standardParameter](yesNo(false)),
		"as_locator":       always[standardParameter](yesNo(false)),
		"parameter_name":   func(x standardParameter) types.Datum { return given(x.of.name) },
		"udt_name":         func(x standardParameter) types.Datum { return str(x.of.typ.TypName()) },
		"dtd_identifier":   func(x standardParameter) types.Datum { return str(strconv.Itoa(x.of.num)) },
		"data_type":        func(x standardParameter) types.Datum { return dataType(x.of.typ) },
	},
}

func (p parameter) mode() string {
	if p.out {
		return "OUT"
	}
	return "IN"
}

package system

// schemaTriggers are relations about triggers and what routines and generated columns use.
var schemaTriggers = []definition{
	absent{
		oid: 13440, name: "triggers", view: true,
		columns: `trigger_catalog name, trigger_schema name, trigger_name name, event_manipulation character varying,
			event_object_catalog name, event_object_schema name, event_object_table name, action_order integer,
			action_condition character varying, action_statement character varying, action_orientation character varying,
			action_timing character varying, action_reference_old_table name, action_reference_new_table name,
			action_reference_old_row name, action_reference_new_row name, created timestamp(2) with time zone`,
	},
	absent{
		oid: 13435, name: "triggered_update_columns", view: true,
		columns: `trigger_catalog name, trigger_schema name, trigger_name name, event_object_catalog name, event_object_schema name,
			event_object_table name, event_object_column name`,
	},
	absent{
		oid: 13255, name: "check_constraint_routine_usage", view: true,
		columns: `constraint_catalog name, constraint_schema name, constraint_name name, specific_catalog name, specific_schema name,
			specific_name name`,
	},
	absent{
		oid: 13275, name: "column_column_usage", view: true,
		columns: `table_catalog name, table_schema name, table_name name, column_name name, dependent_column name`,
	},
	absent{
		oid: 13348, name: "routine_column_usage", view: true,
		columns: `specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name, table_catalog name, table_schema name, table_name name, column_name name`,
	},
	absent{
		oid: 13362, name: "routine_routine_usage", view: true,
		columns: `specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name`,
	},
	absent{
		oid: 13367, name: "routine_sequence_usage", view: true,
		columns: `specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name, sequence_catalog name, sequence_schema name, sequence_name name`,
	},
	absent{
		oid: 13372, name: "routine_table_usage", view: true,
		columns: `specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name,
			routine_name name, table_catalog name, table_schema name, table_name name`,
	},
	absent{
		oid: 13473, name: "view_routine_usage", view: true,
		columns: `table_catalog name, table_schema name, table_name name, specific_catalog name, specific_schema name, specific_name name`,
	},
}

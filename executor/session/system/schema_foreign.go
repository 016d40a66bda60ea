package system

// schemaForeign are relations about foreign data as the standard has it.
var schemaForeign = []definition{
	absent{
		oid: 13507, name: "_pg_foreign_data_wrappers", view: true,
		columns: `oid oid, fdwowner oid, fdwoptions text[], foreign_data_wrapper_catalog name, foreign_data_wrapper_name name,
			authorization_identifier name, foreign_data_wrapper_language character varying`,
	},
	absent{
		oid: 13519, name: "_pg_foreign_servers", view: true,
		columns: `oid oid, srvoptions text[], foreign_server_catalog name, foreign_server_name name, foreign_data_wrapper_catalog name,
			foreign_data_wrapper_name name, foreign_server_type character varying, foreign_server_version character varying,
			authorization_identifier name`,
	},
	absent{
		oid: 13498, name: "_pg_foreign_table_columns", view: true,
		columns: `nspname name, relname name, attname name, attfdwoptions text[]`,
	},
	absent{
		oid: 13532, name: "_pg_foreign_tables", view: true,
		columns: `foreign_table_catalog name, foreign_table_schema name, foreign_table_name name, ftoptions text[],
			foreign_server_catalog name, foreign_server_name name, authorization_identifier name`,
	},
	absent{
		oid: 13545, name: "_pg_user_mappings", view: true,
		columns: `oid oid, umoptions text[], umuser oid, authorization_identifier name, foreign_server_catalog name,
			foreign_server_name name, srvowner name`,
	},
	absent{
		oid: 13503, name: "column_options", view: true,
		columns: `table_catalog name, table_schema name, table_name name, column_name name, option_name name, option_value character varying`,
	},
	absent{
		oid: 13511, name: "foreign_data_wrapper_options", view: true,
		columns: `foreign_data_wrapper_catalog name, foreign_data_wrapper_name name, option_name name, option_value character varying`,
	},
	absent{
		oid: 13515, name: "foreign_data_wrappers", view: true,
		columns: `foreign_data_wrapper_catalog name, foreign_data_wrapper_name name, authorization_identifier name,
			library_name character varying, foreign_data_wrapper_language character varying`,
	},
	absent{
		oid: 13524, name: "foreign_server_options", view: true,
		columns: `foreign_server_catalog name, foreign_server_name name, option_name name, option_value character varying`,
	},
	absent{
		oid: 13528, name: "foreign_servers", view: true,
		columns: `foreign_server_catalog name, foreign_server_name name, foreign_data_wrapper_catalog name, foreign_data_wrapper_name name,
			foreign_server_type character varying, foreign_server_version character varying, authorization_identifier name`,
	},
	absent{
		oid: 13537, name: "foreign_table_options", view: true,
		columns: `foreign_table_catalog name, foreign_table_schema name, foreign_table_name name, option_name name,
			option_value character varying`,
	},
	absent{
		oid: 13541, name: "foreign_tables", view: true,
		columns: `foreign_table_catalog name, foreign_table_schema name, foreign_table_name name, foreign_server_catalog name,
			foreign_server_name name`,
	},
	absent{
		oid: 13550, name: "user_mapping_options", view: true,
		columns: `authorization_identifier name, foreign_server_catalog name, foreign_server_name name, option_name name,
			option_value character varying`,
	},
	absent{
		oid: 13555, name: "user_mappings", view: true,
		columns: `authorization_identifier name, foreign_server_catalog name, foreign_server_name name`,
	},
}

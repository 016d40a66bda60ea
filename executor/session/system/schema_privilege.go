package system

// schemaPrivileges are relations about privileges given to roles one by one, and what belongs to others.
var schemaPrivileges = []definition{
	absent{
		oid: 13241, name: "administrable_role_authorizations", view: true,
		columns: `grantee name, role_name name, is_grantable character varying(3)`,
	},
	absent{
		oid: 13344, name: "role_column_grants", view: true,
		columns: `grantor name, grantee name, table_catalog name, table_schema name, table_name name, column_name name,
			privilege_type character varying, is_grantable character varying(3)`,
	},
	absent{
		oid: 13358, name: "role_routine_grants", view: true,
		columns: `grantor name, grantee name, specific_catalog name, specific_schema name, specific_name name, routine_catalog name,
			routine_schema name, routine_name name, privilege_type character varying, is_grantable character varying(3)`,
	},
	absent{
		oid: 13450, name: "role_udt_grants", view: true,
		columns: `grantor name, grantee name, udt_catalog name, udt_schema name, udt_name name, privilege_type character varying,
			is_grantable character varying(3)`,
	},
	absent{
		oid: 13459, name: "role_usage_grants", view: true,
		columns: `grantor name, grantee name, object_catalog name, object_schema name, object_name name, object_type character varying,
			privilege_type character varying, is_grantable character varying(3)`,
	},
	absent{
		oid: 13445, name: "udt_privileges", view: true,
		columns: `grantor name, grantee name, udt_catalog name, udt_schema name, udt_name name, privilege_type character varying,
			is_grantable character varying(3)`,
	},
	absent{
		oid: 13454, name: "usage_privileges", view: true,
		columns: `grantor name, grantee name, object_catalog name, object_schema name, object_name name, object_type character varying,
			privilege_type character varying, is_grantable character varying(3)`,
	},
	absent{
		oid: 13488, name: "data_type_privileges", view: true,
		columns: `object_catalog name, object_schema name, object_name name, object_type character varying, dtd_identifier name`,
	},
}

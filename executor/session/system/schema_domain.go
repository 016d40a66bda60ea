package system

// schemaDomains are relations about domains, composite types, casts to other languages: kinds of object that there are none of.
var schemaDomains = []definition{
	absent{
		oid: 13245, name: "attributes", view: true,
		columns: `udt_catalog name, udt_schema name, udt_name name, attribute_name name, ordinal_position integer,
			attribute_default character varying, is_nullable character varying(3), data_type character varying,
			character_maximum_length integer, character_octet_length integer, character_set_catalog name, character_set_schema name,
			character_set_name name, collation_catalog name, collation_schema name, collation_name name, numeric_precision integer,
			numeric_precision_radix integer, numeric_scale integer, datetime_precision integer, interval_type character varying,
			interval_precision integer, attribute_udt_catalog name, attribute_udt_schema name, attribute_udt_name name,
			scope_catalog name, scope_schema name, scope_name name, maximum_cardinality integer, dtd_identifier name,
			is_derived_reference_attribute character varying(3)`,
	},
	absent{
		oid: 13320, name: "domains", view: true,
		columns: `domain_catalog name, domain_schema name, domain_name name, data_type character varying, character_maximum_length integer,
			character_octet_length integer, character_set_catalog name, character_set_schema name, character_set_name name,
			collation_catalog name, collation_schema name, collation_name name, numeric_precision integer,
			numeric_precision_radix integer, numeric_scale integer, datetime_precision integer, interval_type character varying,
			interval_precision integer, domain_default character varying, udt_catalog name, udt_schema name, udt_name name,
			scope_catalog name, scope_schema name, scope_name name, maximum_cardinality integer, dtd_identifier name`,
	},
	absent{
		oid: 13310, name: "domain_constraints", view: true,
		columns: `constraint_catalog name, constraint_schema name, constraint_name name, domain_catalog name, domain_schema name,
			domain_name name, is_deferrable character varying(3), initially_deferred character varying(3)`,
	},
	absent{
		oid: 13315, name: "domain_udt_usage", view: true,
		columns: `udt_catalog name, udt_schema name, udt_name name, domain_catalog name, domain_schema name, domain_name name`,
	},
	absent{
		oid: 13280, name: "column_domain_usage", view: true,
		columns: `domain_catalog name, domain_schema name, domain_name name, table_catalog name, table_schema name, table_name name,
			column_name name`,
	},
	absent{
		oid: 13463, name: "user_defined_types", view: true,
		columns: `user_defined_type_catalog name, user_defined_type_schema name, user_defined_type_name name,
			user_defined_type_category character varying, is_instantiable character varying(3), is_final character varying(3),
			ordering_form character varying, ordering_category character varying, ordering_routine_catalog name,
			ordering_routine_schema name, ordering_routine_name name, reference_type character varying, data_type character varying,
			character_maximum_length integer, character_octet_length integer, character_set_catalog name, character_set_schema name,
			character_set_name name, collation_catalog name, collation_schema name, collation_name name, numeric_precision integer,
			numeric_precision_radix integer, numeric_scale integer, datetime_precision integer, interval_type character varying,
			interval_precision integer, source_dtd_identifier name, ref_dtd_identifier name`,
	},
	absent{
		oid: 13430, name: "transforms", view: true,
		columns: `udt_catalog name, udt_schema name, udt_name name, specific_catalog name, specific_schema name, specific_name name,
			group_name name, transform_type character varying`,
	},
}

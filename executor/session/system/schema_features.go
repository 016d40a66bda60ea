package system

// schemaFeatures are the standard's tables of which features there are.
var schemaFeatures = []definition{
	absent{
		oid: 13391, name: "sql_features",
		columns: `feature_id character varying, feature_name character varying, sub_feature_id character varying,
			sub_feature_name character varying, is_supported character varying(3), is_verified_by character varying,
			comments character varying`,
	},
	absent{
		oid: 13396, name: "sql_implementation_info",
		columns: `implementation_info_id character varying, implementation_info_name character varying, integer_value integer,
			character_value character varying, comments character varying`,
	},
	absent{
		oid: 13401, name: "sql_parts",
		columns: `feature_id character varying, feature_name character varying, is_supported character varying(3),
			is_verified_by character varying, comments character varying`,
	},
	absent{
		oid: 13406, name: "sql_sizing",
		columns: `sizing_id integer, sizing_name character varying, supported_value integer, comments character varying`,
	},
}

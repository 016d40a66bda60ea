package system

// extensions are relations about extensions and large objects.
var extensions = []definition{
	absent{
		oid: 3079, name: "pg_extension",
		columns: `oid oid!, extname name!, extowner oid!, extnamespace oid!, extrelocatable boolean!, extversion text!, extconfig oid[],
			extcondition text[]`,
	},
	absent{
		oid: 12081, name: "pg_available_extensions", view: true,
		columns: `name name, default_version text, installed_version text, comment text`,
	},
	absent{
		oid: 12085, name: "pg_available_extension_versions", view: true,
		columns: `name name, version text, installed boolean, superuser boolean, trusted boolean, relocatable boolean, schema name,
			requires name[], comment text`,
	},
	absent{
		oid: 2613, name: "pg_largeobject",
		columns: `loid oid!, pageno integer!, data bytea!`,
	},
	absent{
		oid: 2995, name: "pg_largeobject_metadata",
		columns: `oid oid!, lomowner oid!, lomacl aclitem[]`,
	},
}

package system

// privileges are relations about roles beside the one there is, privileges given one by one, and labels.
var privileges = []definition{
	absent{
		oid: 1261, name: "pg_auth_members",
		columns: `roleid oid!, member oid!, grantor oid!, admin_option boolean!`,
	},
	absent{
		oid: 12010, name: "pg_group", view: true,
		columns: `groname name, grosysid oid, grolist oid[]`,
	},
	absent{
		oid: 826, name: "pg_default_acl",
		columns: `oid oid!, defaclrole oid!, defaclnamespace oid!, defaclobjtype "char"!, defaclacl aclitem[]!`,
	},
	absent{
		oid: 3394, name: "pg_init_privs",
		columns: `objoid oid!, classoid oid!, objsubid integer!, privtype "char"!, initprivs aclitem[]!`,
	},
	absent{
		oid: 6243, name: "pg_parameter_acl",
		columns: `oid oid!, parname text!, paracl aclitem[]`,
	},
	absent{
		oid: 2964, name: "pg_db_role_setting",
		columns: `setdatabase oid!, setrole oid!, setconfig text[]`,
	},
	absent{
		oid: 1214, name: "pg_shdepend",
		columns: `dbid oid!, classid oid!, objid oid!, objsubid integer!, refclassid oid!, refobjid oid!, deptype "char"!`,
	},
	absent{
		oid: 2396, name: "pg_shdescription",
		columns: `objoid oid!, classoid oid!, description text!`,
	},
	absent{
		oid: 3596, name: "pg_seclabel",
		columns: `objoid oid!, classoid oid!, objsubid integer!, provider text!, label text!`,
	},
	absent{
		oid: 3592, name: "pg_shseclabel",
		columns: `objoid oid!, classoid oid!, provider text!, label text!`,
	},
	absent{
		oid: 12099, name: "pg_seclabels", view: true,
		columns: `objoid oid, classoid oid, objsubid integer, objtype text, objnamespace oid, objname text, provider text, label text`,
	},
}

package system

// triggers are relations about what acts on a change by itself: triggers and row security. Views do that here.
var triggers = []definition{
	absent{
		oid: 2620, name: "pg_trigger",
		columns: `oid oid!, tgrelid oid!, tgparentid oid!, tgname name!, tgfoid oid!, tgtype smallint!, tgenabled "char"!,
			tgisinternal boolean!, tgconstrrelid oid!, tgconstrindid oid!, tgconstraint oid!, tgdeferrable boolean!,
			tginitdeferred boolean!, tgnargs smallint!, tgattr int2vector!, tgargs bytea!, tgqual pg_node_tree, tgoldtable name,
			tgnewtable name`,
	},
	absent{
		oid: 3466, name: "pg_event_trigger",
		columns: `oid oid!, evtname name!, evtevent name!, evtowner oid!, evtfoid oid!, evtenabled "char"!, evttags text[]`,
	},
	absent{
		oid: 3256, name: "pg_policy",
		columns: `oid oid!, polname name!, polrelid oid!, polcmd "char"!, polpermissive boolean!, polroles oid[]!, polqual pg_node_tree,
			polwithcheck pg_node_tree`,
	},
	absent{
		oid: 12018, name: "pg_policies", view: true,
		columns: `schemaname name, tablename name, policyname name, permissive text, roles name[], cmd text, qual text, with_check text`,
	},
}

package system

// inheritance are relations about inheritance and partitions: state is partitioned by hash, out of sight.
var inheritance = []definition{
	absent{
		oid: 2611, name: "pg_inherits",
		columns: `inhrelid oid!, inhparent oid!, inhseqno integer!, inhdetachpending boolean!`,
	},
	absent{
		oid: 3350, name: "pg_partitioned_table",
		columns: `partrelid oid!, partstrat "char"!, partnatts smallint!, partdefid oid!, partattrs int2vector!, partclass oidvector!,
			partcollation oidvector!, partexprs pg_node_tree`,
	},
}

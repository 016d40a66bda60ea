package system

// replication are relations about PostgreSQL's replication: changes leave StreamDB by SUBSCRIBE and sinks.
var replication = []definition{
	absent{
		oid: 6104, name: "pg_publication",
		columns: `oid oid!, pubname name!, pubowner oid!, puballtables boolean!, pubinsert boolean!, pubupdate boolean!, pubdelete boolean!,
			pubtruncate boolean!, pubviaroot boolean!`,
	},
	absent{
		oid: 6237, name: "pg_publication_namespace",
		columns: `oid oid!, pnpubid oid!, pnnspid oid!`,
	},
	absent{
		oid: 6106, name: "pg_publication_rel",
		columns: `oid oid!, prpubid oid!, prrelid oid!, prqual pg_node_tree, prattrs int2vector`,
	},
	absent{
		oid: 12068, name: "pg_publication_tables", view: true,
		columns: `pubname name, schemaname name, tablename name, attnames name[], rowfilter text`,
	},
	absent{
		oid: 6100, name: "pg_subscription",
		columns: `oid oid!, subdbid oid!, subskiplsn pg_lsn!, subname name!, subowner oid!, subenabled boolean!, subbinary boolean!,
			substream boolean!, subtwophasestate "char"!, subdisableonerr boolean!, subconninfo text!, subslotname name,
			subsynccommit text!, subpublications text[]!`,
	},
	absent{
		oid: 6102, name: "pg_subscription_rel",
		columns: `srsubid oid!, srrelid oid!, srsubstate "char"!, srsublsn pg_lsn`,
	},
	absent{
		oid: 6000, name: "pg_replication_origin",
		columns: `roident oid!, roname text!`,
	},
	absent{
		oid: 12332, name: "pg_replication_origin_status", view: true,
		columns: `local_id oid, external_id text, remote_lsn pg_lsn, local_lsn pg_lsn`,
	},
	absent{
		oid: 12257, name: "pg_replication_slots", view: true,
		columns: `slot_name name, plugin name, slot_type text, datoid oid, database name, temporary boolean, active boolean,
			active_pid integer, xmin xid, catalog_xmin xid, restart_lsn pg_lsn, confirmed_flush_lsn pg_lsn, wal_status text,
			safe_wal_size bigint, two_phase boolean`,
	},
}

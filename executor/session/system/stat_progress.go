package system

// statProgress are the progress of PostgreSQL's maintenance commands.
var statProgress = []definition{
	absent{
		oid: 12297, name: "pg_stat_progress_analyze", view: true,
		columns: `pid integer, datid oid, datname name, relid oid, phase text, sample_blks_total bigint, sample_blks_scanned bigint,
			ext_stats_total bigint, ext_stats_computed bigint, child_tables_total bigint, child_tables_done bigint,
			current_child_table_relid oid`,
	},
	absent{
		oid: 12317, name: "pg_stat_progress_basebackup", view: true,
		columns: `pid integer, phase text, backup_total bigint, backup_streamed bigint, tablespaces_total bigint,
			tablespaces_streamed bigint`,
	},
	absent{
		oid: 12307, name: "pg_stat_progress_cluster", view: true,
		columns: `pid integer, datid oid, datname name, relid oid, command text, phase text, cluster_index_relid oid,
			heap_tuples_scanned bigint, heap_tuples_written bigint, heap_blks_total bigint, heap_blks_scanned bigint,
			index_rebuild_count bigint`,
	},
	absent{
		oid: 12322, name: "pg_stat_progress_copy", view: true,
		columns: `pid integer, datid oid, datname name, relid oid, command text, type text, bytes_processed bigint, bytes_total bigint,
			tuples_processed bigint, tuples_excluded bigint`,
	},
	absent{
		oid: 12312, name: "pg_stat_progress_create_index", view: true,
		columns: `pid integer, datid oid, datname name, relid oid, index_relid oid, command text, phase text, lockers_total bigint,
			lockers_done bigint, current_locker_pid bigint, blocks_total bigint, blocks_done bigint, tuples_total bigint,
			tuples_done bigint, partitions_total bigint, partitions_done bigint`,
	},
	absent{
		oid: 12302, name: "pg_stat_progress_vacuum", view: true,
		columns: `pid integer, datid oid, datname name, relid oid, phase text, heap_blks_total bigint, heap_blks_scanned bigint,
			heap_blks_vacuumed bigint, index_vacuum_count bigint, max_dead_tuples bigint, num_dead_tuples bigint`,
	},
}

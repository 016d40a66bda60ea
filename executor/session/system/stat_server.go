package system

// statServer are counters of PostgreSQL's processes and connections.
var statServer = []definition{
	absent{
		oid: 12285, name: "pg_stat_archiver", view: true,
		columns: `archived_count bigint, last_archived_wal text, last_archived_time timestamp with time zone, failed_count bigint,
			last_failed_wal text, last_failed_time timestamp with time zone, stats_reset timestamp with time zone`,
	},
	absent{
		oid: 12289, name: "pg_stat_bgwriter", view: true,
		columns: `checkpoints_timed bigint, checkpoints_req bigint, checkpoint_write_time double precision,
			checkpoint_sync_time double precision, buffers_checkpoint bigint, buffers_clean bigint, maxwritten_clean bigint,
			buffers_backend bigint, buffers_backend_fsync bigint, buffers_alloc bigint, stats_reset timestamp with time zone`,
	},
	absent{
		oid: 12271, name: "pg_stat_database_conflicts", view: true,
		columns: `datid oid, datname name, confl_tablespace bigint, confl_lock bigint, confl_snapshot bigint, confl_bufferpin bigint,
			confl_deadlock bigint`,
	},
	absent{
		oid: 12253, name: "pg_stat_gssapi", view: true,
		columns: `pid integer, gss_authenticated boolean, principal text, encrypted boolean`,
	},
	absent{
		oid: 12232, name: "pg_stat_slru", view: true,
		columns: `name text, blks_zeroed bigint, blks_hit bigint, blks_read bigint, blks_written bigint, blks_exists bigint, flushes bigint,
			truncates bigint, stats_reset timestamp with time zone`,
	},
	absent{
		oid: 12249, name: "pg_stat_ssl", view: true,
		columns: `pid integer, ssl boolean, version text, cipher text, bits integer, client_dn text, client_serial numeric, issuer_dn text`,
	},
	absent{
		oid: 12275, name: "pg_stat_user_functions", view: true,
		columns: `funcid oid, schemaname name, funcname name, calls bigint, total_time double precision, self_time double precision`,
	},
	absent{
		oid: 12293, name: "pg_stat_wal", view: true,
		columns: `wal_records bigint, wal_fpi bigint, wal_bytes numeric, wal_buffers_full bigint, wal_write bigint, wal_sync bigint,
			wal_write_time double precision, wal_sync_time double precision, stats_reset timestamp with time zone`,
	},
	absent{
		oid: 12147, name: "pg_stat_xact_all_tables", view: true,
		columns: `relid oid, schemaname name, relname name, seq_scan bigint, seq_tup_read bigint, idx_scan bigint, idx_tup_fetch bigint,
			n_tup_ins bigint, n_tup_upd bigint, n_tup_del bigint, n_tup_hot_upd bigint`,
	},
	absent{
		oid: 12157, name: "pg_stat_xact_sys_tables", view: true,
		columns: `relid oid, schemaname name, relname name, seq_scan bigint, seq_tup_read bigint, idx_scan bigint, idx_tup_fetch bigint,
			n_tup_ins bigint, n_tup_upd bigint, n_tup_del bigint, n_tup_hot_upd bigint`,
	},
	absent{
		oid: 12280, name: "pg_stat_xact_user_functions", view: true,
		columns: `funcid oid, schemaname name, funcname name, calls bigint, total_time double precision, self_time double precision`,
	},
	absent{
		oid: 12166, name: "pg_stat_xact_user_tables", view: true,
		columns: `relid oid, schemaname name, relname name, seq_scan bigint, seq_tup_read bigint, idx_scan bigint, idx_tup_fetch bigint,
			n_tup_ins bigint, n_tup_upd bigint, n_tup_del bigint, n_tup_hot_upd bigint`,
	},
	absent{
		oid: 12183, name: "pg_stat_all_indexes", view: true,
		columns: `relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan bigint, idx_tup_read bigint,
			idx_tup_fetch bigint`,
	},
	absent{
		oid: 12188, name: "pg_stat_sys_indexes", view: true,
		columns: `relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan bigint, idx_tup_read bigint,
			idx_tup_fetch bigint`,
	},
	absent{
		oid: 12192, name: "pg_stat_user_indexes", view: true,
		columns: `relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_scan bigint, idx_tup_read bigint,
			idx_tup_fetch bigint`,
	},
}

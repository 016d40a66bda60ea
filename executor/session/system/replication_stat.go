package system

// replicationStat are counters of PostgreSQL's replication and recovery.
var replicationStat = []definition{
	absent{
		oid: 12227, name: "pg_stat_replication", view: true,
		columns: `pid integer, usesysid oid, usename name, application_name text, client_addr inet, client_hostname text,
			client_port integer, backend_start timestamp with time zone, backend_xmin xid, state text, sent_lsn pg_lsn,
			write_lsn pg_lsn, flush_lsn pg_lsn, replay_lsn pg_lsn, write_lag interval, flush_lag interval, replay_lag interval,
			sync_priority integer, sync_state text, reply_time timestamp with time zone`,
	},
	absent{
		oid: 12262, name: "pg_stat_replication_slots", view: true,
		columns: `slot_name text, spill_txns bigint, spill_count bigint, spill_bytes bigint, stream_txns bigint, stream_count bigint,
			stream_bytes bigint, total_txns bigint, total_bytes bigint, stats_reset timestamp with time zone`,
	},
	absent{
		oid: 12244, name: "pg_stat_subscription", view: true,
		columns: `subid oid, subname name, pid integer, relid oid, received_lsn pg_lsn, last_msg_send_time timestamp with time zone,
			last_msg_receipt_time timestamp with time zone, latest_end_lsn pg_lsn, latest_end_time timestamp with time zone`,
	},
	absent{
		oid: 12336, name: "pg_stat_subscription_stats", view: true,
		columns: `subid oid, subname name, apply_error_count bigint, sync_error_count bigint, stats_reset timestamp with time zone`,
	},
	absent{
		oid: 12236, name: "pg_stat_wal_receiver", view: true,
		columns: `pid integer, status text, receive_start_lsn pg_lsn, receive_start_tli integer, written_lsn pg_lsn, flushed_lsn pg_lsn,
			received_tli integer, last_msg_send_time timestamp with time zone, last_msg_receipt_time timestamp with time zone,
			latest_end_lsn pg_lsn, latest_end_time timestamp with time zone, slot_name text, sender_host text, sender_port integer,
			conninfo text`,
	},
	absent{
		oid: 12240, name: "pg_stat_recovery_prefetch", view: true,
		columns: `stats_reset timestamp with time zone, prefetch bigint, hit bigint, skip_init bigint, skip_new bigint, skip_fpw bigint,
			skip_rep bigint, wal_distance integer, block_distance integer, io_depth integer`,
	},
}

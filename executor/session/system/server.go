package system

// server are relations about how PostgreSQL was built, configured and what it holds in memory; prepared transactions.
var server = []definition{
	absent{
		oid: 12130, name: "pg_config", view: true,
		columns: `name text, setting text`,
	},
	absent{
		oid: 12110, name: "pg_file_settings", view: true,
		columns: `sourcefile text, sourceline integer, seqno integer, name text, setting text, applied boolean, error text`,
	},
	absent{
		oid: 12114, name: "pg_hba_file_rules", view: true,
		columns: `line_number integer, type text, database text[], user_name text[], address text, netmask text, auth_method text,
			options text[], error text`,
	},
	absent{
		oid: 12118, name: "pg_ident_file_mappings", view: true,
		columns: `line_number integer, map_name text, sys_name text, pg_username text, error text`,
	},
	absent{
		oid: 12134, name: "pg_shmem_allocations", view: true,
		columns: `name text, off bigint, size bigint, allocated_size bigint`,
	},
	absent{
		oid: 12138, name: "pg_backend_memory_contexts", view: true,
		columns: `name text, ident text, parent text, level integer, total_bytes bigint, total_nblocks bigint, free_bytes bigint,
			free_chunks bigint, used_bytes bigint`,
	},
	absent{
		oid: 12090, name: "pg_prepared_xacts", view: true,
		columns: `transaction xid, gid text, prepared timestamp with time zone, owner name, database name`,
	},
	absent{
		oid: 12122, name: "pg_timezone_abbrevs", view: true,
		columns: `abbrev text, utc_offset interval, is_dst boolean`,
	},
}

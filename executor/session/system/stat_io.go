package system

// What each counts for a table, an index and a sequence.
const (
	tableIOColumns = `relid oid, schemaname name, relname name, heap_blks_read bigint, heap_blks_hit bigint, idx_blks_read bigint,
		idx_blks_hit bigint, toast_blks_read bigint, toast_blks_hit bigint, tidx_blks_read bigint, tidx_blks_hit bigint`
	indexIOColumns    = `relid oid, indexrelid oid, schemaname name, relname name, indexrelname name, idx_blks_read bigint, idx_blks_hit bigint`
	sequenceIOColumns = `relid oid, schemaname name, relname name, blks_read bigint, blks_hit bigint`
)

// statIO are counters of PostgreSQL's buffers.
var statIO = []definition{
	absent{oid: 12196, name: "pg_statio_all_indexes", view: true, columns: indexIOColumns},
	absent{oid: 12209, name: "pg_statio_all_sequences", view: true, columns: sequenceIOColumns},
	absent{oid: 12170, name: "pg_statio_all_tables", view: true, columns: tableIOColumns},
	absent{oid: 12201, name: "pg_statio_sys_indexes", view: true, columns: indexIOColumns},
	absent{oid: 12214, name: "pg_statio_sys_sequences", view: true, columns: sequenceIOColumns},
	absent{oid: 12175, name: "pg_statio_sys_tables", view: true, columns: tableIOColumns},
	absent{oid: 12205, name: "pg_statio_user_indexes", view: true, columns: indexIOColumns},
	absent{oid: 12218, name: "pg_statio_user_sequences", view: true, columns: sequenceIOColumns},
	absent{oid: 12179, name: "pg_statio_user_tables", view: true, columns: tableIOColumns},
}

package system

// statistics are relations about statistics of columns for the planner.
var statistics = []definition{
	absent{
		oid: 2619, name: "pg_statistic",
		columns: `starelid oid!, staattnum smallint!, stainherit boolean!, stanullfrac real!, stawidth integer!, stadistinct real!,
			stakind1 smallint!, stakind2 smallint!, stakind3 smallint!, stakind4 smallint!, stakind5 smallint!, staop1 oid!,
			staop2 oid!, staop3 oid!, staop4 oid!, staop5 oid!, stacoll1 oid!, stacoll2 oid!, stacoll3 oid!, stacoll4 oid!,
			stacoll5 oid!, stanumbers1 real[], stanumbers2 real[], stanumbers3 real[], stanumbers4 real[], stanumbers5 real[],
			stavalues1 anyarray, stavalues2 anyarray, stavalues3 anyarray, stavalues4 anyarray, stavalues5 anyarray`,
	},
	absent{
		oid: 3381, name: "pg_statistic_ext",
		columns: `oid oid!, stxrelid oid!, stxname name!, stxnamespace oid!, stxowner oid!, stxstattarget integer!, stxkeys int2vector!,
			stxkind "char"[]!, stxexprs pg_node_tree`,
	},
	absent{
		oid: 3429, name: "pg_statistic_ext_data",
		columns: `stxoid oid!, stxdinherit boolean!, stxdndistinct pg_ndistinct, stxddependencies pg_dependencies, stxdmcv pg_mcv_list,
			stxdexpr pg_statistic[]`,
	},
	absent{
		oid: 12053, name: "pg_stats", view: true,
		columns: `schemaname name, tablename name, attname name, inherited boolean, null_frac real, avg_width integer, n_distinct real,
			most_common_vals anyarray, most_common_freqs real[], histogram_bounds anyarray, correlation real,
			most_common_elems anyarray, most_common_elem_freqs real[], elem_count_histogram real[]`,
	},
	absent{
		oid: 12058, name: "pg_stats_ext", view: true,
		columns: `schemaname name, tablename name, statistics_schemaname name, statistics_name name, statistics_owner name, attnames name[],
			exprs text[], kinds "char"[], inherited boolean, n_distinct pg_ndistinct, dependencies pg_dependencies,
			most_common_vals text[], most_common_val_nulls boolean[], most_common_freqs double precision[],
			most_common_base_freqs double precision[]`,
	},
	absent{
		oid: 12063, name: "pg_stats_ext_exprs", view: true,
		columns: `schemaname name, tablename name, statistics_schemaname name, statistics_name name, statistics_owner name, expr text,
			inherited boolean, null_frac real, avg_width integer, n_distinct real, most_common_vals anyarray,
			most_common_freqs real[], histogram_bounds anyarray, correlation real, most_common_elems anyarray,
			most_common_elem_freqs real[], elem_count_histogram real[]`,
	},
}

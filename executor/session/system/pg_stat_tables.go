package system

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/types"
)

// tableStat is a relation with rows of its own, and how many.
type tableStat struct {
	named
	rows int64
}

// tableStats are those of users' relations or of system relations, or both.
func tableStats(users, system bool) func(*scan, func(tableStat) error) error {
	return func(s *scan, emit func(tableStat) error) error {
		return withNames(kindTable, kindMaterialized)(s, func(n named) error {
			if own := n.rel.Kind == catalog.Virtual; own && !system || !own && !users {
				return nil
			}
			x := tableStat{named: n}
			if db := s.Running(); db != nil {
				if o, ok := db.Object(n.oid); ok && o.Relation != nil {
					x.rows = o.Relation.Rows()
				}
			}
			return emit(x)
		})
	}
}

const tableStatColumns = `relid oid, schemaname name, relname name, seq_scan bigint, seq_tup_read bigint, idx_scan bigint, idx_tup_fetch bigint,
	n_tup_ins bigint, n_tup_upd bigint, n_tup_del bigint, n_tup_hot_upd bigint, n_live_tup bigint, n_dead_tup bigint,
	n_mod_since_analyze bigint, n_ins_since_vacuum bigint, last_vacuum timestamp with time zone,
	last_autovacuum timestamp with time zone, last_analyze timestamp with time zone,
	last_autoanalyze timestamp with time zone, vacuum_count bigint, autovacuum_count bigint, analyze_count bigint,
	autoanalyze_count bigint`

var tableStatValues = values[tableStat]{
	"relid":      func(t tableStat) types.Datum { return num(t.oid) },
	"schemaname": func(t tableStat) types.Datum { return str(t.schemaName) },
	"relname":    func(t tableStat) types.Datum { return str(t.name) },
	"n_live_tup": func(t tableStat) types.Datum { return num(t.rows) },
	"n_dead_tup": always[tableStat](num(0)),
}

var (
	pgStatAllTables = table[tableStat]{
		oid: 12142, name: "pg_stat_all_tables", view: true,
		columns: tableStatColumns,
		rows:    tableStats(true, true), values: tableStatValues,
	}
	pgStatSysTables = table[tableStat]{
		oid: 12152, name: "pg_stat_sys_tables", view: true,
		columns: tableStatColumns,
		rows:    tableStats(false, true), values: tableStatValues,
	}
	pgStatUserTables = table[tableStat]{
		oid: 12161, name: "pg_stat_user_tables", view: true,
		columns: tableStatColumns,
		rows:    tableStats(true, false), values: tableStatValues,
	}
)

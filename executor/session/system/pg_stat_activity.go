package system

import (
	"net"
	"strconv"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// activity is a session in a database.
type activity struct {
	Session
	database string
}

var pgStatActivity = table[activity]{
	oid: 12222, name: "pg_stat_activity", view: true,
	columns: `datid oid, datname name, pid integer, leader_pid integer, usesysid oid, usename name, application_name text,
		client_addr inet, client_hostname text, client_port integer, backend_start timestamp with time zone,
		xact_start timestamp with time zone, query_start timestamp with time zone, state_change timestamp with time zone,
		wait_event_type text, wait_event text, state text, backend_xid xid, backend_xmin xid, query_id bigint, query text,
		backend_type text`,
	rows: func(s *scan, emit func(activity) error) error {
		for _, x := range s.Sessions() {
			if err := emit(activity{x, s.env.Database()}); err != nil {
				return err
			}
		}
		return nil
	},
	values: values[activity]{
		"datid":            always[activity](num(databaseOID)),
		"datname":          func(a activity) types.Datum { return str(a.database) },
		"pid":              func(a activity) types.Datum { return num(a.ID) },
		"usesysid":         always[activity](num(fn.OwnerOID)),
		"usename":          func(a activity) types.Datum { return str(a.User) },
		"application_name": func(a activity) types.Datum { return str(a.Application) },
		"client_addr":      func(a activity) types.Datum { return a.address() },
		"client_port":      func(a activity) types.Datum { return a.port() },
		"backend_start":    func(a activity) types.Datum { return when(a.Began) },
		"xact_start":       func(a activity) types.Datum { return known(a.TxBegan) },
		"query_start":      func(a activity) types.Datum { return known(a.QueryBegan) },
		"state_change":     func(a activity) types.Datum { return known(a.Changed) },
		"wait_event_type":  func(a activity) types.Datum { return a.waits("Client") },
		"wait_event":       func(a activity) types.Datum { return a.waits("ClientRead") },
		"state":            func(a activity) types.Datum { return given(a.State) },
		"query":            func(a activity) types.Datum { return str(a.Query) },
		"backend_type":     always[activity](str("client backend")),
	},
}

// address and port are the client's; a client on a Unix socket has the port -1.
func (a activity) address() types.Datum {
	host, _, err := net.SplitHostPort(a.Remote)
	if err != nil {
		return types.Null
	}
	return str(host)
}

func (a activity) port() types.Datum {
	_, text, err := net.SplitHostPort(a.Remote)
	port, perr := strconv.Atoi(text)
	if err != nil || perr != nil {
		return num(-1)
	}
	return num(port)
}

// waits is what a session that does nothing waits for.
func (a activity) waits(what string) types.Datum {
	if a.State == "active" {
		return types.Null
	}
	return str(what)
}

// databaseStat is the database and how many sessions there are.
type databaseStat struct {
	name     string
	sessions int
}

var pgStatDatabase = table[databaseStat]{
	oid: 12266, name: "pg_stat_database", view: true,
	columns: `datid oid, datname name, numbackends integer, xact_commit bigint, xact_rollback bigint, blks_read bigint, blks_hit bigint,
		tup_returned bigint, tup_fetched bigint, tup_inserted bigint, tup_updated bigint, tup_deleted bigint, conflicts bigint,
		temp_files bigint, temp_bytes bigint, deadlocks bigint, checksum_failures bigint,
		checksum_last_failure timestamp with time zone, blk_read_time double precision, blk_write_time double precision,
		session_time double precision, active_time double precision, idle_in_transaction_time double precision, sessions bigint,
		sessions_abandoned bigint, sessions_fatal bigint, sessions_killed bigint, stats_reset timestamp with time zone`,
	rows: func(s *scan, emit func(databaseStat) error) error {
		return emit(databaseStat{s.env.Database(), len(s.Sessions())})
	},
	values: values[databaseStat]{
		"datid":       always[databaseStat](num(databaseOID)),
		"datname":     func(d databaseStat) types.Datum { return str(d.name) },
		"numbackends": func(d databaseStat) types.Datum { return num(d.sessions) },
	},
}

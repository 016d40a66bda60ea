package system

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// AdvisoryLock is an advisory lock that a session holds or waits for.
type AdvisoryLock struct {
	Key             fn.AdvisoryKey
	Session         uint32
	Shared, Granted bool
}

// pgLocks lists the advisory locks. Those of writers on tables are not kept where they can be listed.
var pgLocks = table[AdvisoryLock]{
	oid: 12073, name: "pg_locks", view: true,
	columns: `locktype text, database oid, relation oid, page integer, tuple smallint, virtualxid text, transactionid xid, classid oid,
		objid oid, objsubid smallint, virtualtransaction text, pid integer, mode text, granted boolean, fastpath boolean,
		waitstart timestamp with time zone`,
	rows: func(s *scan, emit func(AdvisoryLock) error) error { return emitAll(s.AdvisoryLocks(), emit) },
	values: values[AdvisoryLock]{
		"locktype": always[AdvisoryLock](str("advisory")),
		"database": always[AdvisoryLock](num(databaseOID)),
		"classid":  func(l AdvisoryLock) types.Datum { return num(l.Key.Class) },
		"objid":    func(l AdvisoryLock) types.Datum { return num(l.Key.Object) },
		"objsubid": func(l AdvisoryLock) types.Datum { return num(l.Key.Sub) },
		"pid":      func(l AdvisoryLock) types.Datum { return num(l.Session) },
		"mode": func(l AdvisoryLock) types.Datum {
			if l.Shared {
				return str("ShareLock")
			}
			return str("ExclusiveLock")
		},
		"granted":  func(l AdvisoryLock) types.Datum { return flag(l.Granted) },
		"fastpath": always[AdvisoryLock](flag(false)),
	},
}

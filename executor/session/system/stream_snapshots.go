package system

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/snapshot"
)

// Duration is null, and bytes what has been written so far, while a snapshot is under way. Failed ones are not kept.
var streamSnapshots = table[snapshot.Info]{
	oid: 13604, name: "snapshots", view: true,
	columns: `epoch bigint, started timestamp with time zone, duration interval, bytes bigint, status text, group_id bigint`,
	rows: func(s *scan, emit func(snapshot.Info) error) error {
		if s.Running() == nil {
			return nil
		}
		return emitAll(s.Running().Snapshots(), emit)
	},
	values: values[snapshot.Info]{
		"epoch":   func(x snapshot.Info) types.Datum { return num(x.Epoch) },
		"started": func(x snapshot.Info) types.Datum { return num(x.Started) },
		"duration": func(x snapshot.Info) types.Datum {
			if !x.Complete {
				return types.Null
			}
			return types.NewInterval(0, 0, x.Duration)
		},
		"bytes": func(x snapshot.Info) types.Datum { return num(x.Bytes) },
		"status": func(x snapshot.Info) types.Datum {
			if x.Complete {
				return str("complete")
			}
			return str("running")
		},
		"group_id": func(x snapshot.Info) types.Datum { return num(x.Group) },
	},
}

package system

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/sql/types"
)

// Alignment is how long the barrier waited at most in a task, once it was there on one input, for the others. Duration is null, and bytes what has been written so far, while a snapshot is under way. Failed ones are not kept.
var streamSnapshots = table[database.SnapshotInfo]{
	oid: 13604, name: "snapshots", view: true,
	columns: `epoch bigint, started timestamp with time zone, duration interval, bytes bigint, status text, group_id bigint, alignment interval`,
	rows: func(s *scan, emit func(database.SnapshotInfo) error) error {
		if s.Running() == nil {
			return nil
		}
		return emitAll(s.Running().Snapshots(), emit)
	},
	values: values[database.SnapshotInfo]{
		"epoch":   func(x database.SnapshotInfo) types.Datum { return num(x.Epoch) },
		"started": func(x database.SnapshotInfo) types.Datum { return num(x.Started) },
		"duration": func(x database.SnapshotInfo) types.Datum {
			if !x.Complete {
				return types.Null
			}
			return types.NewInterval(0, 0, x.Duration)
		},
		"bytes": func(x database.SnapshotInfo) types.Datum { return num(x.Bytes) },
		"status": func(x database.SnapshotInfo) types.Datum {
			if x.Complete {
				return str("complete")
			}
			return str("running")
		},
		"alignment": func(x database.SnapshotInfo) types.Datum {
			if x.Aligned < 0 {
				return types.Null
			}
			return micros(x.Aligned)
		},
		"group_id": func(x database.SnapshotInfo) types.Datum { return num(x.Group) },
	},
}

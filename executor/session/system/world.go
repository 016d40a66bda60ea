package system

import (
	"time"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// World is what system relations are computed from. The fn.Env of a session implements it.
type World interface {
	// Current is the catalog as the reading transaction sees it.
	Current() *catalog.Catalog
	// Running is the database at work: positions, counters and failures of its objects. It is nil in tests of the catalog alone.
	Running() *database.Database
	// Sessions are all open sessions, by their numbers.
	Sessions() []Session
	// Prepared and Cursors are the reading session's own, by name.
	Prepared() []Prepared
	Cursors() []Cursor
	// AdvisoryLocks are those of all sessions.
	AdvisoryLocks() []AdvisoryLock
}

// Session is a session as pg_stat_activity shows it. Times are in microseconds since 1970; 0 is none.
type Session struct {
	ID          uint32
	User        string
	Application string
	Remote      string
	Began       time.Time
	// TxBegan is when its transaction began, QueryBegan when its query did, Changed when State last changed.
	TxBegan, QueryBegan, Changed int64
	// State is "active", "idle", "idle in transaction" or "idle in transaction (aborted)".
	State string
	Query string
}

// Prepared is a prepared statement of SQL.
type Prepared struct {
	Name, Text string
	Prepared   int64 // microseconds since 1970; 0 is not known
	Params     []types.Type
	Results    []types.Type
}

// Cursor is an open cursor.
type Cursor struct {
	Name, Text string
	Hold       bool
	Declared   int64 // microseconds since 1970; 0 is not known
}

// scan is one reading of a system relation.
type scan struct {
	World
	env fn.Env
	cat *catalog.Catalog
}

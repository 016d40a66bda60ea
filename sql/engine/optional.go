package engine

import (
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// What a Session or a RowWriter may offer beside its contract; the other side asks for it by type assertion.

// IdleLimiter is a Session that limits how long its client may be silent between two commands
// (idle_session_timeout, idle_in_transaction_session_timeout).
type IdleLimiter interface {
	// IdleLimit is asked each time wire is about to wait for a command: how long it shall wait (0: for ever), and the
	// FATAL error that then ends the session.
	IdleLimit() (time.Duration, *sqlerr.Error)
}

// Texter is a Session on whose state the text of values depends: its time zone, its clock for 'now', the names that regclass
// and its like print.
type Texter interface {
	// TextEnv is asked before the parameters of a Bind are read and before a portal's rows are written; wire uses it
	// until that call is over. nil is UTC without a catalog.
	TextEnv() *types.Env
}

// Cursors is a Session whose SQL cursors can be named as portals, as in PostgreSQL, where DECLARE makes a portal: psycopg
// describes its server-side cursors so.
type Cursors interface {
	// Cursor finds an open cursor's portal. The cursor stays the session's: it is not to be closed.
	Cursor(name string) (Portal, bool)
}

// Repeatable is a Statement of which wire keeps the last used: a client that sends the same text again and again, without
// preparing it, shall not pay for analysing it each time.
type Repeatable interface {
	Statement
	// Fresh reports whether the session's Prepare would, of the same text with the same parameter types, make the same
	// statement now.
	Fresh() bool
	// As is the statement under another text that means the same, for those who look at what is running.
	As(text string) Statement
}

// Sharer is a RowWriter whose bytes can be those of other clients as well: rows that many subscribers get are encoded once.
type Sharer interface {
	RowWriter
	// Form tells apart the clients to whom the same rows are different bytes. It is empty where they can be nobody else's.
	Form() string
	// Encode appends to dst the rows of b, as Batch would write them.
	Encode(dst []byte, b *vec.Batch) ([]byte, error)
	// Encoded writes what Encode gave: this writer's, or that of another one of the same form. It only reads it. rows is how many there are.
	Encoded(messages []byte, rows int64) error
}

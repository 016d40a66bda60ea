// Package engine is the contract between wire, which talks to clients, and executor/session, which answers them.
//
// Invariants:
//   - wire knows SQL text, protocol and bytes; the engine knows statements and rows. Neither imports the other; cmd joins
//     them.
//   - A Session is used by one goroutine at a time; only Engine.Cancel comes from others.
//   - Every error is a *sqlerr.Error (or is turned into one by sqlerr.From).
//   - Back-pressure is a blocked call: RowWriter.Batch returns when the client has taken enough; cancellation, timeout and a
//     vanished client are the context.
package engine

import (
	"context"
	"io"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Engine opens sessions.
type Engine interface {
	// Open starts a session for an authenticated client. It waits for recovery, and fails with 57P03 while shutting down,
	// 3D000 for an unknown database, 28000 for an unknown role, 53300 when max_connections are in use, and 22023 for a
	// start-up option that is no setting or has a wrong value.
	Open(ctx context.Context, s Startup) (Session, error)
	// Cancel cancels what the session with this id is running, if anything. It never fails: a client learns nothing.
	Cancel(session uint32)
	// Verifier gives the password verifier of a role in the form of PostgreSQL's pg_authid.rolpassword
	// (SCRAM-SHA-256$…), or "" if the role has none. ok is false for an unknown role.
	Verifier(role string) (verifier string, ok bool)
}

// Startup is what a client says of itself before its first statement.
type Startup struct {
	User, Database string
	// Settings are the start-up parameters that name settings, `options` already taken apart, in the client's order.
	Settings []Setting
	// Remote is the client's address, for pg_stat_activity and logs.
	Remote string
	// Interrupt cancels the context of the call that the session is in, with cause as what the client is told; it does
	// nothing when the session is in none, unless cause is FATAL: that ends the session in any case. It may be called by
	// any goroutine and does not block. The engine uses it for statement_timeout, pg_cancel_backend and
	// pg_terminate_backend: it alone also wakes a call that is blocked on the client, such as CopyIn's reader.
	Interrupt func(cause *sqlerr.Error)
	// Wake makes the connection ask the session for Events soon, although its client has sent nothing: notifications have come. It may
	// be called by any goroutine and does not block. nil: nobody is to be woken.
	Wake func()
	// Portal finds an open portal of the protocol by its name, and what closes it, as FETCH, MOVE and CLOSE take one for a cursor.
	// nil: there are none.
	Portal func(name string) (p Portal, closes func(), ok bool)
	// Prepared reports whether the protocol has a prepared statement of this name: DEALLOCATE closes those too. nil: there are
	// none.
	Prepared func(name string) bool
}

// Setting is a setting and its value as text.
type Setting struct{ Name, Value string }

// Session is one client's state: settings, transaction, prepared statements of SQL, cursors.
type Session interface {
	// ID is the session's number, the process id of BackendKeyData and pg_backend_pid().
	ID() uint32
	// Prepare analyses one statement. params are the parameter types the client fixed (Unknown where it did not); the
	// statement's Params tells what they became. Transaction rules apply: in a failed block everything but ROLLBACK is
	// 25P02.
	Prepare(ctx context.Context, stmt ast.Stmt, params []types.Type) (Statement, error)
	// Sync ends an implicit transaction: it commits what ran since the last Sync outside a block, or rolls it back if
	// failed says so. wire calls it at the protocol's Sync and at the end of a simple Query. An explicit block is
	// left as it is, but marked failed if failed.
	Sync(ctx context.Context, failed bool) error
	// Status is the transaction status byte of ReadyForQuery: 'I', 'T' or 'E'.
	Status() byte
	// Events gives what has come up for the client since the last call: notices, changed parameters, closed statements.
	Events() []Event
	// Close ends the session: an open transaction is rolled back.
	Close()
}

// Event is something to tell the client beside the answer of its statement. Exactly one field is set.
type Event struct {
	// Notice is a NoticeResponse; client_min_messages has been applied.
	Notice *sqlerr.Error
	// Parameter is a ParameterStatus. A new session's first Events are its start-up parameters.
	Parameter *Setting
	// Notification is what another session has sent by NOTIFY.
	Notification *Notification
	// Deallocate names a protocol-level prepared statement that SQL has closed (DEALLOCATE, DISCARD); "" is all of them.
	Deallocate *string
}

// Notification is a NotificationResponse: who sent it, on which channel, and what.
type Notification struct {
	Session          uint32
	Channel, Payload string
}

// Column describes a column of a result.
type Column struct {
	Name string
	Type types.Type
	// Table is the OID of the relation that the column comes from and Attr its attribute number; both 0 for an expression.
	Table uint32
	Attr  int16
}

// Statement is an analysed statement, usable many times.
type Statement interface {
	// Params are the types of its parameters.
	Params() []types.Type
	// Columns describe its rows; nil if it returns none.
	Columns() []Column
	// Bind makes a portal with these arguments, one for each of Params.
	Bind(ctx context.Context, args []types.Datum) (Portal, error)
	Close()
}

// Portal is a statement being executed. SELECT's portals, FETCH from a cursor and SUBSCRIBE are all this.
type Portal interface {
	Columns() []Column
	// Run executes, or goes on, until it is done or has written maxRows rows (0: no limit). After Suspended it may be
	// called again, until its transaction ends.
	Run(ctx context.Context, maxRows int64, w RowWriter) (Result, error)
	Close()
}

// Result is how a Run ended.
type Result struct {
	// Tag is the command tag ("SELECT 3"); empty for an empty query and when Suspended.
	Tag string
	// Suspended says that maxRows were written and there may be more.
	Suspended bool
}

// RowWriter takes a portal's output.
type RowWriter interface {
	// Batch writes the rows of b, whose columns are the portal's. Weights must be nil or positive: a row of weight w is
	// written w times. b is the caller's again when it returns.
	Batch(b *vec.Batch) error
	// Flush sends what is buffered to the client: SUBSCRIBE calls it when a cut is complete.
	Flush() error
	// CopyIn asks the client for COPY data of so many columns; what it sends comes as a stream of bytes. The reader's
	// error is io.EOF after CopyDone, and 57014 after CopyFail.
	CopyIn(binary bool, columns int) (io.Reader, error)
	// CopyOut starts COPY TO STDOUT; each Write becomes one CopyData message, so a caller writes a whole row, or several.
	CopyOut(binary bool, columns int) (io.Writer, error)
}

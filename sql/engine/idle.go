package engine

import (
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// IdleLimiter is a Session that limits how long its client may be silent between two commands
// (idle_session_timeout, idle_in_transaction_session_timeout). A Session need not be one.
type IdleLimiter interface {
	// IdleLimit is asked each time wire is about to wait for a command: how long it shall wait (0: for ever), and the
	// FATAL error that then ends the session.
	IdleLimit() (time.Duration, *sqlerr.Error)
}

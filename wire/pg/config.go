package pg

import (
	"crypto/tls"
	"log/slog"
	"time"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/wire/auth"
)

// Config is what a Server can be told beside its engine. The zero value serves loopback.
type Config struct {
	// Parse takes a query string apart into its statements; nil is parse.Statements.
	Parse func(sql string) ([]ast.Stmt, error)
	// TLS is offered when it is set. ServerName, session tickets and a minimum version below 1.2 in it are overruled.
	TLS *tls.Config
	// Auth says which clients need TLS and a password.
	Auth auth.Policy
	// MockKey keeps the salts of roles without a password stable over restarts; see auth.NewAuthenticator.
	MockKey []byte
	Limits  Limits
	// Log gets connections' failures; nil discards them.
	Log *slog.Logger
}

// Limits bound what one client can take; zero means the default. Those with a name in parentheses are settings, which errors
// mention; Apply sets them by it.
type Limits struct {
	// MaxMessage is the size in bytes of a Query, Parse, Bind or CopyData message (max_message_size, 16 MiB).
	MaxMessage int
	// MaxStatements and MaxPortals are how many a session may hold open by name (max_prepared_statements, 10,000;
	// max_portals, 1,000).
	MaxStatements, MaxPortals int
	// MaxPending is how many connections may be not yet logged in (max_pending_connections, 2,000).
	MaxPending int
	// LoginTimeout bounds the time from connecting to being logged in (authentication_timeout, 10 s).
	LoginTimeout time.Duration
	// WriteTimeout is how long a client may take none of the bytes sent to it (client_write_timeout, 60 s).
	WriteTimeout time.Duration
	// CheckInterval is how often it is looked after the clients of running statements; 200 ms.
	CheckInterval time.Duration
	// KeepAlive is TCP's idle time until it probes a silent client's host, four times at a quarter of it; 30 s.
	KeepAlive time.Duration
}

// The names of the settings.
const (
	settingMaxMessage    = "max_message_size"
	settingMaxStatements = "max_prepared_statements"
	settingMaxPortals    = "max_portals"
	settingMaxPending    = "max_pending_connections"
	settingLoginTimeout  = "authentication_timeout"
	settingWriteTimeout  = "client_write_timeout"
)

// Apply sets the limit that a setting of package settings stands for, n in that setting's unit. It reports whether the
// setting is one of them.
func (l *Limits) Apply(setting string, n int) bool {
	switch setting {
	case settingMaxMessage:
		l.MaxMessage = n << 10
	case settingMaxStatements:
		l.MaxStatements = n
	case settingMaxPortals:
		l.MaxPortals = n
	case settingMaxPending:
		l.MaxPending = n
	case settingLoginTimeout:
		l.LoginTimeout = time.Duration(n) * time.Second
	case settingWriteTimeout:
		l.WriteTimeout = time.Duration(n) * time.Second
	default:
		return false
	}
	return true
}

// withDefaults fills in what is zero.
func (l Limits) withDefaults() Limits {
	def := func(n *int, d int) {
		if *n == 0 {
			*n = d
		}
	}
	defTime := func(t *time.Duration, d time.Duration) {
		if *t == 0 {
			*t = d
		}
	}
	def(&l.MaxMessage, 16<<20)
	def(&l.MaxStatements, 10_000)
	def(&l.MaxPortals, 1_000)
	def(&l.MaxPending, 2_000)
	defTime(&l.LoginTimeout, 10*time.Second)
	defTime(&l.WriteTimeout, time.Minute)
	defTime(&l.CheckInterval, 200*time.Millisecond)
	defTime(&l.KeepAlive, 30*time.Second)
	return l
}

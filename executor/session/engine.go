package session

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// DatabaseName and DefaultRole exist from the start.
const (
	DatabaseName = "streamdb"
	DefaultRole  = "streamdb"
)

// Config is what an engine is made of.
type Config struct {
	Database *database.Database
	// MaxSessions is max_connections.
	MaxSessions int
	Log         *slog.Logger
}

// Engine opens sessions over one database.
type Engine struct {
	cfg   Config
	db    *database.Database
	locks *txn.Locks
	fans  fans
	// advisory and channels are what sessions share by agreement.
	advisory *advisoryLocks
	channels channels
	began    time.Time

	mu       sync.Mutex
	sessions map[uint32]*Session
	nextID   uint32
	closing  bool
}

// New makes an engine.
func New(cfg Config) *Engine {
	if cfg.MaxSessions == 0 {
		cfg.MaxSessions = 10_000
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Engine{cfg: cfg, db: cfg.Database, locks: txn.NewLocks(), advisory: newAdvisoryLocks(),
		channels: channels{listeners: map[string]map[*Session]bool{}}, began: time.Now(), sessions: map[uint32]*Session{}, nextID: 1}
}

// Open implements engine.Engine.
func (e *Engine) Open(_ context.Context, start engine.Startup) (engine.Session, error) {
	if start.Database != DatabaseName && start.Database != "" {
		return nil, sqlerr.New(sqlerr.InvalidCatalogName, "database %q does not exist", start.Database).
			WithHint("The database is %s.", DatabaseName)
	}
	if _, ok := e.Verifier(start.User); !ok {
		return nil, sqlerr.New(sqlerr.InvalidAuthorization, "role %q does not exist", start.User)
	}
	s := newSession(e, start)
	for _, x := range start.Settings {
		if err := s.settings.Init(x.Name, x.Value); err != nil {
			return nil, err
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	switch {
	case e.closing:
		return nil, sqlerr.New(sqlerr.CannotConnectNow, "the database system is shutting down")
	case len(e.sessions) >= e.cfg.MaxSessions:
		return nil, sqlerr.New(sqlerr.TooManyConnections, "sorry, too many clients already").
			WithHint("max_connections is %d.", e.cfg.MaxSessions)
	}
	s.id, s.name = e.nextID, fmt.Sprintf("Process %d", e.nextID)
	e.nextID++
	e.sessions[s.id] = s
	for _, p := range s.settings.Reported() {
		s.events = append(s.events, engine.Event{Parameter: &engine.Setting{Name: p[0], Value: p[1]}})
	}
	return s, nil
}

// Cancel implements engine.Engine.
func (e *Engine) Cancel(id uint32) {
	e.mu.Lock()
	s := e.sessions[id]
	e.mu.Unlock()
	if s != nil {
		s.interrupt(sqlerr.New(sqlerr.QueryCanceled, "canceling statement due to user request"))
	}
}

// Verifier implements engine.Engine. There is one role, without a password: loopback clients are trusted.
func (e *Engine) Verifier(role string) (string, bool) {
	return "", role == DefaultRole
}

// Close refuses new sessions and interrupts those there are.
func (e *Engine) Close() {
	e.mu.Lock()
	e.closing = true
	sessions := make([]*Session, 0, len(e.sessions))
	for _, s := range e.sessions {
		sessions = append(sessions, s)
	}
	e.mu.Unlock()
	for _, s := range sessions {
		cause := sqlerr.New(sqlerr.AdminShutdown, "terminating connection due to administrator command")
		cause.Severity = sqlerr.Fatal
		s.interrupt(cause)
	}
}

func (e *Engine) forget(s *Session) {
	e.mu.Lock()
	defer e.mu.Unlock()
	delete(e.sessions, s.id)
}

// Sessions are the open sessions, by id.
func (e *Engine) Sessions() []*Session {
	e.mu.Lock()
	defer e.mu.Unlock()
	out := make([]*Session, 0, len(e.sessions))
	for _, s := range e.sessions {
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *Session) int { return int(a.id) - int(b.id) })
	return out
}

// Version is what version() says.
const Version = "PostgreSQL 15.0 (StreamDB " + settings.Version + ")"

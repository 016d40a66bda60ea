package session

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Session implements engine.Session.
type Session struct {
	engine   *Engine
	id       uint32
	name     string // of its transactions, in errors
	user     string
	remote   string
	began    time.Time
	settings *settings.Values
	events   []engine.Event
	prepared map[string]*prepared
	protocol engine.Startup // what the protocol has by name: its prepared statements and portals
	cursors  map[string]*cursor
	lastval  map[uint32]int64
	lastSeq  uint32
	mail     correspondence

	tx       *txn.Txn
	block    block
	modes    modes
	startsAt int64    // the transaction's time
	indexes  []uint32 // that it has created: its COMMIT returns when they have been built

	// running is the context of the statement being run, nil between statements; shared is used by one after the other.
	running switchContext
	shared  callContext
	inForce inForce
	warn    func(*sqlerr.Error) // notice, as a value

	mu     sync.Mutex // guards what other goroutines look at
	cancel context.CancelCauseFunc
	query  string // being run, or last run
}

// block is the state of the transaction block.
type block byte

// The states of a block: none (statements are transactions of their own), open, failed. They are ReadyForQuery's bytes.
const (
	noBlock     block = 'I'
	openBlock   block = 'T'
	failedBlock block = 'E'
)

func newSession(e *Engine, start engine.Startup) *Session {
	s := &Session{engine: e, user: start.User, remote: start.Remote, protocol: start, began: time.Now(), settings: settings.NewValues(),
		prepared: map[string]*prepared{}, cursors: map[string]*cursor{}, lastval: map[uint32]int64{}, block: noBlock}
	s.warn = s.notice
	return s
}

// ID implements engine.Session.
func (s *Session) ID() uint32 { return s.id }

// Status implements engine.Session.
func (s *Session) Status() byte { return byte(s.block) }

// Events implements engine.Session.
func (s *Session) Events() []engine.Event {
	for _, p := range s.settings.Changed() {
		s.events = append(s.events, engine.Event{Parameter: &engine.Setting{Name: p[0], Value: p[1]}})
	}
	out := s.events
	s.events = nil
	for _, n := range s.notifications() {
		out = append(out, engine.Event{Notification: &n})
	}
	return out
}

// notice tells the client something, if client_min_messages lets it through.
func (s *Session) notice(e *sqlerr.Error) {
	if noticeRank(string(e.Severity)) >= noticeRank(s.setting("client_min_messages")) {
		s.events = append(s.events, engine.Event{Notice: e})
	}
}

// noticeRank orders the levels of client_min_messages.
func noticeRank(level string) int {
	for i, l := range []string{"debug5", "debug4", "debug3", "debug2", "debug1", "log", "notice", "warning", "error"} {
		if strings.EqualFold(l, level) {
			return i
		}
	}
	if strings.EqualFold(level, "debug") {
		return 3
	}
	return 6 // info and what is not known: as a notice
}

func (s *Session) setting(name string) string {
	v, _ := s.settings.Get(name)
	return v
}

func (s *Session) duration(name string) time.Duration {
	x, ok := settings.Find(name)
	if !ok {
		return 0
	}
	return settings.Duration(x, s.setting(name))
}

// Close implements engine.Session.
func (s *Session) Close() {
	s.closeCursors()
	s.rollback()
	s.engine.channels.leaveAll(s)
	s.engine.advisory.releaseAll(s, false)
	s.dropShared()
	s.engine.forget(s)
}

// interrupt cancels what is being run.
func (s *Session) interrupt(cause error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancel != nil {
		s.cancel(cause)
	}
}

package session

import (
	"maps"
	"slices"
	"sync"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// channels are who listens on what. Notifications go out when their transaction has committed, those of one in the order in
// which they were made, and reach a session when it is in no transaction.
type channels struct {
	mu        sync.Mutex
	listeners map[string]map[*Session]bool
}

// maxPayload and maxChannel are PostgreSQL's limits of a notification, in bytes.
const (
	maxPayload = 8000
	maxChannel = 63
)

// unread is how many notifications wait for a session that stays in its transaction; the sender of more is refused.
const unread = 100_000

// correspondence is a session's part in channels: what it listens on, and what COMMIT will change in that and send.
type correspondence struct {
	listening map[string]bool
	changes   []func()
	sending   []engine.Notification
	// marks are how many of both there were at each savepoint, by its number.
	marks [][2]int

	mu    sync.Mutex // guards inbox, into which others put
	inbox []engine.Notification
}

// listen is LISTEN: from the COMMIT on.
func (s *Session) listen(x *ast.Listen) (string, error) {
	s.transaction()
	s.mail.changes = append(s.mail.changes, func() { s.engine.channels.join(s, x.Channel) })
	return "LISTEN", nil
}

// unlisten is UNLISTEN, of every channel where none is named.
func (s *Session) unlisten(x *ast.Unlisten) (string, error) {
	s.transaction()
	s.mail.changes = append(s.mail.changes, func() {
		if x.Channel == "" {
			s.engine.channels.leaveAll(s)
			return
		}
		s.engine.channels.leave(s, x.Channel)
	})
	return "UNLISTEN", nil
}

// notify is NOTIFY and pg_notify. What is equal to one that the transaction has sent before is not sent again.
func (s *Session) notify(channel, payload string) error {
	switch {
	case channel == "":
		return sqlerr.New(sqlerr.InvalidParameterValue, "channel name cannot be empty")
	case len(channel) > maxChannel:
		return sqlerr.New(sqlerr.InvalidParameterValue, "channel name too long")
	case len(payload) >= maxPayload:
		return sqlerr.New(sqlerr.InvalidParameterValue, "payload string too long")
	case s.engine.channels.full(channel):
		return sqlerr.New(sqlerr.ProgramLimitExceeded, "too many notifications in the NOTIFY queue")
	}
	s.transaction()
	n := engine.Notification{Session: s.id, Channel: channel, Payload: payload}
	if !slices.Contains(s.mail.sending, n) {
		s.mail.sending = append(s.mail.sending, n)
	}
	return nil
}

// post does what LISTEN, UNLISTEN and NOTIFY of the transaction asked for, if it has committed.
func (s *Session) post(committed bool) {
	changes, sending := s.mail.changes, s.mail.sending
	s.mail.marks = nil
	if changes == nil && sending == nil {
		return
	}
	s.mail.changes, s.mail.sending = nil, nil
	if !committed {
		return
	}
	for _, change := range changes {
		change()
	}
	s.engine.channels.send(sending)
}

// savepoint notes what COMMIT would do by now, under the savepoint's number.
func (c *correspondence) savepoint(n int) {
	for len(c.marks) <= n {
		c.marks = append(c.marks, [2]int{})
	}
	c.marks[n] = [2]int{len(c.changes), len(c.sending)}
}

// rollbackTo forgets what came after a savepoint.
func (c *correspondence) rollbackTo(n int) {
	c.changes, c.sending = c.changes[:c.marks[n][0]], c.sending[:c.marks[n][1]]
}

// notifications takes those that have come, if the session may be told: it is in no transaction.
func (s *Session) notifications() []engine.Notification {
	if len(s.mail.listening) == 0 || s.block != noBlock || s.tx != nil {
		return nil
	}
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	out := s.mail.inbox
	s.mail.inbox = nil
	return out
}

func (c *channels) join(s *Session, channel string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.listeners[channel] == nil {
		c.listeners[channel] = map[*Session]bool{}
	}
	c.listeners[channel][s] = true
	if s.mail.listening == nil {
		s.mail.listening = map[string]bool{}
	}
	s.mail.listening[channel] = true
}

func (c *channels) leave(s *Session, channel string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.listeners[channel], s)
	if len(c.listeners[channel]) == 0 {
		delete(c.listeners, channel)
	}
	delete(s.mail.listening, channel)
}

func (c *channels) leaveAll(s *Session) {
	for channel := range maps.Clone(s.mail.listening) {
		c.leave(s, channel)
	}
}

// full reports whether a channel has a listener that takes no more.
func (c *channels) full(channel string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for s := range c.listeners[channel] {
		if s.waiting() >= unread {
			return true
		}
	}
	return false
}

func (s *Session) waiting() int {
	s.mail.mu.Lock()
	defer s.mail.mu.Unlock()
	return len(s.mail.inbox)
}

// send hands notifications to their listeners, and wakes those.
func (c *channels) send(list []engine.Notification) {
	c.mu.Lock()
	defer c.mu.Unlock()
	woken := map[*Session]bool{}
	for _, n := range list {
		for s := range c.listeners[n.Channel] {
			s.mail.mu.Lock()
			s.mail.inbox = append(s.mail.inbox, n)
			s.mail.mu.Unlock()
			woken[s] = true
		}
	}
	for s := range woken {
		if s.protocol.Wake != nil {
			s.protocol.Wake()
		}
	}
}

package pg

import (
	"crypto/rand"
	"crypto/subtle"
	"sync"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

const (
	// A key of protocol 3.0 has exactly four bytes; one of 3.2 may have up to 256.
	shortKey, longKey  = 4, 32
	minCancel, maxKey  = 4, 256
	cancelTakesAtLeast = 4 + minCancel // process id and key
)

// cancelKeys finds the session that a cancel request means.
type cancelKeys struct {
	mu     sync.Mutex
	byID   map[uint32]cancelTarget
	absent [longKey]byte // compared with where there is no session, so that the time taken tells nothing
}

type cancelTarget struct {
	key []byte
	c   *conn
}

// issue makes the key of a session.
func (k *cancelKeys) issue(id uint32, c *conn, long bool) []byte {
	key := make([]byte, shortKey)
	if long {
		key = make([]byte, longKey)
	}
	_, _ = rand.Read(key) // never fails: crypto/rand
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.byID == nil {
		k.byID = map[uint32]cancelTarget{}
	}
	k.byID[id] = cancelTarget{key, c}
	return key
}

func (k *cancelKeys) revoke(id uint32) {
	k.mu.Lock()
	defer k.mu.Unlock()
	delete(k.byID, id)
}

// find is the connection of session id, if key is its key.
func (k *cancelKeys) find(id uint32, key []byte) *conn {
	k.mu.Lock()
	target, ok := k.byID[id]
	k.mu.Unlock()
	want := target.key
	if !ok {
		want = k.absent[:]
	}
	if subtle.ConstantTimeCompare(want, key) != 1 || !ok {
		return nil
	}
	return target.c
}

// cancel serves a cancel request: whatever comes of it, the client is told nothing.
func (s *Server) cancel(id uint32, key []byte) {
	c := s.keys.find(id, key)
	if c == nil {
		s.log.Debug("cancel request with a wrong key", "session", id)
		return
	}
	s.metrics.Cancels.Add(1)
	call, running := c.intr.current()
	if !running {
		return
	}
	s.engine.Cancel(id)
	c.intr.interruptCall(call, sqlerr.New(sqlerr.QueryCanceled, "canceling statement due to user request"))
}

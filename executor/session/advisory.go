package session

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/streamdb/streamdb/executor/session/system"
	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// advisoryLocks are the advisory locks of all sessions. They are granted in the order in which they were asked for; who holds
// one already gets it again past the queue, as in PostgreSQL. A waiter that would close a circle of waits gets 40P01.
type advisoryLocks struct {
	mu    sync.Mutex
	locks map[fn.AdvisoryKey]*advisoryLock
	waits map[*Session]*advisoryWaiter
}

func newAdvisoryLocks() *advisoryLocks {
	return &advisoryLocks{locks: map[fn.AdvisoryKey]*advisoryLock{}, waits: map[*Session]*advisoryWaiter{}}
}

type advisoryLock struct {
	holders map[*Session]*advisoryTimes
	queue   []*advisoryWaiter
}

// advisoryTimes is how often a session holds a lock, by whether it is shared and whether it is the transaction's.
type advisoryTimes [2][2]int

func (t *advisoryTimes) of(l fn.AdvisoryLock) *int { return &t[bit(l.Shared)][bit(l.Transaction)] }

func (t *advisoryTimes) holds(shared bool) bool {
	return t[bit(shared)][0]+t[bit(shared)][1] > 0
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

type advisoryWaiter struct {
	session *Session
	lock    fn.AdvisoryLock
	granted chan struct{}
}

// conflicts reports whether another session's hold excludes the lock.
func (k *advisoryLock) conflicts(s *Session, shared bool) bool {
	for other, t := range k.holders {
		if other != s && (t.holds(false) || !shared) {
			return true
		}
	}
	return false
}

func (k *advisoryLock) grant(s *Session, l fn.AdvisoryLock) {
	t := k.holders[s]
	if t == nil {
		t = &advisoryTimes{}
		k.holders[s] = t
	}
	*t.of(l)++
}

// acquire takes a lock, waiting for it if wait says so, up to timeout (0: for ever).
func (a *advisoryLocks) acquire(ctx context.Context, s *Session, l fn.AdvisoryLock, wait bool, timeout time.Duration) (bool, error) {
	a.mu.Lock()
	k := a.locks[l.Key]
	if k == nil {
		k = &advisoryLock{holders: map[*Session]*advisoryTimes{}}
		a.locks[l.Key] = k
	}
	if !k.conflicts(s, l.Shared) && (len(k.queue) == 0 || k.holders[s] != nil) {
		k.grant(s, l)
		a.mu.Unlock()
		return true, nil
	}
	if !wait {
		a.mu.Unlock()
		return false, nil
	}
	if a.circle(s, k) {
		a.mu.Unlock()
		return false, sqlerr.New(sqlerr.DeadlockDetected, "deadlock detected").
			WithDetail("Process %d waits for advisory lock [%d,%d,%d], which is held by a process that waits for it.", s.id, l.Key.Class, l.Key.Object, l.Key.Sub).
			WithHint("Take locks in the same order in all sessions.")
	}
	w := &advisoryWaiter{session: s, lock: l, granted: make(chan struct{})}
	k.queue = append(k.queue, w)
	a.waits[s] = w
	a.mu.Unlock()
	return a.wait(ctx, w, timeout)
}

// circle reports whether one of those for whom s would wait at k waits, perhaps through others, for s. The caller holds mu.
func (a *advisoryLocks) circle(s *Session, k *advisoryLock) bool {
	seen := map[*Session]bool{}
	todo := []*advisoryLock{k}
	for first := true; len(todo) > 0; first = false {
		k := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for other := range k.holders {
			w := a.waits[other]
			switch {
			case other == s && !first: // of the lock that it asks for it may hold a part
				return true
			case w == nil || seen[other]:
				continue
			}
			seen[other] = true
			todo = append(todo, a.locks[w.lock.Key])
		}
	}
	return false
}

func (a *advisoryLocks) wait(ctx context.Context, w *advisoryWaiter, timeout time.Duration) (bool, error) {
	err := txn.Await(ctx, w.granted, timeout)
	if err == nil {
		return true, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	k := a.locks[w.lock.Key]
	select {
	case <-w.granted: // it came after all
		a.giveBack(w.session, w.lock)
	default:
		delete(a.waits, w.session)
		k.queue = slices.DeleteFunc(k.queue, func(x *advisoryWaiter) bool { return x == w })
		a.settle(w.lock.Key, k)
	}
	return false, err
}

// release gives back one of the times that a session holds a lock; false if it does not.
func (a *advisoryLocks) release(s *Session, l fn.AdvisoryLock) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.giveBack(s, l)
}

func (a *advisoryLocks) giveBack(s *Session, l fn.AdvisoryLock) bool {
	k := a.locks[l.Key]
	if k == nil || k.holders[s] == nil || *k.holders[s].of(l) == 0 {
		return false
	}
	*k.holders[s].of(l)--
	a.settle(l.Key, k)
	return true
}

// releaseAll gives back the session's own locks, or its transaction's.
func (a *advisoryLocks) releaseAll(s *Session, transaction bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, k := range a.locks {
		if t := k.holders[s]; t != nil {
			t[0][bit(transaction)], t[1][bit(transaction)] = 0, 0
			a.settle(key, k)
		}
	}
}

// settle forgets who holds nothing any more, and grants what has become free.
func (a *advisoryLocks) settle(key fn.AdvisoryKey, k *advisoryLock) {
	for s, t := range k.holders {
		if !t.holds(false) && !t.holds(true) {
			delete(k.holders, s)
		}
	}
	for len(k.queue) > 0 && !k.conflicts(k.queue[0].session, k.queue[0].lock.Shared) {
		w := k.queue[0]
		k.queue = k.queue[1:]
		k.grant(w.session, w.lock)
		delete(a.waits, w.session)
		close(w.granted)
	}
	if len(k.queue) == 0 && len(k.holders) == 0 {
		delete(a.locks, key)
	}
}

// list gives who holds what and who waits, by key and session.
func (a *advisoryLocks) list() (out []system.AdvisoryLock) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for key, k := range a.locks {
		for s, t := range k.holders {
			for _, shared := range []bool{false, true} {
				if t.holds(shared) {
					out = append(out, system.AdvisoryLock{Key: key, Session: s.id, Shared: shared, Granted: true})
				}
			}
		}
		for _, w := range k.queue {
			out = append(out, system.AdvisoryLock{Key: key, Session: w.session.id, Shared: w.lock.Shared})
		}
	}
	slices.SortFunc(out, func(x, y system.AdvisoryLock) int {
		return cmp.Or(cmp.Compare(x.Key.Class, y.Key.Class), cmp.Compare(x.Key.Object, y.Key.Object), cmp.Compare(x.Key.Sub, y.Key.Sub),
			cmp.Compare(x.Session, y.Session), cmp.Compare(bit(x.Shared), bit(y.Shared)), cmp.Compare(bit(x.Granted), bit(y.Granted)))
	})
	return out
}

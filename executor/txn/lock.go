package txn

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Locks are the locks of a database's writers: one for each table, by OID, and one for the catalog. They are exclusive; a
// waiter that would close a circle of waits gets 40P01 at once.
type Locks struct {
	mu    sync.Mutex
	locks map[uint32]*lock
	// waits is what each waiting owner waits for: an owner waits for one lock at a time.
	waits map[*Owner]uint32
}

// Catalog is the "OID" of the lock that transactions hold which change the catalog.
const Catalog uint32 = 0

// Owner is who holds locks: a transaction.
type Owner struct {
	held []uint32
	// waited says that it has stood in a queue, from where others may grant it a lock.
	waited bool
	// Name is for the detail of deadlocks.
	Name string
}

type lock struct {
	owner *Owner
	queue []*waiter
}

type waiter struct {
	owner   *Owner
	granted chan struct{}
}

// NewLocks makes a lock table.
func NewLocks() *Locks { return &Locks{locks: map[uint32]*lock{}, waits: map[*Owner]uint32{}} }

// Acquire takes a lock for o, waiting for its turn up to timeout (0: for ever). It does nothing if o has it.
func (l *Locks) Acquire(ctx context.Context, o *Owner, oid uint32, timeout time.Duration) error {
	l.mu.Lock()
	k := l.locks[oid]
	if k == nil {
		l.locks[oid] = &lock{owner: o}
		o.held = append(o.held, oid)
		l.mu.Unlock()
		return nil
	}
	if k.owner == o {
		l.mu.Unlock()
		return nil
	}
	if l.circle(o, k) {
		l.mu.Unlock()
		return sqlerr.New(sqlerr.DeadlockDetected, "deadlock detected").
			WithDetail("%s waits for relation %d, which is held by %s, which waits for %s.", o.Name, oid, k.owner.Name, o.Name).
			WithHint("Write tables in the same order in all transactions.")
	}
	w := &waiter{owner: o, granted: make(chan struct{})}
	k.queue = append(k.queue, w)
	o.waited = true
	l.waits[o] = oid
	l.mu.Unlock()
	return l.wait(ctx, oid, w, timeout)
}

// circle reports whether the holder of k, or who stands before o in its queue, waits for o. The caller holds mu.
func (l *Locks) circle(o *Owner, k *lock) bool {
	seen := map[*Owner]bool{}
	todo := []*Owner{k.owner}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if x == o {
			return true
		}
		if seen[x] {
			continue
		}
		seen[x] = true
		if oid, ok := l.waits[x]; ok {
			next := l.locks[oid]
			todo = append(todo, next.owner)
			for _, w := range next.queue {
				if w.owner == x {
					break
				}
				todo = append(todo, w.owner)
			}
		}
	}
	return false
}

func (l *Locks) wait(ctx context.Context, oid uint32, w *waiter, timeout time.Duration) error {
	err := Await(ctx, w.granted, timeout)
	if err == nil {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	select {
	case <-w.granted: // it came after all: it is given back with the rest when the transaction ends
		return err
	default:
	}
	delete(l.waits, w.owner)
	k := l.locks[oid]
	k.queue = slices.DeleteFunc(k.queue, func(x *waiter) bool { return x == w })
	return err
}

// Await waits until a lock is granted, for as long as ctx lives and up to timeout (0: for ever). After an error it may have been granted all
// the same.
func Await(ctx context.Context, granted <-chan struct{}, timeout time.Duration) error {
	var expired <-chan time.Time
	if timeout > 0 {
		t := time.NewTimer(timeout)
		defer t.Stop()
		expired = t.C
	}
	select {
	case <-granted:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-expired:
		return sqlerr.New(sqlerr.LockNotAvailable, "canceling statement due to lock timeout")
	}
}

// Release gives back all locks of o.
func (l *Locks) Release(o *Owner) {
	if !o.waited && o.held == nil { // who only reads does not come to the lock table, which all sessions share
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, oid := range o.held {
		k := l.locks[oid]
		if len(k.queue) == 0 {
			delete(l.locks, oid)
			continue
		}
		w := k.queue[0]
		k.queue = k.queue[1:]
		k.owner = w.owner
		w.owner.held = append(w.owner.held, oid)
		delete(l.waits, w.owner)
		close(w.granted)
	}
	o.held, o.waited = nil, false
}

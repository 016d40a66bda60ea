package epoch

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/executor/sched"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/storage/changelog"
	"github.com/streamdb/streamdb/storage/kv"
)

// Interval is how long rows of polled sources are gathered for an epoch while jobs keep up.
const Interval = 2 * time.Millisecond

// Commit is what a transaction wants to be in an epoch.
type Commit struct {
	// Data are the changes of relations, each named once.
	Data []Change
	// Catalog is a catalog change's encoding, and With what else is to be stored with it; both may be empty.
	Catalog []byte
	With    *kv.Batch
	// NoSync says that the answer need not wait for the disk.
	NoSync bool
	// Check is asked when the commit's turn has come; an error rejects it. It may be nil.
	Check func() error
	// Apply makes a catalog change happen, once it is in the log and before the epoch can be seen. It may be nil.
	Apply func(epoch uint64, time int64)
	// Done is told how it ended.
	Done func(epoch uint64, err error)
}

// Change is what a commit changes in one relation.
type Change struct {
	changelog.RelationData
	// Mark is what the rows stand for in event time; NoMark for none.
	Mark Mark
	// fresh says that the stream is made by the same epoch: its progress is not under the clock yet.
	fresh bool
}

// Clock closes epochs.
type Clock struct {
	log     *changelog.Log
	sched   sched.Scheduler
	machine sched.Machine
	// find gives a relation at work, as the epoch's catalog change has left them; nil for one that is not.
	find func(oid uint32) *relation.Relation

	closed atomic.Uint64
	now    atomic.Int64 // time of the closed epoch

	mu       sync.Mutex
	queue    []*Commit
	sources  []*Source
	progress []*Progress
	ticks    []*Ticks
	next     int64 // when to step without being woken; 0: never
	failure  error
	watchers map[*relation.Watcher]struct{}
	notices  []notice
	booked   map[uint64]int // bookings of epochs
	stopping bool
}

// New makes the clock of a log. It goes on from the log's last epoch. Blocks are published to the relations that find knows.
func New(log *changelog.Log, s sched.Scheduler, find func(oid uint32) *relation.Relation) *Clock {
	c := &Clock{log: log, sched: s, find: find, watchers: map[*relation.Watcher]struct{}{}, booked: map[uint64]int{}}
	epoch, now := log.Last()
	c.closed.Store(epoch)
	c.now.Store(now)
	c.machine = s.Start("clock", c.step)
	return c
}

// Closed is the newest closed epoch, and Now its recorded time in microseconds since 1970.
func (c *Clock) Closed() uint64 { return c.closed.Load() }

// Now is the time of the newest closed epoch.
func (c *Clock) Now() int64 { return c.now.Load() }

// Submit queues a commit. Done is called from the clock's step.
func (c *Clock) Submit(x *Commit) {
	c.mu.Lock()
	if c.stopping || c.failure != nil {
		err := c.failure
		c.mu.Unlock()
		if err == nil {
			err = sqlerr.New(sqlerr.AdminShutdown, "the server is shutting down")
		}
		x.Done(0, err)
		return
	}
	c.queue = append(c.queue, x)
	c.mu.Unlock()
	c.machine.Wake()
}

// Watch registers a watcher that is woken when an epoch has been closed. It is woken at once as well.
func (c *Clock) Watch(w *relation.Watcher) {
	c.mu.Lock()
	c.watchers[w] = struct{}{}
	c.mu.Unlock()
	w.Wake()
}

// notice is who waits for an epoch.
type notice struct {
	epoch uint64
	to    *relation.Watcher
}

// Notify wakes a watcher once, when an epoch has been closed: at once if it has. It is for jobs, of which an epoch shall wake only those
// whose inputs it touches, or that wait for it.
func (c *Clock) Notify(w *relation.Watcher, epoch uint64) {
	c.mu.Lock()
	waits := epoch > c.Closed()
	if waits {
		c.notices = append(c.notices, notice{epoch, w})
	}
	c.mu.Unlock()
	if !waits {
		w.Wake()
	}
}

// tell wakes those that wait for the newest epoch. The caller holds mu.
func (c *Clock) tell() {
	for w := range c.watchers {
		w.Wake()
	}
	closed := c.Closed()
	c.notices = slices.DeleteFunc(c.notices, func(n notice) bool {
		if n.epoch > closed {
			return false
		}
		n.to.Wake()
		return true
	})
}

// Unwatch removes a watcher.
func (c *Clock) Unwatch(w *relation.Watcher) {
	c.mu.Lock()
	delete(c.watchers, w)
	c.mu.Unlock()
}

// Wake makes the clock look at its sources again: a job has got further, or a source has a new reader.
func (c *Clock) Wake() { c.machine.Wake() }

// Stop closes no more epochs. Commits that wait are refused.
func (c *Clock) Stop() {
	c.mu.Lock()
	c.stopping = true
	c.mu.Unlock()
	c.machine.Stop()
	c.machine.Join()
	c.refuse(sqlerr.New(sqlerr.AdminShutdown, "the server is shutting down"))
}

// step closes one epoch if there is anything to close.
func (c *Clock) step() bool {
	c.mu.Lock()
	if c.failure != nil { // what sources have must not pass over the epoch that was lost
		c.mu.Unlock()
		return false
	}
	commits := c.queue
	c.queue = nil
	sources := c.sources
	c.mu.Unlock()
	now := c.sched.Now()
	c.next = 0
	commits = admit(commits)
	polled, again := c.poll(sources, now)
	e := &closing{clock: c, epoch: c.Closed() + 1, time: max(now, c.Now()+1), commits: commits, polled: polled}
	e.merge()
	e.moved = c.settle(e.changes, now)
	e.ticks = c.tick(!e.empty(), e.time)
	if c.next != 0 {
		c.machine.WakeAfter(time.Duration(max(1, c.next-now)) * time.Microsecond)
	}
	if e.empty() {
		return again
	}
	if err := e.close(); err != nil {
		c.fail(err)
		e.done(err)
		return false
	}
	return again || c.waiting()
}

// wakeAt has the clock step at a time, at the latest.
func (c *Clock) wakeAt(t int64) { c.next = sooner(c.next, t) }

func (c *Clock) waiting() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.queue) > 0
}

// admit asks each commit's Check and gives those that may go on.
func admit(commits []*Commit) []*Commit {
	admitted := commits[:0]
	for _, x := range commits {
		if x.Check != nil {
			if err := x.Check(); err != nil {
				x.Done(0, err)
				continue
			}
		}
		admitted = append(admitted, x)
	}
	return admitted
}

func (c *Clock) fail(err error) {
	c.mu.Lock()
	c.failure = err
	c.mu.Unlock()
	c.refuse(err)
}

func (c *Clock) refuse(err error) {
	c.mu.Lock()
	queue := c.queue
	c.queue = nil
	c.mu.Unlock()
	for _, x := range queue {
		x.Done(0, err)
	}
}

// noWatermark is what a change without event time carries.
const noWatermark = op.NoWatermark

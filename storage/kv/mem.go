package kv

import (
	"bytes"
	"math/rand/v2"
	"sync"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Mem is a Store in memory, for the simulation: what it does is a function of its seed and of the calls made. Crash gives
// what a restart after a power loss would find.
type Mem struct {
	mu   sync.Mutex
	rng  *rand.Rand
	root *node // what readers see
	// durable is what no crash can take, and pending the commits since, oldest first, of which a crash keeps some number.
	durable *node
	pending []*Batch

	faults []Fault
	reads  int
	writes int
	err    error // why writes are refused
	dead   error // why everything is: closed or crashed
}

// NewMem makes an empty store. The seed decides what its crashes lose.
func NewMem(seed uint64) *Mem {
	return &Mem{rng: rand.New(rand.NewPCG(seed, 0x6b76))}
}

// FaultOp is a kind of operation that can be made to fail.
type FaultOp uint8

// The operations: writes are Commit, NewBulk and a bulk's Commit; reads are Get, Scan and an iterator's Value.
const (
	FaultWrite FaultOp = iota
	FaultRead
)

// Fault makes an operation fail.
type Fault struct {
	Op FaultOp
	// N is which operation of that kind fails, counted from 1 at the time of Inject.
	N int
	// Err is the error, for example DiskFull("…"). A Commit that fails leaves the store refusing writes, and whether the
	// commit survives a crash is open. ErrCrash stops the store in the middle of the operation; nothing works before Crash.
	Err error
}

// ErrCrash as the error of a fault is a crash.
var ErrCrash = sqlerr.New(sqlerr.CrashShutdown, "the store has crashed")

// Inject makes a future operation fail.
func (m *Mem) Inject(f Fault) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if f.Op == FaultWrite {
		f.N += m.writes
	} else {
		f.N += m.reads
	}
	m.faults = append(m.faults, f)
}

// Writes is how many writes there were: a test that crashes at each of them counts them first.
func (m *Mem) Writes() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.writes
}

// Crash stops the store at once, and gives the store that a restart would find: all that is durable, and of the unsynced
// commits since then some number, drawn from the seed, of the oldest. The old store and its iterators are dead.
func (m *Mem) Crash() *Mem {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.crash(m.rng.IntN(len(m.pending) + 1))
}

// Pending is how many commits a crash might lose now.
func (m *Mem) Pending() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.pending)
}

// CrashKeeping is Crash with the number of unsynced commits that survive.
func (m *Mem) CrashKeeping(n int) *Mem {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.crash(n)
}

func (m *Mem) crash(keep int) *Mem {
	m.dead = ErrCrash
	root := m.durable
	for _, b := range m.pending[:keep] {
		root = root.apply(b)
	}
	return &Mem{rng: rand.New(rand.NewPCG(m.rng.Uint64(), 0)), root: root, durable: root}
}

// read counts a read, and gives the error that it is to fail with.
func (m *Mem) read() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.readLocked()
}

func (m *Mem) readLocked() error {
	if m.dead != nil {
		return m.dead
	}
	m.reads++
	return m.fault(FaultRead, m.reads)
}

// write counts a write, and gives the error that it is to fail with.
func (m *Mem) write() error {
	if m.dead != nil {
		return m.dead
	}
	if m.err != nil {
		return m.err
	}
	m.writes++
	return m.fault(FaultWrite, m.writes)
}

func (m *Mem) fault(op FaultOp, n int) error {
	for _, f := range m.faults {
		if f.Op == op && f.N == n {
			if f.Err == ErrCrash {
				m.dead = ErrCrash
			}
			return f.Err
		}
	}
	return nil
}

// Get implements Store.
func (m *Mem) Get(key []byte) ([]byte, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.readLocked(); err != nil {
		return nil, false, err
	}
	n := m.root.get(key)
	if n == nil {
		return nil, false, nil
	}
	return bytes.Clone(n.value), true, nil
}

// Scan implements Store.
func (m *Mem) Scan(r Range) (Iterator, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.readLocked(); err != nil {
		return nil, err
	}
	return &memIterator{mem: m, root: m.root, r: r}, nil
}

// Commit implements Store.
func (m *Mem) Commit(b *Batch, sync bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	refused := m.dead != nil || m.err != nil
	err := m.write()
	if refused {
		return err
	}
	m.root = m.root.apply(b)
	m.pending = append(m.pending, b.clone())
	if err != nil {
		m.err = err
		return err
	}
	if sync {
		m.sync()
	}
	return nil
}

func (m *Mem) sync() { m.durable, m.pending = m.root, nil }

// NewBulk implements Store.
func (m *Mem) NewBulk(Compression) (Bulk, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.write(); err != nil {
		return nil, err
	}
	return &memBulk{mem: m}, nil
}

// DiskBytes implements Store.
func (m *Mem) DiskBytes(r Range) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead != nil {
		return 0, m.dead
	}
	var n uint64
	it := memIterator{root: m.root, r: r}
	for it.Next() {
		at := it.path[len(it.path)-1]
		n += uint64(len(at.key) + len(at.value))
	}
	return n, nil
}

// Err implements Store.
func (m *Mem) Err() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead != nil {
		return m.dead
	}
	return m.err
}

// Close implements Store.
func (m *Mem) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dead != nil {
		return m.dead
	}
	m.dead = errClosed()
	return nil
}

// memBulk gathers the keys of a bulk as a batch.
type memBulk struct {
	mem   *Mem
	batch Batch
	last  []byte
}

// Add implements Bulk.
func (w *memBulk) Add(key, value []byte) error {
	if err := checkAscending(w.last, key); err != nil {
		return err
	}
	w.last = append(w.last[:0], key...)
	w.batch.Set(key, value)
	return nil
}

// Size implements Bulk.
func (w *memBulk) Size() int { return w.batch.Size() }

// Commit implements Bulk. As in Pebble, a bulk is durable at once, but the unsynced commits before it are not made so by
// it unless they concern a key within its bounds.
func (w *memBulk) Commit() error {
	if w.batch.Len() == 0 {
		return nil
	}
	m := w.mem
	m.mu.Lock()
	defer m.mu.Unlock()
	refused := m.dead != nil || m.err != nil
	err := m.write()
	if refused || err != nil && (err != ErrCrash || m.rng.IntN(2) == 0) {
		return err
	}
	m.root = m.root.apply(&w.batch)
	if m.overlapsPending(w) {
		m.sync()
	} else {
		m.durable = m.durable.apply(&w.batch)
	}
	return err
}

// overlapsPending reports whether an unsynced commit changes a key between the bulk's first and last.
func (m *Mem) overlapsPending(w *memBulk) bool {
	first := w.batch.bytes(w.batch.ops[0].key)
	for _, b := range m.pending {
		for _, o := range b.ops {
			lower := b.bytes(o.key)
			upper := after(lower)
			if o.kind == opDeleteRange {
				upper = b.bytes(o.value)
			}
			if bytes.Compare(lower, w.last) <= 0 && bytes.Compare(first, upper) < 0 {
				return true
			}
		}
	}
	return false
}

// Abort implements Bulk.
func (w *memBulk) Abort() { w.batch.Reset() }

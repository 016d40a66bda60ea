package txn

import (
	"context"
	"time"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Isolation is a transaction's isolation level.
type Isolation uint8

// The levels. READ UNCOMMITTED is READ COMMITTED, as in PostgreSQL.
const (
	ReadCommitted Isolation = iota
	RepeatableRead
	Serializable
)

// Options are how a transaction behaves.
type Options struct {
	Isolation Isolation
	ReadOnly  bool
	// LockTimeout bounds the wait for a lock; 0 is for ever.
	LockTimeout time.Duration
	// Implicit says that the transaction is one statement (or one batch of the extended protocol): large writes to streams may
	// be staged on disk, since no later statement will read them.
	Implicit bool
	// Latest reads views as they are, without waiting for what was committed before (read_consistency = 'latest').
	Latest bool
	// Warn tells the client something.
	Warn func(*sqlerr.Error)
	Env  fn.Env
}

// Txn is a transaction. It is for one goroutine.
type Txn struct {
	Options
	db    *database.Database
	locks *Locks
	owner Owner

	base    *catalog.Catalog     // what the catalog was when this transaction first changed it; nil if it has not
	catalog *catalog.Catalog     // as changed
	sets    map[uint32]*WriteSet // nil before the first write
	order   []*WriteSet
	view    *view    // REPEATABLE READ's
	reads   []readAt // what SERIALIZABLE checks; in few, for most transactions
	few     [2]readAt
	saves   []savepoint
}

// readAt is the epoch at which a relation was read last.
type readAt struct {
	oid   uint32
	epoch uint64
}

// savepoint is a place to roll back to.
type savepoint struct {
	name    string
	marks   map[uint32]int
	catalog *catalog.Catalog
	tag     int // the caller's
}

// Begin begins a transaction.
func Begin(db *database.Database, locks *Locks, name string, o Options) *Txn {
	t := &Txn{Options: o, db: db, locks: locks, owner: Owner{Name: name}}
	t.reads = t.few[:0]
	return t
}

// noteRead remembers that a relation was read.
func (t *Txn) noteRead(oid uint32, epoch uint64) {
	for i := range t.reads {
		if t.reads[i].oid == oid {
			t.reads[i].epoch = epoch
			return
		}
	}
	t.reads = append(t.reads, readAt{oid, epoch})
}

// Catalog is the catalog as the transaction sees it.
func (t *Txn) Catalog() *catalog.Catalog {
	if t.catalog != nil {
		return t.catalog
	}
	return t.db.Catalog()
}

// ChangeCatalog changes the catalog within the transaction. Transactions that change it take turns.
func (t *Txn) ChangeCatalog(ctx context.Context, change func(*catalog.Edit) error) error {
	if err := t.writable("change the catalog"); err != nil {
		return err
	}
	if err := t.locks.Acquire(ctx, &t.owner, Catalog, t.LockTimeout); err != nil {
		return err
	}
	if t.base == nil {
		t.base = t.db.Catalog()
		t.catalog = t.base
	}
	edit := t.catalog.Edit()
	if err := change(edit); err != nil {
		return err
	}
	t.catalog = edit.Catalog()
	return nil
}

func (t *Txn) writable(what string) error {
	if t.ReadOnly {
		return sqlerr.New(sqlerr.ReadOnlySQLTransaction, "cannot %s in a read-only transaction", what)
	}
	return nil
}

// Pending reports whether the transaction has rows of a relation to commit.
func (t *Txn) Pending(oid uint32) bool { return t.sets[oid] != nil && !t.sets[oid].empty() }

// writeTo is Write for a statement that was planned for the relation as target tells.
func (t *Txn) writeTo(ctx context.Context, target *physical.Target, verb string) (*WriteSet, error) {
	w, err := t.Write(ctx, target.Relation, verb)
	if err == nil && target.Width != 0 && target.Width != len(w.Meta.Columns) {
		return nil, sqlerr.New(sqlerr.SerializationFailure, "could not serialize access due to concurrent ALTER of %q", target.Name).
			WithHint("Run the statement again: it was planned before the relation was given a column.")
	}
	return w, err
}

// Write gives the write set of a relation, with its lock held if it is a table.
func (t *Txn) Write(ctx context.Context, oid uint32, verb string) (*WriteSet, error) {
	if err := t.writable("execute " + verb); err != nil {
		return nil, err
	}
	meta, ok := t.Catalog().RelationByOID(oid)
	if ok && meta.Kind == catalog.Table {
		if err := t.locks.Acquire(ctx, &t.owner, oid, t.LockTimeout); err != nil {
			return nil, err
		}
		meta, ok = t.Catalog().RelationByOID(oid) // it may have been altered while this one waited
	}
	if !ok {
		return nil, sqlerr.New(sqlerr.UndefinedTable, "relation with OID %d does not exist", oid)
	}
	if w := t.sets[oid]; w != nil {
		if len(w.Meta.Columns) != len(meta.Columns) && w.empty() { // it is from before an ALTER of the transaction, or a rollback of one
			return w, w.reset(meta)
		}
		return w, nil
	}
	w := newWriteSet(meta, nil)
	if t.catalog != nil {
		var err error
		if w.padding, err = meta.Padding(); err != nil {
			return nil, err
		}
	}
	if o, ok := t.db.Object(oid); ok {
		w.Relation, w.marker = o.Relation, o.Marker
	}
	if t.sets == nil {
		t.sets = map[uint32]*WriteSet{}
	}
	t.sets[oid] = w
	t.order = append(t.order, w)
	return w, nil
}

// Lock takes the writers' lock of a relation, waiting for it unless noWait says not to.
func (t *Txn) Lock(ctx context.Context, oid uint32, noWait bool) error {
	timeout := t.LockTimeout
	if noWait {
		timeout = time.Nanosecond
	}
	return t.locks.Acquire(ctx, &t.owner, oid, timeout)
}

// HasSavepoints reports whether there is a savepoint to go back to.
func (t *Txn) HasSavepoints() bool { return len(t.saves) > 0 }

// Begun reports whether the transaction has read or written anything.
func (t *Txn) Begun() bool { return len(t.reads) > 0 || len(t.order) > 0 || t.catalog != nil }

// Savepoint begins a savepoint. RollbackTo gives tag back.
func (t *Txn) Savepoint(name string, tag int) {
	s := savepoint{name: name, tag: tag, marks: map[uint32]int{}, catalog: t.catalog}
	for oid, w := range t.sets {
		s.marks[oid] = w.mark()
	}
	t.saves = append(t.saves, s)
}

// RollbackTo undoes what came after a savepoint, which stays.
func (t *Txn) RollbackTo(name string) (tag int, err error) {
	i, err := t.find(name)
	if err != nil {
		return 0, err
	}
	s := t.saves[i]
	t.saves = t.saves[:i+1]
	for oid, w := range t.sets {
		w.truncate(s.marks[oid])
	}
	if t.catalog != nil {
		t.catalog = s.catalog
		if t.catalog == nil {
			t.catalog = t.base
		}
	}
	return s.tag, nil
}

// ReleaseSavepoint forgets a savepoint and those after it.
func (t *Txn) ReleaseSavepoint(name string) error {
	i, err := t.find(name)
	if err != nil {
		return err
	}
	t.saves = t.saves[:i]
	return nil
}

func (t *Txn) find(name string) (int, error) {
	for i := len(t.saves) - 1; i >= 0; i-- {
		if t.saves[i].name == name {
			return i, nil
		}
	}
	return 0, sqlerr.New(sqlerr.InvalidSavepoint, "savepoint %q does not exist", name)
}

// Commit puts the transaction's changes into an epoch and ends it. It returns the epoch, or 0 if there was nothing to commit.
func (t *Txn) Commit(ctx context.Context, sync bool) (uint64, error) {
	defer t.end()
	if len(t.order) == 0 && t.catalog == nil {
		return 0, nil
	}
	x := &epoch.Commit{NoSync: !sync}
	for _, w := range t.order {
		if !w.empty() {
			x.Data = append(x.Data, epoch.Change{RelationData: w.changes(), Mark: w.Mark})
		}
	}
	changed := t.catalog != nil && t.catalog != t.base
	if len(x.Data) == 0 && !changed {
		return 0, nil
	}
	if t.Isolation == Serializable {
		x.Check = t.checkReads
	}
	if changed {
		if err := t.db.ChangeCatalog(x, t.base, t.catalog); err != nil {
			return 0, err
		}
	}
	return t.db.Commit(ctx, x)
}

// checkReads is SERIALIZABLE's test at commit: nothing that was read has changed since.
func (t *Txn) checkReads() error {
	for _, r := range t.reads {
		if o, ok := t.db.Object(r.oid); ok && o.Relation != nil && o.Relation.Cut() > r.epoch {
			return sqlerr.New(sqlerr.SerializationFailure, "could not serialize access due to read/write dependencies among transactions").
				WithDetail("Relation %q has changed since this transaction read it.", o.Meta.Name).
				WithHint("The transaction might succeed if retried.")
		}
	}
	return nil
}

// Rollback ends the transaction without a trace.
func (t *Txn) Rollback() {
	for _, w := range t.order {
		if w.Stage != nil {
			w.Stage.Abort()
		}
	}
	t.end()
}

func (t *Txn) end() {
	if t.view != nil {
		t.view.booking.Release()
	}
	t.locks.Release(&t.owner)
	t.sets, t.order, t.saves = nil, nil, nil
	t.base, t.catalog, t.view = nil, nil, nil
	t.reads = t.reads[:0]
}

// WroteAny reports whether the transaction has begun to change any relation.
func (t *Txn) WroteAny() bool { return len(t.order) > 0 }

// Wrote reports whether the transaction has changed a relation, or one that it is derived from. A view over such a relation is to
// be answered by running its query.
func (t *Txn) Wrote(oid uint32) bool {
	if w := t.sets[oid]; w != nil && !w.empty() {
		return true
	}
	r, ok := t.Catalog().RelationByOID(oid)
	if !ok || r.ViewDef == nil {
		return false
	}
	for _, d := range r.ViewDef.DependsOn {
		if t.Wrote(d) {
			return true
		}
	}
	return false
}

package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Peers is what functions ask about other sessions. An Env that has some also has the method Peers() Peers.
type Peers interface {
	// Lock takes an advisory lock. Unless wait is false it waits for it, at most as long as lock_timeout lets it.
	Lock(l AdvisoryLock, wait bool) (got bool, err error)
	// Unlock gives back one of the times that the session holds a lock; false, with a warning, if it does not.
	Unlock(l AdvisoryLock) bool
	// UnlockAll gives back all that are not the transaction's.
	UnlockAll()
	// Notify sends to those who LISTEN, when the transaction commits.
	Notify(channel, payload string) error
	// Channels are those the session listens on, sorted.
	Channels() []string
	// Signal cancels what a session runs, or ends the session; false, with a warning, if there is none of this number.
	Signal(session int32, terminate bool) bool
}

// AdvisoryLock is a lock that means what its users agree on.
type AdvisoryLock struct {
	Key AdvisoryKey
	// Shared ones exclude exclusive ones only.
	Shared bool
	// Transaction says that it is held until the transaction ends, and cannot be given back.
	Transaction bool
}

// AdvisoryKey is a lock's key as pg_locks has it: a bigint, upper half in Class, with Sub 1; or two integers, with Sub 2.
type AdvisoryKey struct {
	Class, Object uint32
	Sub           int16
}

// peers are those of the Env.
func (c *Ctx) peers() (Peers, error) {
	if e, ok := c.env().(interface{ Peers() Peers }); ok {
		return e.Peers(), nil
	}
	return nil, sqlerr.Unsupported("a function of the session here", "Call it in a query of its own.")
}

// peerFuncs are functions between sessions: advisory locks, NOTIFY and signals.
var peerFuncs = concat(advisoryFuncs(), []*Func{
	{Name: "pg_advisory_unlock_all", Ret: voidT, Vol: Volatile, Doc: "Releases all advisory locks of the session.", Example: "pg_advisory_unlock_all() → ",
		Kernel: text0(func(c *Ctx, dst []byte) ([]byte, error) {
			p, err := c.peers()
			if err == nil {
				p.UnlockAll()
			}
			return dst, err
		})},
	{Name: "pg_notify", Args: args(textT, textT), Ret: voidT, Vol: Volatile, Nulls: CalledOnNull, Doc: "Sends a notification at COMMIT; NOTIFY with computed arguments.",
		Example: "pg_notify('c', 'payload') → ", Kernel: rowwise(notify)},
	{Name: "pg_listening_channels", Ret: textT, Set: true, Vol: Stable, Doc: "The channels that the session listens on.", Example: "pg_listening_channels() →",
		Columns: []Column{{"pg_listening_channels", textT}}, Table: listeningChannels},
	{Name: "pg_cancel_backend", Args: args(int4T), Ret: boolT, Vol: Volatile, Doc: "Cancels what a session runs.", Example: "pg_cancel_backend(0) → false",
		Kernel: map1(func(c *Ctx, session int32) (uint8, error) { return signal(c, session, false) })},
	{Name: "pg_terminate_backend", Args: args(int4T), Ret: boolT, Vol: Volatile, Doc: "Ends a session.", Example: "pg_terminate_backend(0) → false",
		Kernel: map1(func(c *Ctx, session int32) (uint8, error) { return signal(c, session, true) })},
	{Name: "pg_terminate_backend", Args: args(int4T, int8T), Ret: boolT, Vol: Volatile, Doc: "Ends a session; it does not wait for its end, whatever the time-out.", Example: "pg_terminate_backend(0, 0) → false",
		Kernel: map2(func(c *Ctx, session int32, _ int64) (uint8, error) { return signal(c, session, true) })},
})

// advisoryFuncs are pg_advisory_lock and its kin, each with a bigint and with two integers.
func advisoryFuncs() []*Func {
	var fs []*Func
	for _, l := range []struct {
		suffix string
		lock   AdvisoryLock
	}{{"", AdvisoryLock{}}, {"_shared", AdvisoryLock{Shared: true}}} {
		fs = append(fs, lockFuncs("pg_advisory_lock"+l.suffix, "Takes a lock for the session, waiting for it.", voidT, true, l.lock)...)
		fs = append(fs, lockFuncs("pg_try_advisory_lock"+l.suffix, "Takes a lock for the session if it is free.", boolT, false, l.lock)...)
		fs = append(fs, unlockFuncs("pg_advisory_unlock"+l.suffix, l.lock)...)
		l.lock.Transaction = true
		fs = append(fs, lockFuncs("pg_advisory_xact_lock"+l.suffix, "Takes a lock for the transaction, waiting for it.", voidT, true, l.lock)...)
		fs = append(fs, lockFuncs("pg_try_advisory_xact_lock"+l.suffix, "Takes a lock for the transaction if it is free.", boolT, false, l.lock)...)
	}
	return fs
}

func lockFuncs(name, doc string, ret types.Type, wait bool, l AdvisoryLock) []*Func {
	result := ""
	if !wait {
		result = "true"
	}
	take := func(c *Ctx, key AdvisoryKey) (types.Datum, error) {
		p, err := c.peers()
		if err != nil {
			return types.Null, err
		}
		l := l
		l.Key = key
		got, err := p.Lock(l, wait)
		if wait {
			return types.NewText(""), err
		}
		return types.NewBool(got), err
	}
	return keyed(name, doc, ret, result, take)
}

func unlockFuncs(name string, l AdvisoryLock) []*Func {
	return keyed(name, "Releases a lock that the session has taken.", boolT, "false", func(c *Ctx, key AdvisoryKey) (types.Datum, error) {
		p, err := c.peers()
		if err != nil {
			return types.Null, err
		}
		l := l
		l.Key = key
		return types.NewBool(p.Unlock(l)), nil
	})
}

// keyed is a function with both forms of key.
func keyed(name, doc string, ret types.Type, result string, f func(*Ctx, AdvisoryKey) (types.Datum, error)) []*Func {
	return []*Func{
		{Name: name, Args: args(int8T), Ret: ret, Vol: Volatile, Doc: doc, Example: name + "(1) → " + result,
			Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
				return f(c, AdvisoryKey{Class: uint32(uint64(a[0].I) >> 32), Object: uint32(a[0].I), Sub: 1})
			})},
		{Name: name, Args: args(int4T, int4T), Ret: ret, Vol: Volatile, Doc: doc, Example: name + "(1, 2) → " + result,
			Kernel: rowwise(func(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
				return f(c, AdvisoryKey{Class: uint32(a[0].I), Object: uint32(a[1].I), Sub: 2})
			})},
	}
}

func notify(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	p, err := c.peers()
	if err == nil {
		err = p.Notify(string(a[0].B), string(a[1].B)) // null is empty, as in PostgreSQL
	}
	return types.NewText(""), err
}

func listeningChannels(c *Ctx, _ []types.Datum, emit func([]types.Datum) error) error {
	p, err := c.peers()
	if err != nil {
		return err
	}
	for _, name := range p.Channels() {
		if err := emit([]types.Datum{types.NewText(name)}); err != nil {
			return err
		}
	}
	return nil
}

func signal(c *Ctx, session int32, terminate bool) (uint8, error) {
	p, err := c.peers()
	if err != nil || !p.Signal(session, terminate) {
		return 0, err
	}
	return 1, nil
}

package session

import (
	"context"

	"github.com/streamdb/streamdb/executor/txn"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// modes are a transaction's modes.
type modes struct {
	isolation txn.Isolation
	readOnly  bool
}

var isolations = map[string]txn.Isolation{"read uncommitted": txn.ReadCommitted, "read committed": txn.ReadCommitted,
	"repeatable read": txn.RepeatableRead, "serializable": txn.Serializable}

// defaultModes are those of a new transaction.
func (s *Session) defaultModes() modes { return s.settled().modes }

func (m modes) with(x ast.TransactionModes) modes {
	if x.Isolation != "" {
		m.isolation = isolations[x.Isolation]
	}
	if x.Access != "" {
		m.readOnly = x.Access == "read only"
	}
	return m
}

// transaction is the one that statements run in; one is begun if there is none.
func (s *Session) transaction() *txn.Txn {
	if s.tx == nil {
		s.start(s.defaultModes())
	}
	return s.tx
}

func (s *Session) start(m modes) {
	s.modes = m
	s.settings.Begin()
	s.startsAt = s.engine.db.Sched().Now()
	now := s.settled()
	s.tx = txn.Begin(s.engine.db, s.engine.locks, s.name, txn.Options{Isolation: m.isolation, ReadOnly: m.readOnly,
		LockTimeout: now.lockTimeout, Implicit: s.block == noBlock, Latest: now.latest, Warn: s.warn, Env: s.env()})
}

// setTime makes 'now' and 'today' in texts that are read before their transaction has begun mean now, not the last one's time.
func (s *Session) setTime() {
	if s.tx == nil {
		s.startsAt = s.engine.db.Sched().Now()
	}
}

// commit ends the transaction. An error means that nothing of it has happened.
func (s *Session) commit(ctx context.Context) error {
	if s.tx == nil {
		s.block = noBlock
		return nil
	}
	tx, made := s.tx, s.indexes
	held := s.holdCursors(ctx) // their queries still read in this transaction
	s.tx, s.block, s.indexes = nil, noBlock, nil
	_, err := tx.Commit(ctx, s.settled().sync)
	s.settings.End(err == nil)
	s.endShared(err == nil)
	for _, oid := range made {
		s.engine.db.AwaitIndex(ctx, oid)
	}
	if held != nil && err == nil {
		err = held
	}
	return err
}

// rollback ends the transaction without a trace.
func (s *Session) rollback() {
	s.dropCursors()
	if s.tx != nil {
		s.tx.Rollback()
		s.tx, s.indexes = nil, nil
	}
	s.settings.End(false)
	s.endShared(false)
	s.block = noBlock
}

// endShared ends, with the transaction, its part in what sessions share.
func (s *Session) endShared(committed bool) {
	s.engine.advisory.releaseAll(s, true)
	s.post(committed)
}

// fail notes that a statement of the block has failed. What it holds is given back at once, unless there is a savepoint to go back
// to.
func (s *Session) fail() {
	if s.block != openBlock {
		return
	}
	s.block = failedBlock
	if s.tx != nil && !s.tx.HasSavepoints() {
		s.dropCursors()
		s.tx.Rollback()
	}
}

// Sync implements engine.Session.
func (s *Session) Sync(ctx context.Context, failed bool) error {
	if s.block != noBlock {
		if failed {
			s.fail()
		}
		return nil
	}
	if failed {
		s.rollback()
		return nil
	}
	if s.tx == nil {
		return nil
	}
	return s.commit(ctx)
}

// begin is BEGIN and START TRANSACTION.
func (s *Session) begin(x *ast.Begin) (string, error) {
	tag := "BEGIN"
	if x.Start {
		tag = "START TRANSACTION"
	}
	if s.block == openBlock {
		s.notice(sqlerr.NewWarning(sqlerr.ActiveSQLTransaction, "there is already a transaction in progress"))
		return tag, nil
	}
	s.block = openBlock
	m := s.defaultModes().with(x.Modes)
	if s.tx == nil {
		s.start(m)
		return tag, nil
	}
	// What the implicit transaction has done before becomes part of the block, as in PostgreSQL.
	s.modes = m
	s.tx.Isolation, s.tx.ReadOnly, s.tx.Implicit = m.isolation, m.readOnly, false
	return tag, nil
}

// end is COMMIT, if commit is true and the block has not failed, or ROLLBACK.
func (s *Session) end(ctx context.Context, commit, chain bool) (string, error) {
	if s.block == noBlock {
		if chain {
			return "", sqlerr.New(sqlerr.NoActiveSQLTransaction, "%s can only be used in transaction blocks",
				map[bool]string{true: "COMMIT AND CHAIN", false: "ROLLBACK AND CHAIN"}[commit])
		}
		s.notice(sqlerr.NewWarning(sqlerr.NoActiveSQLTransaction, "there is no transaction in progress"))
	}
	tag := "ROLLBACK"
	m := s.modes
	var err error
	if commit && s.block != failedBlock {
		tag = "COMMIT"
		err = s.commit(ctx)
	} else {
		s.rollback()
	}
	if err == nil && chain {
		s.block = openBlock
		s.start(m)
	}
	return tag, err
}

// setTransaction is SET TRANSACTION and SET SESSION CHARACTERISTICS.
func (s *Session) setTransaction(x *ast.SetTransaction) error {
	if x.Snapshot != "" {
		return sqlerr.Unsupported("SET TRANSACTION SNAPSHOT", "Use AS OF SYSTEM TIME with an epoch.")
	}
	if x.Session {
		if x.Modes.Isolation != "" {
			if err := s.settings.Set("default_transaction_isolation", x.Modes.Isolation, false); err != nil {
				return err
			}
		}
		if x.Modes.Access != "" {
			return s.settings.Set("default_transaction_read_only", map[bool]string{true: "on", false: "off"}[x.Modes.Access == "read only"], false)
		}
		return nil
	}
	if s.block == noBlock {
		s.notice(sqlerr.NewWarning(sqlerr.NoActiveSQLTransaction, "SET TRANSACTION can only be used in transaction blocks"))
	}
	m := s.modes.with(x.Modes)
	if m.isolation != s.modes.isolation && s.transaction().Begun() {
		return sqlerr.New(sqlerr.ActiveSQLTransaction, "SET TRANSACTION ISOLATION LEVEL must be called before any query")
	}
	s.modes = m
	s.tx.Isolation, s.tx.ReadOnly = m.isolation, m.readOnly
	return nil
}

// savepoint is SAVEPOINT, ROLLBACK TO and RELEASE.
func (s *Session) savepoint(x ast.Statement) (string, error) {
	if s.block == noBlock {
		return "", sqlerr.New(sqlerr.NoActiveSQLTransaction, "%s can only be used in transaction blocks", savepointVerb(x))
	}
	switch x := x.(type) {
	case *ast.Savepoint:
		n := s.settings.Save()
		s.mail.savepoint(n)
		s.tx.Savepoint(x.Name, n)
		return "SAVEPOINT", nil
	case *ast.RollbackTo:
		saved, err := s.tx.RollbackTo(x.Name)
		if err != nil {
			return "", err
		}
		s.settings.RollbackTo(saved)
		s.mail.rollbackTo(saved)
		s.block = openBlock
		return "ROLLBACK", nil
	case *ast.Release:
		return "RELEASE", s.tx.ReleaseSavepoint(x.Name)
	}
	return "", sqlerr.Internal("%T is no savepoint statement", x)
}

func savepointVerb(x ast.Statement) string {
	switch x.(type) {
	case *ast.Savepoint:
		return "SAVEPOINT"
	case *ast.RollbackTo:
		return "ROLLBACK TO SAVEPOINT"
	}
	return "RELEASE SAVEPOINT"
}

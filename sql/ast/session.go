package ast

type (
	// Set is SET [SESSION | LOCAL] name {TO | =} values | DEFAULT. TIME ZONE,
	// NAMES, SCHEMA, ROLE, SESSION AUTHORIZATION and SEED are settings of
	// PostgreSQL's names (timezone, client_encoding, search_path, role, ...).
	Set struct {
		Pos  int
		Name string
		// Local is SET LOCAL.
		Local bool
		// Values is empty for DEFAULT.
		Values []OptionValue
	}

	// SetTransaction is SET [SESSION CHARACTERISTICS AS] TRANSACTION.
	SetTransaction struct {
		Pos     int
		Session bool
		Modes   TransactionModes
		// Snapshot is SET TRANSACTION SNAPSHOT 'id'.
		Snapshot string
	}

	// SetConstraints is SET CONSTRAINTS {ALL | Names} {DEFERRED | IMMEDIATE}.
	SetConstraints struct {
		Pos      int
		Names    []Name
		Deferred bool
	}

	// Reset is RESET name; Name is "" for RESET ALL.
	Reset struct {
		Pos  int
		Name string
	}

	// Show is SHOW name; All is SHOW ALL.
	Show struct {
		Pos  int
		Name string
		All  bool
	}

	// ShowObjects is SHOW STREAMS | TABLES | VIEWS | SINKS | ...
	ShowObjects struct {
		Pos  int
		Kind ObjectKind
		// In is SHOW ... IN | FROM schema, "" if none.
		In string
	}

	// ShowCreate is SHOW CREATE kind name.
	ShowCreate struct {
		Pos  int
		Kind ObjectKind
		Name Name
	}

	// Discard is DISCARD ALL | PLANS | SEQUENCES | TEMP; What is lower case.
	Discard struct {
		Pos  int
		What string
	}

	// Begin is BEGIN and START TRANSACTION.
	Begin struct {
		Pos   int
		Start bool // START TRANSACTION, whose command tag differs
		Modes TransactionModes
	}

	// Commit is COMMIT and END.
	Commit struct {
		Pos   int
		Chain bool
		// Prepared is the gid of COMMIT PREPARED, "" if none.
		Prepared string
	}

	// Rollback is ROLLBACK and ABORT.
	Rollback struct {
		Pos      int
		Chain    bool
		Prepared string
	}

	// PrepareTransaction is PREPARE TRANSACTION 'gid'.
	PrepareTransaction struct {
		Pos int
		ID  string
	}

	// Savepoint is SAVEPOINT name.
	Savepoint struct {
		Pos  int
		Name string
	}

	// Release is RELEASE [SAVEPOINT] name.
	Release struct {
		Pos  int
		Name string
	}

	// RollbackTo is ROLLBACK TO [SAVEPOINT] name.
	RollbackTo struct {
		Pos  int
		Name string
	}

	// DeclareCursor is DECLARE name CURSOR FOR query.
	DeclareCursor struct {
		Pos         int
		Name        string
		Binary      bool
		Insensitive bool
		Asensitive  bool
		// Scroll is SCROLL, NoScroll NO SCROLL; neither is the default.
		Scroll, NoScroll bool
		Hold             bool
		// Query is a *Select or a *Subscribe.
		Query Statement
	}

	// Fetch is FETCH, or with Move MOVE.
	Fetch struct {
		Pos       int
		Move      bool
		Direction FetchDirection
		// Count is the number of rows, FetchAll for ALL; for absolute and
		// relative the position. It is 1 where none is written.
		Count   int64
		Cursor  string
		Options []*Option
	}

	// CloseCursor is CLOSE name; Name is "" for CLOSE ALL.
	CloseCursor struct {
		Pos  int
		Name string
	}

	// Prepare is PREPARE name [(types)] AS statement.
	Prepare struct {
		Pos       int
		Name      string
		Types     []*TypeName
		Statement Statement
		// Text is the inner statement as written, and Params its highest $n.
		Text   string
		Params int
	}

	// Execute is EXECUTE name [(args)].
	Execute struct {
		Pos  int
		Name string
		Args []Expr
	}

	// Deallocate is DEALLOCATE [PREPARE] name; Name is "" for ALL.
	Deallocate struct {
		Pos  int
		Name string
	}

	// Listen is LISTEN channel.
	Listen struct {
		Pos     int
		Channel string
	}

	// Notify is NOTIFY channel [, 'payload'].
	Notify struct {
		Pos     int
		Channel string
		Payload string
	}

	// Unlisten is UNLISTEN channel; Channel is "" for *.
	Unlisten struct {
		Pos     int
		Channel string
	}

	// Lock is LOCK [TABLE] names [IN mode MODE] [NOWAIT].
	Lock struct {
		Pos    int
		Tables []*TableRef
		Mode   string // lower case, "access exclusive" by default
		NoWait bool
	}
)

// FetchAll is Fetch.Count for ALL.
const FetchAll int64 = 1<<63 - 1

// FetchDirection is where FETCH goes.
type FetchDirection uint8

// The directions of FETCH; next, prior, first, last are those of count ±1 and
// absolute ±1, as in PostgreSQL's grammar.
const (
	FetchForward FetchDirection = iota
	FetchBackward
	FetchAbsolute
	FetchRelative
)

// TransactionModes are the modes of BEGIN and SET TRANSACTION. An empty string
// is a mode that was not given.
type TransactionModes struct {
	// Isolation is lower case: "read committed", "serializable", ...
	Isolation string
	// Access is "read only" or "read write".
	Access string
	// Deferrable is "deferrable" or "not deferrable".
	Deferrable string
}

// Position implements Node.
func (s *Set) Position() int                { return s.Pos }
func (s *SetTransaction) Position() int     { return s.Pos }
func (s *SetConstraints) Position() int     { return s.Pos }
func (s *Reset) Position() int              { return s.Pos }
func (s *Show) Position() int               { return s.Pos }
func (s *ShowObjects) Position() int        { return s.Pos }
func (s *ShowCreate) Position() int         { return s.Pos }
func (s *Discard) Position() int            { return s.Pos }
func (s *Begin) Position() int              { return s.Pos }
func (s *Commit) Position() int             { return s.Pos }
func (s *Rollback) Position() int           { return s.Pos }
func (s *PrepareTransaction) Position() int { return s.Pos }
func (s *Savepoint) Position() int          { return s.Pos }
func (s *Release) Position() int            { return s.Pos }
func (s *RollbackTo) Position() int         { return s.Pos }
func (s *DeclareCursor) Position() int      { return s.Pos }
func (s *Fetch) Position() int              { return s.Pos }
func (s *CloseCursor) Position() int        { return s.Pos }
func (s *Prepare) Position() int            { return s.Pos }
func (s *Execute) Position() int            { return s.Pos }
func (s *Deallocate) Position() int         { return s.Pos }
func (s *Listen) Position() int             { return s.Pos }
func (s *Notify) Position() int             { return s.Pos }
func (s *Unlisten) Position() int           { return s.Pos }
func (s *Lock) Position() int               { return s.Pos }

func (*Set) statement()                {}
func (*SetTransaction) statement()     {}
func (*SetConstraints) statement()     {}
func (*Reset) statement()              {}
func (*Show) statement()               {}
func (*ShowObjects) statement()        {}
func (*ShowCreate) statement()         {}
func (*Discard) statement()            {}
func (*Begin) statement()              {}
func (*Commit) statement()             {}
func (*Rollback) statement()           {}
func (*PrepareTransaction) statement() {}
func (*Savepoint) statement()          {}
func (*Release) statement()            {}
func (*RollbackTo) statement()         {}
func (*DeclareCursor) statement()      {}
func (*Fetch) statement()              {}
func (*CloseCursor) statement()        {}
func (*Prepare) statement()            {}
func (*Execute) statement()            {}
func (*Deallocate) statement()         {}
func (*Listen) statement()             {}
func (*Notify) statement()             {}
func (*Unlisten) statement()           {}
func (*Lock) statement()               {}

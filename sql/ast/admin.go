package ast

type (
	// Explain is EXPLAIN [(options)] statement.
	Explain struct {
		Pos     int
		Analyze bool
		Verbose bool
		// Options are all options in the new spelling, ANALYZE and VERBOSE
		// included, whichever spelling was used.
		Options []*Option
		// Statement is explained, or View is: EXPLAIN ANALYZE VIEW name.
		Statement Statement
		View      *Name
	}

	// Flush is FLUSH: wait until the running views have reached the newest epoch.
	Flush struct{ Pos int }

	// Refresh is REFRESH MATERIALIZED VIEW.
	Refresh struct {
		Pos          int
		Concurrently bool
		Name         Name
		NoData       bool
	}

	// CheckView is CHECK VIEW name: recompute it and compare.
	CheckView struct {
		Pos  int
		Name Name
	}

	// Subscribe is SUBSCRIBE [TO] name | (query) [WITH (options)] [AS OF epoch].
	Subscribe struct {
		Pos int
		// Target or Query is set.
		Target  *Name
		Query   *Select
		Options []*Option
		AsOf    Expr
	}

	// Checkpoint is CHECKPOINT.
	Checkpoint struct{ Pos int }

	// Vacuum is VACUUM, or without Vacuum ANALYZE alone.
	Vacuum struct {
		Pos     int
		Vacuum  bool
		Options []*Option
		Tables  []VacuumTarget
	}

	// VacuumTarget is a relation of VACUUM or ANALYZE.
	VacuumTarget struct {
		Name    Name
		Columns []string
	}

	// Grant is GRANT or, with Revoke, REVOKE.
	Grant struct {
		Pos    int
		Revoke bool
		// Privileges is empty for ALL; of a role membership, the roles.
		Privileges []Privilege
		// Kind is "" for a role membership (GRANT role TO role).
		Kind ObjectKind
		// AllInSchema is ON ALL kind IN SCHEMA names.
		AllInSchema bool
		Objects     []Name
		Roles       []string
		// Option is WITH GRANT | ADMIN OPTION or, in REVOKE, GRANT | ADMIN
		// OPTION FOR.
		Option    bool
		GrantedBy string
		Behavior  DropBehavior
	}

	// Privilege is a privilege (lower case) or role, with its columns if any.
	Privilege struct {
		Name    string
		Columns []string
	}

	// CreateRole is CREATE ROLE | USER | GROUP.
	CreateRole struct {
		Pos  int
		Kind ObjectKind
		Name string
		// Options are named superuser, login, password, "connection limit",
		// "valid until", "in role", ..., a NO prefix being the value false.
		Options []*Option
	}

	// AlterRole is ALTER ROLE | USER | GROUP name options, or of SET and RESET.
	AlterRole struct {
		Pos     int
		Kind    ObjectKind
		Name    string // "" for ALL
		Options []*Option
		// Setting is a *Set or *Reset, Database that of IN DATABASE.
		Setting  Statement
		Database string
		RenameTo string
	}

	// DropRole is DROP ROLE | USER | GROUP.
	DropRole struct {
		Pos      int
		Kind     ObjectKind
		IfExists bool
		Names    []string
	}

	// Unsupported is a statement of PostgreSQL's that the parser knows by name
	// alone; What is the name (CREATE FUNCTION, DO, CALL, MERGE) for an 0A000.
	Unsupported struct {
		Pos  int
		What string
	}

	// Empty is a statement without tokens.
	Empty struct{ Pos int }
)

// Position implements Node.
func (s *Explain) Position() int     { return s.Pos }
func (s *Flush) Position() int       { return s.Pos }
func (s *Refresh) Position() int     { return s.Pos }
func (s *CheckView) Position() int   { return s.Pos }
func (s *Subscribe) Position() int   { return s.Pos }
func (s *Checkpoint) Position() int  { return s.Pos }
func (s *Vacuum) Position() int      { return s.Pos }
func (s *Grant) Position() int       { return s.Pos }
func (s *CreateRole) Position() int  { return s.Pos }
func (s *AlterRole) Position() int   { return s.Pos }
func (s *DropRole) Position() int    { return s.Pos }
func (s *Unsupported) Position() int { return s.Pos }
func (s *Empty) Position() int       { return s.Pos }

func (*Explain) statement()     {}
func (*Flush) statement()       {}
func (*Refresh) statement()     {}
func (*CheckView) statement()   {}
func (*Subscribe) statement()   {}
func (*Checkpoint) statement()  {}
func (*Vacuum) statement()      {}
func (*Grant) statement()       {}
func (*CreateRole) statement()  {}
func (*AlterRole) statement()   {}
func (*DropRole) statement()    {}
func (*Unsupported) statement() {}
func (*Empty) statement()       {}

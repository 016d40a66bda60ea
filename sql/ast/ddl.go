package ast

type (
	// CreateTable is CREATE [TEMP] TABLE and CREATE STREAM.
	CreateTable struct {
		Pos int
		// Stream tells CREATE STREAM.
		Stream      bool
		Temp        bool
		Unlogged    bool
		IfNotExists bool
		Name        Name
		Columns     []*ColumnDef
		// Constraints are the table's own, WATERMARK FOR apart.
		Constraints []*Constraint
		Watermarks  []*Watermark
		// Likes are LIKE other [INCLUDING ...].
		Likes    []*LikeClause
		Inherits []Name
		// PartitionBy is the whole PARTITION BY clause's strategy, "" if none.
		PartitionBy string
		Options     []*Option
		OnCommit    OnCommit
	}

	// ColumnDef is a column of CREATE TABLE or ADD COLUMN.
	ColumnDef struct {
		Pos         int
		Name        string
		Type        *TypeName
		Collation   *Name
		Constraints []*Constraint
	}

	// Constraint is a column's or a table's constraint or column property.
	Constraint struct {
		Pos  int
		Kind ConstraintKind
		// Name is "" when not given.
		Name string
		// Columns are those of a table's PRIMARY KEY, UNIQUE or FOREIGN KEY.
		Columns []string
		// Expr is that of CHECK, DEFAULT, or GENERATED ... AS (expr) STORED.
		Expr Expr
		// NoInherit is CHECK ... NO INHERIT.
		NoInherit bool
		// NullsNotDistinct is UNIQUE NULLS NOT DISTINCT.
		NullsNotDistinct bool
		// Include are the columns of INCLUDE (...).
		Include []string
		Options []*Option
		// Identity is that of GENERATED ... AS IDENTITY.
		Identity *Identity
		// References is that of a foreign key.
		References *References
		// Deferrable and InitiallyDeferred are the check-time attributes.
		Deferrable        bool
		InitiallyDeferred bool
		// NotValid is ADD CONSTRAINT ... NOT VALID.
		NotValid bool
		// UsingIndex is ADD ... USING INDEX name.
		UsingIndex string
	}

	// Identity is GENERATED {ALWAYS | BY DEFAULT} AS IDENTITY [(options)].
	Identity struct {
		Always bool
		// Options are start, increment, minvalue, maxvalue, cache, cycle.
		Options []*Option
	}

	// References is the right side of a foreign key.
	References struct {
		Table    Name
		Columns  []string
		Match    string // "full", "partial", "simple" or ""
		OnDelete string // "cascade", "restrict", "no action", "set null", "set default" or ""
		OnUpdate string
	}

	// Watermark is WATERMARK FOR Column AS Expr.
	Watermark struct {
		Pos    int
		Column string
		Expr   Expr
	}

	// LikeClause is LIKE Table [INCLUDING | EXCLUDING what ...].
	LikeClause struct {
		Table   Name
		Options []string // "including all", "excluding indexes", ...
	}

	// CreateView is CREATE [MATERIALIZED] VIEW.
	CreateView struct {
		Pos          int
		OrReplace    bool
		Temp         bool
		Recursive    bool
		Materialized bool
		IfNotExists  bool
		Name         Name
		Columns      []string
		Options      []*Option
		Query        *Select
		// QueryText is the query as the client wrote it.
		QueryText   string
		Emit        EmitMode
		CheckOption string // "", "local" or "cascaded"
		// NoData is WITH NO DATA.
		NoData bool
	}

	// CreateTableAs is CREATE TABLE ... AS; SELECT INTO stays a Select.
	CreateTableAs struct {
		Pos         int
		Temp        bool
		Unlogged    bool
		IfNotExists bool
		Name        Name
		Columns     []string
		Options     []*Option
		OnCommit    OnCommit
		// Query is a *Select or an *Execute.
		Query  Statement
		NoData bool
	}

	// CreateSink is CREATE SINK name FROM relation | AS query.
	CreateSink struct {
		Pos         int
		IfNotExists bool
		Name        Name
		// From or Query is set.
		From    *Name
		Query   *Select
		Emit    EmitMode
		Options []*Option
	}

	// CreateIndex is CREATE INDEX.
	CreateIndex struct {
		Pos              int
		Unique           bool
		Concurrently     bool
		IfNotExists      bool
		Name             string // "" when PostgreSQL would choose one
		Table            Name
		Only             bool
		Method           string // "" for the default
		Elems            []*IndexElem
		Include          []string
		NullsNotDistinct bool
		Options          []*Option
		Where            Expr
	}

	// IndexElem is a column (a *ColumnRef) or expression of an index.
	IndexElem struct {
		Pos       int
		Expr      Expr
		Collation *Name
		OpClass   *Name
		Desc      bool
		Nulls     NullsOrder
	}

	// CreateSchema is CREATE SCHEMA.
	CreateSchema struct {
		Pos           int
		IfNotExists   bool
		Name          string
		Authorization string
	}

	// Drop is DROP of any kind of object.
	Drop struct {
		Pos          int
		Kind         ObjectKind
		IfExists     bool
		Concurrently bool
		Names        []Name
		Behavior     DropBehavior
	}

	// Comment is COMMENT ON; Text is nil for NULL.
	Comment struct {
		Pos  int
		Kind ObjectKind
		// Name is the object's; of a column, the relation's and the column's.
		Name Name
		// On is the relation of a constraint or trigger.
		On   *Name
		Text *string
	}
)

// ConstraintKind tells the kinds of Constraint.
type ConstraintKind uint8

// The constraints and column properties.
const (
	ConstraintNotNull ConstraintKind = iota
	ConstraintNull
	ConstraintDefault
	ConstraintCheck
	ConstraintPrimaryKey
	ConstraintUnique
	ConstraintForeignKey
	ConstraintIdentity  // GENERATED ... AS IDENTITY
	ConstraintGenerated // GENERATED ALWAYS AS (expr) STORED
	ConstraintExclude   // EXCLUDE ..., known by name alone
)

// OnCommit is what happens to a temporary table at commit.
type OnCommit uint8

// The ON COMMIT clauses.
const (
	OnCommitDefault OnCommit = iota
	OnCommitPreserve
	OnCommitDelete
	OnCommitDrop
)

// EmitMode is a view's EMIT clause.
type EmitMode uint8

// The EMIT clauses; changes is the default.
const (
	EmitDefault EmitMode = iota
	EmitChanges
	EmitOnWindowClose
)

// Position implements Node.
func (s *CreateTable) Position() int   { return s.Pos }
func (c *ColumnDef) Position() int     { return c.Pos }
func (c *Constraint) Position() int    { return c.Pos }
func (w *Watermark) Position() int     { return w.Pos }
func (s *CreateView) Position() int    { return s.Pos }
func (s *CreateTableAs) Position() int { return s.Pos }
func (s *CreateSink) Position() int    { return s.Pos }
func (s *CreateIndex) Position() int   { return s.Pos }
func (e *IndexElem) Position() int     { return e.Pos }
func (s *CreateSchema) Position() int  { return s.Pos }
func (s *Drop) Position() int          { return s.Pos }
func (s *Comment) Position() int       { return s.Pos }

func (*CreateTable) statement()   {}
func (*CreateView) statement()    {}
func (*CreateTableAs) statement() {}
func (*CreateSink) statement()    {}
func (*CreateIndex) statement()   {}
func (*CreateSchema) statement()  {}
func (*Drop) statement()          {}
func (*Comment) statement()       {}

package ast

type (
	// Insert is INSERT INTO.
	Insert struct {
		Pos   int
		With  *With
		Table Name
		// Alias is INSERT INTO t AS alias, nil if none.
		Alias      *Alias
		Columns    []*InsertColumn
		Overriding Overriding
		// Source is nil for DEFAULT VALUES.
		Source     *Select
		OnConflict *OnConflict
		Returning  []*Target
	}

	// InsertColumn is a column of an INSERT or a SET target, with its
	// indirection (a[1], a.f) as subscripts and fields applied to it.
	InsertColumn struct {
		Pos  int
		Name string
		// Path is nil for a plain column; else the Subscript and Field nodes
		// around a ColumnRef of Name.
		Path Expr
	}

	// OnConflict is ON CONFLICT [target] DO NOTHING | UPDATE.
	OnConflict struct {
		Pos int
		// Elems is the index inference list; Constraint a constraint's name.
		Elems      []*IndexElem
		ElemsWhere Expr
		Constraint string
		// DoUpdate has the assignments of DO UPDATE SET; none means DO NOTHING.
		DoUpdate []*Assignment
		Where    Expr
	}

	// Update is UPDATE.
	Update struct {
		Pos       int
		With      *With
		Table     *TableRef
		Set       []*Assignment
		From      []TableExpr
		Where     Expr
		Returning []*Target
	}

	// Delete is DELETE FROM.
	Delete struct {
		Pos       int
		With      *With
		Table     *TableRef
		Using     []TableExpr
		Where     Expr
		Returning []*Target
	}

	// Assignment is column = value, or (a, b) = row, with more than one column.
	Assignment struct {
		Columns []*InsertColumn
		// Multi tells the parenthesised form, of which Value is a *Row or a
		// *Subquery (or any row-valued expression).
		Multi bool
		Value Expr
	}

	// Truncate is TRUNCATE.
	Truncate struct {
		Pos      int
		Tables   []*TableRef
		Restart  bool // RESTART IDENTITY
		Behavior DropBehavior
	}

	// Copy is COPY in any of its forms.
	Copy struct {
		Pos int
		// Table and Columns, or Query (a *Select, *Insert, *Update, *Delete or
		// *Subscribe), say what is copied.
		Table   *Name
		Columns []string
		Query   Statement
		// From is COPY ... FROM; else TO.
		From bool
		// Stdio is STDIN or STDOUT; else Target is a file or, with Program, a command.
		Stdio   bool
		Program bool
		Target  string
		// Options has both spellings' options under the names of the new one
		// (format, delimiter, null, header, quote, escape, force_quote, ...).
		Options []*Option
		// Where is the filter of COPY FROM.
		Where Expr
	}
)

// Overriding is INSERT's OVERRIDING clause.
type Overriding uint8

// The OVERRIDING clauses.
const (
	OverridingNone Overriding = iota
	OverridingUser
	OverridingSystem
)

// Position implements Node.
func (s *Insert) Position() int       { return s.Pos }
func (c *InsertColumn) Position() int { return c.Pos }
func (c *OnConflict) Position() int   { return c.Pos }
func (s *Update) Position() int       { return s.Pos }
func (s *Delete) Position() int       { return s.Pos }
func (a *Assignment) Position() int   { return a.Columns[0].Pos }
func (s *Truncate) Position() int     { return s.Pos }
func (s *Copy) Position() int         { return s.Pos }

func (*Insert) statement()   {}
func (*Update) statement()   {}
func (*Delete) statement()   {}
func (*Truncate) statement() {}
func (*Copy) statement()     {}

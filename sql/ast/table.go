package ast

// Alias is [AS] Name [(Columns)].
type Alias struct {
	Pos     int
	Name    string
	Columns []string
}

// JoinKind is the kind of a Join.
type JoinKind uint8

// The kinds of join.
const (
	JoinInner JoinKind = iota
	JoinLeft
	JoinRight
	JoinFull
	JoinCross
)

// WindowKind is the windowing of a WindowTable.
type WindowKind uint8

// The window table functions.
const (
	WindowTumble WindowKind = iota
	WindowHop
	WindowCumulate
	WindowSession
)

// String is the function's name in SQL.
func (k WindowKind) String() string {
	return [...]string{"TUMBLE", "HOP", "CUMULATE", "SESSION"}[k]
}

type (
	// TableRef is a relation by name.
	TableRef struct {
		Name Name
		// Only is ONLY name: without children.
		Only  bool
		Alias *Alias
		// AsOf is the epoch or time of AS OF SYSTEM TIME, nil for the present
		AsOf Expr
		// ForTime is the time of FOR SYSTEM_TIME AS OF, of which each row of the table that this one is joined to sees it.
		ForTime Expr
		Sample  *TableSample
	}

	// TableSample is TABLESAMPLE Method (Args) [REPEATABLE (Seed)].
	TableSample struct {
		Pos    int
		Method Name
		Args   []Expr
		Seed   Expr
	}

	// SubqueryTable is [LATERAL] (Query) [alias].
	SubqueryTable struct {
		Pos     int
		Query   *Select
		Lateral bool
		Alias   *Alias
	}

	// FuncTable is [LATERAL] f(...) or ROWS FROM (f(...), ...) [WITH ORDINALITY].
	FuncTable struct {
		Pos   int
		Calls []TableCall
		// RowsFrom tells the ROWS FROM spelling.
		RowsFrom   bool
		Lateral    bool
		Ordinality bool
		Alias      *Alias
		// Columns is the column definition list of a record function without
		// ROWS FROM.
		Columns []*ColumnDef
	}

	// TableCall is a function of a FuncTable. Columns is its own definition list
	// inside ROWS FROM.
	TableCall struct {
		// Call is a *FuncCall, or what SQL's call-like syntax became (a Cast, ...).
		Call    Expr
		Columns []*ColumnDef
	}

	// WindowTable is a window table function in either spelling:
	//
	//	TUMBLE(r, at, Size [, Offset])        HOP(r, at, Step, Size [, Offset])
	//	CUMULATE(r, at, Step, Size [, Offset]) SESSION(r, at, Size [PARTITION BY k])
	WindowTable struct {
		Pos   int
		Kind  WindowKind
		Input TableExpr
		// Time is the event-time column.
		Time *ColumnRef
		// Step is HOP's slide and CUMULATE's step, else nil.
		Step Expr
		// Size is the window's length, SESSION's gap.
		Size Expr
		// Offset is nil when not given.
		Offset      Expr
		PartitionBy []Expr
		Alias       *Alias
	}

	// Join is two joined tables. A comma in FROM is no Join but a further item.
	Join struct {
		Pos         int
		Kind        JoinKind
		Left, Right TableExpr
		Natural     bool
		Using       []string
		// UsingAlias is USING (...) AS alias.
		UsingAlias string
		On         Expr
		// Asof is ASOF JOIN, inner or left: of the right rows for which On holds, that whose time comes nearest by Match.
		Asof  bool
		Match Expr
		// Alias is that of a parenthesised join.
		Alias *Alias
	}
)

// Position implements Node.
func (t *TableRef) Position() int      { return t.Name.Pos }
func (t *TableSample) Position() int   { return t.Pos }
func (t *SubqueryTable) Position() int { return t.Pos }
func (t *FuncTable) Position() int     { return t.Pos }
func (t *WindowTable) Position() int   { return t.Pos }
func (t *Join) Position() int          { return t.Pos }

func (*TableRef) tableExpr()      {}
func (*SubqueryTable) tableExpr() {}
func (*FuncTable) tableExpr()     {}
func (*WindowTable) tableExpr()   {}
func (*Join) tableExpr()          {}

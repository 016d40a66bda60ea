package ast

type (
	// Select is a query: SELECT, VALUES, TABLE or set operations of them, with
	// the clauses that apply to the whole.
	Select struct {
		Pos     int
		With    *With
		Body    SelectBody
		OrderBy []*OrderItem
		// Limit is nil for none and for LIMIT ALL.
		Limit  Expr
		Offset Expr
		// WithTies is FETCH FIRST n ROWS WITH TIES.
		WithTies bool
		Locking  []*Locking
	}

	// SelectCore is one SELECT without the clauses that Select holds.
	SelectCore struct {
		Pos      int
		Distinct bool
		// DistinctOn is DISTINCT ON's list; Distinct is then false.
		DistinctOn []Expr
		Targets    []*Target
		// Into is the table of SELECT ... INTO.
		Into *IntoTarget
		// From has an element for each item between commas.
		From  []TableExpr
		Where Expr
		// GroupDistinct is GROUP BY DISTINCT.
		GroupDistinct bool
		// GroupBy has plain expressions and *GroupingSet.
		GroupBy []Expr
		Having  Expr
		Windows []*WindowDef
	}

	// Target is an output column: Expr [AS Alias].
	Target struct {
		Expr Expr
		// Alias is "" when none was given.
		Alias string
	}

	// IntoTarget is the table that SELECT ... INTO makes.
	IntoTarget struct {
		Name           Name
		Temp, Unlogged bool
	}

	// SetOp is two or more inputs joined by set operations of one precedence
	// level, from the left: Links[i] joins what came before with Inputs[i+1].
	// INTERSECT binds tighter, so it is never in one chain with the others.
	SetOp struct {
		Inputs []SelectBody
		Links  []SetLink
	}

	// SetLink is one set operator.
	SetLink struct {
		Pos  int
		Kind SetKind
		All  bool
	}

	// Values is VALUES (...), (...). An item may be a *Default in INSERT.
	Values struct {
		Pos  int
		Rows [][]Expr
	}

	// OrderItem is an item of ORDER BY.
	OrderItem struct {
		Expr  Expr
		Desc  bool
		Nulls NullsOrder
		// Using is the operator of ORDER BY x USING op, with an empty name if none.
		Using Operator
	}

	// With is WITH [RECURSIVE] ctes.
	With struct {
		Pos       int
		Recursive bool
		CTEs      []*CTE
	}

	// CTE is Name [(Columns)] AS [[NOT] MATERIALIZED] (Statement).
	CTE struct {
		Pos          int
		Name         string
		Columns      []string
		Materialized MaterializedHint
		// Statement is a *Select, or an *Insert, *Update or *Delete.
		Statement Statement
	}

	// Locking is FOR UPDATE | SHARE ... [OF tables] [NOWAIT | SKIP LOCKED].
	Locking struct {
		Pos      int
		Strength LockStrength
		Of       []Name
		Wait     LockWait
	}

	// GroupingSet is ROLLUP, CUBE, GROUPING SETS or () in GROUP BY.
	GroupingSet struct {
		Pos   int
		Kind  GroupingKind
		Items []Expr
	}
)

// SetKind is a set operator.
type SetKind uint8

// The set operators.
const (
	SetUnion SetKind = iota
	SetIntersect
	SetExcept
)

// NullsOrder places nulls in an order.
type NullsOrder uint8

// Where nulls go; by default last ascending and first descending.
const (
	NullsDefault NullsOrder = iota
	NullsFirst
	NullsLast
)

// MaterializedHint is a CTE's [NOT] MATERIALIZED.
type MaterializedHint uint8

// The CTE hints.
const (
	MaterializedDefault MaterializedHint = iota
	MaterializedAlways
	MaterializedNever
)

// LockStrength is the strength of a locking clause.
type LockStrength uint8

// The row lock strengths.
const (
	LockKeyShare LockStrength = iota
	LockShare
	LockNoKeyUpdate
	LockUpdate
)

// LockWait is what a locking clause or LOCK does when it would wait.
type LockWait uint8

// What to do when a lock is taken.
const (
	LockBlock LockWait = iota
	LockSkip
	LockNoWait
)

// GroupingKind tells the forms of GroupingSet.
type GroupingKind uint8

// The grouping constructs.
const (
	GroupingEmpty GroupingKind = iota // ()
	GroupingRollup
	GroupingCube
	GroupingSets
)

// Position implements Node.
func (s *Select) Position() int      { return s.Pos }
func (s *SelectCore) Position() int  { return s.Pos }
func (t *Target) Position() int      { return t.Expr.Position() }
func (s *SetOp) Position() int       { return s.Inputs[0].Position() }
func (v *Values) Position() int      { return v.Pos }
func (o *OrderItem) Position() int   { return o.Expr.Position() }
func (w *With) Position() int        { return w.Pos }
func (c *CTE) Position() int         { return c.Pos }
func (l *Locking) Position() int     { return l.Pos }
func (g *GroupingSet) Position() int { return g.Pos }

func (*Select) statement()      {}
func (*Select) selectBody()     {}
func (*SelectCore) selectBody() {}
func (*SetOp) selectBody()      {}
func (*Values) selectBody()     {}
func (*GroupingSet) expr()      {}

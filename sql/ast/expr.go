package ast

// LiteralKind says which kind of constant a Literal is.
type LiteralKind uint8

// The kinds of constant.
const (
	LiteralNull    LiteralKind = iota
	LiteralBool                // Text is "true" or "false"
	LiteralInteger             // Text is decimal digits, of any magnitude
	LiteralNumeric             // Text is digits with a point or an exponent
	LiteralString              // Text is the string's value; its type is unknown yet
	LiteralBits                // Text is "b" or "x" and the digits
)

type (
	// Literal is a constant. A typed literal (DATE '...') is a Cast of one.
	Literal struct {
		Pos  int
		Kind LiteralKind
		Text string
	}

	// Param is $Number, counted from 1.
	Param struct {
		Pos    int
		Number int
	}

	// ColumnRef names a column, or with Star all columns: x, t.x, s.t.x, *, t.*.
	ColumnRef struct {
		Name Name
		Star bool
	}

	// Default is DEFAULT where a value of INSERT or UPDATE stands.
	Default struct{ Pos int }

	// CurrentOf is WHERE CURRENT OF cursor.
	CurrentOf struct {
		Pos    int
		Cursor string
	}

	// Cast is x::type, CAST(x AS type), or a typed literal.
	Cast struct {
		Pos  int
		Expr Expr
		Type *TypeName
		Form CastForm
	}

	// Collate is x COLLATE name.
	Collate struct {
		Pos       int
		Expr      Expr
		Collation Name
	}

	// Subscript is x[Lower] or, with Slice, x[Lower:Upper] whose bounds may be nil.
	Subscript struct {
		Pos          int
		Expr         Expr
		Lower, Upper Expr
		Slice        bool
	}

	// Field is (x).Name or, with Star, (x).*.
	Field struct {
		Pos  int
		Expr Expr
		Name string
		Star bool
	}

	// ArrayCtor is ARRAY[...].
	ArrayCtor struct {
		Pos   int
		Elems []Expr
	}

	// ArrayQuery is ARRAY(SELECT ...).
	ArrayQuery struct {
		Pos   int
		Query *Select
	}

	// Row is ROW(...) or, not Explicit, (a, b, ...).
	Row struct {
		Pos      int
		Items    []Expr
		Explicit bool
	}

	// Case is CASE [Operand] WHEN ... ELSE ... END.
	Case struct {
		Pos     int
		Operand Expr
		Whens   []When
		Else    Expr
	}

	// When is an arm of Case.
	When struct {
		Pos          int
		Cond, Result Expr
	}

	// Subquery is a parenthesised query that yields one value.
	Subquery struct {
		Pos   int
		Query *Select
	}

	// Exists is EXISTS (SELECT ...).
	Exists struct {
		Pos   int
		Query *Select
	}
)

// CastForm is how a cast was spelled; it matters to Format alone.
type CastForm uint8

// The spellings of a cast.
const (
	CastOperator CastForm = iota // x::type
	CastFunction                 // CAST(x AS type)
	CastLiteral                  // type 'text', INTERVAL '1 day'
)

// FuncCall is a call of a function, aggregate or window function.
type FuncCall struct {
	Name Name
	// Args are in the order written; a named one is a *NamedArg.
	Args []Expr
	// Star is f(*).
	Star bool
	// Distinct is f(DISTINCT ...).
	Distinct bool
	// Variadic is f(..., VARIADIC last).
	Variadic bool
	// OrderBy is the ORDER BY inside the parentheses.
	OrderBy []*OrderItem
	// WithinGroup is the ORDER BY of WITHIN GROUP.
	WithinGroup []*OrderItem
	Filter      Expr
	Over        *WindowDef
	// Form is set when SQL's own syntax, not a plain call, was written.
	Form FuncForm
	// Semantics is RUNNING or FINAL before the name, in MATCH_RECOGNIZE.
	Semantics MatchSemantics
}

// FuncForm is how a function call was spelled; it matters to Format alone.
type FuncForm uint8

// The spellings of a function call. In each the arguments are in the order of
// the PostgreSQL function that the form stands for.
const (
	FormCall         FuncForm = iota
	FormKeyword               // CURRENT_DATE, CURRENT_TIMESTAMP [(p)], CURRENT_USER, ...
	FormAtTimeZone            // pg_catalog.timezone(zone, x): x AT TIME ZONE zone
	FormExtract               // pg_catalog.extract('field', x)
	FormOverlay               // pg_catalog.overlay(x, with, from [, for])
	FormPosition              // pg_catalog.position(x, sub): POSITION(sub IN x)
	FormSubstring             // pg_catalog.substring(x, from [, for])
	FormSimilar               // pg_catalog.substring(x, pattern, escape): SIMILAR ... ESCAPE
	FormTrim                  // pg_catalog.btrim | ltrim | rtrim (x [, characters])
	FormNormalize             // pg_catalog.normalize(x [, 'form'])
	FormIsNormalized          // pg_catalog.is_normalized(x [, 'form'])
	FormCollationFor          // pg_catalog.pg_collation_for(x)
)

// NamedArg is name => value in a call.
type NamedArg struct {
	Pos   int
	Name  string
	Value Expr
}

// WindowDef is what stands after OVER, or the definition in a WINDOW clause.
type WindowDef struct {
	Pos int
	// Name is, in WINDOW, the window's name; after OVER, the window used as it
	// is (OVER w), and then all else is empty.
	Name string
	// Base is the window that this one extends: OVER (w ORDER BY ...).
	Base        string
	PartitionBy []Expr
	OrderBy     []*OrderItem
	Frame       *Frame
}

// FrameUnit is what a frame's offsets count.
type FrameUnit uint8

// The frame units.
const (
	FrameRange FrameUnit = iota
	FrameRows
	FrameGroups
)

// FrameExclusion is what a frame leaves out.
type FrameExclusion uint8

// The frame exclusions.
const (
	ExcludeNone FrameExclusion = iota // also EXCLUDE NO OTHERS
	ExcludeCurrentRow
	ExcludeGroup
	ExcludeTies
)

// BoundKind is the kind of a frame's bound.
type BoundKind uint8

// The bounds of a frame, in their order.
const (
	BoundUnboundedPreceding BoundKind = iota
	BoundPreceding
	BoundCurrentRow
	BoundFollowing
	BoundUnboundedFollowing
)

type (
	// Frame is the frame clause of a window.
	Frame struct {
		Pos        int
		Unit       FrameUnit
		Start, End FrameBound
		// Between tells the two-bound form; without it End is CURRENT ROW.
		Between bool
		Exclude FrameExclusion
	}

	// FrameBound is one bound; Offset is set for BoundPreceding and BoundFollowing.
	FrameBound struct {
		Kind   BoundKind
		Offset Expr
	}
)

// Position implements Node.
func (e *Literal) Position() int    { return e.Pos }
func (e *Param) Position() int      { return e.Pos }
func (e *ColumnRef) Position() int  { return e.Name.Pos }
func (e *Default) Position() int    { return e.Pos }
func (e *CurrentOf) Position() int  { return e.Pos }
func (e *Cast) Position() int       { return e.Pos }
func (e *Collate) Position() int    { return e.Pos }
func (e *Subscript) Position() int  { return e.Pos }
func (e *Field) Position() int      { return e.Pos }
func (e *ArrayCtor) Position() int  { return e.Pos }
func (e *ArrayQuery) Position() int { return e.Pos }
func (e *Row) Position() int        { return e.Pos }
func (e *Case) Position() int       { return e.Pos }
func (e *Subquery) Position() int   { return e.Pos }
func (e *Exists) Position() int     { return e.Pos }
func (e *FuncCall) Position() int   { return e.Name.Pos }
func (e *NamedArg) Position() int   { return e.Pos }
func (w *WindowDef) Position() int  { return w.Pos }

func (*Literal) expr()    {}
func (*Param) expr()      {}
func (*ColumnRef) expr()  {}
func (*Default) expr()    {}
func (*CurrentOf) expr()  {}
func (*Cast) expr()       {}
func (*Collate) expr()    {}
func (*Subscript) expr()  {}
func (*Field) expr()      {}
func (*ArrayCtor) expr()  {}
func (*ArrayQuery) expr() {}
func (*Row) expr()        {}
func (*Case) expr()       {}
func (*Subquery) expr()   {}
func (*Exists) expr()     {}
func (*FuncCall) expr()   {}
func (*NamedArg) expr()   {}

package ast

// Operator is an operator as it was spelled. Not-equal is always "<>".
type Operator struct {
	Pos int
	// Schema is set by OPERATOR(schema.name).
	Schema []string
	Name   string
}

type (
	// BinaryOp is Left Op Right, comparisons included. Its place is the operator's.
	BinaryOp struct {
		Op          Operator
		Left, Right Expr
	}

	// OpChain is three or more operands joined by operators of one precedence
	// level, to be folded from the left: ((First Rest[0]) Rest[1]) ...
	OpChain struct {
		First Expr
		Rest  []ChainLink
	}

	// ChainLink is one further operand of an OpChain.
	ChainLink struct {
		Op  Operator
		Arg Expr
	}

	// UnaryOp is a prefix operator: -x, +x, @x. A minus before a number is
	// folded into no literal; it stays an operator.
	UnaryOp struct {
		Op   Operator
		Expr Expr
	}

	// And is the conjunction of two or more Args.
	And struct {
		Pos  int
		Args []Expr
	}

	// Or is the disjunction of two or more Args.
	Or struct {
		Pos  int
		Args []Expr
	}

	// Not is NOT Expr.
	Not struct {
		Pos  int
		Expr Expr
	}

	// IsNull is Expr IS [NOT] NULL.
	IsNull struct {
		Pos  int
		Expr Expr
		Not  bool
	}

	// IsBool is Expr IS [NOT] TRUE | FALSE | UNKNOWN.
	IsBool struct {
		Pos  int
		Expr Expr
		Test BoolTest
		Not  bool
	}

	// IsDistinct is Left IS [NOT] DISTINCT FROM Right.
	IsDistinct struct {
		Pos         int
		Left, Right Expr
		Not         bool
	}

	// IsDocument is Expr IS [NOT] DOCUMENT.
	IsDocument struct {
		Pos  int
		Expr Expr
		Not  bool
	}

	// Between is Expr [NOT] BETWEEN [SYMMETRIC] Low AND High.
	Between struct {
		Pos             int
		Expr, Low, High Expr
		Not, Symmetric  bool
	}

	// InList is Expr [NOT] IN (List).
	InList struct {
		Pos  int
		Expr Expr
		List []Expr
		Not  bool
	}

	// InSubquery is Expr [NOT] IN (Query).
	InSubquery struct {
		Pos   int
		Expr  Expr
		Query *Select
		Not   bool
	}

	// Like is Expr [NOT] LIKE | ILIKE | SIMILAR TO Pattern [ESCAPE Escape].
	Like struct {
		Pos                   int
		Kind                  LikeKind
		Expr, Pattern, Escape Expr
		Not                   bool
	}

	// Quantified is Left Op ANY | ALL (Array) or (Query); one of the two is set.
	// LIKE ANY and its kin have the operator that PostgreSQL gives them (~~).
	Quantified struct {
		Op    Operator
		Left  Expr
		All   bool
		Array Expr
		Query *Select
	}

	// Overlaps is (a, b) OVERLAPS (c, d).
	Overlaps struct {
		Pos         int
		Left, Right Expr
	}
)

// BoolTest is what IsBool tests for.
type BoolTest uint8

// The truth values.
const (
	TestTrue BoolTest = iota
	TestFalse
	TestUnknown
)

// LikeKind tells the pattern languages of Like.
type LikeKind uint8

// The pattern-matching predicates.
const (
	LikeSensitive   LikeKind = iota // LIKE
	LikeInsensitive                 // ILIKE
	LikeSimilar                     // SIMILAR TO
)

// Position implements Node.
func (e *BinaryOp) Position() int   { return e.Op.Pos }
func (e *OpChain) Position() int    { return e.Rest[0].Op.Pos }
func (e *UnaryOp) Position() int    { return e.Op.Pos }
func (e *And) Position() int        { return e.Pos }
func (e *Or) Position() int         { return e.Pos }
func (e *Not) Position() int        { return e.Pos }
func (e *IsNull) Position() int     { return e.Pos }
func (e *IsBool) Position() int     { return e.Pos }
func (e *IsDistinct) Position() int { return e.Pos }
func (e *IsDocument) Position() int { return e.Pos }
func (e *Between) Position() int    { return e.Pos }
func (e *InList) Position() int     { return e.Pos }
func (e *InSubquery) Position() int { return e.Pos }
func (e *Like) Position() int       { return e.Pos }
func (e *Quantified) Position() int { return e.Op.Pos }
func (e *Overlaps) Position() int   { return e.Pos }

func (*BinaryOp) expr()   {}
func (*OpChain) expr()    {}
func (*UnaryOp) expr()    {}
func (*And) expr()        {}
func (*Or) expr()         {}
func (*Not) expr()        {}
func (*IsNull) expr()     {}
func (*IsBool) expr()     {}
func (*IsDistinct) expr() {}
func (*IsDocument) expr() {}
func (*Between) expr()    {}
func (*InList) expr()     {}
func (*InSubquery) expr() {}
func (*Like) expr()       {}
func (*Quantified) expr() {}
func (*Overlaps) expr()   {}

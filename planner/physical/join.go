package physical

// JoinKind is what a Join does with rows that have no partner.
type JoinKind string

// The kinds of join. Semi keeps the left rows that have a partner, Anti those that have none.
const (
	InnerJoin JoinKind = "inner"
	LeftJoin  JoinKind = "left"
	RightJoin JoinKind = "right"
	FullJoin  JoinKind = "full"
	SemiJoin  JoinKind = "semi"
	AntiJoin  JoinKind = "anti"
)

// Join joins its two inputs. Rows are partners when the key columns are equal pair by pair and Residual is true. Without keys
// every pair of rows is tried: a cross or nested-loop join.
type Join struct {
	Join      JoinKind
	LeftKeys  []int
	RightKeys []int
	// NullsEqual says, key by key, that null matches null (IS NOT DISTINCT FROM); else a null key has no partner.
	NullsEqual []bool
	// Residual is over the left columns and then the right columns; none means true.
	Residual Expr
	// NullAware makes an Anti join NOT IN's, with one key and no residual: over a right side with rows, a left row whose key is null is
	// not kept, and over a right side with a null key no left row is. Over an empty right side every left row is kept.
	NullAware bool `json:",omitempty"`
	// LookUp gives each left row the partners that it has at the end of its epoch, once and for all: no change of the right side
	// revises it. Inner and Left, over a left input that is append-only.
	LookUp bool `json:",omitempty"`
	// LeftAppendOnly and RightAppendOnly say that an input has no retractions.
	LeftAppendOnly  bool `json:",omitempty"`
	RightAppendOnly bool `json:",omitempty"`
	// Output are the columns (left, then right) that the output has; for Semi and Anti all are left ones.
	Output []int
	// LeftUnique and RightUnique say that the keys identify a row of that side: at most one partner.
	LeftUnique  bool `json:",omitempty"`
	RightUnique bool `json:",omitempty"`
	// Bound says how far apart in time partners are, if that is known: state is freed by the watermark then.
	Bound *JoinBound `json:",omitempty"`
}

// Kind implements Op.
func (*Join) Kind() string { return "Join" }

// SetOpKind is INTERSECT or EXCEPT.
type SetOpKind string

// The set operations; UNION is Union, with a Distinct above it unless it is ALL.
const (
	Intersect SetOpKind = "intersect"
	Except    SetOpKind = "except"
)

// SetOp combines two inputs of the same types by their rows' multiplicities: with All, INTERSECT has the smaller and EXCEPT the
// difference (at least zero); without, rows come once: those in both, or those in the left and not in the right.
type SetOp struct {
	Set SetOpKind
	All bool `json:",omitempty"`
}

// Kind implements Op.
func (*SetOp) Kind() string { return "SetOp" }

package logical

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// Join joins two inputs. The right side may read columns of the left (a dependent join: LATERAL, correlated subqueries); such a join is
// never a right or full one.
type Join struct {
	Kind        physical.JoinKind
	Left, Right Node
	// On are conditions that must all be true; none is a cross join.
	On []expr.Node
	// NullAware makes an anti join NOT IN's: On[0] is what was compared and a null of it keeps a row out. The other conditions say
	// which right rows count.
	NullAware bool
	// LookUp makes an inner or left join one with the right rows that are there when a left row comes: what becomes of them later does not
	// matter. In a query that is run once it is any other join.
	LookUp bool
	// Keep are the columns of the output, nil for all; pruning sets it.
	Keep []ColID
}

// Cross is the cross product; OneRow disappears in it.
func Cross(left, right Node) Node {
	switch {
	case IsOneRow(left):
		return right
	case IsOneRow(right):
		return left
	}
	return &Join{Kind: physical.InnerJoin, Left: left, Right: right}
}

// LeftOnly reports whether the output has the left columns only.
func (j *Join) LeftOnly() bool { return j.Kind == physical.SemiJoin || j.Kind == physical.AntiJoin }

// Dependent reports whether the right side reads columns of the left.
func (j *Join) Dependent() bool { return Free(j.Right).Intersects(OutputSet(j.Left)) }

// Inputs implements Node.
func (j *Join) Inputs() []Node { return []Node{j.Left, j.Right} }

// WithInputs implements Node.
func (j *Join) WithInputs(in []Node) Node {
	c := *j
	c.Left, c.Right = in[0], in[1]
	return &c
}

// Output implements Node.
func (j *Join) Output() []ColID {
	if j.Keep != nil {
		return j.Keep
	}
	if j.LeftOnly() {
		return j.Left.Output()
	}
	return slices.Concat(j.Left.Output(), j.Right.Output())
}

// Exprs implements Node.
func (j *Join) Exprs() []expr.Node { return j.On }

// WithExprs implements Node.
func (j *Join) WithExprs(e []expr.Node) Node {
	c := *j
	c.On = e
	return &c
}

// Union is UNION ALL: column i of the output is column i of each input.
type Union struct {
	unary
	All  []Node
	Cols []ColID
	// In are, input by input, the columns that make up Cols.
	In [][]ColID
}

// NewUnion is the union of inputs with as many columns each, in order.
func NewUnion(cols []ColID, inputs ...Node) *Union {
	u := &Union{All: inputs, Cols: cols}
	for _, in := range inputs {
		u.In = append(u.In, in.Output())
	}
	return u
}

// Inputs implements Node.
func (u *Union) Inputs() []Node { return u.All }

// WithInputs implements Node.
func (u *Union) WithInputs(in []Node) Node { return &Union{All: in, Cols: u.Cols, In: u.In} }

// Output implements Node.
func (u *Union) Output() []ColID { return u.Cols }

// WithExprs implements Node.
func (u *Union) WithExprs([]expr.Node) Node { return u }

// SetOp is INTERSECT or EXCEPT.
type SetOp struct {
	unary
	Kind            physical.SetOpKind
	All             bool
	Left, Right     Node
	Cols            []ColID
	LeftIn, RightIn []ColID
}

// Inputs implements Node.
func (s *SetOp) Inputs() []Node { return []Node{s.Left, s.Right} }

// WithInputs implements Node.
func (s *SetOp) WithInputs(in []Node) Node {
	c := *s
	c.Left, c.Right = in[0], in[1]
	return &c
}

// Output implements Node.
func (s *SetOp) Output() []ColID { return s.Cols }

// WithExprs implements Node.
func (s *SetOp) WithExprs([]expr.Node) Node { return s }

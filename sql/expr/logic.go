package expr

import "github.com/streamdb/streamdb/sql/types"

var boolType = types.T(types.Bool)

// predicate is the part that nodes of type boolean share.
type predicate struct{}

func (predicate) Type() types.Type { return boolType }

// And is the conjunction of any number of arms, evaluated from left to right for the rows that no arm has made false.
type And struct {
	predicate
	Args []Node
}

// NewAnd is the conjunction of args: the constant true of none, the argument itself of one; nested Ands are flattened.
func NewAnd(args ...Node) Node {
	flat := make([]Node, 0, len(args))
	for _, a := range args {
		if inner, ok := a.(*And); ok {
			flat = append(flat, inner.Args...)
		} else {
			flat = append(flat, a)
		}
	}
	switch len(flat) {
	case 0:
		return Bool(true)
	case 1:
		return flat[0]
	}
	return &And{Args: flat}
}

// Conjuncts are the arms of n if it is an And, else n alone; none for the constant true.
func Conjuncts(n Node) []Node {
	if a, ok := n.(*And); ok {
		return a.Args
	}
	if IsTrue(n) {
		return nil
	}
	return []Node{n}
}

// Children implements Node.
func (a *And) Children() []Node { return a.Args }

// With implements Node.
func (a *And) With(c []Node) Node { return &And{Args: c} }

// AppendOwn implements Node.
func (a *And) AppendOwn(b []byte) []byte { return b }

// Or is the disjunction of any number of arms, evaluated from left to right for the rows that no arm has made true.
type Or struct {
	predicate
	Args []Node
}

// NewOr is the disjunction of args: the constant false of none, the argument itself of one; nested Ors are flattened.
func NewOr(args ...Node) Node {
	flat := make([]Node, 0, len(args))
	for _, a := range args {
		if inner, ok := a.(*Or); ok {
			flat = append(flat, inner.Args...)
		} else {
			flat = append(flat, a)
		}
	}
	switch len(flat) {
	case 0:
		return Bool(false)
	case 1:
		return flat[0]
	}
	return &Or{Args: flat}
}

// Children implements Node.
func (o *Or) Children() []Node { return o.Args }

// With implements Node.
func (o *Or) With(c []Node) Node { return &Or{Args: c} }

// AppendOwn implements Node.
func (o *Or) AppendOwn(b []byte) []byte { return b }

// Not is logical negation.
type Not struct {
	predicate
	Arg Node
}

// NewNot negates arg.
func NewNot(arg Node) *Not { return &Not{Arg: arg} }

// Children implements Node.
func (n *Not) Children() []Node { return []Node{n.Arg} }

// With implements Node.
func (n *Not) With(c []Node) Node { return &Not{Arg: c[0]} }

// AppendOwn implements Node.
func (n *Not) AppendOwn(b []byte) []byte { return b }

// TestKind is what a Test tests for.
type TestKind uint8

// The tests. Unknown is IsNull of a boolean.
const (
	TestNull TestKind = iota
	TestTrue
	TestFalse
)

// Test is IS [NOT] NULL, TRUE or FALSE: a predicate that is never null itself.
type Test struct {
	predicate
	Arg  Node
	Kind TestKind
	Not  bool
}

// IsNull is arg IS NULL.
func IsNull(arg Node) *Test { return &Test{Arg: arg} }

// IsNotNull is arg IS NOT NULL.
func IsNotNull(arg Node) *Test { return &Test{Arg: arg, Not: true} }

// Children implements Node.
func (t *Test) Children() []Node { return []Node{t.Arg} }

// With implements Node.
func (t *Test) With(c []Node) Node { return &Test{Arg: c[0], Kind: t.Kind, Not: t.Not} }

// AppendOwn implements Node.
func (t *Test) AppendOwn(b []byte) []byte { return appendBool(append(b, byte(t.Kind)), t.Not) }

// IsDistinct is Left IS [NOT] DISTINCT FROM Right: inequality for which null is a value. Both sides have one type.
type IsDistinct struct {
	predicate
	Left, Right Node
	Not         bool
}

// Children implements Node.
func (d *IsDistinct) Children() []Node { return []Node{d.Left, d.Right} }

// With implements Node.
func (d *IsDistinct) With(c []Node) Node { return &IsDistinct{Left: c[0], Right: c[1], Not: d.Not} }

// AppendOwn implements Node.
func (d *IsDistinct) AppendOwn(b []byte) []byte { return appendBool(b, d.Not) }

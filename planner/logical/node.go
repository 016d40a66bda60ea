package logical

import "github.com/streamdb/streamdb/sql/expr"

// Node is an operator.
type Node interface {
	// Inputs are the operator's inputs. The slice must not be changed.
	Inputs() []Node
	// WithInputs is the operator over other inputs, as many as it has.
	WithInputs(in []Node) Node
	// Output are the columns of the result, in order.
	Output() []ColID
	// Exprs are the operator's own expressions, those left out as nil included.
	Exprs() []expr.Node
	// WithExprs is the operator with other expressions, as many as Exprs.
	WithExprs(e []expr.Node) Node
}

// Free are the columns that a subplan reads and does not make: those of outer queries.
func Free(n Node) ColSet { return FreeColumns{}.Of(n) }

// FreeColumns are the free columns of subplans. They are remembered by node, as shared subplans are reached by many paths; nodes do not
// change, so one may serve a rule for as long as it runs.
type FreeColumns map[Node]ColSet

// Of is Free.
func (f FreeColumns) Of(n Node) ColSet {
	if out, ok := f[n]; ok {
		return out
	}
	used := ExprCols(n.Exprs()...)
	var below ColSet
	for _, in := range n.Inputs() {
		below.AddAll(SetOf(in.Output()...))
	}
	out := used.Minus(below)
	for _, in := range n.Inputs() {
		free := f.Of(in)
		if j, ok := n.(*Join); ok && in == j.Right {
			// The right side of a dependent join takes from the left.
			free = free.Minus(SetOf(j.Left.Output()...))
		}
		out.AddAll(free)
	}
	f[n] = out
	return out
}

// OutputSet is the set of a node's columns.
func OutputSet(n Node) ColSet { return SetOf(n.Output()...) }

// Transform rewrites a plan from the leaves up. A shared subplan is rewritten once and stays shared.
func Transform(n Node, f func(Node) Node) Node {
	return transform(n, f, map[Node]Node{})
}

func transform(n Node, f func(Node) Node, done map[Node]Node) Node {
	if out, ok := done[n]; ok {
		return out
	}
	out := f(withChanged(n, func(in Node) Node { return transform(in, f, done) }))
	done[n] = out
	return out
}

// withChanged maps a node's inputs, making a new node only if one changed.
func withChanged(n Node, f func(Node) Node) Node {
	in := n.Inputs()
	var changed []Node
	for i, x := range in {
		if y := f(x); y != x {
			if changed == nil {
				changed = append([]Node(nil), in...)
			}
			changed[i] = y
		}
	}
	if changed == nil {
		return n
	}
	return n.WithInputs(changed)
}

// MapInputs maps a node's inputs, making a new node only if one changed.
func MapInputs(n Node, f func(Node) Node) Node { return withChanged(n, f) }

// MapExprs rewrites the expressions of a whole plan.
func MapExprs(n Node, f func(expr.Node) expr.Node) Node {
	return Transform(n, func(m Node) Node { return MapOwnExprs(m, f) })
}

// MapOwnExprs rewrites the expressions of one node.
func MapOwnExprs(n Node, f func(expr.Node) expr.Node) Node {
	exprs := n.Exprs()
	var changed []expr.Node
	for i, e := range exprs {
		if e == nil {
			continue
		}
		if r := f(e); r != e {
			if changed == nil {
				changed = append([]expr.Node(nil), exprs...)
			}
			changed[i] = r
		}
	}
	if changed == nil {
		return n
	}
	return n.WithExprs(changed)
}

// Walk calls visit for every node of a plan, a shared one once.
func Walk(n Node, visit func(Node)) { walk(n, visit, map[Node]bool{}) }

func walk(n Node, visit func(Node), seen map[Node]bool) {
	if seen[n] {
		return
	}
	seen[n] = true
	visit(n)
	for _, in := range n.Inputs() {
		walk(in, visit, seen)
	}
}

// unary is the part that operators with one input and no expressions share.
type unary struct{}

func (unary) Exprs() []expr.Node { return nil }

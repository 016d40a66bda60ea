package logical

import "github.com/streamdb/streamdb/sql/expr"

// SessionAggregate groups rows by sessions and by what these are partitioned by. The output has the keys, the session's bounds, then the
// calls. The rule aggregate_sessions makes it, after all others.
type SessionAggregate struct {
	unary
	Input      Node
	Time       ColID
	Keys       []ColID
	Start, End ColID
	Gap        int64
	Calls      []AggCall
}

// Inputs implements Node.
func (a *SessionAggregate) Inputs() []Node { return []Node{a.Input} }

// WithInputs implements Node.
func (a *SessionAggregate) WithInputs(in []Node) Node {
	c := *a
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (a *SessionAggregate) Output() []ColID {
	out := append(append([]ColID(nil), a.Keys...), a.Start, a.End)
	for _, c := range a.Calls {
		out = append(out, c.Col)
	}
	return out
}

// WithExprs implements Node.
func (a *SessionAggregate) WithExprs([]expr.Node) Node { return a }

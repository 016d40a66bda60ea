package logical

import "github.com/streamdb/streamdb/sql/expr"

// Session appends the bounds of each row's session: rows of one partition, each of which comes less than Gap microseconds after the one
// before.
type Session struct {
	unary
	Input       Node
	Time        ColID
	PartitionBy []ColID
	Start, End  ColID
	Gap         int64
}

// Inputs implements Node.
func (s *Session) Inputs() []Node { return []Node{s.Input} }

// WithInputs implements Node.
func (s *Session) WithInputs(in []Node) Node {
	c := *s
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (s *Session) Output() []ColID {
	return append(append([]ColID(nil), s.Input.Output()...), s.Start, s.End)
}

// WithExprs implements Node.
func (s *Session) WithExprs([]expr.Node) Node { return s }

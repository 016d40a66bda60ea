package logical

import "github.com/streamdb/streamdb/sql/expr"

// Temporal keeps the rows for which the clock stands at From or past it, and before To: times that each row has, nil for a side without
// a bound. A row with a null in one is never there.
type Temporal struct {
	Input    Node
	From, To expr.Node
}

// Inputs implements Node.
func (t *Temporal) Inputs() []Node { return []Node{t.Input} }

// WithInputs implements Node.
func (t *Temporal) WithInputs(in []Node) Node { return &Temporal{in[0], t.From, t.To} }

// Output implements Node.
func (t *Temporal) Output() []ColID { return t.Input.Output() }

// Exprs implements Node.
func (t *Temporal) Exprs() []expr.Node { return []expr.Node{t.From, t.To} }

// WithExprs implements Node.
func (t *Temporal) WithExprs(e []expr.Node) Node { return &Temporal{t.Input, e[0], e[1]} }

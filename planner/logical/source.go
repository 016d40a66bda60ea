package logical

import (
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
)

// Scan reads columns of a relation.
type Scan struct {
	Relation *catalog.Relation
	// Schema is the relation's schema's name.
	Schema string
	// Attrs are the relation's columns by index, Cols their identities here.
	Attrs []int
	Cols  []ColID
	// Arrival is the column, behind Cols, of the recorded time of the epoch in which each row of a stream came; 0 for none.
	Arrival ColID
	// ByClock says that Arrival has the watermark, which is the clock's; else the relation's event time has it.
	ByClock bool
	// AsOf is the epoch or time of AS OF SYSTEM TIME, or nil.
	AsOf expr.Node
}

// Inputs implements Node.
func (s *Scan) Inputs() []Node { return nil }

// WithInputs implements Node.
func (s *Scan) WithInputs([]Node) Node { return s }

// Output implements Node.
func (s *Scan) Output() []ColID {
	if s.Arrival == 0 {
		return s.Cols
	}
	return append(s.Cols[:len(s.Cols):len(s.Cols)], s.Arrival)
}

// Exprs implements Node.
func (s *Scan) Exprs() []expr.Node { return []expr.Node{s.AsOf} }

// WithExprs implements Node.
func (s *Scan) WithExprs(e []expr.Node) Node {
	c := *s
	c.AsOf = e[0]
	return &c
}

// Values are rows of expressions. They read no columns but those of outer queries.
type Values struct {
	Rows [][]expr.Node
	Cols []ColID
}

// OneRow is the single row without columns under a SELECT without FROM.
func OneRow() *Values { return &Values{Rows: [][]expr.Node{{}}} }

// IsOneRow reports whether n is OneRow's.
func IsOneRow(n Node) bool {
	v, ok := n.(*Values)
	return ok && len(v.Rows) == 1 && len(v.Cols) == 0
}

// Empty is the relation of these columns without rows.
func Empty(cols []ColID) *Values { return &Values{Cols: cols} }

// Inputs implements Node.
func (v *Values) Inputs() []Node { return nil }

// WithInputs implements Node.
func (v *Values) WithInputs([]Node) Node { return v }

// Output implements Node.
func (v *Values) Output() []ColID { return v.Cols }

// Exprs implements Node: the rows, one after another.
func (v *Values) Exprs() []expr.Node {
	var all []expr.Node
	for _, r := range v.Rows {
		all = append(all, r...)
	}
	return all
}

// WithExprs implements Node.
func (v *Values) WithExprs(e []expr.Node) Node {
	out := &Values{Cols: v.Cols}
	for range v.Rows {
		out.Rows = append(out.Rows, e[:len(v.Cols):len(v.Cols)])
		e = e[len(v.Cols):]
	}
	return out
}

// TableFunc calls set-returning functions for each row of its input and keeps the input's columns.
type TableFunc struct {
	Input Node
	// Calls have one expression each, over the input's columns: a call of a set-returning function, or a scalar.
	Calls []expr.Node
	// Cols are the columns of each call's result.
	Cols [][]ColID
	// Ordinality is the column of the row's number, or 0.
	Ordinality ColID
	Outer      bool
}

// Inputs implements Node.
func (t *TableFunc) Inputs() []Node { return []Node{t.Input} }

// WithInputs implements Node.
func (t *TableFunc) WithInputs(in []Node) Node {
	c := *t
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (t *TableFunc) Output() []ColID {
	out := append([]ColID(nil), t.Input.Output()...)
	for _, c := range t.Cols {
		out = append(out, c...)
	}
	if t.Ordinality != 0 {
		out = append(out, t.Ordinality)
	}
	return out
}

// Exprs implements Node.
func (t *TableFunc) Exprs() []expr.Node { return t.Calls }

// WithExprs implements Node.
func (t *TableFunc) WithExprs(e []expr.Node) Node {
	c := *t
	c.Calls = e
	return &c
}

package logical

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// Filter keeps the rows for which all conditions are true.
type Filter struct {
	Input Node
	Conds []expr.Node
}

// NewFilter filters by conditions; without any it is the input.
func NewFilter(in Node, conds ...expr.Node) Node {
	var flat []expr.Node
	for _, c := range conds {
		flat = append(flat, expr.Conjuncts(c)...)
	}
	if len(flat) == 0 {
		return in
	}
	if f, ok := in.(*Filter); ok {
		return &Filter{f.Input, append(append([]expr.Node(nil), f.Conds...), flat...)}
	}
	return &Filter{in, flat}
}

// Inputs implements Node.
func (f *Filter) Inputs() []Node { return []Node{f.Input} }

// WithInputs implements Node.
func (f *Filter) WithInputs(in []Node) Node { return &Filter{in[0], f.Conds} }

// Output implements Node.
func (f *Filter) Output() []ColID { return f.Input.Output() }

// Exprs implements Node.
func (f *Filter) Exprs() []expr.Node { return f.Conds }

// WithExprs implements Node.
func (f *Filter) WithExprs(e []expr.Node) Node { return &Filter{f.Input, e} }

// Item is a column of a Project and what it is computed from. A column of the input that passes through keeps its identity.
type Item struct {
	Col  ColID
	Expr expr.Node
}

// Project computes columns; its output has exactly the Items.
type Project struct {
	Input Node
	Items []Item
}

// NewProject projects, and is the input where it would change nothing.
func NewProject(in Node, items []Item) Node {
	cols := in.Output()
	same := len(cols) == len(items)
	for i := 0; same && i < len(items); i++ {
		c, ok := ColumnOf(items[i].Expr)
		same = ok && c == items[i].Col && c == cols[i]
	}
	if same {
		return in
	}
	return &Project{in, items}
}

// PassThrough are items for columns that stay what they are.
func PassThrough(md *Columns, cols []ColID) []Item {
	items := make([]Item, len(cols))
	for i, c := range cols {
		items[i] = Item{c, md.Ref(c)}
	}
	return items
}

// Extend adds computed columns to an input's own.
func Extend(md *Columns, in Node, items []Item) Node {
	if len(items) == 0 {
		return in
	}
	return &Project{in, append(PassThrough(md, in.Output()), items...)}
}

// Inputs implements Node.
func (p *Project) Inputs() []Node { return []Node{p.Input} }

// WithInputs implements Node.
func (p *Project) WithInputs(in []Node) Node { return &Project{in[0], p.Items} }

// Output implements Node.
func (p *Project) Output() []ColID {
	out := make([]ColID, len(p.Items))
	for i, it := range p.Items {
		out[i] = it.Col
	}
	return out
}

// Exprs implements Node.
func (p *Project) Exprs() []expr.Node {
	out := make([]expr.Node, len(p.Items))
	for i, it := range p.Items {
		out[i] = it.Expr
	}
	return out
}

// WithExprs implements Node.
func (p *Project) WithExprs(e []expr.Node) Node {
	items := make([]Item, len(p.Items))
	for i, it := range p.Items {
		items[i] = Item{it.Col, e[i]}
	}
	return &Project{p.Input, items}
}

// MaxOneRow fails if two rows share the Keys (without keys: if there are two rows).
type MaxOneRow struct {
	unary
	Input Node
	Keys  []ColID
}

// Inputs implements Node.
func (m *MaxOneRow) Inputs() []Node { return []Node{m.Input} }

// WithInputs implements Node.
func (m *MaxOneRow) WithInputs(in []Node) Node { return &MaxOneRow{Input: in[0], Keys: m.Keys} }

// Output implements Node.
func (m *MaxOneRow) Output() []ColID { return m.Input.Output() }

// WithExprs implements Node.
func (m *MaxOneRow) WithExprs([]expr.Node) Node { return m }

// WindowAssign appends the bounds of the windows that hold a row.
type WindowAssign struct {
	unary
	Input      Node
	Time       ColID
	Start, End ColID
	// First is, with Spec.Slices, the end of the first window that takes a row; else 0.
	First ColID
	Spec  physical.WindowAssign // its Time is not used
}

// Inputs implements Node.
func (w *WindowAssign) Inputs() []Node { return []Node{w.Input} }

// WithInputs implements Node.
func (w *WindowAssign) WithInputs(in []Node) Node {
	c := *w
	c.Input = in[0]
	return &c
}

// Output implements Node.
func (w *WindowAssign) Output() []ColID {
	out := append(append([]ColID(nil), w.Input.Output()...), w.Start, w.End)
	if w.First != 0 {
		out = append(out, w.First)
	}
	return out
}

// WithExprs implements Node.
func (w *WindowAssign) WithExprs([]expr.Node) Node { return w }

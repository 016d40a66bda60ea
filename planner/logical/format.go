package logical

import (
	"fmt"
	"strings"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// Format is a plan as text, an operator a line and its inputs indented below. Columns are written name:id, since two columns of a
// query may have one name. A subplan with several parents is written out where it is met first and named there (#1); elsewhere
// stands its name alone.
func Format(n Node, md *Columns) string {
	f := &formatter{md: md, parents: map[Node]int{}, names: map[Node]int{}}
	Walk(n, func(m Node) {
		for _, in := range m.Inputs() {
			f.parents[in]++
		}
	})
	f.node(n, 0)
	return f.out.String()
}

type formatter struct {
	md      *Columns
	parents map[Node]int
	names   map[Node]int
	out     strings.Builder
}

func (f *formatter) node(n Node, depth int) {
	f.out.WriteString(strings.Repeat("  ", depth))
	if name, ok := f.names[n]; ok {
		fmt.Fprintf(&f.out, "#%d\n", name)
		return
	}
	if f.parents[n] > 1 {
		f.names[n] = len(f.names) + 1
		fmt.Fprintf(&f.out, "#%d = ", f.names[n])
	}
	f.out.WriteString(strings.TrimRight(f.line(n), " "))
	f.out.WriteByte('\n')
	for _, in := range n.Inputs() {
		f.node(in, depth+1)
	}
}

func (f *formatter) line(n Node) string {
	switch n := n.(type) {
	case *Scan:
		return "Scan " + n.Relation.Name + " " + f.list(n.Output()) + f.clause(" as of ", n.AsOf)
	case *Values:
		return f.values(n)
	case *TableFunc:
		return f.tableFunc(n)
	case *Filter:
		return "Filter " + f.exprs(n.Conds, " AND ")
	case *Project:
		return "Project " + f.items(n.Items)
	case *MaxOneRow:
		return "MaxOneRow " + f.list(n.Keys)
	case *WindowAssign:
		if n.Spec.Slices {
			return fmt.Sprintf("SliceAssign %s(%s) -> %s", n.Spec.Window, f.col(n.Time), f.list([]ColID{n.Start, n.End}))
		}
		return fmt.Sprintf("WindowAssign %s(%s) -> %s", n.Spec.Window, f.col(n.Time), f.list([]ColID{n.Start, n.End}))
	case *Session:
		by := ""
		if len(n.PartitionBy) > 0 {
			by = " by " + f.list(n.PartitionBy)
		}
		return fmt.Sprintf("Session %d(%s)%s -> %s", n.Gap, f.col(n.Time), by, f.list([]ColID{n.Start, n.End}))
	case *Aggregate:
		return f.aggregate(n)
	case *SessionAggregate:
		a := &Aggregate{Keys: append(append([]ColID(nil), n.Keys...), n.Start, n.End), Calls: n.Calls}
		return fmt.Sprintf("Session%s, sessions %d(%s)", f.aggregate(a), n.Gap, f.col(n.Time))
	case *SliceAggregate:
		a := &Aggregate{Keys: append(append([]ColID(nil), n.Keys...), n.Start, n.End), Calls: n.Calls}
		return fmt.Sprintf("Slice%s, %s of slices %s", f.aggregate(a), n.Of.Window, f.col(n.Slice))
	case *Join:
		return f.join(n)
	case *Asof:
		return f.asof(n)
	case *Union:
		return f.union(n)
	case *SetOp:
		return f.setOp(n)
	case *TopN:
		return f.topN(n)
	case *Over:
		return f.over(n)
	case *Match:
		return f.match(n)
	}
	return fmt.Sprintf("%T", n)
}

func (f *formatter) col(c ColID) string { return fmt.Sprintf("%s:%d", f.md.Get(c).Name, c) }

func (f *formatter) list(cols []ColID) string {
	parts := make([]string, len(cols))
	for i, c := range cols {
		parts[i] = f.col(c)
	}
	return strings.Join(parts, ", ")
}

// expr writes an expression with the columns as they are written elsewhere.
func (f *formatter) expr(e expr.Node) string {
	return expr.Rewrite(e, func(n expr.Node) expr.Node {
		if c, ok := ColumnOf(n); ok {
			return expr.NewColumn(int(c), n.Type(), f.col(c))
		}
		return n
	}).String()
}

func (f *formatter) exprs(list []expr.Node, sep string) string {
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = f.expr(e)
	}
	return strings.Join(parts, sep)
}

func (f *formatter) clause(word string, e expr.Node) string {
	if e == nil {
		return ""
	}
	return word + f.expr(e)
}

func (f *formatter) items(items []Item) string {
	parts := make([]string, len(items))
	for i, it := range items {
		parts[i] = f.col(it.Col)
		if c, ok := ColumnOf(it.Expr); !ok || c != it.Col {
			parts[i] = f.expr(it.Expr) + " AS " + parts[i]
		}
	}
	return strings.Join(parts, ", ")
}

func (f *formatter) values(v *Values) string {
	switch {
	case IsOneRow(v):
		return "OneRow"
	case len(v.Rows) == 0:
		return "Empty " + f.list(v.Cols)
	}
	rows := make([]string, len(v.Rows))
	for i, r := range v.Rows {
		rows[i] = "(" + f.exprs(r, ", ") + ")"
	}
	return "Values " + f.list(v.Cols) + ": " + strings.Join(rows, ", ")
}

func (f *formatter) tableFunc(t *TableFunc) string {
	calls := make([]string, len(t.Calls))
	for i, c := range t.Calls {
		calls[i] = f.expr(c) + " -> " + f.list(t.Cols[i])
	}
	s := "TableFunc " + strings.Join(calls, "; ")
	if t.Ordinality != 0 {
		s += " ordinality " + f.col(t.Ordinality)
	}
	if t.Outer {
		s += " outer"
	}
	return s
}

func (f *formatter) aggregate(a *Aggregate) string {
	if len(a.Calls) == 0 && !a.Global {
		return "Distinct " + f.list(a.Keys)
	}
	calls := make([]string, len(a.Calls))
	for i, c := range a.Calls {
		calls[i] = f.call(&c)
	}
	s := "Aggregate"
	if !a.Global {
		s += " by " + f.list(a.Keys) + ":"
	}
	return s + " " + strings.Join(calls, ", ")
}

func (f *formatter) call(c *AggCall) string {
	args := f.list(c.Args)
	if len(c.Args) == 0 && c.Fn.Name == "count" {
		args = "*"
	}
	if c.Distinct {
		args = "DISTINCT " + args
	}
	if len(c.OrderBy) > 0 {
		args += " ORDER BY " + f.order(c.OrderBy)
	}
	s := c.Fn.Name + "(" + args + ")"
	if c.Filter != 0 {
		s += " FILTER " + f.col(c.Filter)
	}
	return s + " AS " + f.col(c.Col)
}

func (f *formatter) join(j *Join) string {
	s := "Join " + string(j.Kind)
	if j.NullAware {
		s += " null-aware"
	}
	if j.LookUp {
		s += " look-up"
	}
	if j.Dependent() {
		s += " dependent"
	}
	if len(j.On) > 0 {
		s += " on " + f.exprs(j.On, " AND ")
	}
	if j.Keep != nil {
		s += " keeping " + f.list(j.Keep)
	}
	return s
}

func (f *formatter) asof(a *Asof) string {
	kind := "inner"
	if a.Outer {
		kind = "left"
	}
	s := "Asof " + kind + " " + f.expr(a.LeftTime) + " " + a.Compare + " " + f.expr(a.RightTime)
	for i := range a.LeftKeys {
		s += " and " + f.expr(a.LeftKeys[i]) + " = " + f.expr(a.RightKeys[i])
	}
	return s
}

func (f *formatter) union(u *Union) string {
	ins := make([]string, len(u.In))
	for i, in := range u.In {
		ins[i] = f.list(in)
	}
	return "Union " + f.list(u.Cols) + " from " + strings.Join(ins, " | ")
}

func (f *formatter) setOp(s *SetOp) string {
	name := "Intersect"
	if s.Kind == physical.Except {
		name = "Except"
	}
	if s.All {
		name += " all"
	}
	return name + " " + f.list(s.Cols) + " from " + f.list(s.LeftIn) + " | " + f.list(s.RightIn)
}

func (f *formatter) order(keys []SortKey) string {
	parts := make([]string, len(keys))
	for i, k := range keys {
		parts[i] = f.col(k.Col)
		if k.Desc {
			parts[i] += " desc"
		}
		if k.NullsFirst != k.Desc {
			parts[i] += map[bool]string{true: " nulls first", false: " nulls last"}[k.NullsFirst]
		}
	}
	return strings.Join(parts, ", ")
}

// window writes a partitioning and an order.
func (f *formatter) window(partition []ColID, order []SortKey) string {
	var s string
	if len(partition) > 0 {
		s += " by " + f.list(partition)
	}
	if len(order) > 0 {
		s += " order " + f.order(order)
	}
	return s
}

func (f *formatter) topN(t *TopN) string {
	s := "TopN" + f.window(t.PartitionBy, t.OrderBy) + f.clause(" limit ", t.Limit) + f.clause(" offset ", t.Offset)
	if t.WithTies {
		s += " with ties"
	}
	return s
}

func (f *formatter) over(o *Over) string {
	calls := make([]string, len(o.Calls))
	for i, c := range o.Calls {
		calls[i] = f.windowCall(&c)
	}
	return "Over" + f.window(o.PartitionBy, o.OrderBy) + ": " + strings.Join(calls, ", ")
}

func (f *formatter) windowCall(c *WindowCall) string {
	var s string
	if c.Window != nil {
		s = c.Window.Name + "(" + f.list(c.Args) + ")"
	} else {
		s = f.call(&AggCall{Col: c.Col, Fn: c.Aggregate, Args: c.Args, Filter: c.Filter})
		s = strings.TrimSuffix(s, " AS "+f.col(c.Col))
	}
	return s + " " + string(c.Frame.Unit) + " " + f.bound(c.Frame.Start, c.Frame.StartOff) + ".." +
		f.bound(c.Frame.End, c.Frame.EndOff) + " AS " + f.col(c.Col)
}

func (f *formatter) bound(k physical.BoundKind, off expr.Node) string {
	if off == nil {
		return string(k)
	}
	return f.expr(off) + " " + string(k)
}

func (f *formatter) match(m *Match) string {
	text := "Match " + f.items(m.Measures) + f.window(m.PartitionBy, m.OrderBy)
	for i, e := range m.Define {
		if e != nil {
			text += fmt.Sprintf(" define %s %s", m.Spec.Variables[i], f.expr(e))
		}
	}
	return text
}

package explain

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/planner/physical"
)

// details are the lines below an operator's name.
func (v *view) details() []string {
	d := v.own()
	if u := v.node.Props.Unbounded; u != "" {
		d = append(d, "State: grows without bound, "+u)
	}
	d = append(d, list("To bound it", v.node.Props.Remedy)...)
	return d
}

func (v *view) own() []string {
	switch x := v.node.Op.(type) {
	case *physical.Root:
		return v.root(x)
	case *physical.Scan:
		return append(v.access(x), optional("As Of", x.AsOf)...)
	case *physical.Filter:
		return []string{"Filter: " + x.Pred.String()}
	case *physical.Project:
		return []string{"Output: " + exprs(x.Exprs)}
	case *physical.TableFunc:
		return tableFunc(x)
	case *physical.WindowAssign:
		return append([]string{windowText(x, v.input(0)[x.Time])}, lateness(x.Lateness)...)
	case *physical.Stamp:
		return append([]string{"On: " + v.input(0)[x.Time]}, lateness(x.Lateness)...)
	case *physical.Session:
		return v.session(x)
	case *physical.Aggregate:
		return v.aggregate(x)
	case *physical.PartialAggregate:
		return append(list("Group Key", names(v.input(0), x.Keys)), v.calls(x.Calls)...)
	case *physical.SessionAggregate:
		return append(v.session(&x.Session), v.calls(x.Calls)...)
	case *physical.SliceAggregate:
		return v.slices(x)
	case *physical.Hold:
		return []string{"Window: closes at " + v.input(0)[x.End] + ", emits on close"}
	case *physical.Join:
		return v.join(x)
	case *physical.TopN:
		return v.topN(x)
	case *physical.FirstRows:
		return v.firstRows(x)
	case *physical.Over:
		return v.over(x)
	case *physical.Match:
		return v.match(x)
	case *physical.MaxOneRow:
		return list("For Each", names(v.input(0), x.Keys))
	case *physical.Asof:
		return v.asof(x)
	case *physical.Temporal:
		return temporal(x, v.input(0))
	case *physical.Expiry:
		return []string{"Expires: " + micros(x.After) + " after it came"}
	case *physical.OnTime:
		return onTime(x, v.input(0)[x.Time])
	case *physical.Exchange:
		return list("Keys", names(v.input(0), x.Keys))
	}
	return nil
}

// access is by what a scan finds the rows that it reads, if it does not read all.
func (v *view) access(x *physical.Scan) []string {
	var conds []string
	compare := func(column int, op string, value physical.Expr) {
		if !value.None() {
			conds = append(conds, fmt.Sprintf("(%s %s %s)", v.attribute(x, column), op, value))
		}
	}
	for i, e := range x.Lookup {
		compare(x.Key[i], "=", e)
	}
	if g := x.Range; g != nil {
		for i, e := range g.Equal {
			compare(g.Columns[i], "=", e)
		}
		last := g.Columns[len(g.Columns)-1]
		if !g.In.None() {
			conds = append(conds, fmt.Sprintf("(%s = ANY (%s))", v.attribute(x, last), g.In))
		}
		compare(last, open(">", g.LowOpen), g.Low)
		compare(last, open("<", g.HighOpen), g.High)
	}
	if len(conds) == 1 {
		conds[0] = conds[0][1 : len(conds[0])-1]
	}
	d := list("Index Cond", strings.Join(conds, " AND "))
	switch {
	case x.ByClock:
		d = append(d, "With: proctime(), whose watermark is the clock")
	case x.Arrival:
		d = append(d, "With: proctime()")
	}
	return d
}

// open is an operator without or with the equal sign.
func open(op string, leavesOut bool) string {
	if leavesOut {
		return op
	}
	return op + "="
}

// attribute is the name of a relation's column. It need not be among the columns that the scan gives.
func (v *view) attribute(x *physical.Scan, column int) string {
	if at := slices.Index(x.Columns, column); at >= 0 {
		return v.node.Names[at]
	}
	return fmt.Sprintf("column %d", column+1)
}

// list is a line unless there is nothing to say.
func list(what, text string) []string {
	if text == "" {
		return nil
	}
	return []string{what + ": " + text}
}

func optional(what string, e physical.Expr) []string {
	if e.None() {
		return nil
	}
	return []string{what + ": " + e.String()}
}

func (v *view) root(x *physical.Root) []string {
	var d []string
	switch {
	case x.HasKey && len(x.Key) == 0:
		d = append(d, "Key: at most one row")
	case x.HasKey:
		d = append(d, "Key: "+names(v.node.Names, x.Key))
	}
	d = append(d, list("Order", order(v.node.Names, x.OrderBy))...)
	if x.EmitOnClose {
		d = append(d, "Emit: on window close")
	}
	return d
}

func tableFunc(x *physical.TableFunc) []string {
	calls := make([]string, len(x.Calls))
	for i, c := range x.Calls {
		calls[i] = c.Call.String()
	}
	d := []string{"Function: " + strings.Join(calls, ", ")}
	if x.Ordinality {
		d = append(d, "With Ordinality")
	}
	if x.Outer {
		d = append(d, "Outer: keeps rows without a result")
	}
	return d
}

func windowText(x *physical.WindowAssign, time string) string {
	text := "On: " + time + ", size " + micros(x.Size)
	if x.Slide != x.Size {
		text += ", slide " + micros(x.Slide)
	}
	if x.Offset != 0 {
		text += ", offset " + micros(x.Offset)
	}
	return text
}

// lateness is how long after its end a window still takes rows.
func lateness(l physical.Lateness) []string {
	if l.Allowed == 0 {
		return nil
	}
	return []string{"Allowed Lateness: " + micros(l.Allowed)}
}

func (v *view) session(x *physical.Session) []string {
	in := v.input(0)
	d := []string{"On: " + in[x.Time] + ", gap " + micros(x.Gap)}
	d = append(d, list("Partition Key", names(in, x.PartitionBy))...)
	switch {
	case x.EmitOnClose:
		d = append(d, "Window: closes at its end, emits on close")
	case x.Closes:
		d = append(d, "Window: closes at its end")
	}
	return d
}

func (v *view) aggregate(x *physical.Aggregate) []string {
	in := v.input(0)
	d := list("Group Key", names(in, x.Keys))
	d = append(d, v.merged(x.Partial, x.Calls)...)
	if x.WindowEnd != physical.NoColumn {
		line := "Window: closes at " + in[x.Keys[x.WindowEnd]]
		if x.EmitOnClose {
			line += ", emits on close"
		}
		d = append(d, line)
	}
	return d
}

func (v *view) slices(x *physical.SliceAggregate) []string {
	in := v.input(0)
	d := []string{"Windows: " + strings.ToUpper(string(x.Of.Window)) + " of slices by " + in[x.Slice]}
	d = append(d, list("Group Key", names(in, x.Keys))...)
	d = append(d, v.merged(x.Partial, x.Calls)...)
	switch {
	case x.Closes && x.Final:
		d = append(d, "Window: closes at window_end, emits on close")
	case x.Closes:
		d = append(d, "Window: closes at window_end")
	}
	return d
}

// merged are the aggregates of an operator that may merge partial ones, which are then what the rows are aggregated by.
func (v *view) merged(p *physical.Partial, calls []physical.AggCall) []string {
	for n := v.node; p != nil && len(n.Inputs) > 0; {
		n = &v.plan.Nodes[n.Inputs[0]]
		if below, ok := n.Op.(*physical.PartialAggregate); ok {
			return (&view{v.plan, n}).calls(below.Calls)
		}
	}
	return v.calls(calls)
}

// calls are the aggregates over an input.
func (v *view) calls(list []physical.AggCall) []string {
	if len(list) == 0 {
		return nil
	}
	calls := make([]string, len(list))
	for i := range list {
		calls[i] = aggText(&list[i], v.input(0))
	}
	return []string{"Calls: " + strings.Join(calls, ", ")}
}

func aggText(c *physical.AggCall, in []string) string {
	args := names(in, c.Args)
	if len(c.Args) == 0 && c.Name == "count" {
		args = "*"
	}
	if c.Distinct {
		args = "DISTINCT " + args
	}
	if len(c.OrderBy) > 0 {
		args += " ORDER BY " + order(in, c.OrderBy)
	}
	return call(c.Name, args, c.Filter, in)
}

func call(name, args string, filter int, in []string) string {
	text := name + "(" + args + ")"
	if filter != physical.NoColumn {
		text += " FILTER (WHERE " + in[filter] + ")"
	}
	return text
}

func (v *view) join(x *physical.Join) []string {
	left, right := v.input(0), v.input(1)
	conds := make([]string, len(x.LeftKeys))
	for i := range x.LeftKeys {
		conds[i] = equality(left[x.LeftKeys[i]], right[x.RightKeys[i]], x.NullsEqual[i])
	}
	d := list("Cond", strings.Join(conds, " AND "))
	d = append(d, optional("Filter", x.Residual)...)
	if x.NullAware {
		d = append(d, "Null-aware: NOT IN")
	}
	if x.LookUp {
		d = append(d, "Right rows: as they are when a left row comes")
	} else {
		d = append(d, v.joinTimes(x)...)
	}
	switch {
	case x.LeftUnique && x.RightUnique:
		d = append(d, "Unique: both sides")
	case x.LeftUnique:
		d = append(d, "Unique: left side")
	case x.RightUnique:
		d = append(d, "Unique: right side")
	}
	return d
}

func equality(left, right string, nulls bool) string {
	if nulls {
		return left + " IS NOT DISTINCT FROM " + right
	}
	return left + " = " + right
}

// closing is when partitions of windows are freed.
func closing(c *physical.Closing, in []string) []string {
	if c == nil {
		return nil
	}
	return []string{"Window: closes at " + in[c.End]}
}

func (v *view) topN(x *physical.TopN) []string {
	in := v.input(0)
	d := list("Partition Key", names(in, x.PartitionBy))
	d = append(d, list("Order", order(in, x.OrderBy))...)
	limit := optional("Limit", x.Limit)
	if x.WithTies {
		limit[0] += " WITH TIES"
	}
	d = append(d, limit...)
	d = append(d, optional("Offset", x.Offset)...)
	return append(d, closing(x.Closing, in)...)
}

func (v *view) firstRows(x *physical.FirstRows) []string {
	in := v.input(0)
	d := list("Partition Key", names(in, x.PartitionBy))
	d = append(d, list("Order", order(in, x.OrderBy))...)
	d = append(d, fmt.Sprintf("Limit: %d", x.Limit))
	if x.Number {
		d = append(d, "Number: "+v.node.Names[len(in)])
	}
	return append(d, closing(x.Closing, in)...)
}

func (v *view) over(x *physical.Over) []string {
	in := v.input(0)
	d := list("Partition Key", names(in, x.PartitionBy))
	d = append(d, list("Order", order(in, x.OrderBy))...)
	for _, c := range x.Calls {
		args := names(in, c.Args)
		if len(c.Args) == 0 && c.Name == "count" {
			args = "*"
		}
		d = append(d, "Call: "+call(c.Name, args, c.Filter, in)+frame(&c))
	}
	return append(d, closing(x.Closing, in)...)
}

// framed are the window functions that read their frame; the others read the partition, and aggregates always their frame.
var framed = []string{"first_value", "last_value", "nth_value"}

// frame is a call's frame, unless it does not matter or is what SQL has by default.
func frame(c *physical.WindowCall) string {
	f := &c.Frame
	usual := f.Unit == physical.Range && f.Start.Bound == physical.UnboundedPreceding && f.End.Bound == physical.CurrentRow && f.Exclude == physical.ExcludeNone
	if usual || !c.Aggregate && !slices.Contains(framed, c.Name) {
		return ""
	}
	text := fmt.Sprintf(" %s BETWEEN %s AND %s", strings.ToUpper(string(f.Unit)), bound(&f.Start), bound(&f.End))
	if f.Exclude != physical.ExcludeNone {
		text += " EXCLUDE " + strings.ToUpper(string(f.Exclude))
	}
	return text
}

func bound(b *physical.Bound) string {
	text := strings.ToUpper(string(b.Bound))
	if !b.Offset.None() {
		return b.Offset.String() + " " + text
	}
	return text
}

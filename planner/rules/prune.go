package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// prune drops columns, aggregates and window functions that nothing reads. What several consumers share is pruned to what any of
// them needs.
func prune(c *Context, n logical.Node) logical.Node {
	p := &pruner{props: c.props(), need: map[logical.Node]logical.ColSet{n: c.Keep}, done: map[logical.Node]logical.Node{}}
	var order []logical.Node
	postOrder(n, map[logical.Node]bool{}, &order)
	for i := len(order) - 1; i >= 0; i-- { // consumers before their inputs
		p.require(order[i])
	}
	return p.rebuild(n)
}

func postOrder(n logical.Node, seen map[logical.Node]bool, out *[]logical.Node) {
	if seen[n] {
		return
	}
	seen[n] = true
	for _, in := range n.Inputs() {
		postOrder(in, seen, out)
	}
	*out = append(*out, n)
}

type pruner struct {
	props *props.Deriver
	need  map[logical.Node]logical.ColSet
	done  map[logical.Node]logical.Node
}

func (p *pruner) add(n logical.Node, cols logical.ColSet) {
	p.need[n] = p.need[n].Union(cols.Intersect(logical.OutputSet(n)))
}

// require passes on what a node needs of its inputs.
func (p *pruner) require(n logical.Node) {
	need := p.need[n]
	if left, ok := unusedJoin(p.props, n, need); ok {
		p.add(left, need)
		return
	}
	switch n := n.(type) {
	case *logical.Project:
		var used logical.ColSet
		for _, it := range keptItems(n, need) {
			used.AddAll(logical.ExprCols(it.Expr))
		}
		p.add(n.Input, used)
	case *logical.Aggregate:
		used := logical.SetOf(n.Keys...)
		for _, c := range n.Calls {
			if need.Has(c.Col) || len(n.Keys) == 0 {
				used.AddAll(c.Used())
			}
		}
		p.add(n.Input, used)
	case *logical.Over:
		used := need.Union(overUsed(keptCalls(n, need)))
		p.add(n.Input, used)
	case *logical.Match:
		p.add(n.Input, need.Union(p.matchUsed(n.Prune(need))))
	case *logical.Asof:
		used := need.Union(logical.ExprCols(n.Exprs()...))
		p.add(n.Left, used)
		p.add(n.Right, p.asofUsed(n, used))
	case *logical.TopN:
		used := need.Union(logical.SetOf(n.PartitionBy...))
		for _, k := range n.OrderBy {
			used.Add(k.Col)
		}
		p.add(n.Input, used)
	case *logical.MaxOneRow:
		p.add(n.Input, need.Union(logical.SetOf(n.Keys...)))
	case *logical.WindowAssign:
		p.add(n.Input, need.Union(logical.SetOf(n.Time)))
	case *logical.Session:
		p.add(n.Input, need.Union(logical.SetOf(n.Time)).Union(logical.SetOf(n.PartitionBy...)))
	case *logical.Union:
		for i, in := range n.All {
			var used logical.ColSet
			for _, j := range keptColumns(n.Cols, need) {
				used.Add(n.In[i][j])
			}
			p.add(in, used)
		}
	case *logical.SetOp:
		p.add(n.Left, logical.SetOf(n.LeftIn...))
		p.add(n.Right, logical.SetOf(n.RightIn...))
	default: // filters, joins, functions: what passes and what the own expressions read
		used := need.Union(logical.ExprCols(n.Exprs()...))
		for _, in := range n.Inputs() {
			p.add(in, used)
		}
	}
}

// keptColumns are the positions of the columns that are needed; one at least, as rows without columns have no form.
func keptColumns(cols []logical.ColID, need logical.ColSet) []int {
	var out []int
	for i, c := range cols {
		if need.Has(c) {
			out = append(out, i)
		}
	}
	if len(out) == 0 && len(cols) > 0 {
		out = []int{0}
	}
	return out
}

func keptItems(n *logical.Project, need logical.ColSet) []logical.Item {
	var out []logical.Item
	for _, i := range keptColumns(n.Output(), need) {
		out = append(out, n.Items[i])
	}
	return out
}

func keptCalls(n *logical.Over, need logical.ColSet) *logical.Over {
	out := *n
	out.Calls = nil
	for _, c := range n.Calls {
		if need.Has(c.Col) {
			out.Calls = append(out.Calls, c)
		}
	}
	return &out
}

func overUsed(o *logical.Over) logical.ColSet {
	if len(o.Calls) == 0 {
		return logical.ColSet{}
	}
	return o.Used()
}

// matchUsed are the columns that a pattern is recognised by. Rows that tie go by all columns, so all are needed unless none tie.
func (p *pruner) matchUsed(m *logical.Match) logical.ColSet {
	order := logical.SetOf(m.PartitionBy...)
	for _, k := range m.OrderBy {
		order.Add(k.Col)
	}
	if !p.props.Unique(m.Input, order) {
		return logical.OutputSet(m.Input)
	}
	return m.Used()
}

// asofUsed are the columns that an ASOF join needs of its right side: all, where rows may tie.
func (p *pruner) asofUsed(a *logical.Asof, used logical.ColSet) logical.ColSet {
	if !p.props.Unique(a.Right, logical.ExprCols(append(a.RightKeys[:len(a.RightKeys):len(a.RightKeys)], a.RightTime)...)) {
		return logical.OutputSet(a.Right)
	}
	return used
}

// unusedJoin gives the left side of a left join of whose right side nothing is read, if no left row has two partners there.
func unusedJoin(d *props.Deriver, n logical.Node, need logical.ColSet) (logical.Node, bool) {
	if a, ok := n.(*logical.Asof); ok {
		return a.Left, a.Outer && !need.Intersects(logical.OutputSet(a.Right))
	}
	j, ok := n.(*logical.Join)
	if !ok || j.Kind != physical.LeftJoin || need.Intersects(logical.OutputSet(j.Right)) {
		return nil, false
	}
	_, right := props.EquiColumns(j)
	return j.Left, d.Unique(j.Right, right)
}

// rebuild makes the pruned node over its pruned inputs.
func (p *pruner) rebuild(n logical.Node) logical.Node {
	if out, ok := p.done[n]; ok {
		return out
	}
	var out logical.Node
	if left, ok := unusedJoin(p.props, n, p.need[n]); ok {
		out = p.rebuild(left)
	} else {
		out = p.pruned(logical.MapInputs(n, p.rebuild), p.need[n])
	}
	p.done[n] = out
	return out
}

func (p *pruner) pruned(n logical.Node, need logical.ColSet) logical.Node {
	switch n := n.(type) {
	case *logical.Scan:
		out := *n
		out.Attrs, out.Cols = nil, nil
		for _, i := range keptColumns(n.Cols, need) {
			out.Attrs, out.Cols = append(out.Attrs, n.Attrs[i]), append(out.Cols, n.Cols[i])
		}
		if !need.Has(n.Arrival) {
			out.Arrival, out.ByClock = 0, false
		}
		return &out
	case *logical.Values:
		return pruneValues(n, need)
	case *logical.Project:
		return &logical.Project{Input: n.Input, Items: keptItems(n, need)}
	case *logical.Aggregate:
		out := *n
		out.Calls = nil
		for _, c := range n.Calls {
			if need.Has(c.Col) {
				out.Calls = append(out.Calls, c)
			}
		}
		if len(out.Keys)+len(out.Calls) == 0 {
			out.Calls = n.Calls[:min(1, len(n.Calls))]
		}
		return &out
	case *logical.Over:
		if out := keptCalls(n, need); len(out.Calls) > 0 {
			return out
		}
		return n.Input
	case *logical.Match:
		return n.Prune(need)
	case *logical.Union:
		out := &logical.Union{All: n.All, In: make([][]logical.ColID, len(n.All))}
		for _, j := range keptColumns(n.Cols, need) {
			out.Cols = append(out.Cols, n.Cols[j])
			for i := range n.All {
				out.In[i] = append(out.In[i], n.In[i][j])
			}
		}
		return out
	case *logical.Join:
		out := *n
		out.Keep = nil
		all := out.Output()
		for _, i := range keptColumns(all, need) {
			out.Keep = append(out.Keep, all[i])
		}
		return &out
	}
	return n
}

func pruneValues(v *logical.Values, need logical.ColSet) logical.Node {
	kept := keptColumns(v.Cols, need)
	if len(kept) == len(v.Cols) {
		return v
	}
	out := &logical.Values{}
	for _, j := range kept {
		out.Cols = append(out.Cols, v.Cols[j])
	}
	for _, row := range v.Rows {
		var r []expr.Node
		for _, j := range kept {
			r = append(r, row[j])
		}
		out.Rows = append(out.Rows, r)
	}
	return out
}

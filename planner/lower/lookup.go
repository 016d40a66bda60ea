package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
)

// lookups turns scans that a filter narrows to one key into look-ups, in a plan that is run once: WHERE id = $1 over a relation
// whose rows id identifies. The filter stays, so all that the look-up must do is to miss no row.
func lookups(p *physical.Plan, keys map[int][]int) {
	for i := range p.Nodes {
		f, ok := p.Nodes[i].Op.(*physical.Filter)
		if !ok {
			continue
		}
		in := p.Nodes[i].Inputs[0]
		scan, ok := p.Nodes[in].Op.(*physical.Scan)
		if !ok || keys[in] == nil || !scan.AsOf.None() || readers(p, in) != 1 {
			continue
		}
		lookup := make([]physical.Expr, len(keys[in]))
		for k, col := range keys[in] {
			at := slices.Index(scan.Columns, col)
			lookup[k] = physical.E(constantFor(f.Pred.Node, at))
		}
		if !slices.ContainsFunc(lookup, physical.Expr.None) {
			scan.Key, scan.Lookup = keys[in], lookup
		}
	}
}

func readers(p *physical.Plan, node int) (n int) {
	for i := range p.Nodes {
		for _, in := range p.Nodes[i].Inputs {
			if in == node {
				n++
			}
		}
	}
	return n
}

// constantFor finds a conjunct column = constant and gives the constant; nil if there is none.
func constantFor(pred expr.Node, column int) expr.Node {
	conjuncts := []expr.Node{pred}
	if and, ok := pred.(*expr.And); ok {
		conjuncts = and.Args
	}
	for _, c := range conjuncts {
		call, ok := c.(*expr.Call)
		if !ok || call.Fn.Name != "=" || len(call.Args) != 2 || call.Fn.Nulls != fn.Strict {
			continue
		}
		for k, side := range call.Args {
			col, ok := side.(*expr.Column)
			other := call.Args[1-k]
			if ok && col.Index == column && other.Type().Plain() == col.Typ.Plain() && constant(other) {
				return other
			}
		}
	}
	return nil
}

// constant reports whether an expression has one value in a run.
func constant(n expr.Node) bool {
	return len(expr.ColumnsUsed(n)) == 0 && expr.Volatility(n) != fn.Volatile
}

// lookupKey are the columns by which a relation's rows can be found one at a time, in order; nil if there are none.
func lookupKey(r *catalog.Relation) []int {
	switch r.Kind {
	case catalog.Table:
		if k := r.PrimaryKey(); k != nil {
			return k.Columns
		}
	case catalog.View:
		if k := r.ViewDef.UniqueKey; len(k) > 0 && slices.Max(k) < len(r.Columns) {
			return k
		}
	}
	return nil
}

package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// access narrows scans that a filter stands over, in a plan that is run once: to the one row of a key (WHERE id = $1), or to a range of
// an index. The filter stays, so all that a narrowed scan must do is to miss no row.
func (l *lowering) access() {
	p := l.plan
	for i := range p.Nodes {
		f, ok := p.Nodes[i].Op.(*physical.Filter)
		if !ok {
			continue
		}
		in := p.Nodes[i].Inputs[0]
		scan, ok := p.Nodes[in].Op.(*physical.Scan)
		if !ok || !scan.AsOf.None() || readers(p, in) != 1 {
			continue
		}
		b := &binding{conds: expr.Conjuncts(f.Pred.Node), columns: scan.Columns}
		relation := l.relations[in]
		if !lookup(scan, relation, b) && l.options.Catalog != nil {
			scan.Range = bestRange(l.options.Catalog.Indexes(relation.OID), b)
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

// lookup makes a scan the look-up of a key, or of several, if all columns of one are bound: the primary key, a view's own, or one of UNIQUE.
func lookup(scan *physical.Scan, r *catalog.Relation, b *binding) bool {
	for _, k := range lookupKeys(r) {
		values := make([]physical.Expr, len(k.Columns))
		for i, col := range k.Columns {
			if c := b.compared(col, equalTo); c != nil {
				values[i] = physical.E(c.value)
			}
		}
		if !slices.ContainsFunc(values, physical.Expr.None) {
			scan.Key, scan.Lookup, scan.KeyName = k.Columns, values, k.Name
			return true
		}
		last := len(values) - 1
		if in := b.among(k.Columns[last]); !in.None() && !slices.ContainsFunc(values[:last], physical.Expr.None) {
			scan.Range = &physical.IndexRange{Name: k.Name, Columns: k.Columns, Equal: values[:last], In: in}
			return true
		}
	}
	return false
}

// lookupKeys are the keys by which a relation's rows can be found one at a time, the best first.
func lookupKeys(r *catalog.Relation) []catalog.Key {
	switch r.Kind {
	case catalog.Table:
		return r.Keys // the primary key is the first
	case catalog.View:
		if k := r.ViewDef.UniqueKey; len(k) > 0 && slices.Max(k) < len(r.Columns) {
			return []catalog.Key{{Columns: k}}
		}
	}
	return nil
}

// bestRange is the range of the index of which the conditions bind the most; nil if they bind none. Of equals it is the oldest index's.
func bestRange(indexes []*catalog.Relation, b *binding) *physical.IndexRange {
	var best *physical.IndexRange
	for _, x := range indexes {
		if g := indexRange(x, b); g != nil && (best == nil || bound(g) > bound(best)) {
			best = g
		}
	}
	return best
}

// bound is how much a range narrows: a column more that is fixed tells more than a few values of the next, and these more than its bounds,
// of which two tell more than one.
func bound(g *physical.IndexRange) int {
	n := 4 * len(g.Equal)
	for i, e := range []physical.Expr{g.Low, g.High, g.In} {
		if !e.None() {
			n += []int{1, 1, 3}[i]
		}
	}
	return n
}

// indexRange is what conditions leave of an index: values of its first columns and bounds of the one behind; nil for all of it.
func indexRange(x *catalog.Relation, b *binding) *physical.IndexRange {
	g := &physical.IndexRange{Index: x.OID, Name: x.Name}
	for _, col := range x.IndexDef.Sorted() {
		c := b.compared(col, equalTo)
		if c == nil {
			b.bounds(g, col)
			break
		}
		g.Columns, g.Equal = append(g.Columns, col), append(g.Equal, physical.E(c.value))
	}
	if len(g.Columns) == 0 {
		return nil
	}
	return g
}

// bounds adds what the conditions say of a column that they do not fix.
func (b *binding) bounds(g *physical.IndexRange, col int) {
	if g.In = b.among(col); !g.In.None() {
		g.Columns = append(g.Columns, col)
		return
	}
	if c := b.compared(col, atLeast); c != nil {
		g.Low, g.LowOpen = physical.E(c.value), c.open && !c.rounded
	}
	if c := b.compared(col, atMost); c != nil {
		g.High, g.HighOpen = physical.E(c.value), c.open && !c.rounded
	}
	if !g.Low.None() || !g.High.None() {
		g.Columns = append(g.Columns, col)
	}
}

// binding are the conditions over a scan with these columns of its relation.
type binding struct {
	conds   []expr.Node
	columns []int
}

// comparison is a condition column = value, or the like, with a value that is the same throughout a run.
type comparison struct {
	value expr.Node
	// open says that the value itself is not meant: < and >.
	open bool
	// rounded says that the value was brought into the column's type, which may have rounded it: rows that compare to the one so are
	// among those that compare, or equal, to the other.
	rounded bool
}

// side is which of the comparisons is wanted.
type side uint8

const (
	equalTo side = iota
	atLeast
	atMost
)

// operators are what each comparison says of its left side, and what of its right.
var operators = map[string]struct {
	left, right side
	open        bool
}{"=": {equalTo, equalTo, false}, ">": {atLeast, atMost, true}, ">=": {atLeast, atMost, false}, "<": {atMost, atLeast, true}, "<=": {atMost, atLeast, false}}

// compared is the first condition that compares a column of the relation on that side; nil if there is none.
func (b *binding) compared(column int, want side) *comparison {
	at := slices.Index(b.columns, column)
	for _, cond := range b.conds {
		call, ok := cond.(*expr.Call)
		if !ok || len(call.Args) != 2 || call.Fn.Nulls != fn.Strict {
			continue
		}
		op, ok := operators[call.Fn.Name]
		if !ok {
			continue
		}
		for k, is := range []side{op.left, op.right} {
			if col := columnBelow(call.Args[k]); is == want && col != nil && col.Index == at && constant(call.Args[1-k]) {
				if c := comparisonOf(col, call.Args[k].Type(), call.Args[1-k]); c != nil {
					c.open = op.open
					return c
				}
			}
		}
	}
	return nil
}

// among is the array of the values that a condition column IN (…) or column = ANY (…) allows a column; none if there is no such condition.
func (b *binding) among(column int) physical.Expr {
	at := slices.Index(b.columns, column)
	for _, cond := range b.conds {
		switch x := cond.(type) {
		case *expr.InList:
			if col := columnBelow(x.Arg()); !x.Not && col != nil && col.Index == at {
				if e := arrayOf(col, x); e != nil {
					return physical.E(e)
				}
			}
		case *expr.ScalarArray:
			col := columnBelow(x.Left)
			if !x.All && x.Fn.Name == "=" && col != nil && col.Index == at && constant(x.Right) && sameForm(x.Right.Type().Elem(), col.Typ) {
				return physical.E(x.Right)
			}
		}
	}
	return physical.Expr{}
}

// sameForm reports whether values of two types that compare with each other lie in memory in one form.
func sameForm(a, b types.Type) bool {
	_, scaledA := a.Scaled()
	_, scaledB := b.Scaled()
	return a.Kind() == b.Kind() && !scaledA && !scaledB
}

// arrayOf is the list of a condition col IN (list) as an array of the column's type; nil if it cannot be one.
func arrayOf(col *expr.Column, in *expr.InList) expr.Node {
	elem := col.Typ.Plain()
	elems := make([]expr.Node, len(in.List()))
	for i, v := range in.List() {
		c := comparisonOf(col, in.Arg().Type(), v)
		if c == nil || !constant(v) || !sameForm(elem, col.Typ) {
			return nil
		}
		elems[i] = expr.NewCast(c.value, elem, true)
	}
	return expr.Fold(&expr.ArrayCtor{Typ: types.Type{ID: elem.ID, Array: true}, Elems: elems})
}

// columnBelow is the column that an operand is, perhaps under a cast that changes neither order nor equality.
func columnBelow(n expr.Node) *expr.Column {
	if c, ok := n.(*expr.Cast); ok && slices.Contains(widened[c.Arg.Type().Plain()], c.To) {
		n = c.Arg
	}
	col, _ := n.(*expr.Column)
	return col
}

// widened are the types to which operators draw a column without changing its order.
var widened = map[types.Type][]types.Type{
	types.T(types.Varchar): {types.T(types.Varchar), types.T(types.Text)},
	types.T(types.Int2):    {types.T(types.Int4), types.T(types.Int8)},
	types.T(types.Int4):    {types.T(types.Int8)},
	types.T(types.Float4):  {types.T(types.Float8)},
	types.T(types.Numeric): {types.T(types.Numeric)}, // without its scale
}

// comparisonOf brings the value that a column is compared to, as a value of type as, into the column's type. nil if it cannot be.
func comparisonOf(col *expr.Column, as types.Type, value expr.Node) *comparison {
	if value.Type().Plain() != as.Plain() {
		return nil
	}
	to := col.Typ.Plain()
	if _, scaled := col.Typ.Scaled(); scaled {
		to = col.Typ // it lies in memory by its scale
	}
	if _, scaled := value.Type().Scaled(); value.Type() == to || value.Type().Plain() == to && !scaled {
		return &comparison{value: value}
	}
	return &comparison{value: expr.Fold(expr.NewCast(value, to, true)), rounded: to.ID == types.Numeric || to.ID == types.Float4}
}

// constant reports whether an expression has one value in a run.
func constant(n expr.Node) bool {
	return len(expr.ColumnsUsed(n)) == 0 && expr.Volatility(n) != fn.Volatile
}

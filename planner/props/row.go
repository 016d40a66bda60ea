package props

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
)

// filter drops from the keys the columns that a condition pins to one value.
func (d *Deriver) filter(f *logical.Filter) *Props {
	in := d.Of(f.Input)
	p := &Props{NotNull: in.NotNull, AppendOnly: in.AppendOnly, Watermarks: in.Watermarks, Windows: in.Windows, Outer: in.Outer, Streaming: in.Streaming}
	own := logical.OutputSet(f.Input)
	var pinned logical.ColSet
	for _, c := range f.Conds {
		p.NotNull = p.NotNull.Union(NullRejected(c).Intersect(own))
		if id, ok := pins(c, own); ok {
			pinned.Add(id)
		}
	}
	for _, k := range in.Keys {
		p.addKey(k.Minus(pinned))
	}
	return p
}

// pins reports the column that a condition equates with something constant within the query: an expression without columns of own.
func pins(c expr.Node, own logical.ColSet) (logical.ColID, bool) {
	l, r, _, ok := Equality(c)
	if !ok {
		return 0, false
	}
	for range 2 {
		if id, ok := Determines(l); ok && own.Has(id) && !logical.ExprCols(r).Intersects(own) && expr.Volatility(r) < fn.Volatile {
			return id, true
		}
		l, r = r, l
	}
	return 0, false
}

func (d *Deriver) project(n *logical.Project) *Props {
	in := d.Of(n.Input)
	p := &Props{AppendOnly: in.AppendOnly, Streaming: in.Streaming}
	as := map[logical.ColID]logical.ColID{}
	for _, it := range n.Items {
		if c, ok := logical.ColumnOf(it.Expr); ok {
			if _, ok := as[c]; !ok {
				as[c] = it.Col
			}
			if in.NotNull.Has(c) {
				p.NotNull.Add(it.Col)
			}
			if in.Watermarks.Has(c) {
				p.Watermarks.Add(it.Col)
			}
		} else if neverNull(it.Expr, in.NotNull) {
			p.NotNull.Add(it.Col)
		}
	}
	for _, k := range in.Keys {
		if m, ok := mapSet(k, as); ok {
			p.addKey(m)
		}
	}
	p.addWindows(in.Windows, as)
	p.mergeOuter(in.Outer, n.Items)
	return p
}

func mapSet(s logical.ColSet, as map[logical.ColID]logical.ColID) (logical.ColSet, bool) {
	var out logical.ColSet
	for _, c := range s.List() {
		to, ok := as[c]
		if !ok {
			return out, false
		}
		out.Add(to)
	}
	return out, true
}

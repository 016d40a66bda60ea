package rules_test

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/types"
)

// asof joins each left row with the first of the right rows that it may have, by the time, and then by all columns.
func (e *naive) asof(n *logical.Asof, outer row) []row {
	var out []row
	time := e.md.New("time", n.RightTime.Type())
	order := []logical.SortKey{{Col: time, Desc: n.Compare[0] == '>'}}
	nulls := row{}
	for _, c := range n.Right.Output() {
		order = append(order, logical.SortKey{Col: c})
		nulls[c] = types.Null
	}
	right := e.rows(n.Right, outer)
	for _, l := range e.rows(n.Left, outer) {
		at := row{time: e.eval(n.LeftTime, with(outer, l))}
		var may []row
		for _, r := range right {
			r = with(r, row{time: e.eval(n.RightTime, with(outer, r))})
			if !at[time].Null && !r[time].Null && e.keysMatch(n, with(outer, l), with(outer, r)) && comes(e.compare(at, r, order[:1]), n.Compare) {
				may = append(may, r)
			}
		}
		switch {
		case len(may) > 0:
			out = append(out, with(l, e.sorted(may, order)[0]))
		case n.Outer:
			out = append(out, with(l, nulls))
		}
	}
	return out
}

// comes reports whether a left time, compared with a right one in the order in which the nearest comes first, is as an ASOF join asks.
func comes(c int, compare string) bool { return c < 0 || c == 0 && len(compare) == 2 }

func (e *naive) keysMatch(n *logical.Asof, l, r row) bool {
	for i := range n.LeftKeys {
		x, y := n.LeftKeys[i], n.RightKeys[i]
		a, b := e.eval(x, l), e.eval(y, r)
		if a.Null || b.Null {
			if a.Null != b.Null || !n.Nulls[i] {
				return false
			}
			continue
		}
		c := e.md.New("key", x.Type())
		if e.compare(row{c: a}, row{c: b}, []logical.SortKey{{Col: c}}) != 0 {
			return false
		}
	}
	return true
}

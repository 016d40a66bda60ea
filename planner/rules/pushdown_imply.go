package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
)

// imply copies conditions on one column to those that equal it: from a = b, b = c and a > 1 follow b > 1 and c > 1. They hold for rows
// that come in pairs, so of an outer join they choose rows of the side that may be null.
func (c *joinConds) imply(md *logical.Columns, kind physical.JoinKind) {
	all := slices.Concat(c.toLeft, c.toRight, c.on)
	same := equalColumns(md, all)
	if len(same) == 0 {
		return
	}
	known := map[uint64][]expr.Node{}
	for _, e := range all {
		addNew(known, e)
	}
	for _, e := range slices.Concat(c.toLeft, c.toRight) {
		used := logical.ExprCols(e).Intersect(c.own).List()
		if len(used) != 1 || !cannotFail(e) {
			continue
		}
		for _, other := range same[used[0]] {
			implied := logical.Substitute(e, map[logical.ColID]expr.Node{used[0]: md.Ref(other)})
			if other == used[0] || !addNew(known, implied) {
				continue
			}
			switch {
			case c.right.Has(other) && kind != physical.RightJoin:
				c.toRight = append(c.toRight, implied)
			case c.left.Has(other) && (kind == physical.InnerJoin || kind == physical.SemiJoin || kind == physical.RightJoin):
				c.toLeft = append(c.toLeft, implied)
			}
		}
	}
}

// equalColumns gives, for each column that conditions equate with others, all of its class. Only values that are the same where they
// are equal can stand for one another.
func equalColumns(md *logical.Columns, conds []expr.Node) map[logical.ColID][]logical.ColID {
	classes := map[logical.ColID][]logical.ColID{}
	class := func(c logical.ColID) []logical.ColID {
		if classes[c] == nil {
			classes[c] = []logical.ColID{c}
		}
		return classes[c]
	}
	for _, e := range conds {
		a, b, nulls, ok := props.Equality(e)
		l, ok1 := logical.ColumnOf(a)
		r, ok2 := logical.ColumnOf(b)
		if !ok || nulls || !ok1 || !ok2 || md.Type(l) != md.Type(r) || !exact(md.Type(l)) || slices.Contains(class(l), r) {
			continue
		}
		merged := slices.Concat(class(l), class(r))
		for _, m := range merged {
			classes[m] = merged
		}
	}
	return classes
}

// addNew notes an expression; it reports whether it is a new one.
func addNew(known map[uint64][]expr.Node, e expr.Node) bool {
	h := expr.Hash(e)
	if slices.ContainsFunc(known[h], func(have expr.Node) bool { return expr.Equal(have, e) }) {
		return false
	}
	known[h] = append(known[h], e)
	return true
}

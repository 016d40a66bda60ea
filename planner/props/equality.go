package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// Equality takes an equality of two values of one type apart. nulls says that null equals null (IS NOT DISTINCT FROM).
func Equality(c expr.Node) (l, r expr.Node, nulls, ok bool) {
	switch c := c.(type) {
	case *expr.Call:
		if c.Fn.Name == "=" && len(c.Args) == 2 && c.Fn.Nulls == fn.Strict && c.Fn.Args[0].Same(c.Fn.Args[1]) {
			return c.Args[0], c.Args[1], false, true
		}
	case *expr.IsDistinct:
		if c.Not {
			return c.Left, c.Right, true, true
		}
	}
	return nil, nil, false, false
}

// NullRejected are the columns of which a null keeps a condition from being true.
func NullRejected(c expr.Node) logical.ColSet {
	switch c := c.(type) {
	case *expr.And:
		var out logical.ColSet
		for _, a := range c.Args {
			out.AddAll(NullRejected(a))
		}
		return out
	case *expr.Or:
		out := NullRejected(c.Args[0])
		for _, a := range c.Args[1:] {
			out = out.Intersect(NullRejected(a))
		}
		return out
	case *expr.Test:
		if c.Kind == expr.TestNull && c.Not || c.Kind != expr.TestNull && !c.Not {
			return strict(c.Arg)
		}
		return logical.ColSet{}
	case *expr.Not:
		return strict(c.Arg)
	}
	return strict(c)
}

// strict are the columns of which a null makes an expression null.
func strict(n expr.Node) logical.ColSet {
	var out logical.ColSet
	switch n := n.(type) {
	case *expr.Column:
		out.Add(logical.ColID(n.Index))
	case *expr.Call:
		if n.Fn.Nulls != fn.Strict || n.Fn.Variadic {
			return out
		}
		for _, a := range n.Args {
			out.AddAll(strict(a))
		}
	case *expr.Cast:
		return strict(n.Arg)
	case *expr.Not:
		return strict(n.Arg)
	case *expr.InList:
		return strict(n.Arg())
	}
	return out
}

// neverNull reports whether an expression gives no null over rows in which these columns are not null. A strict function may
// still return null (split_part does not, regexp_match does), so only what is sure counts.
func neverNull(n expr.Node, notNull logical.ColSet) bool {
	switch n := n.(type) {
	case *expr.Column:
		return notNull.Has(logical.ColID(n.Index))
	case *expr.Const:
		return !n.Value.Null
	case *expr.Test, *expr.IsDistinct:
		return true
	case *expr.Coalesce:
		for _, a := range n.Args {
			if neverNull(a, notNull) {
				return true
			}
		}
	}
	return false
}

// Determines gives the column whose value an expression tells: the column itself, or one behind casts under which different values stay
// different.
func Determines(n expr.Node) (logical.ColID, bool) {
	for {
		c, ok := n.(*expr.Cast)
		if !ok {
			return logical.ColumnOf(n)
		}
		if !lossless(c.Arg.Type(), c.To) {
			return 0, false
		}
		n = c.Arg
	}
}

// wider are the types to which a cast keeps all values apart, besides a type's own plain form.
var wider = map[types.ID][]types.ID{
	types.Int2: {types.Int4, types.Int8, types.Numeric}, types.Int4: {types.Int8, types.Numeric, types.Float8}, types.Int8: {types.Numeric},
	types.Float4: {types.Float8}, types.Varchar: {types.Text}, types.Text: {types.Varchar}, types.Date: {types.Timestamp},
}

func lossless(from, to types.Type) bool {
	if from.Array || to.Array || to.Mod != 0 {
		return false
	}
	return from.ID == to.ID || slices.Contains(wider[from.ID], to.ID)
}

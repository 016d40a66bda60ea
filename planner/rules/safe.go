package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// stable reports whether expressions give the same value whenever and however often they are evaluated in a statement.
func stable(exprs ...expr.Node) bool {
	for _, e := range exprs {
		if e != nil && expr.Volatility(e) >= fn.Volatile {
			return false
		}
	}
	return true
}

// comparisons never fail, whatever they compare.
var comparisons = map[string]bool{"=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true}

// cannotFail reports whether expressions have a value for every row. Only such may be computed for rows that the query as it was
// written leaves out before.
func cannotFail(exprs ...expr.Node) bool {
	for _, e := range exprs {
		if expr.Any(e, mayFail) {
			return false
		}
	}
	return true
}

func mayFail(n expr.Node) bool {
	switch n := n.(type) {
	case *expr.Column, *expr.Const, *expr.Param, *expr.And, *expr.Or, *expr.Not, *expr.Test, *expr.IsDistinct, *expr.Case, *expr.Coalesce,
		*expr.InList, *expr.Extreme:
		return false
	case *expr.Call:
		return !comparisons[n.Fn.Name]
	case *expr.Cast:
		return !widens(n.Arg.Type(), n.To)
	}
	return true
}

// widens tells casts for which every value has an image: to a larger integer, a number without modifier, a text.
func widens(from, to types.Type) bool {
	size := map[types.ID]int{types.Int2: 1, types.Int4: 2, types.Int8: 3, types.Numeric: 4}
	switch {
	case from.Array || to.Array || to.Mod != 0:
		return false
	case to.ID == types.Text:
		return true
	}
	return size[from.ID] > 0 && size[from.ID] <= size[to.ID]
}

// strict are the columns of which a null makes an expression null.
func strict(e expr.Node) logical.ColSet { return props.NullRejected(expr.IsNotNull(e)) }

// exact reports whether equal values of a type are the same in every respect. 1.0 = 1.00, yet their texts differ.
func exact(t types.Type) bool {
	switch t.ID {
	case types.Numeric:
		_, scaled := t.Scaled()
		return scaled
	case types.Float4, types.Float8, types.Interval, types.JSONB, types.Record, types.BPChar:
		return false
	}
	return true
}

package rules

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// rankToTopN puts a TopN below row_number() or rank() where a condition keeps the first k only, so that the rows behind need not be
// numbered. The number itself is left to pruning.
func rankToTopN(c *Context, n logical.Node) logical.Node {
	return logical.Transform(n, func(n logical.Node) logical.Node {
		f, ok := n.(*logical.Filter)
		if !ok {
			return n
		}
		over, ok := f.Input.(*logical.Over)
		if !ok || !onlyRanks(over) {
			return n
		}
		for i, cond := range f.Conds {
			call, k, ok := rankLimit(over, cond)
			if !ok {
				continue
			}
			limited := *over
			limited.Input = &logical.TopN{Input: over.Input, PartitionBy: over.PartitionBy, OrderBy: over.OrderBy,
				Limit: expr.NewConst(types.T(types.Int8), types.NewInt(k)), WithTies: call.Window.Name == "rank"}
			conds := f.Conds
			if isUpperBound(cond) {
				conds = append(append([]expr.Node(nil), f.Conds[:i]...), f.Conds[i+1:]...)
			}
			return logical.NewFilter(&limited, conds...)
		}
		return n
	})
}

// onlyRanks reports whether all calls number rows by what precedes them: then rows behind can be dropped first.
func onlyRanks(o *logical.Over) bool {
	for _, c := range o.Calls {
		if c.Window == nil {
			return false
		}
		switch c.Window.Name {
		case "row_number", "rank", "dense_rank":
		default:
			return false
		}
	}
	return true
}

// rankLimit reads a condition as "number <= k".
func rankLimit(o *logical.Over, cond expr.Node) (call *logical.WindowCall, k int64, ok bool) {
	c, ok := cond.(*expr.Call)
	if !ok || len(c.Args) != 2 {
		return nil, 0, false
	}
	name, l, r := c.Fn.Name, c.Args[0], c.Args[1]
	if _, isConst := l.(*expr.Const); isConst {
		l, r = r, l
		name = map[string]string{">": "<", ">=": "<=", "=": "="}[name]
	}
	id, ok := logical.ColumnOf(l)
	limit, isConst := r.(*expr.Const)
	if !ok || !isConst || limit.Value.Null || limit.Typ.Kind() != types.KindInt64 && limit.Typ.Kind() != types.KindInt32 {
		return nil, 0, false
	}
	switch k = limit.Value.I; name {
	case "<=", "=":
	case "<":
		k--
	default:
		return nil, 0, false
	}
	for i := range o.Calls {
		if call := &o.Calls[i]; call.Col == id && call.Window.Name != "dense_rank" && k >= 1 {
			return call, k, true
		}
	}
	return nil, 0, false
}

// isUpperBound tells conditions that the TopN makes true for all rows.
func isUpperBound(cond expr.Node) bool {
	name := cond.(*expr.Call).Fn.Name
	c, ok := cond.(*expr.Call).Args[1].(*expr.Const)
	return name != "=" || ok && c.Value.I == 1
}

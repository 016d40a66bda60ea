package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// minEqualities is from how many arms on a set is worth it.
const minEqualities = 4

// mergeEqualities makes x IN (…) of neighbouring arms x = 1 OR x = 2 OR …, and x NOT IN (…) of x <> 1 AND x <> 2 AND …:
// generated conditions have thousands of them, and a set takes one look-up.
func mergeEqualities(args []Node, op string, not bool) []Node {
	var merged []Node // nil until something was merged
	for from := 0; from < len(args); {
		to := from
		x, _, ok := equality(args[from], op)
		for ok && to < len(args) {
			y, _, same := equality(args[to], op)
			if !same || y.Type() != x.Type() || !Equal(x, y) {
				break
			}
			to++
		}
		switch {
		case ok && to-from >= minEqualities && Volatility(x) != fn.Volatile:
			if merged == nil {
				merged = append(make([]Node, 0, len(args)), args[:from]...)
			}
			list := make([]Node, to-from)
			for k := range list {
				_, c, _ := equality(args[from+k], op)
				list[k] = c
			}
			merged = append(merged, NewInList(x, list, not))
			from = to
		default:
			if merged != nil {
				merged = append(merged, args[from])
			}
			from++
		}
	}
	if merged == nil {
		return args
	}
	return merged
}

// equality takes x op constant apart, both of one type.
func equality(n Node, op string) (x Node, c *Const, ok bool) {
	call, ok := n.(*Call)
	if !ok || call.Fn.Name != op || len(call.Args) != 2 || call.Fn.Args[0].ID == types.Record {
		return nil, nil, false
	}
	c, ok = call.Args[1].(*Const)
	if !ok || !c.Typ.Same(call.Args[0].Type()) {
		return nil, nil, false
	}
	return call.Args[0], c, true
}

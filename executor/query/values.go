package query

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
)

// ConstantRows are the rows of a Values node.
func ConstantRows(n *physical.Node, ctx *expr.Ctx) (*vec.Batch, error) {
	v := n.Op.(*physical.Values)
	out := vec.NewBatch(n.Types, len(v.Rows))
	var failure error
	c := *ctx
	c.Fail = func(_ int32, err error) {
		if failure == nil {
			failure = err
		}
	}
	one := vec.Batch{N: 1}
	for _, row := range v.Rows {
		for i, e := range row {
			p, err := expr.Compile(e.Node)
			if err != nil {
				return nil, err
			}
			out.Cols[i].Append(p.Eval(&c, &one).Datum(0))
			if failure != nil {
				return nil, failure
			}
		}
	}
	out.N = len(v.Rows)
	return out, nil
}

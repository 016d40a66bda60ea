package query

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// constants are the compiled rows of a Values node.
type constants struct {
	types    []types.Type
	programs [][]*expr.Program
	out      *vec.Batch
}

func compileRows(n *physical.Node) (*constants, error) {
	v := n.Op.(*physical.Values)
	c := &constants{types: n.Types, programs: make([][]*expr.Program, len(v.Rows))}
	for k, row := range v.Rows {
		c.programs[k] = make([]*expr.Program, len(row))
		for i, e := range row {
			var err error
			if c.programs[k][i], err = expr.Compile(e.Node); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// rows evaluates the constants. The batch is good until the next call.
func (c *constants) rows(ctx *expr.Ctx) (*vec.Batch, error) {
	if c.out == nil {
		c.out = vec.NewBatch(c.types, len(c.programs))
	}
	for i, col := range c.out.Cols {
		col.Reset(c.types[i])
	}
	var failure error
	ctx.Fail = func(_ int32, err error) {
		if failure == nil {
			failure = err
		}
	}
	one := vec.Batch{N: 1}
	for _, row := range c.programs {
		for i, p := range row {
			c.out.Cols[i].Append(p.Eval(ctx, &one).Datum(0))
			if failure != nil {
				return nil, failure
			}
		}
	}
	c.out.N = len(c.programs)
	return c.out, nil
}

// ConstantRows are the rows of a Values node.
func ConstantRows(n *physical.Node, ctx *expr.Ctx) (*vec.Batch, error) {
	c, err := compileRows(n)
	if err != nil {
		return nil, err
	}
	at := *ctx
	return c.rows(&at)
}

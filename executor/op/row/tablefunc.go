package row

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// TableFunc calls set-returning functions for each row. What a row yields depends on the row alone, so a retracted row retracts
// what it yielded.
type TableFunc struct {
	stateless
	node  *physical.TableFunc
	calls []tableCall
	eval  *op.Evaluator
	fnCtx fn.Ctx
	in    int // columns of the input
	out   *vec.Batch
	rows  [][][]types.Datum // by call: the rows that it yielded for the input row at hand
}

// tableCall is one of the functions: its arguments, or the scalar that stands for one row.
type tableCall struct {
	args    []*expr.Program
	types   []types.Type
	table   func(c *fn.Ctx, args []types.Datum, emit func(row []types.Datum) error) error
	columns int
	values  []*vec.Vector
}

// NewTableFunc makes the operator of a TableFunc node with an output of types ts.
func NewTableFunc(n *physical.TableFunc, input, ts []types.Type) (*TableFunc, error) {
	f := &TableFunc{node: n, in: len(input), out: vec.NewBatch(ts, vec.BatchSize), rows: make([][][]types.Datum, len(n.Calls))}
	for _, c := range n.Calls {
		x, err := newTableCall(c)
		if err != nil {
			return nil, err
		}
		f.calls = append(f.calls, x)
	}
	return f, nil
}

func newTableCall(c physical.TableCall) (tableCall, error) {
	x := tableCall{columns: c.Columns}
	args := []expr.Node{c.Call.Node}
	if call, ok := c.Call.Node.(*expr.Call); ok && call.Fn.Set {
		args = call.Args
		for _, a := range args {
			x.types = append(x.types, a.Type())
		}
		x.table = fn.TableOf(call.Fn, x.types)
	}
	for _, a := range args {
		p, err := expr.Compile(a)
		if err != nil {
			return x, err
		}
		x.args = append(x.args, p)
	}
	x.values = make([]*vec.Vector, len(x.args))
	return x, nil
}

// Open implements op.Operator.
func (f *TableFunc) Open(ctx *op.Context) error {
	f.eval = op.NewEvaluator(ctx)
	f.fnCtx.Use(ctx.Env)
	return nil
}

// Push implements op.Operator.
func (f *TableFunc) Push(_ int, b *vec.Batch, out op.Output) error {
	for c := range f.calls {
		x := &f.calls[c]
		for i, p := range x.args {
			x.values[i] = p.Eval(f.eval.Ctx(), b)
		}
	}
	sel, err := f.eval.Settle(b, b.Sel)
	if err != nil {
		return err
	}
	settled := *b
	settled.Sel = sel
	for k := range settled.Rows() {
		if err := f.row(&settled, settled.Row(k), out); err != nil {
			return err
		}
	}
	return f.flush(out)
}

// row calls the functions for row i and puts out what they yield, in step; a shorter one is padded with nulls.
func (f *TableFunc) row(b *vec.Batch, i int, out op.Output) error {
	n := 0
	for c := range f.calls {
		if err := f.call(c, i); err != nil {
			f.eval.Ctx().Fail(int32(i), err)
			_, err := f.eval.Settle(b, nil)
			return err
		}
		n = max(n, len(f.rows[c]))
	}
	if n == 0 && f.node.Outer {
		return f.put(b, i, -1, out)
	}
	for k := range n {
		if err := f.put(b, i, k, out); err != nil {
			return err
		}
	}
	return nil
}

func (f *TableFunc) call(c, i int) error {
	x := &f.calls[c]
	f.rows[c] = f.rows[c][:0]
	args := make([]types.Datum, len(x.values))
	for a, v := range x.values {
		args[a] = v.Datum(i)
	}
	if x.table == nil {
		f.rows[c] = append(f.rows[c], args)
		return nil
	}
	return x.table(&f.fnCtx, args, func(row []types.Datum) error {
		f.rows[c] = append(f.rows[c], append([]types.Datum(nil), row...))
		return nil
	})
}

// put appends row i of the input with the k-th row of each call; k is -1 for a row that yielded nothing.
func (f *TableFunc) put(b *vec.Batch, i, k int, out op.Output) error {
	row := make([]types.Datum, 0, len(f.out.Cols))
	for _, c := range b.Cols {
		row = append(row, c.Datum(i))
	}
	for c := range f.calls {
		if k >= 0 && k < len(f.rows[c]) {
			row = append(row, f.rows[c][k]...)
			continue
		}
		for range f.calls[c].columns {
			row = append(row, types.Null)
		}
	}
	if f.node.Ordinality {
		if k < 0 {
			row = append(row, types.Null)
		} else {
			row = append(row, types.NewInt(int64(k+1)))
		}
	}
	f.out.AppendRow(b.Weight(i), row...)
	if f.out.N < vec.BatchSize {
		return nil
	}
	return f.flush(out)
}

func (f *TableFunc) flush(out op.Output) error {
	if f.out.N == 0 {
		return nil
	}
	err := out.Batch(f.out)
	f.out.Recycle()
	return err
}

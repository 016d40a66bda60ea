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
// what it yielded; that holds for a row that fails half-way as well, whose error is a fault of the step.
//
// What rows yield is gathered in columns; the rows' own columns are repeated beside them when a batch is given out. A function
// that stands alone is given out while it yields, however much that is. Several run in step: what a row yields is then gathered
// whole.
type TableFunc struct {
	stateless
	node  *physical.TableFunc
	calls []*tableCall
	eval  *op.Evaluator
	fctx  fn.Ctx
	ctx   *op.Context

	in      *vec.Batch // the batch at hand
	at      int32      // the row at hand
	next    op.Output
	stopped error   // what next has answered, if it wants no more
	rows    []int32 // the input row of each output row
	ordinal *vec.Vector
	taken   []*vec.Vector
	weights []int64
	out     vec.Batch
}

// tableCall is one of the functions, or a scalar that stands for one row of one column.
type tableCall struct {
	args   []*expr.Program
	table  func(c *fn.Ctx, args []types.Datum, emit func(row []types.Datum) error) error
	values []*vec.Vector
	datums []types.Datum
	// cols have what was yielded; count is how much of it is of the row at hand.
	cols  []*vec.Vector
	count int
	emit  func(row []types.Datum) error
}

// NewTableFunc makes the operator of a TableFunc node over an input with columns of types in, with an output of types out.
func NewTableFunc(n *physical.TableFunc, in, out []types.Type) (*TableFunc, error) {
	f := &TableFunc{node: n, ordinal: vec.New(types.T(types.Int8), 0), taken: make([]*vec.Vector, len(in))}
	for i := range f.taken {
		f.taken[i] = &vec.Vector{}
	}
	at := len(in)
	for _, c := range n.Calls {
		x, err := newTableCall(c, out[at:at+c.Columns])
		if err != nil {
			return nil, err
		}
		f.calls = append(f.calls, x)
		at += c.Columns
	}
	if len(f.calls) == 1 {
		f.calls[0].emit = f.stream
	}
	return f, nil
}

func newTableCall(c physical.TableCall, out []types.Type) (*tableCall, error) {
	x := &tableCall{cols: vec.NewBatch(out, 0).Cols}
	x.emit = x.add
	args := []expr.Node{c.Call.Node}
	if call, ok := c.Call.Node.(*expr.Call); ok && call.Fn.Set {
		args = call.Args
		ts := make([]types.Type, len(args))
		for i, a := range args {
			ts[i] = a.Type()
		}
		x.table = fn.TableOf(call.Fn, ts)
	}
	for _, a := range args {
		p, err := expr.Compile(a)
		if err != nil {
			return nil, err
		}
		x.args = append(x.args, p)
	}
	x.values, x.datums = make([]*vec.Vector, len(args)), make([]types.Datum, len(args))
	return x, nil
}

// add takes a row that the function yields.
func (x *tableCall) add(row []types.Datum) error {
	for c, v := range x.cols {
		v.Append(row[c])
	}
	x.count++
	return nil
}

// call calls the function for row i.
func (x *tableCall) call(ctx *fn.Ctx, i int) error {
	x.count = 0
	for a, v := range x.values {
		x.datums[a] = v.Datum(i)
	}
	if x.table == nil {
		return x.emit(x.datums)
	}
	return x.table(ctx, x.datums, x.emit)
}

// pad adds nulls until the row at hand has yielded n rows.
func (x *tableCall) pad(n int) {
	for ; x.count < n; x.count++ {
		for _, v := range x.cols {
			v.Append(types.Null)
		}
	}
}

// Open implements op.Operator.
func (f *TableFunc) Open(ctx *op.Context) error {
	f.ctx, f.eval = ctx, op.NewEvaluator(ctx)
	return nil
}

// Push implements op.Operator.
func (f *TableFunc) Push(_ int, b *vec.Batch, out op.Output) error {
	for _, x := range f.calls {
		for i, p := range x.args {
			x.values[i] = p.Eval(f.eval.Ctx(), b)
		}
	}
	sel, err := f.eval.Settle(b, b.Sel)
	if err != nil {
		return err
	}
	f.fctx.Use(f.ctx.Env)
	settled := *b
	settled.Sel = sel
	f.in, f.next = &settled, out
	for k := range settled.Rows() {
		f.at = int32(settled.Row(k))
		if err := f.row(); err != nil {
			return err
		}
	}
	return f.flush()
}

// row calls the functions for the row at hand.
func (f *TableFunc) row() error {
	n := 0
	for _, x := range f.calls {
		err := x.call(&f.fctx, int(f.at))
		if f.stopped != nil {
			return f.stopped
		}
		if err != nil {
			f.eval.Ctx().Fail(f.at, err)
			if _, err := f.eval.Settle(f.in, f.in.Sel); err != nil {
				return err
			}
		}
		n = max(n, x.count)
	}
	if n == 0 && f.node.Outer {
		f.pad(1)
		return f.yielded(types.Null)
	}
	if len(f.calls) == 1 {
		return nil // stream has done the rest
	}
	f.pad(n)
	for k := range n {
		if err := f.yielded(types.NewInt(int64(k + 1))); err != nil {
			return err
		}
	}
	if len(f.rows) < vec.BatchSize {
		return nil
	}
	return f.flush()
}

func (f *TableFunc) pad(n int) {
	for _, x := range f.calls {
		x.pad(n)
	}
}

// stream takes a row that the only function yields.
func (f *TableFunc) stream(row []types.Datum) error {
	x := f.calls[0]
	if err := x.add(row); err != nil {
		return err
	}
	f.stopped = f.yielded(types.NewInt(int64(x.count)))
	return f.stopped
}

// yielded notes that there is one more row, whose number is ordinal.
func (f *TableFunc) yielded(ordinal types.Datum) error {
	f.rows = append(f.rows, f.at)
	if f.node.Ordinality {
		f.ordinal.Append(ordinal)
	}
	if len(f.rows) < vec.BatchSize || len(f.calls) > 1 {
		return nil
	}
	return f.flush()
}

// flush emits what was yielded, each row beside the input row that yielded it.
func (f *TableFunc) flush() error {
	n, b := len(f.rows), f.in
	if n == 0 {
		return nil
	}
	f.out.Cols = f.out.Cols[:0]
	for c, v := range b.Cols {
		f.taken[c].Take(v, f.rows)
		f.out.Cols = append(f.out.Cols, f.taken[c])
	}
	for _, x := range f.calls {
		f.out.Cols = append(f.out.Cols, x.cols...)
	}
	if f.node.Ordinality {
		f.out.Cols = append(f.out.Cols, f.ordinal)
	}
	f.out.N, f.out.Weights = n, nil
	if b.Weights != nil {
		f.weights = f.weights[:0]
		for _, i := range f.rows {
			f.weights = append(f.weights, b.Weights[i])
		}
		f.out.Weights = f.weights
	}
	err := f.next.Batch(&f.out)
	for _, x := range f.calls {
		for _, v := range x.cols {
			v.Reset(v.Type)
		}
	}
	f.ordinal.Reset(f.ordinal.Type)
	f.rows = f.rows[:0]
	return err
}

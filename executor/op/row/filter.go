package row

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
)

// Filter keeps the rows for which a predicate is true: it narrows the selection and copies nothing.
type Filter struct {
	stateless
	pred *expr.Program
	eval *op.Evaluator
	out  vec.Batch
}

// NewFilter makes the operator of a Filter node.
func NewFilter(n *physical.Filter) (*Filter, error) {
	pred, err := expr.Compile(n.Pred.Node)
	return &Filter{pred: pred}, err
}

// Open implements op.Operator.
func (f *Filter) Open(ctx *op.Context) error {
	f.eval = op.NewEvaluator(ctx)
	return nil
}

// Push implements op.Operator.
func (f *Filter) Push(_ int, b *vec.Batch, out op.Output) error {
	sel, err := f.eval.Settle(b, f.pred.Filter(f.eval.Ctx(), b))
	if err != nil || len(sel) == 0 {
		return err
	}
	f.out = *b
	f.out.Sel = sel
	return out.Batch(&f.out)
}

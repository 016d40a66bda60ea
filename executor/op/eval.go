package op

import (
	"slices"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
)

// Evaluator runs expressions over an operator's batches and sorts out the rows that fail: they leave the batch, and their
// errors go to the step's Faults with the rows' weights.
type Evaluator struct {
	ctx  *Context
	expr expr.Ctx
	bad  []int32
	errs []error
	sel  []int32
}

// NewEvaluator makes an evaluator for an operator's context.
func NewEvaluator(ctx *Context) *Evaluator {
	e := &Evaluator{ctx: ctx}
	e.expr.Fail = e.fail
	return e
}

// Ctx is what expressions are to be evaluated with: the context as it is now, as operators may be used for another run of a
// prepared statement.
func (e *Evaluator) Ctx() *expr.Ctx {
	e.expr.Env, e.expr.Params = e.ctx.Env, e.ctx.Params
	return &e.expr
}

func (e *Evaluator) fail(i int32, err error) {
	if slices.Contains(e.bad, i) {
		return // an earlier expression has failed for it
	}
	e.bad = append(e.bad, i)
	e.errs = append(e.errs, err)
}

// Settle ends the evaluations over a batch: it gives the rows of sel (nil: all of b) that did not fail, and records the
// others' errors. sel is returned as it is when nothing failed.
func (e *Evaluator) Settle(b *vec.Batch, sel []int32) ([]int32, error) {
	if len(e.bad) == 0 {
		return sel, nil
	}
	for k, i := range e.bad {
		var hash [1]uint64
		vec.IdentityHash(b.Cols, e.bad[k:k+1], b.N, hash[:])
		if err := e.ctx.Faults.Add(hash[0], b.Weight(int(i)), e.errs[k]); err != nil {
			return nil, err
		}
	}
	slices.Sort(e.bad)
	if e.sel == nil {
		e.sel = make([]int32, 0, vec.BatchSize) // a nil selection would be all rows
	}
	e.sel = e.sel[:0]
	if sel == nil {
		for i := range b.N {
			e.keep(int32(i))
		}
	}
	for _, i := range sel {
		e.keep(i)
	}
	e.bad, e.errs = e.bad[:0], e.errs[:0]
	return e.sel, nil
}

func (e *Evaluator) keep(i int32) {
	if _, bad := slices.BinarySearch(e.bad, i); !bad {
		e.sel = append(e.sel, i)
	}
}

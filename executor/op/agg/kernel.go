package agg

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/vec"
)

// kernel is what functions are called with. It takes the errors that they find, of rows or of groups.
type kernel struct {
	fn.Ctx
	rows []int32
	errs []error
}

// begin prepares for calls at the present time.
func (k *kernel) begin(env fn.Env) {
	k.Use(env)
	if k.Fail == nil {
		k.Fail = k.failed
	}
}

func (k *kernel) failed(i int32, err error) { k.rows, k.errs = append(k.rows, i), append(k.errs, err) }

func (k *kernel) reset() { k.rows, k.errs = k.rows[:0], k.errs[:0] }

// beginCalls prepares for calls of functions.
func (a *Aggregate) beginCalls() {
	a.ofRows.begin(a.ctx.Env)
	a.ofGroups.begin(a.ctx.Env)
}

// failRows makes the errors of rows of b faults, with the weights (nil: +1) that the rows came with. Columns of b may be missing.
func (a *Aggregate) failRows(b *vec.Batch, weights []int64) error {
	k := &a.ofRows
	if len(k.rows) == 0 {
		return nil
	}
	var cols []*vec.Vector
	for _, v := range b.Cols {
		if v != nil {
			cols = append(cols, v)
		}
	}
	for j, i := range k.rows {
		weight := int64(1)
		if weights != nil {
			weight = weights[i]
		}
		if err := a.fault(cols, i, b.N, weight, k.errs[j]); err != nil {
			return err
		}
	}
	k.reset()
	return nil
}

// failGroups makes the errors of groups at hand that have a row faults; they have none from here on.
func (a *Aggregate) failGroups(row []bool) error {
	k := &a.ofGroups
	for j, i := range k.rows {
		if !row[i] {
			continue
		}
		row[i] = false
		if err := a.fault(a.groups.keys, i, a.groups.n, 1, k.errs[j]); err != nil {
			return err
		}
	}
	k.reset()
	return nil
}

// fault records the error of row i.
func (a *Aggregate) fault(cols []*vec.Vector, i int32, n int, weight int64, err error) error {
	var hash [1]uint64
	vec.IdentityHash(cols, []int32{i}, n, hash[:])
	return a.ctx.Faults.Add(hash[0], weight, err)
}

package match

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// aggregate is a slot that is an aggregate over rows of a match.
type aggregate struct {
	slot int
	spec *physical.MatchSlot
	fn   *fn.Aggregate
	args []*expr.Program
	// types are the arguments' types.
	types []types.Type
	// cols are the arguments on the rows of the block, errs on which rows they failed.
	cols []*vec.Vector
	errs []rowError
}

// newAggregates makes the aggregates of those slots for which used is true.
func newAggregates(n *physical.Match, used []bool) ([]*aggregate, error) {
	var out []*aggregate
	for k := range n.Slots {
		s := &n.Slots[k]
		if s.Kind != physical.SlotAggregate || !used[k] {
			continue
		}
		a := &aggregate{slot: k, spec: s, fn: fn.FindAggregate(s.Name, s.ArgTypes)}
		if a.fn == nil {
			return nil, sqlerr.Internal("unknown aggregate %s", s.Name)
		}
		for _, e := range s.Args {
			p, err := expr.Compile(e.Node)
			if err != nil {
				return nil, err
			}
			a.args, a.types = append(a.args, p), append(a.types, p.Type())
		}
		out = append(out, a)
	}
	return out, nil
}

// newState is the state of no groups.
func (a *aggregate) newState() (out []*vec.Vector) {
	for _, t := range a.fn.State(a.types) {
		out = append(out, vec.New(t, 0))
	}
	return out
}

// compute evaluates the arguments on the rows of a block.
func (a *aggregate) compute(ctx *op.Context, b *block) {
	a.cols, a.errs = a.cols[:0], a.errs[:0]
	x := expr.Ctx{Env: ctx.Env, Params: ctx.Params, Fail: func(i int32, err error) { a.errs = append(a.errs, rowError{i, err}) }}
	for _, p := range a.args {
		a.cols = append(a.cols, p.Eval(&x, &b.input).Flatten(b.rows.N))
	}
}

// counts reports whether a row with a variable is one for the function; an error is that of its arguments.
func (a *aggregate) counts(i int32, variable int) (bool, error) {
	if !takes(a.spec.Of, variable) {
		return false, nil
	}
	if err := errorOn(a.errs, i); err != nil || a.fn.KeepNulls {
		return err == nil, err
	}
	for _, v := range a.cols {
		if v.IsNull(int(i)) {
			return false, nil
		}
	}
	return true, nil
}

// appendZero appends the state of no input.
func appendZero(state []*vec.Vector) {
	for _, v := range state {
		v.Append(types.Datum{})
	}
}

func resetState(state []*vec.Vector) {
	for _, v := range state {
		v.Reset(v.Type)
	}
}

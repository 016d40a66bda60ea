package match

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// What is known of a condition on a row.
const (
	untrue uint8 = iota
	isTrue
	failed
)

// condition is that of a variable. Its conjuncts are told apart: local ones, which look at the row at hand and its neighbours only, are
// computed for all rows of a block at once; the others when the search comes to the row.
type condition struct {
	local, rest *expr.Program
	// slots and restSlots are those that either reads.
	slots, restSlots []int
	// of is the variable, and name its name.
	of   int
	name string

	known []uint8 // of local, by row
	errs  []rowError
}

// rowError is the error of a condition, or of an aggregate's argument, on a row.
type rowError struct {
	row int32
	err error
}

// newConditions divides the conditions of a node.
func newConditions(n *physical.Match) ([]condition, error) {
	out := make([]condition, len(n.Define))
	for v := range out {
		c := &out[v]
		c.of, c.name = v, n.Variables[v]
		if n.Define[v].None() {
			continue
		}
		var local, rest []expr.Node
		for _, e := range expr.Conjuncts(n.Define[v].Node) {
			if slots := slotsOf(e); allLocal(n, slots, v) {
				local, c.slots = append(local, e), append(c.slots, slots...)
			} else {
				rest, c.restSlots = append(rest, e), append(c.restSlots, slots...)
			}
		}
		var err error
		if c.local, err = compileAnd(local); err != nil {
			return nil, err
		}
		if c.rest, err = compileAnd(rest); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// compileAnd is nil for no conjuncts.
func compileAnd(list []expr.Node) (*expr.Program, error) {
	if len(list) == 0 {
		return nil, nil
	}
	return expr.Compile(expr.NewAnd(list...))
}

// slotsOf are the slots that an expression reads.
func slotsOf(e expr.Node) (out []int) {
	expr.Walk(e, func(n expr.Node) bool {
		if c, ok := n.(*expr.Column); ok {
			out = append(out, c.Index)
		}
		return true
	})
	return out
}

func allLocal(n *physical.Match, slots []int, variable int) bool {
	for _, k := range slots {
		if !isLocal(&n.Slots[k], variable) {
			return false
		}
	}
	return true
}

// isLocal reports whether a slot, in the condition of a variable, is of the row at hand or of a neighbour.
func isLocal(s *physical.MatchSlot, variable int) bool {
	if s.First || s.Offset > 0 || !takes(s.Of, variable) {
		return false
	}
	switch s.Kind {
	case physical.SlotColumn, physical.SlotExists:
		return true
	case physical.SlotClassifier:
		return s.Shift == 0
	}
	return false
}

// takes reports whether a variable is one of these; all are if there are none.
func takes(of []int, variable int) bool {
	for _, v := range of {
		if v == variable {
			return true
		}
	}
	return len(of) == 0
}

// compute evaluates the local part on all rows of the block.
func (c *condition) compute(ctx *op.Context, n *physical.Match, b *block) {
	c.errs = c.errs[:0]
	if c.local == nil {
		return
	}
	cols := nulls(n.Slots)
	for _, k := range c.slots {
		s := &n.Slots[k]
		if s.Kind == physical.SlotClassifier {
			cols[k] = vec.NewConst(s.Type, types.NewText(c.name))
			continue
		}
		cols[k] = &vec.Vector{}
		b.fill(s, b.neighbours(s.Shift), cols[k])
	}
	x := expr.Ctx{Env: ctx.Env, Params: ctx.Params, Fail: func(i int32, err error) { c.errs = append(c.errs, rowError{i, err}) }}
	c.known = append(c.known[:0], make([]uint8, b.rows.N)...)
	for _, i := range c.local.FilterRows(&x, cols, b.rows.N, nil) {
		c.known[i] = isTrue
	}
	for _, e := range c.errs {
		c.known[e.row] = failed
	}
}

// nulls are placeholders for slots that are not read.
func nulls(slots []physical.MatchSlot) []*vec.Vector {
	out := make([]*vec.Vector, len(slots))
	for k := range slots {
		out[k] = vec.NewConst(slots[k].Type, types.Null)
	}
	return out
}

// onRow is what the local part is on a row.
func (c *condition) onRow(i int32) uint8 {
	if c.local == nil {
		return isTrue
	}
	return c.known[i]
}

// errorOn is the first error of a row, nil if there is none.
func errorOn(errs []rowError, i int32) error {
	for _, e := range errs {
		if e.row == i {
			return e.err
		}
	}
	return nil
}

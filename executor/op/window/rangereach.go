package window

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// rangeReach is the reach of a call whose frame is a RANGE with an offset: how far it looks is a difference of order values, not
// a number of rows. A change is felt by the rows whose values lie from as far before its own as frames look ahead to as far
// behind it as they look back.
type rangeReach struct {
	back, ahead distance
	ctx         expr.Ctx
	over        bool
	cols        [1]*vec.Vector
	prefix      []*vec.Vector
}

// distance is how far a frame goes in one direction: not at all, without limit, or by an offset.
type distance struct {
	unlimited bool
	// front and rear move an order value by the offset; nil if there is none.
	front, rear *expr.Program
}

// newRangeReach gives nil where rows are not found by moved values: the whole partition is computed then.
func (f *factory) newRangeReach(ctx *op.Context, spec *physical.Frame) (*rangeReach, error) {
	if spec.Unit != physical.Range || len(f.node.OrderBy) != 1 {
		return nil, nil
	}
	for _, c := range f.node.PartitionBy {
		if c == f.node.OrderBy[0].Column {
			return nil, nil // all rows are peers
		}
	}
	r := &rangeReach{ctx: expr.Ctx{Env: ctx.Env, Params: ctx.Params}}
	r.ctx.Fail = func(int32, error) { r.over = true }
	var err error
	var ok bool
	for _, b := range []struct {
		bound *physical.Bound
		into  *distance
		far   physical.BoundKind
		near  physical.BoundKind
	}{
		{&spec.Start, &r.back, physical.UnboundedPreceding, physical.Preceding},
		{&spec.End, &r.ahead, physical.UnboundedFollowing, physical.Following},
	} {
		switch b.bound.Bound {
		case b.far:
			b.into.unlimited = true
		case b.near:
			if *b.into, ok, err = f.newDistance(ctx, b.bound); err != nil || !ok {
				return nil, err
			}
		}
	}
	return r, nil
}

func (f *factory) newDistance(ctx *op.Context, b *physical.Bound) (d distance, ok bool, err error) {
	value, err := constant(ctx, b.Offset.Node)
	if err != nil {
		return d, false, err
	}
	offset := expr.NewConst(b.Offset.Node.Type(), value)
	for _, dir := range []struct {
		front bool
		into  **expr.Program
	}{{true, &d.front}, {false, &d.rear}} {
		moved, err := f.moved(dir.front, offset)
		if err != nil || !moved.Type().Plain().Same(f.types[f.node.OrderBy[0].Column].Plain()) {
			return d, false, err
		}
		if *dir.into, err = expr.Compile(moved); err != nil {
			return d, false, err
		}
	}
	return d, true, nil
}

// before is the position of the first row that is no farther than d before row i of cols, which have the layout's columns.
func (r *rangeReach) before(c *state.Cursor, d *distance, cols []*vec.Vector, i, key int) (int64, error) {
	return r.seek(c, d.unlimited, d.front, cols, i, key, false)
}

// behind is the position behind the last row that is no farther than d behind row i of cols.
func (r *rangeReach) behind(c *state.Cursor, d *distance, cols []*vec.Vector, i, key int) (int64, error) {
	return r.seek(c, d.unlimited, d.rear, cols, i, key, true)
}

func (r *rangeReach) seek(c *state.Cursor, unlimited bool, move *expr.Program, cols []*vec.Vector, i, key int, after bool) (int64, error) {
	end := int64(0)
	if after {
		end = c.Weight()
	}
	v := cols[key]
	if unlimited || v.IsNull(i) {
		return end, nil
	}
	if move != nil {
		r.over, r.cols[0] = false, v
		v = move.EvalRows(&r.ctx, r.cols[:], i+1, []int32{int32(i)})
		if r.over {
			return end, nil
		}
	}
	r.prefix = append(append(r.prefix[:0], cols[:key]...), v)
	if err := c.Seek(r.prefix, i, after); err != nil {
		return 0, err
	}
	return c.Position(), nil
}

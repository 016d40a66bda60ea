package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
)

// temporal brings the rows to the task that has their key group, as one that is taken back must meet the one that came.
func (l *lowering) temporal(t *logical.Temporal) rel {
	in := l.lower(t.Input)
	keys := slices.Clone(in.cols)
	for _, k := range in.props.Keys {
		if n := k.Len(); n > 0 && n < len(keys) {
			keys = k.List()
		}
	}
	in = l.byKey(in, keys)
	op := &physical.Temporal{From: physical.NoColumn, To: physical.NoColumn, Keys: in.positions(keys)}
	below := in
	for _, side := range []struct {
		time expr.Node
		at   *int
	}{{t.From, &op.From}, {t.To, &op.To}} {
		if side.time == nil {
			continue
		}
		var cols []logical.ColID
		below, cols = l.extend(below, []expr.Node{side.time})
		*side.at = below.position(cols[0])
	}
	out := l.add(op, []rel{below}, rel{cols: below.cols, props: l.props.Of(t), dist: below.dist}, "")
	return l.pick(out, in.cols)
}

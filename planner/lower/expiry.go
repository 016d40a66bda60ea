package lower

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
)

// expiry lets the rows of a view expire some time after they have come. They are brought to the task that has their key group, as one that
// is taken back must meet the one that came.
func (l *lowering) expiry(in rel) rel {
	keys := slices.Clone(in.cols)
	for _, k := range in.props.Keys {
		if n := k.Len(); n > 0 && n < len(keys) && k.SubsetOf(logical.SetOf(in.cols...)) {
			keys = k.List()
		}
	}
	below := l.byKey(in, in.dist.orderLike(keys))
	op := &physical.Expiry{After: l.options.TTL, Keys: below.positions(keys), AppendOnly: in.props.AppendOnly}
	p := &props.Props{Keys: in.props.Keys, NotNull: in.props.NotNull}
	return l.add(op, []rel{below}, rel{cols: below.cols, props: p, dist: below.dist}, "")
}

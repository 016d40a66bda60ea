package lower

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

func (l *lowering) union(u *logical.Union) rel {
	inputs := make([]rel, len(u.All))
	for i, in := range u.All {
		inputs[i] = l.pick(l.lower(in), u.In[i])
	}
	d := l.level(u, inputs)
	return l.add(&physical.Union{}, inputs, rel{cols: u.Cols, props: l.props.Of(u), dist: d}, "")
}

// level gives the inputs of a union one distribution. Where one task has all rows of some inputs only, those are spread: a union is
// one stage, and the tasks of a stage all do the same.
func (l *lowering) level(u *logical.Union, inputs []rel) distribution {
	single := 0
	for i := range inputs {
		if inputs[i].dist.single {
			single++
		}
	}
	if single == len(inputs) {
		return distribution{single: true}
	}
	for i := range inputs {
		if inputs[i].dist.single && len(inputs[i].cols) > 0 {
			inputs[i] = l.byHash(inputs[i], inputs[i].cols)
		}
	}
	var common distribution
	for i := range inputs {
		d := inputs[i].dist.rename(columnMap(u.In[i], u.Cols))
		if i == 0 {
			common = d
			continue
		}
		kept := common.hashes[:0:0]
		for _, h := range common.hashes {
			if d.by(h) {
				kept = append(kept, h)
			}
		}
		common.hashes = kept
	}
	return common
}

func columnMap(from, to []logical.ColID) map[logical.ColID]logical.ColID {
	m := map[logical.ColID]logical.ColID{}
	for i, c := range from {
		if _, ok := m[c]; !ok {
			m[c] = to[i]
		}
	}
	return m
}

func (l *lowering) setOp(s *logical.SetOp) rel {
	left, right := l.pick(l.lower(s.Left), s.LeftIn), l.pick(l.lower(s.Right), s.RightIn)
	if !left.dist.single || !right.dist.single {
		left, right = l.wholeRows(left), l.wholeRows(right)
	}
	unbounded := ""
	if left.props.Streaming || right.props.Streaming {
		unbounded = "each different row of its inputs"
	}
	dist := left.dist.after(s.Cols)
	if len(s.Cols) == 0 {
		dist = distribution{single: true}
	}
	op := &physical.SetOp{Set: s.Kind, All: s.All}
	return l.add(op, []rel{left, right}, rel{cols: s.Cols, props: l.props.Of(s), dist: dist}, unbounded)
}

// wholeRows spreads rows by all their columns, so that equal ones of two inputs meet.
func (l *lowering) wholeRows(r rel) rel {
	if len(r.cols) == 0 {
		return l.byKey(r, nil)
	}
	return l.byHash(r, r.cols)
}

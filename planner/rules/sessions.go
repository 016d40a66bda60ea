package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
)

// aggregateSessions makes an aggregation by sessions one that follows the sessions itself, so that no rows are kept, and none moves when a
// session grows. It groups by nothing but the session and what sessions are partitioned by, over rows that are only added.
func aggregateSessions(c *Context, n logical.Node) logical.Node {
	s := &slicer{c.MD, c.props(), parents(n)}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		a, ok := n.(*logical.Aggregate)
		if !ok || a.Global {
			return n
		}
		w, ok := s.sessions(a.Input)
		if !ok || !s.ofSession(a, w) || !s.looksAtNo(a, w, logical.SetOf(w.Start, w.End)) || !s.props.Of(w.Input).AppendOnly || !s.mergeableCalls(a, true) {
			return n
		}
		// What is between looks at no window, so it may as well be below.
		return &logical.SessionAggregate{Input: s.without(a.Input, w), Time: w.Time, Keys: w.PartitionBy, Start: w.Start, End: w.End, Gap: w.Gap, Calls: a.Calls}
	})
}

// sessions finds the sessions below projections, none of which anything else reads. A filter takes rows out of sessions, which is not the
// same as taking them out before.
func (s *slicer) sessions(n logical.Node) (*logical.Session, bool) {
	for s.parents[n] < 2 {
		switch x := n.(type) {
		case *logical.Session:
			return x, true
		case *logical.Project:
			if !cannotFail(x.Exprs()...) { // for a row without a time, which is of no session
				return nil, false
			}
			n = x.Input
		default:
			return nil, false
		}
	}
	return nil, false
}

// ofSession reports whether the keys are what sessions are partitioned by and a bound of the session, which with these tells the other.
func (s *slicer) ofSession(a *logical.Aggregate, w *logical.Session) bool {
	keys, by, bounds := logical.SetOf(a.Keys...), logical.SetOf(w.PartitionBy...), logical.SetOf(w.Start, w.End)
	return by.SubsetOf(keys) && keys.SubsetOf(by.Union(bounds)) && keys.Intersects(bounds)
}

// without is a plan over what the sessions are of, in place of the sessions.
func (s *slicer) without(n logical.Node, w *logical.Session) logical.Node {
	if n == logical.Node(w) {
		return w.Input
	}
	p := n.(*logical.Project)
	out := &logical.Project{Input: s.without(p.Input, w)}
	have := logical.SetOf()
	for _, it := range p.Items {
		if it.Col != w.Start && it.Col != w.End {
			out.Items = append(out.Items, it)
			have.Add(it.Col)
		}
	}
	for _, c := range append(slices.Clone(w.PartitionBy), w.Time) {
		if !have.Has(c) {
			out.Items = append(out.Items, logical.PassThrough(s.md, []logical.ColID{c})...)
			have.Add(c)
		}
	}
	return out
}

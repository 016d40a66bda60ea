package rules

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/planner/props"
	"github.com/streamdb/streamdb/sql/types"
)

// shareSlices makes an aggregation by windows that overlap one of the slices that windows share, so that a row is aggregated once and not in
// each of its windows (Li et al.: "No Pane, No Gain", SIGMOD Record 2005). What is between the assignment and the grouping must not
// look at the windows, and all calls must be such that aggregates of slices can be merged.
func shareSlices(c *Context, n logical.Node) logical.Node {
	s := &slicer{c.MD, c.props(), parents(n)}
	return logical.Transform(n, func(n logical.Node) logical.Node {
		a, ok := n.(*logical.Aggregate)
		if !ok || a.Global {
			return n
		}
		w, ok := s.assignment(a.Input)
		if !ok || !s.groups(a, w) || !s.mergeable(a) {
			return n
		}
		return s.share(a, w)
	})
}

type slicer struct {
	md      *logical.Columns
	props   *props.Deriver
	parents map[logical.Node]int
}

// assignment finds the assignment of windows below filters and projections, none of which anything else reads.
func (s *slicer) assignment(n logical.Node) (*logical.WindowAssign, bool) {
	for s.parents[n] < 2 {
		switch x := n.(type) {
		case *logical.WindowAssign:
			overlap := x.Spec.Window != physical.Tumble && x.Spec.Slide < x.Spec.Size && !x.Spec.Slices
			return x, overlap
		case *logical.Filter, *logical.Project:
			n = x.Inputs()[0]
		default:
			return nil, false
		}
	}
	return nil, false
}

// groups reports whether an aggregation groups by the windows and nothing else looks at them.
func (s *slicer) groups(a *logical.Aggregate, w *logical.WindowAssign) bool {
	bounds := logical.SetOf(w.Start, w.End)
	if !slices.Contains(a.Keys, w.End) && (w.Spec.Window != physical.Hop || !slices.Contains(a.Keys, w.Start)) {
		return false
	}
	return s.looksAtNo(a, w, bounds)
}

// looksAtNo reports whether neither the calls of an aggregation nor what is between it and the assignment w reads some columns but to
// pass them on.
func (s *slicer) looksAtNo(a *logical.Aggregate, w logical.Node, bounds logical.ColSet) bool {
	for _, c := range a.Calls {
		if c.Used().Intersects(bounds) {
			return false
		}
	}
	for n := a.Input; n != w; n = n.Inputs()[0] {
		if p, ok := n.(*logical.Project); ok {
			for _, it := range p.Items {
				if c, plain := logical.ColumnOf(it.Expr); (!plain || c != it.Col) && logical.ExprCols(it.Expr).Intersects(bounds) {
					return false
				}
			}
		} else if logical.ExprCols(n.Exprs()...).Intersects(bounds) {
			return false
		}
	}
	return true
}

// mergeable reports whether the aggregates of a group's parts make up the group's.
func (s *slicer) mergeable(a *logical.Aggregate) bool {
	appends := s.props.Of(a.Input).AppendOnly
	// Of a key with several forms the least is shown, which cannot be told once rows are taken back.
	return s.mergeableCalls(a, appends) && (appends || !slices.ContainsFunc(a.Keys, func(k logical.ColID) bool { return !types.OneForm(s.md.Type(k)) }))
}

// mergeableCalls reports whether the calls of a group's parts make up the group's, if rows are only added or also taken back.
func (s *slicer) mergeableCalls(a *logical.Aggregate, appends bool) bool {
	return !slices.ContainsFunc(a.Calls, func(c logical.AggCall) bool {
		return c.Distinct || c.Fn.OrderSensitive || c.Fn.Merge == nil || !c.Fn.Retractable && !appends
	})
}

// share rewrites an aggregation and what is below it, down to the assignment.
func (s *slicer) share(a *logical.Aggregate, w *logical.WindowAssign) logical.Node {
	sliced := *w
	sliced.Spec.Slices = true
	sliced.Start, sliced.End = s.md.New("slice_start", s.md.Type(w.Start)), s.md.New("slice_end", s.md.Type(w.End))
	sliced.First = s.md.New("first_end", s.md.Type(w.End))
	out := &logical.SliceAggregate{Input: s.below(a.Input, w, &sliced), Slice: sliced.End, First: sliced.First, Start: w.Start, End: w.End, Of: w.Spec, Calls: a.Calls,
		Watermark: s.props.Of(w.Input).Watermarks.Has(w.Time)}
	for _, k := range a.Keys {
		if k != w.Start && k != w.End {
			out.Keys = append(out.Keys, k)
		}
	}
	return out
}

// below is a plan over the slices in place of the windows.
func (s *slicer) below(n logical.Node, w, sliced *logical.WindowAssign) logical.Node {
	if n == logical.Node(w) {
		return sliced
	}
	in := s.below(n.Inputs()[0], w, sliced)
	p, ok := n.(*logical.Project)
	if !ok {
		return n.WithInputs([]logical.Node{in})
	}
	out := &logical.Project{Input: in}
	for _, it := range p.Items {
		if it.Col != w.Start && it.Col != w.End {
			out.Items = append(out.Items, it)
		}
	}
	out.Items = append(out.Items, logical.PassThrough(s.md, []logical.ColID{sliced.End, sliced.First})...)
	return out
}

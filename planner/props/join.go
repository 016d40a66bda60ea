package props

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
)

func (d *Deriver) join(j *logical.Join) *Props {
	l, r := d.Of(j.Left), d.Of(j.Right)
	left, right := logical.OutputSet(j.Left), logical.OutputSet(j.Right)
	lk, rk := EquiColumns(j)
	p := &Props{Streaming: l.Streaming || r.Streaming && !j.LookUp}
	if j.LeftOnly() {
		p.Keys, p.NotNull, p.Streaming = l.Keys, l.NotNull, l.Streaming
		p.AppendOnly = j.Kind == physical.SemiJoin && l.AppendOnly && r.AppendOnly
		d.joinTimes(p, j, l, r)
		return p
	}
	p.AppendOnly = j.Kind == physical.InnerJoin && l.AppendOnly && r.AppendOnly
	d.joinTimes(p, j, l, r)
	d.joinKeys(p, j, lk, rk)
	if j.LookUp && !d.AdHoc { // a left row comes once, as it is then, and in its time
		p.AppendOnly, p.Watermarks, p.Windows = l.AppendOnly, l.Watermarks, l.Windows
	}
	switch j.Kind {
	case physical.InnerJoin:
		p.NotNull = l.NotNull.Union(r.NotNull)
		for _, c := range j.On {
			p.NotNull = p.NotNull.Union(NullRejected(c).Intersect(left.Union(right)))
		}
	case physical.LeftJoin:
		p.NotNull = l.NotNull
	case physical.RightJoin:
		p.NotNull = r.NotNull
	}
	return p
}

// joinKeys derives keys: where one side has at most one partner, the other side's keys stay; any pair of keys is one.
func (d *Deriver) joinKeys(p *Props, j *logical.Join, lk, rk logical.ColSet) {
	l, r := d.Of(j.Left), d.Of(j.Right)
	if d.Unique(j.Right, rk) && (j.Kind == physical.InnerJoin || j.Kind == physical.LeftJoin) {
		for _, k := range l.Keys {
			p.addKey(k)
		}
	}
	if d.Unique(j.Left, lk) && (j.Kind == physical.InnerJoin || j.Kind == physical.RightJoin) {
		for _, k := range r.Keys {
			p.addKey(k)
		}
	}
	for _, a := range l.Keys {
		for _, b := range r.Keys {
			if j.Kind == physical.FullJoin && (a.Empty() || b.Empty()) {
				continue // both sides can be alone
			}
			if j.Kind == physical.RightJoin && b.Empty() && !a.Empty() || j.Kind == physical.LeftJoin && a.Empty() && !b.Empty() {
				p.addKey(a.Union(b))
				continue
			}
			p.addKey(a.Union(b))
		}
	}
}

// EquiColumns are the columns of each side that a join's conditions equate with expressions of the other side alone.
func EquiColumns(j *logical.Join) (left, right logical.ColSet) {
	ls, rs := logical.OutputSet(j.Left), logical.OutputSet(j.Right)
	for _, c := range j.On {
		a, b, _, ok := Equality(c)
		if !ok {
			continue
		}
		for range 2 {
			if x, ok := Determines(a); ok && ls.Has(x) && !logical.ExprCols(b).Intersects(ls) {
				left.Add(x)
			}
			if x, ok := Determines(a); ok && rs.Has(x) && !logical.ExprCols(b).Intersects(rs) {
				right.Add(x)
			}
			a, b = b, a
		}
	}
	return left, right
}

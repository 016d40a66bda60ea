package props

import "github.com/streamdb/streamdb/planner/logical"

func (d *Deriver) asof(a *logical.Asof) *Props {
	l, r := d.Of(a.Left), d.Of(a.Right)
	p := &Props{Keys: l.Keys, NotNull: l.NotNull, Streaming: l.Streaming, AppendOnly: d.AdHoc && l.AppendOnly && r.AppendOnly}
	if !a.Outer {
		p.NotNull = l.NotNull.Union(r.NotNull)
		for _, e := range a.Exprs() {
			if c, ok := logical.ColumnOf(e); ok {
				p.NotNull.Add(c)
			}
		}
	}
	if b := d.AsofBound(a); b != nil {
		p.AppendOnly = p.AppendOnly || d.EmitOnClose && l.AppendOnly && r.AppendOnly
		p.Watermarks.Add(b.Left)
		p.Windows = []Window{l.window(b.Left)}
	}
	return p
}

// AsofBound says that an ASOF join looks back and that both its times carry a watermark: what is older than that can be forgotten but for
// the newest right row of each key. nil if it is not so. There are no distances.
func (d *Deriver) AsofBound(a *logical.Asof) *Bound {
	x, ok1 := logical.ColumnOf(a.LeftTime)
	y, ok2 := logical.ColumnOf(a.RightTime)
	l, r := d.Of(a.Left), d.Of(a.Right)
	if !ok1 || !ok2 || a.Compare[0] != '>' || !l.Watermarks.Has(x) || !r.Watermarks.Has(y) {
		return nil
	}
	return &Bound{Left: x, Right: y, LeftEnds: l.ends(x), RightEnds: r.ends(y)}
}

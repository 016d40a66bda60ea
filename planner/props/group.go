package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

func (d *Deriver) aggregate(a *logical.Aggregate) *Props {
	in := d.Of(a.Input)
	keys := logical.SetOf(a.Keys...)
	p := &Props{NotNull: in.NotNull.Intersect(keys), Watermarks: in.Watermarks.Intersect(keys)}
	p.addKey(keys)
	for _, k := range in.Keys {
		if k.SubsetOf(keys) {
			p.addKey(k)
		}
	}
	for _, c := range a.Calls {
		if c.Fn.Name == "count" {
			p.NotNull.Add(c.Col)
		}
	}
	// DISTINCT over rows that are only added never takes one back, unless to show another form of the same value. A window that has
	// closed does not change any more.
	p.AppendOnly = in.AppendOnly && len(a.Calls) == 0 && !a.Global && !slices.ContainsFunc(a.Keys, func(c logical.ColID) bool {
		return !types.OneForm(d.MD.Type(c))
	})
	same := map[logical.ColID]logical.ColID{}
	for _, k := range a.Keys {
		same[k] = k
	}
	p.addWindows(in.Windows, same)
	for i, w := range p.Windows {
		if w.Fixed && keys.Has(w.Start) {
			p.addKey(keys.Minus(logical.SetOf(w.Start)))
			p.addKey(keys.Minus(logical.SetOf(w.End)))
		}
		p.Windows[i].Closed, p.Windows[i].Final = true, d.EmitOnClose
	}
	if d.EmitOnClose && len(p.Windows) > 0 {
		p.AppendOnly = true
	}
	p.Streaming = in.Streaming && !a.Global
	return p
}

func (d *Deriver) union(u *logical.Union) *Props {
	p := &Props{AppendOnly: true}
	for j, c := range u.Cols {
		notNull, watermark := true, true
		for i, in := range u.All {
			ip := d.Of(in)
			notNull = notNull && ip.NotNull.Has(u.In[i][j])
			watermark = watermark && ip.Watermarks.Has(u.In[i][j])
		}
		if notNull {
			p.NotNull.Add(c)
		}
		if watermark {
			p.Watermarks.Add(c)
		}
	}
	if len(u.All) > 0 {
		p.Windows = d.unionWindows(u)
	}
	for _, in := range u.All {
		p.AppendOnly = p.AppendOnly && d.Of(in).AppendOnly
		p.Streaming = p.Streaming || d.Of(in).Streaming
	}
	return p
}

func (d *Deriver) setOp(s *logical.SetOp) *Props {
	l := d.Of(s.Left)
	p := &Props{Streaming: l.Streaming || d.Of(s.Right).Streaming}
	as := map[logical.ColID]logical.ColID{}
	for j, c := range s.Cols {
		as[s.LeftIn[j]] = c
		if l.NotNull.Has(s.LeftIn[j]) {
			p.NotNull.Add(c)
		}
	}
	if !s.All {
		p.addKey(logical.SetOf(s.Cols...))
	}
	for _, k := range l.Keys {
		if m, ok := mapSet(k, as); ok {
			p.addKey(m)
		}
	}
	return p
}

func (d *Deriver) topN(t *logical.TopN) *Props {
	p := *d.Of(t.Input)
	if t.Limit != nil || t.Offset != nil {
		p.onlyPartitions(t.PartitionBy)
		p.Close(t.PartitionBy, d.EmitOnClose)
	}
	if c, ok := t.Limit.(*expr.Const); ok && !c.Value.Null && c.Value.I <= 1 && !t.WithTies {
		p.addKey(logical.SetOf(t.PartitionBy...))
	}
	return &p
}

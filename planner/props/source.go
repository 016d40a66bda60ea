package props

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
)

func (d *Deriver) scan(s *logical.Scan) *Props {
	p := &Props{}
	switch s.Relation.Kind {
	case catalog.Stream, catalog.Virtual:
		p.AppendOnly = true
	default:
		p.AppendOnly = s.Relation.AppendOnly || d.AdHoc
	}
	at := map[int]logical.ColID{}
	for i, a := range s.Attrs {
		at[a] = s.Cols[i]
		if s.Relation.Columns[a].NotNull {
			p.NotNull.Add(s.Cols[i])
		}
	}
	key := func(columns []int, primary bool) {
		var k logical.ColSet
		for _, c := range columns {
			id, ok := at[c]
			if !ok || !primary && !s.Relation.Columns[c].NotNull {
				return // a unique constraint lets nulls repeat
			}
			k.Add(id)
		}
		p.addKey(k)
	}
	for _, k := range s.Relation.Keys {
		key(k.Columns, k.Primary)
		if k.Primary {
			for _, c := range k.Columns {
				if id, ok := at[c]; ok {
					p.NotNull.Add(id)
				}
			}
		}
	}
	if v := s.Relation.ViewDef; v != nil && v.UniqueKey != nil {
		key(v.UniqueKey, true)
	}
	if w := s.Relation.Watermark; w != nil {
		if id, ok := at[w.Column]; ok {
			p.Watermarks.Add(id)
			if w.Closed {
				p.Windows = []Window{{End: id, Closed: true}}
			}
		}
	}
	if s.Arrival != 0 {
		p.NotNull.Add(s.Arrival)
	}
	if s.ByClock {
		p.Watermarks, p.Windows = logical.SetOf(s.Arrival), nil
	}
	p.Streaming = p.AppendOnly
	return p
}

func valuesProps(v *logical.Values) *Props {
	p := &Props{AppendOnly: true}
	if len(v.Rows) <= 1 {
		p.addKey(logical.ColSet{})
	}
	for j, c := range v.Cols {
		null := false
		for _, r := range v.Rows {
			k, ok := r[j].(*expr.Const)
			null = null || !ok || k.Value.Null
		}
		if !null {
			p.NotNull.Add(c)
		}
	}
	return p
}

func (d *Deriver) tableFunc(t *logical.TableFunc) *Props {
	in := d.Of(t.Input)
	p := &Props{NotNull: in.NotNull, AppendOnly: in.AppendOnly, Watermarks: in.Watermarks, Windows: in.Windows, Streaming: in.Streaming}
	if t.Ordinality != 0 && !t.Outer {
		p.NotNull = p.NotNull.Union(logical.SetOf(t.Ordinality))
		for _, k := range in.Keys {
			p.addKey(k.Union(logical.SetOf(t.Ordinality)))
		}
	}
	return p
}

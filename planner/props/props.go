package props

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
)

// Props are the properties of an operator's output.
type Props struct {
	// Keys are sets of columns that identify a row; no key contains another.
	Keys    []logical.ColSet
	NotNull logical.ColSet
	// AppendOnly says that rows are only ever added.
	AppendOnly bool
	// Watermarks are the columns that carry a watermark.
	Watermarks logical.ColSet
	// Windows are the bounds of event-time windows that the rows belong to; of each, End carries a watermark.
	Windows []Window
	// Streaming says that the output has rows of a stream that are kept for ever: state over it grows without bound, unless
	// windows bound it.
	Streaming bool
}

// Window is a pair of columns with the bounds of an event-time window.
type Window struct {
	// Start is 0 where it has been projected away.
	Start, End logical.ColID
	// Fixed says that all windows have one length, so that each bound tells the other.
	Fixed bool
	// Closed says that late rows have been left out: the rows of a window that has closed never change any more.
	Closed bool
	// Final says that all rows of a window come in one step, when it has closed.
	Final bool
}

// maxKeys bounds how many keys are followed: joins multiply them.
const maxKeys = 8

// Deriver derives properties and remembers them by node.
type Deriver struct {
	MD *logical.Columns
	// AdHoc says that the plan is run once, by a transaction: the content of a table or view, as of an epoch and with the transaction's
	// own writes, may come with rows that are taken back at once.
	AdHoc bool
	// EmitOnClose says that groups of windows are held back until their window has closed, and are final then.
	EmitOnClose bool
	memo        map[logical.Node]*Props
}

// New makes a deriver for one query.
func New(md *logical.Columns) *Deriver { return &Deriver{MD: md, memo: map[logical.Node]*Props{}} }

// Of gives the properties of a node's output.
func (d *Deriver) Of(n logical.Node) *Props {
	if p, ok := d.memo[n]; ok {
		return p
	}
	p := d.derive(n)
	d.memo[n] = p
	return p
}

// AtMostOne reports whether a node gives at most one row. Columns of outer queries count as constants.
func (d *Deriver) AtMostOne(n logical.Node) bool {
	for _, k := range d.Of(n).Keys {
		if k.Empty() {
			return true
		}
	}
	return false
}

// Unique reports whether these columns identify a row of n.
func (d *Deriver) Unique(n logical.Node, cols logical.ColSet) bool {
	for _, k := range d.Of(n).Keys {
		if k.SubsetOf(cols) {
			return true
		}
	}
	return false
}

// addKey adds a key unless one is contained in it, and drops those that contain it.
func (p *Props) addKey(key logical.ColSet) {
	for _, k := range p.Keys {
		if k.SubsetOf(key) {
			return
		}
	}
	kept := p.Keys[:0:0]
	for _, k := range p.Keys {
		if !key.SubsetOf(k) {
			kept = append(kept, k)
		}
	}
	if p.Keys = append(kept, key); len(p.Keys) > maxKeys {
		p.Keys = p.Keys[:maxKeys]
	}
}

func (d *Deriver) derive(n logical.Node) *Props {
	switch n := n.(type) {
	case *logical.Scan:
		return d.scan(n)
	case *logical.Values:
		return valuesProps(n)
	case *logical.TableFunc:
		return d.tableFunc(n)
	case *logical.Filter:
		return d.filter(n)
	case *logical.Project:
		return d.project(n)
	case *logical.MaxOneRow:
		p := *d.Of(n.Input)
		p.addKey(logical.SetOf(n.Keys...))
		return &p
	case *logical.WindowAssign:
		return d.windowAssign(n)
	case *logical.Aggregate:
		return d.aggregate(n)
	case *logical.Join:
		return d.join(n)
	case *logical.Union:
		return d.union(n)
	case *logical.SetOp:
		return d.setOp(n)
	case *logical.TopN:
		return d.topN(n)
	case *logical.Over:
		p := *d.Of(n.Input)
		p.onlyPartitions(n.PartitionBy)
		return &p
	}
	return &Props{}
}

func (d *Deriver) scan(s *logical.Scan) *Props {
	p := &Props{}
	switch s.Relation.Kind {
	case catalog.Stream, catalog.Virtual:
		p.AppendOnly = true
	default:
		p.AppendOnly = s.Relation.AppendOnly && !d.AdHoc
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

// filter drops from the keys the columns that a condition pins to one value.
func (d *Deriver) filter(f *logical.Filter) *Props {
	in := d.Of(f.Input)
	p := &Props{NotNull: in.NotNull, AppendOnly: in.AppendOnly, Watermarks: in.Watermarks, Windows: in.Windows, Streaming: in.Streaming}
	own := logical.OutputSet(f.Input)
	var pinned logical.ColSet
	for _, c := range f.Conds {
		p.NotNull = p.NotNull.Union(NullRejected(c).Intersect(own))
		if id, ok := pins(c, own); ok {
			pinned.Add(id)
		}
	}
	for _, k := range in.Keys {
		p.addKey(k.Minus(pinned))
	}
	return p
}

// pins reports the column that a condition equates with something constant within the query: an expression without columns of own.
func pins(c expr.Node, own logical.ColSet) (logical.ColID, bool) {
	l, r, _, ok := Equality(c)
	if !ok {
		return 0, false
	}
	for range 2 {
		if id, ok := Determines(l); ok && own.Has(id) && !logical.ExprCols(r).Intersects(own) && expr.Volatility(r) < fn.Volatile {
			return id, true
		}
		l, r = r, l
	}
	return 0, false
}

func (d *Deriver) project(n *logical.Project) *Props {
	in := d.Of(n.Input)
	p := &Props{AppendOnly: in.AppendOnly, Streaming: in.Streaming}
	as := map[logical.ColID]logical.ColID{}
	for _, it := range n.Items {
		if c, ok := logical.ColumnOf(it.Expr); ok {
			if _, ok := as[c]; !ok {
				as[c] = it.Col
			}
			if in.NotNull.Has(c) {
				p.NotNull.Add(it.Col)
			}
			if in.Watermarks.Has(c) {
				p.Watermarks.Add(it.Col)
			}
		} else if neverNull(it.Expr, in.NotNull) {
			p.NotNull.Add(it.Col)
		}
	}
	for _, k := range in.Keys {
		if m, ok := mapSet(k, as); ok {
			p.addKey(m)
		}
	}
	p.addWindows(in.Windows, as)
	return p
}

func mapSet(s logical.ColSet, as map[logical.ColID]logical.ColID) (logical.ColSet, bool) {
	var out logical.ColSet
	for _, c := range s.List() {
		to, ok := as[c]
		if !ok {
			return out, false
		}
		out.Add(to)
	}
	return out, true
}

func (d *Deriver) windowAssign(w *logical.WindowAssign) *Props {
	in := d.Of(w.Input)
	p := &Props{NotNull: in.NotNull.Union(logical.SetOf(w.Time, w.Start, w.End)), AppendOnly: in.AppendOnly, Watermarks: in.Watermarks, Windows: in.Windows, Streaming: in.Streaming}
	if in.Watermarks.Has(w.Time) {
		p.Watermarks = p.Watermarks.Union(logical.SetOf(w.End))
		p.Windows = append(slices.Clone(p.Windows), Window{Start: w.Start, End: w.End, Fixed: w.Spec.Window != physical.Cumulate})
	}
	for _, k := range in.Keys {
		if w.Spec.Window != physical.Tumble {
			k = k.Union(logical.SetOf(w.End))
			if w.Spec.Window == physical.Cumulate {
				k = k.Union(logical.SetOf(w.Start))
			}
		}
		p.addKey(k)
	}
	return p
}

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
	// DISTINCT over rows that are only added never takes one back, and a window that has closed does not change any more.
	p.AppendOnly = in.AppendOnly && len(a.Calls) == 0 && !a.Global
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
	p.Streaming = in.Streaming && p.Watermarks.Empty()
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
	}
	if c, ok := t.Limit.(*expr.Const); ok && !c.Value.Null && c.Value.I <= 1 && !t.WithTies {
		p.addKey(logical.SetOf(t.PartitionBy...))
	}
	return &p
}

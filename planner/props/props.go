package props

import "github.com/streamdb/streamdb/planner/logical"

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
	// Outer are the windows of a full join, whose bounds are null in the rows that the other side has alone.
	Outer []Window
	// Streaming says that the output grows for ever with a stream, be it by a row for each window: so does state that keeps its rows,
	// unless it is freed as windows close.
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
	// By are the columns that the ends had where rows were assigned to these windows (WindowAssign, Session): there it is judged which
	// rows are late. There are none where all late rows have been left out below already, as in a view.
	By []logical.ColID
}

// maxKeys bounds how many keys are followed: joins multiply them.
const maxKeys = 8

// Deriver derives properties and remembers them by node.
type Deriver struct {
	MD *logical.Columns
	// AdHoc says that the plan is run once: what is scanned is there, and none of it is taken back.
	AdHoc bool
	// EmitOnClose says that groups of windows are held back until their window has closed, and are final then.
	EmitOnClose bool
	memo        map[logical.Node]*Props
	bounds      map[*logical.Join]*Bound
}

// New makes a deriver for one query.
func New(md *logical.Columns) *Deriver {
	return &Deriver{MD: md, memo: map[logical.Node]*Props{}, bounds: map[*logical.Join]*Bound{}}
}

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
	case *logical.Temporal: // its rows expire, and so are taken back
		in := d.Of(n.Input)
		return &Props{Keys: in.Keys, NotNull: in.NotNull}
	case *logical.Project:
		return d.project(n)
	case *logical.MaxOneRow:
		p := *d.Of(n.Input)
		p.addKey(logical.SetOf(n.Keys...))
		return &p
	case *logical.WindowAssign:
		return d.windowAssign(n)
	case *logical.Session:
		return d.session(n)
	case *logical.Aggregate:
		return d.aggregate(n)
	case *logical.SessionAggregate:
		return d.sessionAggregate(n)
	case *logical.SliceAggregate:
		return d.sliceAggregate(n)
	case *logical.Join:
		return d.join(n)
	case *logical.Asof:
		return d.asof(n)
	case *logical.Union:
		return d.union(n)
	case *logical.SetOp:
		return d.setOp(n)
	case *logical.TopN:
		return d.topN(n)
	case *logical.Match:
		return d.match(n)
	case *logical.Over:
		p := *d.Of(n.Input)
		p.onlyPartitions(n.PartitionBy)
		p.Close(n.PartitionBy, d.EmitOnClose)
		return &p
	}
	return &Props{}
}

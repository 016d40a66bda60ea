package state

// view is the state of an arrangement at one moment: what a reader needs.
type view struct {
	mem  *Memory
	lay  *layout
	root *node // nil when there are no rows
	// groups count what lies below each slot of the root.
	groups [Groups]groupStats
	// first is the position of the first row of a List, base that of the first row that its tree still has.
	first, base int64
}

type groupStats struct {
	rows  int64
	bytes int64
}

// Rows is the number of distinct rows.
func (v *view) Rows() int64 {
	n := int64(0)
	for i := range v.groups {
		n += v.groups[i].rows
	}
	return n
}

// GroupRows is the number of distinct rows of a key group.
func (v *view) GroupRows(group int) int64 { return v.groups[group].rows }

// Bytes is the memory of the pages and nodes of the state, whether shared with others, and whether evicted or not.
func (v *view) Bytes() int64 {
	n := int64(0)
	if v.root != nil {
		n = v.root.bytes()
	}
	for i := range v.groups {
		n += v.groups[i].bytes
	}
	return n
}

// writer is what writes an arrangement of any layout.
type writer struct {
	view
	// gen is that of the nodes that the writer may write. It changes with each freeze, so that what was frozen is not.
	gen uint64
	// cur are the counts of the group being written.
	cur *groupStats
	// hand is the group where eviction goes on.
	hand int
	// rows is scratch for split.
	rows [2][]uint32
	// kidCols is scratch for the separators of a B+-tree.
	kidCols []column
}

func newWriter(mem *Memory, lay *layout) writer {
	return writer{view: view{mem: mem, lay: lay}, gen: mem.newGen()}
}

func (w *writer) newRoot() *node {
	n := &node{gen: w.gen, in: &inner{kids: make([]*node, Groups)}}
	n.refs.Store(1)
	w.mem.addNode(n.bytes())
	return n
}

// Freeze gives the present state as a version, in O(1). It must be released.
func (w *writer) Freeze() *Version {
	v := &Version{view: w.freeze(), unpin: w.mem.pin()}
	v.holders.Store(1)
	return v
}

// freeze gives the present state with a reference to its root.
func (w *writer) freeze() view {
	if w.root != nil {
		w.root.refs.Add(1)
	}
	w.gen = w.mem.newGen()
	return w.view
}

// Adopt drops the present state and goes on from v, which stays valid and is still the caller's to release.
func (w *writer) Adopt(v *Version) error {
	if v.sliced || !v.sameKind(w.mem, w.lay) {
		return errForeign
	}
	w.adopt(&v.view)
	return nil
}

func (w *writer) adopt(v *view) {
	if v.root != nil {
		v.root.refs.Add(1)
	}
	w.mem.release(w.root)
	w.root, w.groups, w.first, w.base = v.root, v.groups, v.first, v.base
	w.gen = w.mem.newGen()
}

func (v *view) sameKind(mem *Memory, lay *layout) bool {
	return v.mem == mem && v.lay.kind == lay.kind && v.lay.spec.sameAs(&lay.spec)
}

// Clear removes all rows. Those that come to a List later get positions behind them.
func (w *writer) Clear() {
	if w.lay.kind == kindList {
		w.base += w.groups[0].rows
		w.first = w.base
	}
	w.mem.release(w.root)
	w.root, w.groups = nil, [Groups]groupStats{}
}

// Release gives back all pages. The arrangement is empty after.
func (w *writer) Release() { w.Clear() }

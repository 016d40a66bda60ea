package state

// removeRow removes a row of a page that is the writer's own, and gives back memory when little is left.
func (w *writer) removeRow(p *node, row uint32, hash uint64) error {
	w.lay.remove(&p.shape, p.mem, row)
	w.cur.rows--
	if p.n == 0 {
		w.prune(p, hash)
		return nil
	}
	if p.n > p.cap/4 || p.n > maxRows/4 {
		return nil
	}
	if size, capacity, f := w.lay.roomy(&p.shape, 1, 0, 0); size < int(p.size) {
		w.reshape(p, size, capacity, f)
	}
	return w.merge(p, hash)
}

// prune takes an empty page out, and the nodes that are empty without it.
func (w *writer) prune(p *node, hash uint64) {
	depth, gone := p.depth, p
	for {
		parent, level := w.parentOf(gone, hash)
		setRun(parent, level, hash, depth, nil)
		w.drop(gone)
		if level == 0 || !allNil(parent.in.kids) {
			return
		}
		gone, depth = parent, uint8(level)
	}
}

func allNil(kids []*node) bool {
	for _, kid := range kids {
		if kid != nil {
			return false
		}
	}
	return true
}

// merge joins a page with its neighbour as long as both fit into one that is half full: the opposite of split, with
// enough between them that a page does not go to and fro.
func (w *writer) merge(p *node, hash uint64) error {
	for {
		parent, level := w.parentOf(p, hash)
		if level == 0 {
			return nil
		}
		other := hash ^ 1<<(64-uint(p.depth))
		b := parent.in.kids[slotIn(level, other)]
		switch {
		case b != nil && (b.in != nil || b.depth != p.depth):
			return nil
		case b != nil:
			size, _, _ := w.lay.roomy(&p.shape, b.n, w.lay.liveStrings(&b.shape), b.flags)
			if size > maxPage/2 {
				return nil
			}
			var err error
			if p, err = w.join(p, b, parent, level, hash); err != nil {
				return err
			}
		default:
			first, end := run(level, other, p.depth)
			if !allNil(parent.in.kids[first:end]) {
				return nil
			}
			w.widen(p, parent, level, hash)
		}
		if uint(p.depth) == level { // the page has the node for itself
			above, aboveLevel := w.parentOf(parent, hash)
			setRun(above, aboveLevel, hash, p.depth, p)
			p.refs.Add(1)
			w.drop(parent)
		}
	}
}

// widen makes a page cover the free slots of its neighbour too.
func (w *writer) widen(p *node, parent *node, level uint, hash uint64) {
	p.depth--
	setRun(parent, level, hash, p.depth, p)
	if p.depth == keyBits-1 {
		w.lay.reindex(&p.shape, p.mem) // home differs from here up
	}
}

// join moves the rows of p's neighbour b into p.
func (w *writer) join(p, b, parent *node, level uint, hash uint64) (*node, error) {
	base, err := w.mem.page(w.lay, b)
	if err != nil {
		return nil, err
	}
	size, capacity, f := w.lay.roomy(&p.shape, b.n, w.lay.liveStrings(&b.shape), b.flags)
	p.depth--
	w.reshape(p, size, capacity, f)
	w.lay.copyRows(&p.shape, p.mem, &b.shape, base, nil)
	setRun(parent, level, hash, p.depth, p)
	w.drop(b)
	return p, nil
}

package agg

import (
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// groups is the arrangement of groups, with a chunk of them at hand: as they are in the arrangement, and as they are to be.
type groups struct {
	store
	l    *layout
	refs state.Refs
	// n groups are at hand; found says which were there.
	n      int
	keys   []*vec.Vector
	hashes []uint64
	found  []bool
	any    bool
	// was and count are the numbers of rows before and after.
	was   vec.Vector
	count *vec.Vector
	// state are the groups' states: what the arrangement has, and then what is merged into it.
	state []*vec.Vector
	delta []*vec.Vector
	// number are the groups' numbers, if they have such.
	number vec.Vector
	// before and after are the calls' results.
	before, after results

	row   vec.Batch
	alive []int32
	dead  []int32
	tmp   []uint64
	each0 []int32 // 0, 1, 2, …
}

// results are the results of all calls for the groups at hand, and which groups have a row.
type results struct {
	cols []*vec.Vector
	row  []bool
	// show are the columns of the output.
	show []*vec.Vector
}

func newGroups(l *layout, mem *state.Memory) *groups {
	g := &groups{store: newStore(mem, l.spec(), l.windowed()), l: l, keys: vectors(len(l.keys)), count: &vec.Vector{},
		state: vectors(len(l.state)), delta: vectors(len(l.state)), alive: []int32{}, dead: []int32{}}
	for _, r := range []*results{&g.before, &g.after} {
		r.cols, r.show = vectors(len(l.calls)), make([]*vec.Vector, len(l.out))
	}
	for i := range vec.BatchSize {
		g.each0 = append(g.each0, int32(i))
	}
	return g
}

func vectors(n int) []*vec.Vector {
	out := make([]*vec.Vector, n)
	for i := range out {
		out[i] = &vec.Vector{}
	}
	return out
}

// load brings groups of the scratch and their states to hand.
func (g *groups) load(h *state.Hashed, s *scratch, rows []int32, fresh bool) error {
	g.n = len(rows)
	for c, v := range g.keys {
		v.Take(s.index.Cols[c], rows)
	}
	g.hashes, g.found = sized(g.hashes, g.n), sized(g.found, g.n)
	all := s.index.Hashes()
	for k, r := range rows {
		g.hashes[k] = all[r]
	}
	if g.l.numbered {
		s.take(&g.number, rows)
	}
	if g.l.hashed < len(g.keys) {
		vec.HashRows(g.keys[:g.l.hashed], nil, g.n, g.hashes)
	}
	for c, v := range s.state {
		if s.used[c] {
			g.delta[c].Take(v, rows)
		}
	}
	if err := g.lookup(h, fresh); err != nil {
		return err
	}
	g.count.Resize(int8T, g.n)
	for k, r := range rows {
		g.count.I64[k] = g.was.I64[k] + s.count[r]
	}
	return nil
}

// lookup reads what the arrangement has of the groups.
func (g *groups) lookup(h *state.Hashed, fresh bool) error {
	g.any = false
	if fresh {
		clear(g.found)
		g.was.Resize(int8T, g.n)
		clear(g.was.I64)
		return nil
	}
	if err := h.Lookup(g.keys[:g.l.hashed], g.hashes, nil, g.n, &g.refs); err != nil {
		return err
	}
	for k := range g.found {
		g.found[k] = g.refs.Found(k)
		g.any = g.any || g.found[k]
	}
	h.Gather(&g.refs, g.l.countColumn(), &g.was)
	if !g.any {
		return nil
	}
	for c, v := range g.state {
		h.Gather(&g.refs, g.l.countColumn()+1+c, v)
	}
	for i := range g.l.calls {
		if c := &g.l.calls[i]; c.how == merged {
			for k := c.from; k < c.to; k++ {
				g.state[k].Valid = nil // a group that is not there has the zero state
			}
		}
	}
	return nil
}

// merge makes the states at hand those with the changes.
func (g *groups) merge(a *Aggregate) {
	for i := range g.l.calls {
		c := &g.l.calls[i]
		if c.how != merged {
			continue
		}
		if !g.any {
			for k := c.from; k < c.to; k++ {
				g.state[k], g.delta[k] = g.delta[k], g.state[k]
			}
			continue
		}
		c.fn.Merge(&a.ofGroups.Ctx, g.state[c.from:c.to], g.each0[:g.n], g.delta[c.from:c.to], g.n)
	}
}

// finish computes the results of the states at hand, of groups with count rows. The results of ordered calls are given.
func (g *groups) finish(a *Aggregate, r *results, count []int64) {
	for i := range g.l.calls {
		c := &g.l.calls[i]
		switch c.how {
		case merged:
			r.cols[i].Resize(c.typ, g.n)
			c.fn.Finish(&a.ofGroups.Ctx, g.state[c.from:c.to], g.n, r.cols[i])
		case counted:
			r.cols[i].Resize(c.typ, g.n)
			copy(r.cols[i].I64, count)
		}
	}
	r.alive(count)
	g.arrange(r)
}

// alive notes which groups have a row.
func (r *results) alive(count []int64) {
	r.row = sized(r.row, len(count))
	for k, n := range count {
		r.row[k] = n > 0
	}
}

// arrange makes the columns of the output.
func (g *groups) arrange(r *results) {
	for i, k := range g.keys {
		if r.show[i] = k; g.l.shown[i] >= 0 {
			r.show[i] = r.cols[g.l.shown[i]]
		}
	}
	copy(r.show[len(g.keys):], r.cols[:g.l.results])
}

// put brings the groups at hand back, with the results of ordered calls. Groups without rows are taken out.
func (g *groups) put(h *state.Hashed, fresh bool) error {
	b := &g.row
	b.Cols = append(append(append(b.Cols[:0], g.keys...), g.count), g.state...)
	for i := range g.l.calls {
		if c := &g.l.calls[i]; c.how == ordered {
			b.Cols[g.l.countColumn()+1+c.from] = g.after.cols[i]
		}
	}
	if g.l.numbered {
		b.Cols = append(b.Cols, &g.number)
	}
	b.N, b.Sel = g.n, nil
	g.alive, g.dead = g.alive[:0], g.dead[:0]
	for k, n := range g.count.I64 {
		if n != 0 || g.l.node.Global {
			g.alive = append(g.alive, int32(k))
		} else {
			g.dead = append(g.dead, int32(k))
		}
	}
	if len(g.dead) == 0 {
		if fresh {
			return h.Put(b, g.hashes, nil)
		}
		return h.Put(b, g.hashes, &g.refs)
	}
	if _, err := h.Delete(g.keys[:g.l.hashed], g.hashesOf(g.dead), g.dead, g.n); err != nil {
		return err
	}
	b.Sel = g.alive
	return h.Put(b, g.hashesOf(g.alive), nil)
}

func (g *groups) hashesOf(sel []int32) []uint64 {
	g.tmp = sized(g.tmp, len(sel))
	for k, i := range sel {
		g.tmp[k] = g.hashes[i]
	}
	return g.tmp
}

package match

import "github.com/streamdb/streamdb/planner/physical"

// labels are the variables that rows were given, as lists that share their beginnings: an entry is a row's, its position is told by the
// length of the list.
type labels struct {
	nodes []label
	// kept is how many were left when they were compacted last.
	kept  int
	moved []int32
}

type label struct {
	before   int32 // of the row before, none for the first
	variable int32
}

const none = -1

func (l *labels) reset() { l.nodes, l.kept = l.nodes[:0], 0 }

// add is the list behind which a variable is put.
func (l *labels) add(before, variable int32) int32 {
	l.nodes = append(l.nodes, label{before, variable})
	return int32(len(l.nodes) - 1)
}

// read appends the variables of a list of n rows to dst.
func (l *labels) read(at, n int32, dst []int32) []int32 {
	from := len(dst)
	for range n {
		dst = append(dst, 0)
	}
	for k := len(dst) - 1; k >= from; k-- {
		dst[k] = l.nodes[at].variable
		at = l.nodes[at].before
	}
	return dst
}

// back is the variable of the row that is back rows before the last of a list.
func (l *labels) back(at, back int32) int32 {
	for range back {
		at = l.nodes[at].before
	}
	return l.nodes[at].variable
}

// compact forgets what no thread holds.
func (l *labels) compact(threads []thread, best *int32) {
	l.moved = append(l.moved[:0], make([]int32, len(l.nodes))...)
	mark := func(at int32) {
		for ; at != none && l.moved[at] == 0; at = l.nodes[at].before {
			l.moved[at] = 1
		}
	}
	for i := range threads {
		mark(threads[i].labels)
	}
	mark(*best)
	kept := int32(0)
	for i, n := range l.nodes { // what is before an entry has a lower number
		if l.moved[i] == 0 {
			continue
		}
		if n.before != none {
			n.before = l.moved[n.before]
		}
		l.nodes[kept], l.moved[i] = n, kept
		kept++
	}
	l.nodes, l.kept = l.nodes[:kept], int(kept)
	move := func(at *int32) {
		if *at != none {
			*at = l.moved[*at]
		}
	}
	for i := range threads {
		move(&threads[i].labels)
	}
	move(best)
}

// track is what is remembered of the rows of some variables: how many there were, the first and the last of them.
type track struct {
	of []int
	// firsts and lasts are how many rows are remembered.
	firsts, lasts int
	// at is where the registers begin: the count, the firsts, the lasts from the last on.
	at int
}

// tracks are the registers of a search.
type tracks struct {
	list []track
	size int
	// slot is the register that each slot reads, none for those that read none.
	slot []int
}

// newTracks finds what has to be remembered for the slots that are read by conditions and are not local.
func newTracks(n *physical.Match, used []bool) tracks {
	t := tracks{slot: make([]int, len(n.Slots))}
	in := make([]int, len(n.Slots))
	for k := range n.Slots {
		s := &n.Slots[k]
		if in[k] = none; !used[k] || s.Kind == physical.SlotNumber || s.Kind == physical.SlotAggregate {
			continue
		}
		in[k] = t.find(s.Of)
		x := &t.list[in[k]]
		if s.First {
			x.firsts = max(x.firsts, s.Offset+1)
		} else {
			x.lasts = max(x.lasts, s.Offset+1)
		}
	}
	for i := range t.list {
		t.list[i].at = t.size
		t.size += 1 + t.list[i].firsts + t.list[i].lasts
	}
	for k, i := range in {
		if t.slot[k] = none; i == none {
			continue
		}
		t.slot[k] = t.list[i].at + 1 + n.Slots[k].Offset
		if !n.Slots[k].First {
			t.slot[k] += t.list[i].firsts
		}
	}
	return t
}

// find is the track of some variables, a new one if there is none.
func (t *tracks) find(of []int) int {
	for i := range t.list {
		if len(t.list[i].of) == len(of) && subset(of, t.list[i].of) {
			return i
		}
	}
	t.list = append(t.list, track{of: of})
	return len(t.list) - 1
}

func subset(a, b []int) bool {
	for _, v := range a {
		found := false
		for _, w := range b {
			found = found || v == w
		}
		if !found {
			return false
		}
	}
	return true
}

// appendEmpty appends the registers of no rows.
func (t *tracks) appendEmpty(regs []int32) []int32 {
	from := len(regs)
	for range t.size {
		regs = append(regs, none)
	}
	for i := range t.list {
		regs[from+t.list[i].at] = 0
	}
	return regs
}

// update notes that row i has been given a variable.
func (t *tracks) update(regs []int32, variable int, i int32) {
	for k := range t.list {
		x := &t.list[k]
		if !takes(x.of, variable) {
			continue
		}
		if n := regs[x.at]; int(n) < x.firsts {
			regs[x.at+1+int(n)] = i
			regs[x.at] = n + 1
		}
		lasts := regs[x.at+1+x.firsts : x.at+1+x.firsts+x.lasts]
		if len(lasts) > 0 {
			copy(lasts[1:], lasts)
			lasts[0] = i
		}
	}
}

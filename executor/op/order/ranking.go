package order

import "math"

// rankings are the first rows of each of some partitions, in order, as of the last cut and now: numbers of rows that lie elsewhere. A row that
// is there n times has n places.
type rankings struct {
	limit int32
	// refs are all partitions' places. What a partition leaves behind when it moves to where there is more room is lost until reset.
	refs []int32
	was  []places
	now  []places
}

// places are a partition's: n of refs from at on, where there is room for more.
type places struct{ at, n, room int32 }

// add makes room for more partitions, without rows.
func (r *rankings) add(partitions int) {
	for range partitions {
		r.was, r.now = append(r.was, places{}), append(r.now, places{})
	}
}

func (r *rankings) of(p places) []int32 { return r.refs[p.at : p.at+p.n] }

// search finds the place behind those of partition p that are not behind a row. compare says how the row is to that of a number. same is the
// number of an identical row, else none. A row that is behind a full partition has no place.
func (r *rankings) search(p int32, compare func(ref int32) int) (place, same int32, ok bool) {
	list, same := r.of(r.now[p]), none
	lo, hi := 0, len(list)
	if hi == int(r.limit) {
		if compare(list[hi-1]) >= 0 {
			return 0, none, false
		}
		hi--
	}
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch c := compare(list[mid]); {
		case c < 0:
			hi = mid
			continue
		case c == 0:
			same = list[mid]
		}
		lo = mid + 1
	}
	return int32(lo), same, true
}

// none is no number.
const none = math.MinInt32

// insert puts a row at a place of partition p; what is pushed over the limit is gone.
func (r *rankings) insert(p, place, ref int32) {
	s := &r.now[p]
	switch {
	case s.n == r.limit:
		s.n--
	case s.n == s.room:
		r.grow(s)
	}
	s.n++
	list := r.of(*s)
	copy(list[place+1:], list[place:])
	list[place] = ref
}

func (r *rankings) grow(s *places) {
	at := int32(len(r.refs))
	r.refs = append(r.refs, r.of(*s)...)
	s.room = min(max(1, 2*s.room), r.limit)
	for range s.room - s.n {
		r.refs = append(r.refs, 0)
	}
	s.at = at
}

// cut says that partition p is now what it was at the last cut.
func (r *rankings) cut(p int32) {
	at := int32(len(r.refs))
	r.refs = append(r.refs, r.of(r.now[p])...)
	r.was[p] = places{at, r.now[p].n, r.now[p].n}
}

// renumber gives the rows that have places new numbers, from 0 on, and lists their old ones in the order of the new.
func (r *rankings) renumber(rows int, live []int32) []int32 {
	numbers := make([]int32, rows)
	for i := range numbers {
		numbers[i] = none
	}
	for _, all := range [][]places{r.was, r.now} {
		for _, p := range all {
			for k, ref := range r.of(p) {
				if numbers[ref] == none {
					numbers[ref] = int32(len(live))
					live = append(live, ref)
				}
				r.refs[int(p.at)+k] = numbers[ref]
			}
		}
	}
	return live
}

func (r *rankings) reset() {
	r.refs, r.was, r.now = r.refs[:0], r.was[:0], r.now[:0]
	if cap(r.refs) > keepRefs {
		*r = rankings{limit: r.limit}
	}
}

// keepRefs is how many places are kept room for from step to step.
const keepRefs = 1 << 18

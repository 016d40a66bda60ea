package agg

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// scratch has the groups that a step touches, numbered, and the change of each: dense columns by number, so that a batch is
// pre-aggregated by loops over flat buffers, and the arrangement is asked once for each group of a step.
type scratch struct {
	index *delta.Index
	// count is the change of the groups' numbers of rows.
	count []int64
	// state are the partial states of merged calls; columns of others are empty.
	state []*vec.Vector
	// numbering has the groups' numbers in the state, if they have such.
	numbering

	types   []types.Type
	used    []bool
	limits  []int
	numbers []int32
	byRow   []int32
}

// keepGroups is how many groups' buffers are kept for the next step.
const keepGroups = 1 << 16

func newScratch(l *layout) *scratch {
	s := &scratch{index: delta.NewKeyIndex(l.keys), types: l.state, used: make([]bool, len(l.state)), limits: make([]int, len(l.state))}
	for i := range l.calls {
		if c := &l.calls[i]; c.how == merged {
			for k := c.from; k < c.to; k++ {
				s.used[k] = true
			}
		}
	}
	s.clear()
	return s
}

// clear makes new, empty columns.
func (s *scratch) clear() {
	s.count, s.state = nil, make([]*vec.Vector, len(s.types))
	for c, t := range s.types {
		s.state[c] = vec.New(t, 0)
		s.limits[c] = minStrings
	}
}

// add numbers the groups of rows and counts them. keys are of n rows, of which sel (nil: all) are looked at; hashes go with them.
// The result has the number of each row by its index.
func (s *scratch) add(keys []*vec.Vector, sel []int32, n int, hashes []uint64, weights []int64) ([]int32, error) {
	var err error
	if s.numbers, err = s.index.Add(keys, sel, n, hashes, s.numbers); err != nil {
		return nil, err
	}
	groups := s.numbers
	if sel != nil {
		s.byRow = sized(s.byRow, n)
		for k, i := range sel {
			s.byRow[i] = s.numbers[k]
		}
		groups = s.byRow
	}
	s.tally(s.index.Len(), groups, sel, n, weights)
	return groups, nil
}

// tally counts rows whose groups, of which there are so many, are numbered by their index.
func (s *scratch) tally(all int, groups, sel []int32, n int, weights []int64) {
	s.extend(all)
	switch {
	case weights == nil && sel == nil:
		for _, g := range groups[:n] {
			s.count[g]++
		}
	case weights == nil:
		for _, i := range sel {
			s.count[groups[i]]++
		}
	case sel == nil:
		for i, g := range groups[:n] {
			s.count[g] += weights[i]
		}
	default:
		for _, i := range sel {
			s.count[groups[i]] += weights[i]
		}
	}
}

// extend gives n groups states; those of new groups are the states of no input.
func (s *scratch) extend(n int) {
	if n <= len(s.count) {
		return
	}
	s.count = zeroed(s.count, n)
	for c, v := range s.state {
		if s.used[c] {
			extendZero(v, n)
		}
	}
}

// extendZero makes v n rows long, new ones being zero.
func extendZero(v *vec.Vector, n int) {
	switch v.Kind() {
	case types.KindBool:
		v.Bool = zeroed(v.Bool, n)
	case types.KindInt32:
		v.I32 = zeroed(v.I32, n)
	case types.KindInt64:
		v.I64 = zeroed(v.I64, n)
	case types.KindFloat:
		v.F64 = zeroed(v.F64, n)
	case types.KindWide:
		v.Wide = zeroed(v.Wide, n)
	default:
		v.Str = zeroed(v.Str, n)
	}
}

func zeroed[T any](s []T, n int) []T {
	from := len(s)
	s = slices.Grow(s, n-from)[:n]
	clear(s[from:])
	return s
}

func sized[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, max(n, vec.BatchSize))
	}
	return s[:n]
}

// minStrings is how many bytes of strings a column may have before it is looked at.
const minStrings = 1 << 16

// compact drops what states of varying length have left behind: a new value is written behind all others.
func (s *scratch) compact() {
	for c, v := range s.state {
		if len(v.Data) <= s.limits[c] {
			continue
		}
		live := 0
		for _, span := range v.Str {
			live += int(span.Len)
		}
		data := make([]byte, 0, 2*live+minStrings)
		for i, span := range v.Str {
			v.Str[i].Off = uint32(len(data))
			data = append(data, v.Data[span.Off:span.Off+span.Len]...)
		}
		v.Data, s.limits[c] = data, 2*live+minStrings
	}
}

// reset forgets all groups.
func (s *scratch) reset() {
	large := s.index.Len() > keepGroups
	s.index.Reset()
	s.numbering.reset()
	if large {
		s.clear()
		s.numbers = nil
		return
	}
	s.count = s.count[:0]
	for c, v := range s.state {
		v.Reset(s.types[c])
		s.limits[c] = minStrings
	}
}

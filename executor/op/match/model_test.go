package match

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// The input's columns: a partition, a time and a number.
const (
	colPart = iota
	colTime
	colValue
)

var (
	textT, int8T = types.T(types.Text), types.T(types.Int8)
	inTypes      = []types.Type{textT, types.T(types.Timestamp), int8T}
	orderByTime  = []physical.SortKey{{Column: colTime}}
)

type row = []types.Datum

// test is a comparison of two slots, or of a slot and a constant. What is null is less, equal and greater than nothing.
type test struct {
	left     physical.MatchSlot
	op       string
	right    *physical.MatchSlot // nil: constant
	constant types.Datum
}

// model finds the matches of the rows of an input by definition, with the output's types.
func model(n *physical.Match, tests [][]test, in, out *optest.ZSet) *optest.ZSet {
	partitions := map[string][]row{}
	var names []string
	for _, c := range in.Rows() {
		name := optest.RowText(inTypes[:1], c.Row[:1])
		if _, ok := partitions[name]; !ok {
			names = append(names, name)
		}
		for range c.Weight {
			partitions[name] = append(partitions[name], c.Row)
		}
	}
	for _, name := range names {
		rows := partitions[name]
		slices.SortFunc(rows, compareRows)
		(&naive{node: n, tests: tests, rows: rows, out: out}).run()
	}
	return out
}

func compareRows(a, b row) int {
	for _, c := range []int{colTime, colValue} {
		switch {
		case a[c].Null && b[c].Null:
			continue
		case a[c].Null:
			return 1
		case b[c].Null:
			return -1
		}
		if r := types.Compare(inTypes[c], a[c], b[c]); r != 0 {
			return r
		}
	}
	return 0
}

// naive is a search by backtracking through the rows of a partition.
type naive struct {
	node  *physical.Match
	tests [][]test
	rows  []row
	out   *optest.ZSet

	start  int
	labels []int
	number int64
}

func (s *naive) run() {
	for from := 0; from < len(s.rows); {
		s.start, s.labels = from, nil
		if !s.match(&s.node.Pattern, func() bool { return true }) {
			from++
			continue
		}
		s.number++
		s.give()
		switch {
		case len(s.labels) == 0, s.node.Skip == physical.SkipToNextRow:
			from++
		default:
			from += len(s.labels)
		}
	}
}

// give gives the rows of a match.
func (s *naive) give() {
	whole := s.labels
	for n := range len(whole) + 1 {
		kept := s.rows[s.start][:1]
		switch {
		case !s.node.AllRows && n < len(whole), n == 0 && (len(whole) > 0 || s.node.AllRows && s.node.OmitEmpty):
			continue
		case s.node.AllRows:
			kept = s.rows[s.start+max(0, n-1)]
		}
		out := slices.Clone(kept)
		for i := range s.node.Slots[:len(s.node.Measures)] {
			if s.labels = whole[:n]; s.node.Slots[i].Final {
				s.labels = whole
			}
			out = append(out, s.value(&s.node.Slots[i], s.number))
		}
		s.out.Add(out, 1)
	}
	s.labels = whole
}

// match matches a pattern at the next row and goes on with rest: the first way that succeeds is the one preferred.
func (s *naive) match(p *physical.Pattern, rest func() bool) bool {
	switch p.Kind {
	case physical.PatternVariable:
		return s.take(p.Variable, rest)
	case physical.PatternSequence:
		return s.sequence(p.Items, rest)
	case physical.PatternAlternation:
		for i := range p.Items {
			if s.match(&p.Items[i], rest) {
				return true
			}
		}
		return false
	}
	return s.repeat(p, 0, rest)
}

func (s *naive) sequence(items []physical.Pattern, rest func() bool) bool {
	if len(items) == 0 {
		return rest()
	}
	return s.match(&items[0], func() bool { return s.sequence(items[1:], rest) })
}

// repeat goes on behind so many repetitions. Where there is no upper bound, one without rows is the last.
func (s *naive) repeat(p *physical.Pattern, times int, rest func() bool) bool {
	before := len(s.labels)
	again := func() bool {
		return s.match(&p.Items[0], func() bool {
			if p.Max < 0 && len(s.labels) == before && times+1 >= p.Min {
				return rest()
			}
			return s.repeat(p, times+1, rest)
		})
	}
	switch {
	case times < p.Min:
		return again()
	case times == p.Max:
		return rest()
	case p.Reluctant:
		return rest() || again()
	}
	return again() || rest()
}

func (s *naive) take(variable int, rest func() bool) bool {
	i := s.start + len(s.labels)
	if i == len(s.rows) {
		return false
	}
	if first, now := s.rows[s.start][colTime], s.rows[i][colTime]; s.node.Within != physical.NoWithin && i > s.start {
		if first.Null || now.Null || now.I-first.I > s.node.Within {
			return false
		}
	}
	s.labels = append(s.labels, variable)
	if s.holds(variable) && rest() {
		return true
	}
	s.labels = s.labels[:i-s.start]
	return false
}

func (s *naive) holds(variable int) bool {
	for k := range s.tests[variable] {
		t := &s.tests[variable][k]
		left, right := s.value(&t.left, s.number+1), t.constant
		if t.right != nil {
			right = s.value(t.right, s.number+1)
		}
		if left.Null || right.Null {
			return false
		}
		r := types.Compare(t.left.Type, left, right)
		if t.op == "<" && r >= 0 || t.op == ">=" && r < 0 || t.op == "=" && r != 0 {
			return false
		}
	}
	return true
}

// value is that of a slot, the last row that has a variable being the row at hand.
func (s *naive) value(slot *physical.MatchSlot, number int64) types.Datum {
	if slot.Kind == physical.SlotNumber {
		return types.NewInt(number)
	}
	var of []int
	for k, v := range s.labels {
		if len(slot.Of) == 0 || slices.Contains(slot.Of, v) {
			of = append(of, s.start+k)
		}
	}
	if slot.Kind == physical.SlotAggregate {
		return s.aggregate(slot.Name, of)
	}
	if slot.Offset >= len(of) {
		return types.Null
	}
	i := of[slot.Offset]
	if !slot.First {
		i = of[len(of)-1-slot.Offset]
	}
	i += slot.Shift
	switch {
	case i < 0 || i >= len(s.rows):
		return types.Null
	case slot.Kind == physical.SlotColumn:
		return s.rows[i][slot.Column]
	case i < s.start || i >= s.start+len(s.labels):
		return types.Null
	}
	return types.NewText(s.node.Variables[s.labels[i-s.start]])
}

func (s *naive) aggregate(name string, of []int) types.Datum {
	out := types.Null
	if name == "count" {
		return types.NewInt(int64(len(of)))
	}
	for _, i := range of {
		v := s.rows[i][colValue]
		if !v.Null && (out.Null || name == "min" && v.I < out.I || name == "max" && v.I > out.I) {
			out = v
		}
	}
	return out
}

package match

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

const (
	// maxThreads bounds the ways that are followed at once, maxSteps and stepsPerRow the rows that ways take in one partition and
	// step, and maxLabels what is remembered of them.
	maxThreads  = 10_000
	maxSteps    = 1 << 26
	stepsPerRow = 256
	maxLabels   = 1 << 26
	// keepLabels is from how many on labels are compacted.
	keepLabels = 1 << 16
)

// thread is a way to match rows so far: it is to take the next row by the instruction pc.
type thread struct {
	pc int32
	// start is the first row of the match, labels what the rows were given, reg the registers.
	start, labels, reg int32
	// same is the next thread at pc in the list, none at the end.
	same int32
}

// found is a match: the rows from one to another, not including it. It may have none.
type found struct {
	from, to int32
	labels   int32
}

// search finds matches in the segments of a block.
type search struct {
	node  *physical.Match
	prog  program
	conds []condition
	// sweep says that a search may begin at all rows at once: conditions are local, so that ways that begin at different rows and
	// meet go on alike, and the one that began first is preferred.
	sweep bool
	past  *past // of conditions that are not local; nil if all are
	block *block
	seg   *segment
	fail  func(row int32, err error) error

	cur, next []thread
	// visited is, by instruction and outermost loop without rows, the closure in which it was last reached; heads are the last threads at
	// each instruction, and headOf of which list.
	visited, headOf []uint64
	heads           []int32
	closure, list   uint64
	stack           []branch
	labels          labels
	has             bool
	best            found
	steps           int
	// final says that only what rows to come cannot change is wanted.
	final bool
	// undecided is the first row from which a match may begin that rows to come can decide; none if they cannot.
	undecided int32
}

func newSearch(n *physical.Match, conds []condition, p *past) *search {
	s := &search{node: n, prog: compile(&n.Pattern), conds: conds, past: p, sweep: p == nil && n.Within == physical.NoWithin}
	size := len(s.prog.list)
	s.visited, s.headOf, s.heads = make([]uint64, size*int(s.prog.depth+1)), make([]uint64, size), make([]int32, size)
	return s
}

// run finds the match that is preferred among those of the first row at or behind from that has any.
func (s *search) run(from int32) (bool, error) {
	s.undecided = none
	for ; from < s.seg.to; from++ {
		if err := s.runFrom(from); err != nil || s.has || s.sweep || s.stops() {
			return s.has, err
		}
	}
	return false, nil
}

// runFrom is run for one row, or if it sweeps for all from there on.
func (s *search) runFrom(from int32) error {
	s.cur, s.has = s.cur[:0], false
	s.labels.reset()
	s.begin()
	if s.past != nil {
		s.past.reset()
	}
	for i := from; ; i++ {
		if !s.has && i < s.seg.to && (i == from || s.sweep) {
			s.seed(i)
		}
		if s.undecided == none && i >= s.seg.settled {
			s.settle()
		}
		if s.stops() {
			s.has = false
			return nil
		}
		if i == s.seg.to || len(s.cur) == 0 && (s.has || !s.sweep) {
			return nil
		}
		if err := s.step(i); err != nil {
			return err
		}
	}
}

// stops reports whether the search has come to where its result is not wanted.
func (s *search) stops() bool { return s.final && s.undecided != none }

// settle finds, when the settled rows are at their end, which ways rows to come could go on with.
func (s *search) settle() {
	for _, t := range s.cur {
		if s.within(t.start, s.seg.horizon) {
			s.undecided = t.start
			return
		}
	}
	if s.has && s.best.from >= s.seg.settled { // without rows, at a row that is not settled
		s.undecided = s.best.from
	}
}

// within reports whether a match that began at a row may have one of a time.
func (s *search) within(start int32, time int64) bool {
	if s.node.Within == physical.NoWithin {
		return true
	}
	first := s.block.time(start)
	return time <= first || uint64(time)-uint64(first) <= uint64(s.node.Within)
}

// timed reports whether a row has a time, if times matter: one without is within no time of another.
func (s *search) timed(i int32) bool {
	return s.node.Within == physical.NoWithin || !s.block.rows.Cols[s.block.lay.Key].IsNull(int(i))
}

// begin begins an empty list of threads.
func (s *search) begin() {
	s.list++
	s.closure++
}

// seed adds the ways that begin at a row, behind all others.
func (s *search) seed(i int32) {
	reg := int32(0)
	if s.past != nil {
		reg = s.past.empty()
	}
	s.cur = s.follow(s.cur, thread{start: i, labels: none, reg: reg}, i)
}

// step has the threads take row i.
func (s *search) step(i int32) error {
	s.steps += len(s.cur)
	if most := maxSteps + stepsPerRow*int(s.seg.to-s.seg.from); s.steps > most {
		return tooMuch("steps over one partition", most)
	}
	if s.past != nil {
		if err := s.past.step(s, i); err != nil {
			return err
		}
	}
	s.next = s.next[:0]
	s.begin()
	for k := range s.cur {
		t := s.cur[k]
		variable := s.prog.list[t.pc].variable
		ok, err := s.test(k, int(variable), i)
		if err != nil {
			return err
		}
		if !ok {
			continue
		}
		had := s.has
		s.has = false
		s.next = s.follow(s.next, thread{pc: t.pc + 1, start: t.start, labels: s.labels.add(t.labels, variable), reg: int32(k)}, i+1)
		if s.has { // what comes behind is not preferred to this match
			break
		}
		s.has = had
	}
	s.cur, s.next = s.next, s.cur
	return s.limit()
}

// limit bounds what is remembered.
func (s *search) limit() error {
	if len(s.cur) > maxThreads {
		return tooMuch("states at once", maxThreads)
	}
	if len(s.labels.nodes) < keepLabels+2*s.labels.kept {
		return nil
	}
	best := int32(none)
	if s.has {
		best = s.best.labels
	}
	s.labels.compact(s.cur, &best)
	s.best.labels = best
	if len(s.labels.nodes) > maxLabels {
		return tooMuch("rows in matches that have begun", maxLabels)
	}
	return nil
}

func tooMuch(what string, limit int) error {
	return sqlerr.New(sqlerr.ProgramLimitExceeded, "the pattern of MATCH_RECOGNIZE needs more than %d %s", limit, what).
		WithHint("Bound matches by WITHIN, make conditions exclude each other, or test b.x < PREV(b.x) in place of LAST of another variable.")
}

// test reports whether thread k may take row i as a variable.
func (s *search) test(k, variable int, i int32) (bool, error) {
	if start := s.cur[k].start; i > start && !(s.within(start, s.block.time(i)) && s.timed(i)) {
		return false, nil
	}
	c := &s.conds[variable]
	switch c.onRow(i) {
	case untrue:
		return false, nil
	case failed:
		return false, s.fail(i, errorOn(c.errs, i))
	}
	if c.rest == nil || s.past.ok[k] {
		return true, nil
	}
	if err := errorOn(s.past.errs, int32(k)); err != nil {
		return false, s.fail(i, err)
	}
	return false, nil
}

// branch is a way to an instruction that takes no row: empty is the depth of the outermost loop around it whose repetition began on the
// way, or if there is none the depth of the program. That decides what an empty repetition leads to, so it belongs to the place.
type branch struct{ pc, empty int32 }

// follow adds the threads that t leads to without taking a row, in the order of preference; row is the next row. When it comes to
// the end of the pattern that is a match, and what is not preferred to it is left out.
func (s *search) follow(list []thread, t thread, row int32) []thread {
	if s.past != nil {
		s.closure++
	}
	s.stack = append(s.stack[:0], branch{t.pc, s.prog.depth})
	for len(s.stack) > 0 {
		x := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		place := x.pc*(s.prog.depth+1) + x.empty
		if s.visited[place] == s.closure {
			continue
		}
		s.visited[place] = s.closure
		switch in := &s.prog.list[x.pc]; in.op {
		case take:
			t.pc = x.pc
			list = s.add(list, t)
		case fork:
			s.stack = append(s.stack, branch{in.b, x.empty}, branch{in.a, x.empty})
		case enter:
			s.stack = append(s.stack, branch{x.pc + 1, min(x.empty, in.depth)})
		case again:
			s.again(in, x.empty)
		case accept:
			s.has, s.best = true, found{t.start, row, t.labels}
			return list
		}
	}
	return list
}

// again goes on behind a repetition.
func (s *search) again(in *instr, empty int32) {
	switch {
	case empty == in.depth: // the loop is left, and was the outermost
		s.stack = append(s.stack, branch{in.exit, s.prog.depth})
	case empty < in.depth:
		s.stack = append(s.stack, branch{in.exit, empty})
	default:
		s.stack = append(s.stack, branch{in.b, empty}, branch{in.a, empty})
	}
}

// add adds a thread unless there is one already that goes on alike.
func (s *search) add(list []thread, t thread) []thread {
	t.same = none
	if s.headOf[t.pc] == s.list {
		if s.past == nil || list[s.heads[t.pc]].reg == t.reg { // of one source or not, it has been here
			return list
		}
		t.same = s.heads[t.pc]
		for k := t.same; k != none && !s.past.tells; k = list[k].same {
			if s.past.alike(list[k].reg, t.reg) {
				return list
			}
			s.steps++
		}
	}
	s.headOf[t.pc], s.heads[t.pc] = s.list, int32(len(list))
	return append(list, t)
}

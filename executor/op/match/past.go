package match

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// past is what the threads of a search remember, for conditions that look at rows matched before: registers, and the states of
// aggregates. Thread t has row t.reg of both.
type past struct {
	node   *physical.Match
	conds  []condition
	tracks tracks
	aggs   []*aggregate
	// tells says that threads differ by more than registers: by aggregates, or by the variables that rows were given.
	tells bool

	regs, nextRegs     []int32
	states, nextStates [][]*vec.Vector // by aggregate

	// eval and call take errors by thread.
	eval expr.Ctx
	call fn.Ctx
	// ok is, by thread, whether the condition of its variable is true of the row at hand, as far as it is not local.
	ok   []bool
	errs []rowError

	reg, groups, rows, same []int32
	args                    [][]*vec.Vector // by aggregate, a row a thread
	cols                    []*vec.Vector   // by slot
	have                    []bool
	by                      [][]int32 // threads by variable
}

// newPast is nil if all conditions are local.
func newPast(n *physical.Match, conds []condition) (*past, error) {
	used, aggregates := make([]bool, len(n.Slots)), make([]bool, len(n.Slots))
	any, tells := false, false
	for v := range conds {
		any = any || conds[v].rest != nil
		for _, k := range conds[v].restSlots {
			s := &n.Slots[k]
			aggregates[k] = s.Kind == physical.SlotAggregate
			used[k] = used[k] || !isLocal(s, v)
			tells = tells || aggregates[k] || s.Kind == physical.SlotClassifier
		}
	}
	if !any {
		return nil, nil
	}
	p := &past{node: n, conds: conds, tells: tells, tracks: newTracks(n, used), have: make([]bool, len(n.Slots)), by: make([][]int32, len(conds))}
	p.cols = nulls(n.Slots)
	var err error
	p.aggs, err = newAggregates(n, aggregates)
	for _, a := range p.aggs {
		p.states, p.nextStates = append(p.states, a.newState()), append(p.nextStates, a.newState())
		args := make([]*vec.Vector, len(a.args))
		for k := range args {
			args[k] = &vec.Vector{}
		}
		p.args = append(p.args, args)
	}
	return p, err
}

// compute prepares for the rows of a block.
func (p *past) compute(ctx *op.Context, b *block) {
	fail := func(k int32, err error) { p.errs = append(p.errs, rowError{k, err}) }
	p.eval = expr.Ctx{Env: ctx.Env, Params: ctx.Params, Fail: fail}
	p.call.Use(ctx.Env)
	p.call.Fail = fail
	for _, a := range p.aggs {
		a.compute(ctx, b)
	}
}

// reset forgets all threads.
func (p *past) reset() {
	p.regs = p.regs[:0]
	for _, st := range p.states {
		resetState(st)
	}
}

// empty adds what a thread that begins remembers.
func (p *past) empty() int32 {
	if p.tracks.size == 0 && len(p.aggs) == 0 {
		return 0
	}
	p.regs = p.tracks.appendEmpty(p.regs)
	for _, st := range p.states {
		appendZero(st)
	}
	return 0
}

// alike reports whether two threads remember the same, if that is registers alone.
func (p *past) alike(a, b int32) bool {
	n := int32(p.tracks.size)
	return slices.Equal(p.regs[a*n:a*n+n], p.regs[b*n:b*n+n])
}

// step makes what the threads of a search remember that with row i, each by the variable it is to take it as, and tests the
// conditions: thread k's is row k now.
func (p *past) step(s *search, i int32) error {
	p.errs = p.errs[:0]
	p.advance(s, i)
	p.aggregate(s, i)
	p.regs, p.nextRegs = p.nextRegs, p.regs
	p.states, p.nextStates = p.nextStates, p.states
	p.test(s, i)
	return nil
}

// advance makes the registers.
func (p *past) advance(s *search, i int32) {
	n := p.tracks.size
	p.nextRegs = p.nextRegs[:0]
	for k := range s.cur {
		t := &s.cur[k]
		p.nextRegs = append(p.nextRegs, p.regs[int(t.reg)*n:int(t.reg)*n+n]...)
		p.tracks.update(p.nextRegs[k*n:], int(s.prog.list[t.pc].variable), i)
	}
}

// aggregate makes the states.
func (p *past) aggregate(s *search, i int32) {
	if len(p.aggs) == 0 {
		return
	}
	p.reg = p.reg[:0]
	for k := range s.cur {
		p.reg = append(p.reg, s.cur[k].reg)
	}
	for x, a := range p.aggs {
		next := p.nextStates[x]
		resetState(next)
		for v, st := range next {
			st.AppendSelected(p.states[x][v], p.reg, len(p.reg))
		}
		p.groups, p.rows = p.groups[:0], p.rows[:0]
		for k := range s.cur {
			p.groups = append(p.groups, int32(k))
			switch ok, err := a.counts(i, int(s.prog.list[s.cur[k].pc].variable)); {
			case err != nil:
				p.errs = append(p.errs, rowError{int32(k), err})
			case ok:
				p.rows = append(p.rows, int32(k))
			}
		}
		if len(p.rows) > 0 {
			p.repeat(x, i, len(s.cur))
			a.fn.Step(&p.call, next, p.groups, p.args[x], p.rows, nil)
		}
	}
}

// repeat makes the arguments of an aggregate those of row i, once for each of n threads.
func (p *past) repeat(x int, i int32, n int) {
	p.same = p.same[:0]
	for range n {
		p.same = append(p.same, i)
	}
	for k, v := range p.aggs[x].cols {
		p.args[x][k].Take(v, p.same)
	}
}

// test evaluates the conditions of the threads' variables.
func (p *past) test(s *search, i int32) {
	p.ok = append(p.ok[:0], make([]bool, len(s.cur))...)
	for v := range p.by {
		p.by[v] = p.by[v][:0]
	}
	for k := range s.cur {
		v := int(s.prog.list[s.cur[k].pc].variable)
		if c := &p.conds[v]; c.rest != nil && c.onRow(i) == isTrue {
			p.by[v] = append(p.by[v], int32(k))
		}
	}
	clear(p.have)
	for v, threads := range p.by {
		if len(threads) == 0 {
			continue
		}
		c := &p.conds[v]
		for _, k := range c.restSlots {
			if !p.have[k] {
				p.have[k] = true
				p.fill(s, k, i)
			}
		}
		for _, k := range c.rest.FilterRows(&p.eval, p.cols, len(s.cur), threads) {
			p.ok[k] = true
		}
	}
	for _, e := range p.errs {
		p.ok[e.row] = false
	}
}

// fill makes the column of slot k: its value for each thread, which has taken row i.
func (p *past) fill(s *search, k int, i int32) {
	slot := &p.node.Slots[k]
	if p.cols[k].Const {
		p.cols[k] = &vec.Vector{}
	}
	out := p.cols[k]
	switch slot.Kind {
	case physical.SlotNumber:
		out.Resize(slot.Type, len(s.cur))
		for t := range s.cur {
			out.I64[t] = s.seg.number + 1
		}
	case physical.SlotAggregate:
		p.finish(s, k)
	case physical.SlotClassifier:
		out.Resize(slot.Type, 0)
		for t, row := range p.positions(s, k, i) {
			out.Append(p.variable(s, &s.cur[t], row, i))
		}
	default:
		s.block.fill(slot, p.positions(s, k, i), out)
	}
}

// positions are the rows that a slot is of, by thread.
func (p *past) positions(s *search, k int, i int32) []int32 {
	slot := &p.node.Slots[k]
	p.rows = p.rows[:0]
	for t := range s.cur {
		row := i
		if !isLocal(slot, int(s.prog.list[s.cur[t].pc].variable)) && p.tracks.slot[k] != none {
			row = p.regs[t*p.tracks.size+p.tracks.slot[k]]
		}
		if row != none {
			row = s.seg.at(row, slot.Shift)
		}
		p.rows = append(p.rows, row)
	}
	return p.rows
}

// variable is the name of the variable that a row has in a thread that has taken row i.
func (p *past) variable(s *search, t *thread, row, i int32) types.Datum {
	switch {
	case row < t.start || row > i:
		return types.Null
	case row == i:
		return types.NewText(p.node.Variables[s.prog.list[t.pc].variable])
	}
	return types.NewText(p.node.Variables[s.labels.back(t.labels, i-1-row)])
}

// finish makes the column of an aggregate.
func (p *past) finish(s *search, k int) {
	for x, a := range p.aggs {
		if a.slot != k {
			continue
		}
		out := p.cols[k]
		out.Resize(a.spec.Type, len(s.cur))
		clear(out.Str)
		a.fn.Finish(&p.call, p.states[x], len(s.cur), out)
	}
}

package match

import "github.com/streamdb/streamdb/planner/physical"

// opcode is what an instruction does.
type opcode uint8

const (
	// take takes a row as variable and goes on with the next instruction.
	take opcode = iota
	// fork goes on with a, and if that fails with b.
	fork
	// enter begins a repetition of the loop of a depth.
	enter
	// again ends a repetition of the loop of a depth. It goes on like a fork; or, if the repetition has taken no row, with exit, as then
	// it is the last.
	again
	// accept ends a match.
	accept
)

// instr is an instruction: a state of the pattern.
type instr struct {
	op       opcode
	variable int32
	a, b     int32
	exit     int32
	depth    int32
}

// program is a compiled pattern. It begins with its first instruction.
type program struct {
	list []instr
	// depth is how deep loops are nested.
	depth int32
}

// compile compiles a pattern.
func compile(p *physical.Pattern) program {
	c := compiler{}
	c.pattern(p)
	c.emit(instr{op: accept})
	return program{c.list, c.deepest}
}

// compiler is a program in the making.
type compiler struct {
	list           []instr
	depth, deepest int32
}

func (c *compiler) emit(i instr) int32 {
	c.list = append(c.list, i)
	return c.next() - 1
}

func (c *compiler) next() int32 { return int32(len(c.list)) }

// fork emits a choice between what comes next and what set is told later; the former is preferred unless reluctant.
func (c *compiler) fork(reluctant bool) (set func(to int32)) {
	at := c.emit(instr{op: fork, a: c.next() + 1})
	if !reluctant {
		return func(to int32) { c.list[at].b = to }
	}
	c.list[at].b = at + 1
	return func(to int32) { c.list[at].a = to }
}

// jump emits a way to what set is told later.
func (c *compiler) jump() (set func(to int32)) {
	at := c.emit(instr{op: fork})
	return func(to int32) { c.list[at].a, c.list[at].b = to, to }
}

func (c *compiler) pattern(p *physical.Pattern) {
	switch p.Kind {
	case physical.PatternVariable:
		c.emit(instr{op: take, variable: int32(p.Variable)})
	case physical.PatternSequence:
		for i := range p.Items {
			c.pattern(&p.Items[i])
		}
	case physical.PatternAlternation:
		c.alternation(p.Items)
	case physical.PatternRepeat:
		c.repeat(p)
	}
}

func (c *compiler) alternation(items []physical.Pattern) {
	var ends []func(int32)
	for i := range items[:len(items)-1] {
		otherwise := c.fork(false)
		c.pattern(&items[i])
		ends = append(ends, c.jump())
		otherwise(c.next())
	}
	c.pattern(&items[len(items)-1])
	for _, set := range ends {
		set(c.next())
	}
}

// repeat writes out the repetitions that must be; further ones are optional within each other, or a loop, whose body comes once at
// least: whether it comes at all is decided before it.
func (c *compiler) repeat(p *physical.Pattern) {
	body := &p.Items[0]
	var ends []func(int32)
	if p.Max >= 0 {
		for range p.Min {
			c.pattern(body)
		}
		for range p.Max - p.Min {
			ends = append(ends, c.fork(p.Reluctant))
			c.pattern(body)
		}
	} else {
		for range p.Min - 1 {
			c.pattern(body)
		}
		if p.Min == 0 {
			ends = append(ends, c.fork(p.Reluctant))
		}
		c.loop(body, p.Reluctant)
	}
	for _, set := range ends {
		set(c.next())
	}
}

// loop emits a body that comes once at least.
func (c *compiler) loop(body *physical.Pattern, reluctant bool) {
	begin := c.emit(instr{op: enter, depth: c.depth})
	c.depth++
	c.deepest = max(c.deepest, c.depth)
	c.pattern(body)
	c.depth--
	i := instr{op: again, a: begin, b: c.next() + 1, exit: c.next() + 1, depth: c.depth}
	if reluctant {
		i.a, i.b = i.b, i.a
	}
	c.emit(i)
}

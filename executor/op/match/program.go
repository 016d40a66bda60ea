package match

import "github.com/streamdb/streamdb/planner/physical"

// opcode is what an instruction does.
type opcode uint8

const (
	// take takes a row as variable and goes on with the next instruction.
	take opcode = iota
	// fork goes on with a, and if that fails with b.
	fork
	// accept ends a match.
	accept
)

// instr is an instruction: a state of the pattern.
type instr struct {
	op       opcode
	variable int32
	a, b     int32
}

// program is a compiled pattern. It begins with its first instruction.
type program []instr

// compile compiles a pattern.
func compile(p *physical.Pattern) program {
	var c program
	c.pattern(p)
	return append(c, instr{op: accept})
}

func (c *program) emit(i instr) int32 {
	*c = append(*c, i)
	return int32(len(*c) - 1)
}

func (c *program) next() int32 { return int32(len(*c)) }

// fork emits a choice between what comes next and what set is told later; the former is preferred unless reluctant.
func (c *program) fork(reluctant bool) (set func(to int32)) {
	at := c.emit(instr{op: fork, a: c.next() + 1})
	if !reluctant {
		return func(to int32) { (*c)[at].b = to }
	}
	(*c)[at].b = at + 1
	return func(to int32) { (*c)[at].a = to }
}

// jump emits a way to what set is told later.
func (c *program) jump() (set func(to int32)) {
	at := c.emit(instr{op: fork})
	return func(to int32) { (*c)[at].a, (*c)[at].b = to, to }
}

func (c *program) pattern(p *physical.Pattern) {
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

func (c *program) alternation(items []physical.Pattern) {
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
func (c *program) repeat(p *physical.Pattern) {
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
		loop := c.next()
		c.pattern(body)
		c.again(loop, p.Reluctant)
	}
	for _, set := range ends {
		set(c.next())
	}
}

// again emits the choice between another repetition and what comes next.
func (c *program) again(loop int32, reluctant bool) {
	i := instr{op: fork, a: loop, b: c.next() + 1}
	if reluctant {
		i.a, i.b = i.b, i.a
	}
	c.emit(i)
}

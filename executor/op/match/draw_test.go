package match

import (
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// matchCase is a node with its conditions as the model has them. The first slots are the measures.
type matchCase struct {
	node  *physical.Match
	tests [][]test
}

// valueExpr is the number of a row.
var valueExpr = physical.E(expr.NewColumn(colValue, int8T, ""))

func drawCase(t *rapid.T) *matchCase {
	c := &matchCase{node: &physical.Match{PartitionBy: []int{colPart}, OrderBy: orderByTime, Variables: []string{"a", "b", "c"},
		Pattern: drawPattern(t, 3), Within: physical.NoWithin}}
	if rapid.IntRange(0, 2).Draw(t, "within") == 0 {
		c.node.Within = rapid.Int64Range(0, 6).Draw(t, "length")
	}
	if c.node.AllRows = rapid.IntRange(0, 2).Draw(t, "all rows") == 0; c.node.AllRows {
		c.node.OmitEmpty = rapid.Bool().Draw(t, "omit empty")
	}
	if rapid.Bool().Draw(t, "next row") {
		c.node.Skip = physical.SkipToNextRow
	}
	for range rapid.IntRange(1, 4).Draw(t, "measures") {
		s := drawSlot(t, true)
		s.Final = c.node.AllRows && rapid.Bool().Draw(t, "final")
		c.measure(s)
	}
	for range c.node.Variables {
		var tests []test
		for range rapid.IntRange(0, 2).Draw(t, "conjuncts") {
			tests = append(tests, drawTest(t))
		}
		c.define(tests...)
	}
	return c
}

func (c *matchCase) slot(s physical.MatchSlot) expr.Node {
	c.node.Slots = append(c.node.Slots, s)
	return expr.NewColumn(len(c.node.Slots)-1, s.Type, "")
}

func (c *matchCase) measure(s physical.MatchSlot) {
	c.node.Measures = append(c.node.Measures, physical.E(c.slot(s)))
}

// define adds the condition of the next variable.
func (c *matchCase) define(tests ...test) {
	var conjuncts []expr.Node
	for _, t := range tests {
		left, right := c.slot(t.left), expr.Node(expr.NewConst(t.left.Type, t.constant))
		if t.right != nil {
			right = c.slot(*t.right)
		}
		conjuncts = append(conjuncts, expr.NewCall(fn.Find(t.op, []types.Type{t.left.Type, t.left.Type}), left, right))
	}
	c.tests = append(c.tests, tests)
	e := physical.Expr{}
	if len(conjuncts) > 0 {
		e = physical.E(expr.NewAnd(conjuncts...))
	}
	c.node.Define = append(c.node.Define, e)
}

func (c *matchCase) output() []types.Type {
	out := inTypes[:1:1]
	if c.node.AllRows {
		out = inTypes[:len(inTypes):len(inTypes)]
	}
	for _, e := range c.node.Measures {
		out = append(out, e.Type())
	}
	return out
}

func (c *matchCase) subject() optest.Subject {
	return optest.Subject{Inputs: [][]types.Type{inTypes}, Output: c.output(),
		New: func(mem *state.Memory) (op.Operator, error) { return New(c.node, inTypes, c.output(), mem) }}
}

func (c *matchCase) model(in *optest.ZSet) *optest.ZSet {
	return model(c.node, c.tests, in, optest.NewZSet(c.output()))
}

func drawPattern(t *rapid.T, depth int) physical.Pattern {
	kind := physical.PatternVariable
	if depth > 0 {
		kind = rapid.SampledFrom([]physical.PatternKind{physical.PatternVariable, physical.PatternSequence, physical.PatternSequence,
			physical.PatternAlternation, physical.PatternRepeat, physical.PatternRepeat}).Draw(t, "pattern")
	}
	p := physical.Pattern{Kind: kind}
	items := 1
	switch kind {
	case physical.PatternVariable:
		p.Variable = rapid.IntRange(0, 2).Draw(t, "variable")
		return p
	case physical.PatternSequence:
		items = rapid.IntRange(0, 3).Draw(t, "items")
	case physical.PatternAlternation:
		items = rapid.IntRange(1, 3).Draw(t, "items")
	case physical.PatternRepeat:
		p.Min, p.Max = rapid.IntRange(0, 2).Draw(t, "min"), -1
		if rapid.Bool().Draw(t, "bounded") {
			p.Max = max(1, p.Min+rapid.IntRange(0, 2).Draw(t, "more"))
		}
		p.Reluctant = rapid.Bool().Draw(t, "reluctant")
	}
	for range items {
		p.Items = append(p.Items, drawPattern(t, depth-1))
	}
	return p
}

// drawSlot draws a number, or with any also a text.
func drawSlot(t *rapid.T, any bool) physical.MatchSlot {
	s := physical.MatchSlot{Type: int8T, Column: colValue}
	s.Of = rapid.SampledFrom([][]int{nil, {0}, {1}, {2}, {0, 1}}).Draw(t, "of")
	kinds := []physical.MatchSlotKind{physical.SlotColumn, physical.SlotColumn, physical.SlotColumn, physical.SlotAggregate, physical.SlotNumber}
	if any {
		kinds = append(kinds, physical.SlotClassifier)
	}
	switch s.Kind = rapid.SampledFrom(kinds).Draw(t, "slot"); s.Kind {
	case physical.SlotNumber:
		s.Of = nil
	case physical.SlotAggregate:
		s.Name = rapid.SampledFrom([]string{"count", "min", "max"}).Draw(t, "aggregate")
		if s.Name != "count" {
			s.ArgTypes, s.Args = []types.Type{int8T}, []physical.Expr{valueExpr}
		}
	default:
		drawNavigation(t, &s)
	}
	return s
}

func drawNavigation(t *rapid.T, s *physical.MatchSlot) {
	s.First = rapid.IntRange(0, 2).Draw(t, "first") == 0
	if rapid.IntRange(0, 2).Draw(t, "away") == 0 {
		s.Offset = rapid.IntRange(0, 2).Draw(t, "offset")
	}
	s.Shift = rapid.SampledFrom([]int{0, 0, -1, -1, -2, 1}).Draw(t, "shift")
	if s.Kind == physical.SlotClassifier {
		s.Type = textT
	}
}

func drawTest(t *rapid.T) test {
	x := test{left: drawSlot(t, false), op: rapid.SampledFrom([]string{"<", ">=", "="}).Draw(t, "op")}
	switch rapid.IntRange(0, 5).Draw(t, "test") {
	case 0: // of the variable that a row has been given
		x.left = physical.MatchSlot{Kind: physical.SlotClassifier}
		drawNavigation(t, &x.left)
		x.constant = types.NewText(rapid.SampledFrom([]string{"a", "b"}).Draw(t, "name"))
	case 1, 2:
		x.constant = types.NewInt(rapid.Int64Range(0, 4).Draw(t, "constant"))
	case 3: // of the row and the one before
		x.left = physical.MatchSlot{Kind: physical.SlotColumn, Type: int8T, Column: colValue}
		prev := x.left
		prev.Shift = -1
		x.right = &prev
	default:
		right := drawSlot(t, false)
		x.right = &right
	}
	return x
}

func drawRow(t *rapid.T, until int64) row {
	r := row{
		types.NewText(rapid.SampledFrom([]string{"p", "q"}).Draw(t, "part")),
		types.NewInt(rapid.Int64Range(0, until).Draw(t, "time")),
		types.NewInt(rapid.Int64Range(0, 4).Draw(t, "value")),
	}
	if rapid.IntRange(0, 14).Draw(t, "null") == 0 {
		r[colValue] = types.Null
	}
	return r
}

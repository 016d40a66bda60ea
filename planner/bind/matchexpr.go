package bind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// navigation is how a row of a match is found: see physical.MatchSlot. The zero value is the last row of a name.
type navigation struct {
	first         bool
	offset, shift int
	final         bool
}

// maxNavigation bounds the offsets of FIRST, LAST, PREV and NEXT: so many rows are remembered.
const maxNavigation = 10_000

const volatile = fn.Volatile

// matchCall binds a function that only MATCH_RECOGNIZE has; nil if it is none.
func (x *exprContext) matchCall(e *ast.FuncCall) expr.Node {
	if len(e.Name.Qualifier()) > 0 {
		return nil
	}
	name := e.Name.Last()
	switch name {
	case "first", "last":
		return x.navigationCall(e)
	case "prev", "next", "classifier", "match_number", "match_rowtime":
		x.onlyAggregate(e, name)
		if e.Semantics != ast.SemanticsDefault {
			fail(e.Position(), sqlerr.SyntaxError, "RUNNING and FINAL can stand before FIRST, LAST and aggregates only")
		}
	}
	switch name {
	case "prev", "next":
		return x.navigationCall(e)
	case "classifier":
		return x.classifier(e)
	case "match_number", "match_rowtime":
		return x.ofMatch(e, name)
	}
	return nil
}

// final reports whether a function sees all rows of the match, and fails where it cannot. With ONE ROW PER MATCH there is no difference.
func (x *exprContext) final(e *ast.FuncCall) bool {
	if e.Semantics == ast.SemanticsFinal && x.clause == "DEFINE" {
		panic(sqlerr.New(sqlerr.SyntaxError, "FINAL is not allowed in DEFINE").
			WithHint("A condition is tested when the match has come to its row: it sees the rows so far.").At(e.Position()))
	}
	return e.Semantics == ast.SemanticsFinal && x.match.node.Spec.AllRows
}

// navigationCall binds FIRST, LAST, PREV or NEXT.
func (x *exprContext) navigationCall(e *ast.FuncCall) expr.Node {
	what := strings.ToUpper(e.Name.Last())
	if x.navigating != "" || x.inAggregate {
		outer := x.navigating
		if x.inAggregate {
			outer = "an aggregate"
		}
		panic(sqlerr.New(sqlerr.WindowingError, "%s cannot stand inside %s", what, outer).
			WithHint("PREV and NEXT can go on from FIRST and LAST: PREV(LAST(a.x), 1).").At(e.Position()))
	}
	nav, arg := x.navigationOf(e)
	in := x.nested()
	in.navigating = what
	n := in.b.resolve(in.expr(arg), start(arg))
	x.joins = append(x.joins, in.joins...)
	return x.match.navigateWhole(n, nav, what, start(arg))
}

// navigationOf reads the offsets of a navigation and gives what is evaluated on the row that it finds.
func (x *exprContext) navigationOf(e *ast.FuncCall) (nav navigation, arg ast.Expr) {
	name := e.Name.Last()
	x.onlyAggregate(e, name)
	if len(e.Args) < 1 || len(e.Args) > 2 {
		fail(e.Position(), sqlerr.UndefinedFunction, "%s takes a value and an offset", strings.ToUpper(name))
	}
	arg = e.Args[0]
	switch name {
	case "first", "last":
		nav.first, nav.offset, nav.final = name == "first", x.rows(e, 0), x.final(e)
		return nav, arg
	}
	if call, ok := arg.(*ast.FuncCall); ok && call.Form == ast.FormCall && len(call.Name.Parts) == 1 {
		if inner := call.Name.Last(); inner == "first" || inner == "last" {
			nav, arg = x.navigationOf(call)
		}
	}
	nav.shift = x.rows(e, 1)
	if name == "prev" {
		nav.shift = -nav.shift
	}
	return nav, arg
}

// rows is the offset of a navigation: a constant number of rows.
func (x *exprContext) rows(e *ast.FuncCall, otherwise int) int {
	if len(e.Args) < 2 {
		return otherwise
	}
	what, pos := strings.ToUpper(e.Name.Last()), start(e.Args[1])
	c := x.nested()
	c.navigating = what
	k, ok := expr.Fold(x.b.coerceTo(c.expr(e.Args[1]), int8Type, what, pos)).(*expr.Const)
	switch {
	case !ok || k.Value.Null || k.Value.I < 0:
		fail(pos, sqlerr.InvalidParameterValue, "the offset of %s must be a constant that is not negative", what)
	case k.Value.I > maxNavigation:
		fail(pos, sqlerr.ProgramLimitExceeded, "the offset of %s must not be greater than %d", what, maxNavigation)
	}
	return int(k.Value.I)
}

// navigateWhole binds an expression that is evaluated on one row. It is null where there is no such row, whatever it makes of nulls.
func (m *recognition) navigateWhole(n expr.Node, nav navigation, what string, pos int) expr.Node {
	name := m.sole(what, pos, n)
	out := m.navigate(n, nav)
	if _, ok := n.(*expr.Column); ok {
		return out
	}
	there := m.slot(logical.MatchSlot{Spec: m.spec(physical.SlotExists, name, nav, boolType)})
	return expr.NewCase(n.Type(), []expr.When{{Cond: m.b.md.Ref(there), Result: out}}, nil)
}

// sole is the name that all columns of some expressions are of.
func (m *recognition) sole(what string, pos int, exprs ...expr.Node) int {
	found := -1
	for _, c := range logical.ExprCols(exprs...).List() {
		ref, ok := m.refs[c]
		if !ok {
			unsupported(pos, "MATCH_NUMBER in the argument of "+what, "Use it beside.")
		}
		if found >= 0 && found != ref.name {
			panic(sqlerr.New(sqlerr.InvalidColumnReference, "the argument of %s must not read rows of several pattern variables", what).
				WithHint("Name the rows of several variables by SUBSET.").At(pos))
		}
		found = ref.name
	}
	if found < 0 {
		fail(pos, sqlerr.InvalidColumnReference, "the argument of %s must read a column", what)
	}
	return found
}

// navigate replaces the columns of names by slots: their values on the row that nav finds.
func (m *recognition) navigate(n expr.Node, nav navigation) expr.Node {
	return expr.Rewrite(n, func(e expr.Node) expr.Node {
		c, ok := logical.ColumnOf(e)
		if !ok {
			return e
		}
		ref, ok := m.refs[c]
		if !ok {
			return e
		}
		kind := physical.SlotColumn
		if ref.column == 0 {
			kind = physical.SlotClassifier
		}
		slot := m.slot(logical.MatchSlot{Spec: m.spec(kind, ref.name, nav, e.Type()), Column: ref.column})
		return m.b.ref(slot, m.b.positions[e])
	})
}

// slot is the column of a slot, a new one unless there is the same already.
func (m *recognition) slot(s logical.MatchSlot) logical.ColID {
	for i := range m.node.Slots {
		t := m.node.Slots[i]
		s.Col = t.Col
		if t.Column == s.Column && t.Aggregate == s.Aggregate && slices.EqualFunc(t.Args, s.Args, expr.Equal) && sameSlot(&t.Spec, &s.Spec) {
			return t.Col
		}
	}
	s.Col = m.b.md.New(m.slotName(&s), s.Spec.Type)
	m.node.Slots = append(m.node.Slots, s)
	return s.Col
}

func sameSlot(s, t *physical.MatchSlot) bool {
	return s.Kind == t.Kind && s.Type == t.Type && slices.Equal(s.Of, t.Of) && s.First == t.First && s.Offset == t.Offset && s.Shift == t.Shift && s.Final == t.Final
}

// spec is a slot of a name.
func (m *recognition) spec(kind physical.MatchSlotKind, name int, nav navigation, t types.Type) physical.MatchSlot {
	return physical.MatchSlot{Kind: kind, Type: t, Of: m.names[name].of, First: nav.first, Offset: nav.offset, Shift: nav.shift, Final: nav.final}
}

// slotName is what EXPLAIN calls a slot.
func (m *recognition) slotName(s *logical.MatchSlot) string {
	text := m.runningName(s)
	if s.Spec.Final {
		return "final " + text
	}
	return text
}

func (m *recognition) runningName(s *logical.MatchSlot) string {
	name := ""
	for _, n := range m.names {
		if slices.Equal(n.of, s.Spec.Of) {
			name = n.name
			break
		}
	}
	text := name
	switch s.Spec.Kind {
	case physical.SlotNumber:
		return "match_number()"
	case physical.SlotAggregate:
		return aggregateText(s, name)
	case physical.SlotClassifier:
		text = "classifier(" + name + ")"
	case physical.SlotColumn:
		if text = m.b.md.Get(s.Column).Name; name != "" {
			text = name + "." + text
		}
	}
	if s.Spec.First || s.Spec.Offset > 0 {
		text = fmt.Sprintf("%s(%s, %d)", map[bool]string{true: "first", false: "last"}[s.Spec.First], text, s.Spec.Offset)
	}
	switch {
	case s.Spec.Shift < 0:
		text = fmt.Sprintf("prev(%s, %d)", text, -s.Spec.Shift)
	case s.Spec.Shift > 0:
		text = fmt.Sprintf("next(%s, %d)", text, s.Spec.Shift)
	}
	return text
}

// aggregateText is sum(a.x), count(a.*), or for what is no plain column sum(x + y) of a.
func aggregateText(s *logical.MatchSlot, name string) string {
	args := make([]string, len(s.Args))
	for i, a := range s.Args {
		args[i] = a.String()
	}
	text := strings.Join(args, ", ")
	plain := len(args) == 0
	if plain {
		text = "*"
	} else if len(args) == 1 {
		_, plain = logical.ColumnOf(s.Args[0])
	}
	switch {
	case name == "":
	case plain:
		text = name + "." + text
	default:
		return fmt.Sprintf("%s(%s) of %s", s.Aggregate.Name, text, name)
	}
	return s.Aggregate.Name + "(" + text + ")"
}

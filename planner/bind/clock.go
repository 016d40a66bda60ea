package bind

import (
	"slices"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// clockFuncs are the functions that tell the transaction's time: in the WHERE of a view they are the time of the epoch.
var clockFuncs = []string{"now", "transaction_timestamp", "statement_timestamp", "current_timestamp", "localtimestamp"}

func tellsTime(f *fn.Func) bool { return len(f.Args) == 0 && slices.Contains(clockFuncs, f.Name) }

func usesClock(n expr.Node) bool {
	return expr.Any(n, func(m expr.Node) bool {
		c, ok := m.(*expr.Call)
		return ok && tellsTime(c.Fn)
	})
}

// where binds the WHERE of a SELECT over a plan. In a view conditions that compare with now() are no filters: their rows come and go with
// time.
func (b *binder) where(s *scope, e ast.Expr, n logical.Node) logical.Node {
	b.clock = b.View
	f := b.context(s, "WHERE").filter(e)
	b.clock = false
	if !b.View || e == nil {
		return f.apply(n)
	}
	var spans []*logical.Temporal
	var conds []expr.Node
	for _, cond := range f.conds {
		for _, c := range expr.Conjuncts(cond) {
			if !usesClock(c) {
				conds = append(conds, c)
				continue
			}
			t := b.span(c, e.Position())
			if t == nil {
				panic(errClock(e.Position()))
			}
			spans = append(spans, t)
		}
	}
	f.conds = conds
	for _, x := range []*exprContext{f.values, f.semis} {
		x.mapJoins(func(c expr.Node) expr.Node {
			if usesClock(c) {
				panic(errClock(e.Position()))
			}
			return c
		})
	}
	n = f.apply(n)
	for _, t := range spans {
		t.Input = n
		n = t
	}
	return n
}

func errClock(pos int) error {
	return sqlerr.New(sqlerr.FeatureNotSupported, "now() in a view can only be compared, with <, <=, >, >= or BETWEEN, as an operand of AND in WHERE").
		WithDetail("Then it is known when each row comes and goes.").
		WithHint("Write it as ts > now() - INTERVAL '5 minutes', with an interval of days, hours and less on the side of now().").At(pos)
}

// span reads a comparison with now(): when the rows come, or when they go. nil: it is none.
func (b *binder) span(c expr.Node, pos int) *logical.Temporal {
	call, ok := c.(*expr.Call)
	if !ok || len(call.Args) != 2 {
		return nil
	}
	op, x, clock := call.Fn.Name, call.Args[0], call.Args[1]
	if usesClock(x) {
		x, clock = clock, x
		op = map[string]string{"<": ">", "<=": ">=", ">": "<", ">=": "<="}[op]
	}
	shift, ok := clockShift(clock)
	if !ok || usesClock(x) || !isTime(x.Type()) {
		return nil
	}
	const tick = 1 // a microsecond: times have no smaller parts
	switch op {
	case ">":
		return &logical.Temporal{To: b.later(x, -shift, pos)}
	case ">=":
		return &logical.Temporal{To: b.later(x, tick-shift, pos)}
	case "<":
		return &logical.Temporal{From: b.later(x, tick-shift, pos)}
	case "<=":
		return &logical.Temporal{From: b.later(x, -shift, pos)}
	}
	return nil
}

func isTime(t types.Type) bool {
	return !t.Array && (t.ID == types.Timestamp || t.ID == types.Timestamptz)
}

// later is x and so many microseconds.
func (b *binder) later(x expr.Node, micros int64, pos int) expr.Node {
	if micros == 0 {
		return x
	}
	return b.overload("+", []expr.Node{x, expr.NewConst(types.T(types.Interval), types.NewInterval(0, 0, micros))}, pos)
}

// clockShift reads now() plus or minus fixed lengths of time, and gives their sum in microseconds.
func clockShift(n expr.Node) (int64, bool) {
	switch n := n.(type) {
	case *expr.Cast:
		if isTime(n.To) && isTime(n.Arg.Type()) {
			return clockShift(n.Arg)
		}
	case *expr.Call:
		if tellsTime(n.Fn) {
			return 0, true
		}
		if len(n.Args) != 2 || n.Fn.Name != "+" && n.Fn.Name != "-" {
			return 0, false
		}
		at, ok := clockShift(n.Args[0])
		length, fixed := fixedLength(n.Args[1])
		if n.Fn.Name == "-" {
			length = -length
		}
		return at + length, ok && fixed
	}
	return 0, false
}

// fixedLength is a constant interval without months, whose length depends on nothing.
func fixedLength(n expr.Node) (int64, bool) {
	c, ok := expr.Fold(n).(*expr.Const)
	if !ok || c.Value.Null || c.Type().ID != types.Interval {
		return 0, false
	}
	months, days, micros := c.Value.W.Interval()
	return int64(days)*24*3600*1e6 + micros, months == 0
}

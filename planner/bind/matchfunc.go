package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// checkVariable fails where a column is qualified by what is no pattern variable.
func (m *recognition) checkVariable(ref *ast.ColumnRef) {
	if q := ref.Name.Qualifier(); len(q) > 0 && (len(q) > 1 || m.find(q[0]) == 0) {
		m.undefined(ast.Ident{Pos: ref.Position(), Name: q[len(q)-1]})
	}
}

// classifier binds CLASSIFIER() and CLASSIFIER(variable): the name of the variable that a row has.
func (x *exprContext) classifier(e *ast.FuncCall) expr.Node {
	if x.inAggregate {
		unsupported(e.Position(), "CLASSIFIER in an aggregate", "Count the rows of one variable by count(v.*).")
	}
	name := 0
	if len(e.Args) > 0 {
		ref, ok := e.Args[0].(*ast.ColumnRef)
		if !ok || len(e.Args) > 1 || ref.Star || len(ref.Name.Parts) != 1 {
			fail(e.Position(), sqlerr.SyntaxError, "the argument of CLASSIFIER must be a pattern variable")
		}
		if name = x.match.find(ref.Name.Last()); name == 0 {
			x.match.undefined(ast.Ident{Pos: ref.Position(), Name: ref.Name.Last()})
		}
	}
	return x.b.ref(x.match.names[name].classifier, e.Position())
}

// ofMatch binds what is said of a match as a whole: its number, or the time of its last row.
func (x *exprContext) ofMatch(e *ast.FuncCall, name string) expr.Node {
	m := x.match
	if len(e.Args) > 0 {
		fail(e.Position(), sqlerr.UndefinedFunction, "%s takes no arguments", name)
	}
	if x.navigating != "" || x.inAggregate {
		unsupported(e.Position(), name+" in the argument of another function", "Use it beside.")
	}
	if name == "match_number" {
		slot := m.slot(logical.MatchSlot{Spec: physical.MatchSlot{Kind: physical.SlotNumber, Type: int8Type}})
		return m.b.ref(slot, e.Position())
	}
	time := m.node.OrderBy[0].Col
	slot := m.slot(logical.MatchSlot{Spec: m.spec(physical.SlotColumn, 0, navigation{}, m.b.md.Type(time)), Column: time})
	return m.b.ref(slot, e.Position())
}

// matchAggregate binds an aggregate over the rows of a name.
func (x *exprContext) matchAggregate(e *ast.FuncCall, name string) expr.Node {
	pos := e.Position()
	switch {
	case x.inAggregate:
		fail(pos, sqlerr.GroupingError, "aggregate function calls cannot be nested")
	case x.navigating != "":
		fail(pos, sqlerr.GroupingError, "aggregate functions are not allowed in %s", x.navigating)
	case e.Distinct:
		unsupported(pos, "DISTINCT in an aggregate of MATCH_RECOGNIZE", "Aggregate over the matches instead.")
	case e.Filter != nil:
		unsupported(pos, "FILTER in an aggregate of MATCH_RECOGNIZE", "Aggregate over a pattern variable with that condition.")
	case e.OrderBy != nil || e.WithinGroup != nil:
		unsupported(pos, "ORDER BY in an aggregate of MATCH_RECOGNIZE", "The rows come in the order of the match.")
	}
	final := x.final(e)
	in := x.nested()
	in.inAggregate, in.clause = true, "aggregate arguments"
	of, star := x.match.starOf(e)
	var args []expr.Node
	if !star {
		args = in.args(e)
		x.joins = append(x.joins, in.joins...)
	}
	agg, args := x.b.pickAggregate(name, args, star, e.Variadic, pos)
	if agg.OrderedSet {
		unsupported(pos, "the ordered-set aggregate "+name+" in MATCH_RECOGNIZE", "Aggregate over the matches instead.")
	}
	if !star {
		of = x.match.sole(name, pos, args...)
	}
	return x.match.aggregate(agg, of, args, final, pos)
}

// starOf tells count(*) and count(v.*), and whose rows they count.
func (m *recognition) starOf(e *ast.FuncCall) (name int, star bool) {
	if e.Star {
		return 0, true
	}
	if len(e.Args) != 1 {
		return 0, false
	}
	ref, ok := e.Args[0].(*ast.ColumnRef)
	if !ok || !ref.Star || len(ref.Name.Parts) == 0 {
		return 0, false
	}
	m.checkVariable(&ast.ColumnRef{Name: ast.Name{Pos: ref.Position(), Parts: append(append([]string(nil), ref.Name.Parts...), "*")}})
	return m.find(ref.Name.Last()), true
}

// aggregate is the slot of an aggregate, its arguments being computed on the rows of the input.
func (m *recognition) aggregate(agg *fn.Aggregate, of int, args []expr.Node, final bool, pos int) expr.Node {
	for i, a := range args {
		args[i] = expr.Rewrite(a, func(n expr.Node) expr.Node {
			if c, ok := logical.ColumnOf(n); ok {
				return m.b.ref(m.refs[c].column, m.b.positions[n])
			}
			return n
		})
	}
	spec := m.spec(physical.SlotAggregate, of, navigation{final: final}, agg.ResultType(expr.Types(args)))
	return m.b.ref(m.slot(logical.MatchSlot{Spec: spec, Aggregate: agg, Args: args}), pos)
}

package bind

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// recognition is the binding of a MATCH_RECOGNIZE: what its expressions are bound against.
type recognition struct {
	b    *binder
	node *logical.Match
	// names are the pattern variables and the subsets of them, behind the name of all rows, which is empty.
	names []matchName
	// scope has a FROM item for each name, with columns of its own for each column of the input.
	scope *scope
	refs  map[logical.ColID]matchRef
}

// matchName is a name for rows of a match: those of the variables of, or all if it has none.
type matchName struct {
	name string
	of   []int
	// classifier is the column that stands for the variable of one of its rows.
	classifier logical.ColID
}

// matchRef is what a column of a name means; the classifier is no column of the input.
type matchRef struct {
	name   int
	column logical.ColID
}

// matchRecognize binds MATCH_RECOGNIZE: the columns of PARTITION BY, then the measures; with ALL ROWS PER MATCH also those of ORDER BY before
// the measures, and all others of the input behind them.
func (b *binder) matchRecognize(t *ast.MatchRecognize, s *scope) (logical.Node, []*fromItem) {
	if t.Rows.Kind == ast.AllRowsWithUnmatched {
		unsupported(t.Rows.Pos, "WITH UNMATCHED ROWS", "Give them a variable: PATTERN (… | other), the last that is preferred.")
	}
	in, items := b.tableExpr(t.Input, s)
	cols := visible(items)
	m := &recognition{b: b, node: &logical.Match{}, refs: map[logical.ColID]matchRef{}}
	m.node.Spec.AllRows, m.node.Spec.OmitEmpty = t.Rows.Kind != ast.OneRowPerMatch, t.Rows.Kind == ast.AllRowsOmitEmpty
	keys := m.partition(t, logical.NewProject(in, logical.PassThrough(b.md, ids(cols))), items, s)
	m.pattern(t)
	m.node.Spec.Within = m.within(t)
	m.makeScope(cols)
	m.define(t.Define)
	out := m.output(keys, m.measures(t.Measures), cols)
	if len(out) == 0 { // rows without columns have no form
		number := b.md.New("match_number", int8Type)
		slot := m.slot(logical.MatchSlot{Spec: physical.MatchSlot{Kind: physical.SlotNumber, Type: int8Type}})
		m.node.Measures = []logical.Item{{Col: number, Expr: b.md.Ref(slot)}}
	}
	it := b.named(out, items[0].name, t.Alias, t.Pos)
	it.relVisible = it.name != ""
	return m.node, []*fromItem{it}
}

// output are the columns of the result.
func (m *recognition) output(keys, measures, cols []outCol) []outCol {
	if !m.node.Spec.AllRows {
		return append(keys, measures...)
	}
	out := slices.Clone(keys)
	add := func(c outCol) {
		if !slices.ContainsFunc(out, func(o outCol) bool { return o.id == c.id }) {
			out = append(out, c)
		}
	}
	for _, k := range m.node.OrderBy {
		if i := slices.IndexFunc(cols, func(c outCol) bool { return c.id == k.Col }); i >= 0 {
			add(cols[i])
		}
	}
	out = append(out, measures...)
	for _, c := range cols {
		add(c)
	}
	return out
}

func ids(cols []outCol) []logical.ColID {
	out := make([]logical.ColID, len(cols))
	for i, c := range cols {
		out[i] = c.id
	}
	return out
}

// partition binds PARTITION BY and ORDER BY over the input and gives the columns of the first.
func (m *recognition) partition(t *ast.MatchRecognize, in logical.Node, items []*fromItem, s *scope) []outCol {
	x := m.b.context(&scope{items: items, unreachable: s.items}, "PARTITION BY of MATCH_RECOGNIZE")
	p := m.b.projector(in)
	var keys []outCol
	for _, e := range t.PartitionBy {
		n := x.groupOrOrder(e)
		m.b.mustEqual(n.Type(), start(e))
		c := p.col(n, "?column?")
		if !slices.Contains(m.node.PartitionBy, c) {
			m.node.PartitionBy = append(m.node.PartitionBy, c)
			keys = append(keys, outCol{m.b.md.Get(c).Name, c})
		}
	}
	x.clause = "ORDER BY of MATCH_RECOGNIZE"
	var order []orderExpr
	for _, o := range t.OrderBy {
		order = append(order, x.orderExpr(o, nil))
	}
	m.node.OrderBy = p.sortKeys(order)
	if len(x.joins) > 0 {
		unsupported(t.Pos, "a subquery in PARTITION BY or ORDER BY of MATCH_RECOGNIZE", "Compute it in a subquery in FROM.")
	}
	m.node.Input = p.node()
	return keys
}

// within is the length of WITHIN in microseconds.
func (m *recognition) within(t *ast.MatchRecognize) int64 {
	if t.Within == nil {
		return physical.NoWithin
	}
	pos := start(t.Within)
	first := m.node.OrderBy[0]
	if typ := m.b.md.Type(first.Col); typ.Array || typ.ID != types.Timestamp && typ.ID != types.Timestamptz {
		panic(sqlerr.New(sqlerr.DatatypeMismatch, "WITHIN needs an order by a timestamp, not by type %s", typ.Plain()).
			WithHint("Order by an event-time column first.").At(start(t.OrderBy[0].Expr)))
	}
	if first.Desc || first.NullsFirst {
		panic(sqlerr.New(sqlerr.InvalidParameterValue, "WITHIN needs ascending time").
			WithHint("Write ORDER BY %s.", m.b.md.Get(first.Col).Name).At(start(t.OrderBy[0].Expr)))
	}
	n := m.b.constantInterval(t.Within, "bound", withinClause{})
	if n < 0 {
		fail(pos, sqlerr.InvalidParameterValue, "the bound of WITHIN must not be negative")
	}
	return n
}

// withinClause is the name of the clause in the errors of constantInterval.
type withinClause struct{}

func (withinClause) String() string { return "WITHIN" }

// makeScope makes a FROM item for each name: the columns of all rows can be named alone, those of a variable by its name.
func (m *recognition) makeScope(cols []outCol) {
	m.scope = &scope{}
	for i := range m.names {
		n := &m.names[i]
		it := &fromItem{name: n.name, relVisible: n.name != "", colsVisible: n.name == ""}
		for _, c := range cols {
			id := m.b.md.Copy(c.id)
			m.refs[id] = matchRef{i, c.id}
			it.cols = append(it.cols, outCol{c.name, id})
		}
		n.classifier = m.b.md.New("classifier", textType)
		m.refs[n.classifier] = matchRef{name: i}
		m.scope.items = append(m.scope.items, it)
	}
}

// define binds the conditions.
func (m *recognition) define(defs []*ast.MatchDefine) {
	m.node.Define = make([]expr.Node, len(m.node.Spec.Variables))
	seen := map[string]bool{}
	for _, d := range defs {
		v := slices.Index(m.node.Spec.Variables, d.Name.Name)
		switch {
		case v < 0 && m.find(d.Name.Name) > 0:
			panic(sqlerr.New(sqlerr.InvalidColumnReference, "%q is a subset of variables and cannot be defined", d.Name.Name).
				WithHint("Define each of its variables.").At(d.Name.Pos))
		case v < 0:
			m.undefined(d.Name)
		case seen[d.Name.Name]:
			fail(d.Name.Pos, sqlerr.DuplicateAlias, "pattern variable %q is defined more than once", d.Name.Name)
		}
		seen[d.Name.Name] = true
		x := m.context("DEFINE")
		m.node.Define[v] = m.finish(x, x.condition(d.Cond, "DEFINE"), start(d.Cond))
	}
}

// measures binds MEASURES.
func (m *recognition) measures(list []*ast.MatchMeasure) []outCol {
	var out []outCol
	for _, it := range list {
		if slices.ContainsFunc(out, func(c outCol) bool { return c.name == it.Name.Name }) {
			fail(it.Name.Pos, sqlerr.DuplicateColumn, "column name %q appears more than once in MEASURES", it.Name.Name)
		}
		x := m.context("MEASURES")
		n := m.finish(x, m.b.resolve(x.expr(it.Expr), start(it.Expr)), start(it.Expr))
		c := m.b.md.New(it.Name.Name, n.Type())
		m.node.Measures = append(m.node.Measures, logical.Item{Col: c, Expr: n})
		out = append(out, outCol{it.Name.Name, c})
	}
	return out
}

func (m *recognition) context(clause string) *exprContext {
	x := m.b.context(m.scope, clause)
	x.match = m
	return x
}

// finish makes what is left of plain columns slots: a column of a name is that of the last of its rows.
func (m *recognition) finish(x *exprContext, n expr.Node, pos int) expr.Node {
	if len(x.joins) > 0 {
		unsupported(pos, "a subquery in "+x.clause, "Join what it reads to the input of MATCH_RECOGNIZE.")
	}
	if x.clause == "DEFINE" && expr.Volatility(n) == volatile {
		unsupported(pos, "a volatile function in DEFINE", "Compute its value in a subquery in FROM.")
	}
	return m.navigate(n, navigation{})
}

// find is the index of a name; 0 if there is none.
func (m *recognition) find(name string) int {
	return max(0, slices.IndexFunc(m.names, func(n matchName) bool { return n.name == name }))
}

// undefined fails for a name that is no pattern variable.
func (m *recognition) undefined(n ast.Ident) {
	panic(sqlerr.New(sqlerr.UndefinedObject, "pattern variable %q does not exist", n.Name).
		WithHint("PATTERN has %s. A column of any row is named alone.", strings.Join(m.node.Spec.Variables, ", ")).At(n.Pos))
}

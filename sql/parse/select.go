package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
)

// core spells one SELECT without the clauses of a whole query. What MySQL lacks
// rides in two calls: the first field is `x0`(DISTINCT ON's list), HAVING is
// `x9`(its condition, the parts of WINDOW's definitions).
func (s *speller) core() {
	n := &ast.SelectCore{Pos: s.pos()}
	s.expect("select")
	s.emit("SELECT ")
	s.distinct(n)
	s.targets(n)
	if s.word("into") {
		n.Into = s.into()
	}
	at, hasFrom := s.open(), s.accept("from")
	if hasFrom {
		s.emit(" FROM ")
		s.fromList()
	}
	s.where()
	s.groupBy(n)
	s.havingAndWindows(n)
	if !hasFrom && s.open() != at {
		// MySQL wants a table before GROUP BY and HAVING.
		s.insert(at, piece{mark: s.newMark(noTable{})})
		s.insert(at, piece{text: " FROM ", mark: noMark})
	}
}

// noTable stands in the FROM that MySQL wants and the client has not.
type noTable struct{}

func (s *speller) distinct(n *ast.SelectCore) {
	from := s.open()
	var a args
	switch s.acceptAny("distinct", "all") {
	case "distinct":
		n.Distinct = true
		if s.accept("on") {
			n.Distinct = false
			a = s.exprList("(", ")")
			n.DistinctOn = make([]ast.Expr, a)
		}
	}
	s.call(from, n)
	s.fillAll(n.DistinctOn)
}

// targets spells the output columns, of which there may be none.
func (s *speller) targets(n *ast.SelectCore) {
	if s.targetsEnd() {
		return
	}
	s.commaList(func() {
		s.emit(",")
		n.Targets = append(n.Targets, s.target())
	})
}

// targetsEnd reports whether a SELECT without columns goes on or ends here.
func (s *speller) targetsEnd() bool {
	t := s.peek()
	switch t.kind {
	case tokEOF:
		return true
	case tokPunct:
		return t.text == ")" || t.text == ";"
	case tokWord:
		switch t.text {
		case "from", "where", "group", "having", "window", "order", "limit", "offset", "fetch", "for",
			"union", "intersect", "except", "into", "returning", "on", "with":
			return t.cat == ast.ReservedKeyword
		}
	}
	return false
}

// target spells an output column: *, or an expression with its label.
func (s *speller) target() *ast.Target {
	if t := s.peek(); t.op("*") {
		s.next()
		star := &ast.ColumnRef{Name: ast.Name{Pos: int(t.pos)}, Star: true}
		s.name(star)
		return &ast.Target{}
	}
	s.expr()
	t := &ast.Target{}
	if s.accept("as") {
		t.Alias = s.label().Name
	} else if s.isBareLabel() {
		t.Alias = s.next().text
	}
	return t
}

// into takes SELECT's INTO [TEMP] [TABLE] name.
func (s *speller) into() *ast.IntoTarget {
	s.expect("into")
	into := &ast.IntoTarget{}
	if !s.peekAt(1).punct(".") {
		_ = s.accept("local") || s.accept("global")
		into.Temp = s.acceptAny("temp", "temporary") != ""
		into.Unlogged = !into.Temp && s.accept("unlogged")
	}
	s.accept("table")
	into.Name = s.qualifiedName()
	return into
}

func (s *speller) where() {
	if s.accept("where") {
		s.emit(" WHERE ")
		s.expr()
	}
}

func (s *speller) groupBy(n *ast.SelectCore) {
	if !s.accept("group", "by") {
		return
	}
	n.GroupDistinct = s.accept("distinct")
	if !n.GroupDistinct {
		s.accept("all")
	}
	s.emit(" GROUP BY ")
	var a args
	s.commaList(func() {
		a.next(s)
		s.groupItem()
	})
}

// groupItem spells an item of GROUP BY: an expression, (), ROLLUP, CUBE or
// GROUPING SETS.
func (s *speller) groupItem() {
	from, pos := s.open(), s.pos()
	n := &ast.GroupingSet{Pos: pos}
	switch {
	case s.peek().punct("(") && s.peekAt(1).punct(")"):
		s.i += 2
		s.call(from, n)
		return
	case s.word("rollup") && s.peekAt(1).punct("("):
		n.Kind = ast.GroupingRollup
		s.next()
	case s.word("cube") && s.peekAt(1).punct("("):
		n.Kind = ast.GroupingCube
		s.next()
	case s.word("grouping", "sets"):
		n.Kind = ast.GroupingSets
		s.i += 2
	default:
		s.expr()
		return
	}
	s.enter()
	var a args
	s.parenList(func() {
		a.next(s)
		s.groupItem()
	})
	s.leave()
	n.Items = make([]ast.Expr, a)
	s.call(from, n)
	s.fillAll(n.Items)
}

// coreTail is the node of the call that stands for HAVING and WINDOW; its holes
// are the core's own.
type coreTail struct{}

// havingAndWindows spells HAVING and WINDOW.
func (s *speller) havingAndWindows(n *ast.SelectCore) {
	from := s.open()
	var a args
	having := s.accept("having")
	if having {
		a.next(s)
		s.expr()
	}
	if s.accept("window") {
		s.commaList(func() {
			name := s.ident()
			s.expect("as")
			w := s.windowDef(&a)
			w.Pos, w.Name = name.Pos, name.Name
			n.Windows = append(n.Windows, w)
		})
	}
	if !having && n.Windows == nil {
		return
	}
	s.call(from, coreTail{})
	s.insert(from, piece{text: " HAVING ", mark: noMark})
	if having {
		s.fill(&n.Having)
	}
	for _, w := range n.Windows {
		s.fillWindow(w)
	}
}

// core un-spells a SELECT of TiDB's: by its first field a SELECT of the
// client's, VALUES, or a nested operand.
func (u *unspeller) core(n *tidb.SelectStmt) ast.SelectBody {
	fields := n.Fields.Fields
	switch head := u.call(fields[0].Expr).(type) {
	case *ast.Values:
		return head
	case *operandMark:
		return head.body
	case *ast.SelectCore:
		for i, f := range fields[1:] {
			head.Targets[i].Expr = u.expr(f.Expr)
		}
		u.clauses(head, n)
		return head
	}
	misread("a query's head was expected")
	return nil
}

func (u *unspeller) clauses(core *ast.SelectCore, n *tidb.SelectStmt) {
	if n.From != nil && !u.isNoTable(n.From.TableRefs) {
		core.From = u.fromList(n.From.TableRefs)
	}
	if n.Where != nil {
		core.Where = u.expr(n.Where)
	}
	if n.GroupBy != nil {
		core.GroupBy = make([]ast.Expr, len(n.GroupBy.Items))
		for i, item := range n.GroupBy.Items {
			core.GroupBy[i] = u.expr(item.Expr)
		}
	}
	if n.Having != nil {
		u.call(n.Having.Expr)
	}
}

// isNoTable reports whether a FROM is not the client's.
func (u *unspeller) isNoTable(j *tidb.Join) bool {
	src, ok := j.Left.(*tidb.TableSource)
	if !ok {
		return false
	}
	table, ok := src.Source.(*tidb.TableName)
	if !ok {
		return false
	}
	_, ok = u.mark(table.Name.O).node.(noTable)
	return ok
}

// soleField is the expression of a SELECT that has nothing but one.
func soleField(stmt stmtNode) tidb.ExprNode {
	sel, ok := stmt.(*tidb.SelectStmt)
	if !ok || len(sel.Fields.Fields) != 1 {
		misread("one expression was expected")
	}
	return sel.Fields.Fields[0].Expr
}

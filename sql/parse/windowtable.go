package parse

import (
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// windowTables are the window table functions by name.
var windowTables = map[string]ast.WindowKind{
	"tumble": ast.WindowTumble, "hop": ast.WindowHop, "cumulate": ast.WindowCumulate, "session": ast.WindowSession,
}

// windowTableAhead reports whether TUMBLE( and its kin, or TABLE(TUMBLE( is next.
func (s *speller) windowTableAhead() bool {
	t, paren := s.peek(), s.peekAt(1)
	if t.word("table") {
		t, paren = s.peekAt(2), s.peekAt(3)
		if !s.peekAt(1).punct("(") {
			return false
		}
	}
	if t.kind != tokWord || !paren.punct("(") {
		return false
	}
	_, ok := windowTables[t.text]
	return ok
}

// windowTable spells a window table function in either spelling as the derived
// table (SELECT ? FROM input WHERE `x1`(keys, step, size, offset)).
func (s *speller) windowTable() ast.TableExpr {
	n := &ast.WindowTable{Pos: s.pos()}
	flink := s.accept("table")
	if flink {
		s.enter()
		s.expectPunct("(")
		n.Pos = s.pos()
	}
	n.Kind = windowTables[s.next().text]
	s.enter()
	s.expectPunct("(")
	s.emit("(SELECT ")
	s.leaf(nil)
	s.emit(" FROM ")
	s.windowInput()
	s.emit(" WHERE ")
	s.windowArgs(n)
	s.emit(")")
	s.expectPunct(")")
	s.leave()
	if flink {
		s.expectPunct(")")
		s.leave()
	}
	n.Alias = s.alias()
	return n
}

// windowInput spells the relation that is cut into windows: [TABLE] name, a
// query in parentheses, or another window table function.
func (s *speller) windowInput() {
	switch {
	case s.queryAhead():
		n := &ast.SubqueryTable{Pos: s.pos()}
		s.subquery()
		s.emit(" AS ")
		s.name(n)
	case s.windowTableAhead():
		s.windowTable()
	default:
		s.argumentName("data")
		s.accept("table")
		s.name(s.relation())
	}
}

// windowArgs spells what follows the input. The time column needs no place in
// the text; the rest are the call's arguments.
func (s *speller) windowArgs(n *ast.WindowTable) {
	from := s.open()
	var a args
	if n.Kind == ast.WindowSession && s.word("partition") {
		n.PartitionBy = s.partitionBy(&a)
	}
	keysFirst := n.PartitionBy != nil
	s.expectPunct(",")
	s.argumentName("timecol")
	n.Time = s.timeColumn()
	count := 0
	for s.acceptPunct(",") {
		a.next(s)
		if names := windowArguments[n.Kind]; count < len(names) {
			s.argumentName(names[count])
		}
		s.expr()
		count++
	}
	holes := windowDurations(n, count)
	if holes == nil {
		bail(sqlerr.New(sqlerr.SyntaxError, "wrong number of arguments of %s", n.Kind).At(n.Pos).
			WithHint("Write %s.", windowSignatures[n.Kind]))
	}
	if n.Kind == ast.WindowSession && !keysFirst && s.word("partition") {
		n.PartitionBy = s.partitionBy(&a)
	}
	s.call(from, n)
	if keysFirst {
		s.fillAll(n.PartitionBy)
	}
	s.fill(holes...)
	if !keysFirst {
		s.fillAll(n.PartitionBy)
	}
}

// windowArguments are the names that Flink has for the durations, in their order: they may be given in that order.
var windowArguments = map[ast.WindowKind][]string{
	ast.WindowTumble: {"size", "offset"}, ast.WindowHop: {"slide", "size", "offset"}, ast.WindowCumulate: {"step", "size", "offset"}, ast.WindowSession: {"gap"},
}

// argumentName takes an argument's name, if there is one.
func (s *speller) argumentName(name string) {
	if s.word(name) && s.peekAt(1).punct("=>") {
		s.i += 2
	}
}

var windowSignatures = map[ast.WindowKind]string{
	ast.WindowTumble:   "TUMBLE(relation, time_column, size [, offset])",
	ast.WindowHop:      "HOP(relation, time_column, slide, size [, offset])",
	ast.WindowCumulate: "CUMULATE(relation, time_column, step, size [, offset])",
	ast.WindowSession:  "SESSION(relation, time_column, gap [PARTITION BY column, ...])",
}

// windowDurations are the places of count durations in their order, nil if the
// function does not take so many.
func windowDurations(n *ast.WindowTable, count int) []*ast.Expr {
	holes := []*ast.Expr{&n.Size, &n.Offset}
	least := 1
	switch n.Kind {
	case ast.WindowHop, ast.WindowCumulate:
		holes = []*ast.Expr{&n.Step, &n.Size, &n.Offset}
		least = 2
	case ast.WindowSession:
		holes = holes[:1]
	}
	if count < least || count > len(holes) {
		return nil
	}
	return holes[:count]
}

// partitionBy spells PARTITION BY and its keys as further arguments.
func (s *speller) partitionBy(a *args) []ast.Expr {
	s.expect("partition", "by")
	count := 0
	for {
		a.next(s)
		s.expr()
		count++
		// Flink's spelling goes on with DESCRIPTOR behind the last key.
		if !s.peek().punct(",") || s.peekAt(1).word("descriptor") {
			return make([]ast.Expr, count)
		}
		s.next()
	}
}

// timeColumn takes the event-time column, plain or in DESCRIPTOR().
func (s *speller) timeColumn() *ast.ColumnRef {
	if s.word("descriptor") && s.peekAt(1).punct("(") {
		s.i += 2
		ref := &ast.ColumnRef{Name: s.qualifiedName()}
		s.expectPunct(")")
		return ref
	}
	return &ast.ColumnRef{Name: s.qualifiedName()}
}

package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
)

// with spells WITH and its queries, if it is next. A data-modifying statement
// has no place in a MySQL query; it is read on its own, and SELECT ? stands for
// it.
func (s *speller) with() *ast.With {
	if !s.word("with") {
		return nil
	}
	w := &ast.With{Pos: s.pos()}
	s.next()
	s.emit("WITH ")
	if s.word("recursive") && !s.peekAt(1).word("as") && !s.peekAt(1).punct("(") {
		s.next()
		w.Recursive = true
		s.emit("RECURSIVE ")
	}
	var a args
	s.commaList(func() {
		a.next(s)
		w.CTEs = append(w.CTEs, s.cte())
	})
	s.emit(" ")
	return w
}

func (s *speller) cte() *ast.CTE {
	name := s.ident()
	n := &ast.CTE{Pos: name.Pos, Name: name.Name, Columns: s.optionalNames()}
	s.name(n)
	s.expect("as")
	switch {
	case s.accept("materialized"):
		n.Materialized = ast.MaterializedAlways
	case s.accept("not", "materialized"):
		n.Materialized = ast.MaterializedNever
	}
	s.emit(" AS ")
	if s.queryAhead() && !s.dataModifyingAt(s.i+1) {
		s.subquery()
	} else {
		s.enter()
		s.expectPunct("(")
		if !s.dataModifyingAt(s.i) {
			s.unexpected()
		}
		n.Statement = s.dataModifying()
		s.expectPunct(")")
		s.leave()
		s.emit("(SELECT ")
		s.leaf(&ast.Literal{Pos: n.Pos})
		s.emit(")")
	}
	if s.word("search") || s.word("cycle") {
		refuse(s.pos(), upper(s.peek().text)+" clause", "Track the path or depth in columns of the recursive query.")
	}
	return n
}

// dataModifyingAt reports whether INSERT, UPDATE or DELETE begins at token i,
// possibly behind a WITH clause of its own.
func (p *parser) dataModifyingAt(i int) bool {
	for ; i < len(p.toks); i++ {
		switch t := &p.toks[i]; {
		case t.word("insert"), t.word("update"), t.word("delete"):
			return true
		case t.word("select"), t.word("values"), t.word("table"), t.kind == tokEOF, t.punct(";"), t.punct(")"):
			return false
		case t.punct("("):
			if t.match == 0 {
				return false
			}
			i = int(t.match)
		}
	}
	return false
}

// with un-spells WITH's queries into those that were noted.
func (u *unspeller) with(w *ast.With, n *tidb.WithClause) {
	if n == nil {
		return
	}
	for i, c := range n.CTEs {
		if w.CTEs[i].Statement == nil {
			w.CTEs[i].Statement = u.query(c.Query.Query)
		}
	}
}

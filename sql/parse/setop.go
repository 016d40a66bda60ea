package parse

import (
	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
)

// body spells a chain of UNION and EXCEPT. TiDB sees chains of one level only:
// an operand that is itself a chain of INTERSECT, or a query in parentheses, is
// spelled as SELECT `x1`((query)).
func (s *speller) body() {
	s.intersection()
	for {
		switch {
		case s.accept("union"):
			s.emit(" UNION ")
		case s.accept("except"):
			s.emit(" EXCEPT ")
		default:
			return
		}
		s.setQuantifier()
		s.intersection()
	}
}

// intersection spells an operand of UNION: INTERSECT binds tighter.
func (s *speller) intersection() {
	from := s.open()
	s.bodyOperand()
	if !s.word("intersect") {
		return
	}
	for s.accept("intersect") {
		s.emit(" INTERSECT ")
		s.setQuantifier()
		s.bodyOperand()
	}
	s.nest(from)
}

func (s *speller) setQuantifier() {
	if s.accept("all") {
		s.emit("ALL ")
	} else {
		s.accept("distinct")
	}
}

// operandMark is the node of a call that stands for a nested operand.
type operandMark struct{ body ast.SelectBody }

// nest makes the query spelled since from an operand of another.
func (s *speller) nest(from int32) {
	s.insert(from, piece{text: "(", mark: noMark})
	s.emit(")")
	operand := new(operandMark)
	s.call(from, operand)
	s.addHole(hole{body: &operand.body})
	s.insert(from, piece{text: "SELECT ", mark: noMark})
}

// bodyOperand spells one operand: SELECT, VALUES, TABLE or a query in
// parentheses.
func (s *speller) bodyOperand() {
	switch t := s.peek(); {
	case t.word("select"):
		s.core()
	case t.word("values"):
		s.values()
	case t.word("table"):
		s.tableQuery()
	case t.punct("("):
		from := s.open()
		s.enter()
		s.next()
		s.query()
		s.expectPunct(")")
		s.leave()
		s.nest(from)
	default:
		s.unexpected()
	}
}

// values spells VALUES (...), (...) as SELECT `x1`(all items).
func (s *speller) values() {
	n := &ast.Values{Pos: s.pos()}
	s.expect("values")
	s.emit("SELECT ")
	from := s.open()
	var a args
	s.commaList(func() {
		row := 0
		s.enter()
		s.parenList(func() {
			a.next(s)
			s.expr()
			row++
		})
		s.leave()
		n.Rows = append(n.Rows, make([]ast.Expr, row))
	})
	s.call(from, n)
	for _, row := range n.Rows {
		s.fillAll(row)
	}
}

// tableQuery spells TABLE name, which is SELECT * FROM name.
func (s *speller) tableQuery() {
	pos := s.pos()
	s.expect("table")
	star := &ast.Target{Expr: &ast.ColumnRef{Name: ast.Name{Pos: pos}, Star: true}}
	s.emit("SELECT ")
	from := s.open()
	s.call(from, &ast.SelectCore{Pos: pos, Targets: []*ast.Target{star}})
	s.emit(",")
	s.name(star.Expr)
	s.emit(" FROM ")
	s.name(s.relation())
}

// setOp un-spells a chain of set operations.
func (u *unspeller) setOp(n *tidb.SetOprStmt) *ast.SetOp {
	selects := n.SelectList.Selects
	op := &ast.SetOp{
		Inputs: make([]ast.SelectBody, len(selects)),
		Links:  make([]ast.SetLink, len(selects)-1),
	}
	for i, node := range selects {
		sel, ok := node.(*tidb.SelectStmt)
		if !ok {
			misread("an operand was expected")
		}
		op.Inputs[i] = u.core(sel)
		if i > 0 {
			op.Links[i-1] = setLink(*sel.AfterSetOperator, op.Inputs[i].Position())
		}
	}
	return op
}

func setLink(op tidb.SetOprType, pos int) ast.SetLink {
	switch op {
	case tidb.UnionAll:
		return ast.SetLink{Pos: pos, Kind: ast.SetUnion, All: true}
	case tidb.Except:
		return ast.SetLink{Pos: pos, Kind: ast.SetExcept}
	case tidb.ExceptAll:
		return ast.SetLink{Pos: pos, Kind: ast.SetExcept, All: true}
	case tidb.Intersect:
		return ast.SetLink{Pos: pos, Kind: ast.SetIntersect}
	case tidb.IntersectAll:
		return ast.SetLink{Pos: pos, Kind: ast.SetIntersect, All: true}
	}
	return ast.SetLink{Pos: pos, Kind: ast.SetUnion}
}

package parse

import "github.com/streamdb/streamdb/sql/ast"

// systemFunc is the name of a function that SQL's own syntax stands for.
func systemFunc(pos int, name string) ast.Name {
	return ast.Name{Pos: pos, Parts: []string{"pg_catalog", name}}
}

// funcCall spells a call behind the function's name. The arguments of the
// spelled call are the call's own, the sort keys inside it, those of WITHIN
// GROUP, FILTER's condition, and what the window has, in this order.
func (s *speller) funcCall(from int32, name ast.Name) *ast.FuncCall {
	n := &ast.FuncCall{Name: name}
	var a args
	s.enter()
	s.expectPunct("(")
	if s.acceptOp("*") {
		n.Star = true
	} else if !s.peek().punct(")") {
		s.callArgs(n, &a)
	}
	s.expectPunct(")")
	s.leave()
	s.finishCall(from, n, &a)
	return n
}

// finishCall spells what may follow a call's parentheses and closes the call.
func (s *speller) finishCall(from int32, n *ast.FuncCall, a *args) {
	if s.accept("within", "group") {
		s.expectPunct("(")
		n.WithinGroup = s.orderBy(a)
		s.expectPunct(")")
	}
	filter := s.accept("filter")
	if filter {
		s.expectPunct("(")
		s.expect("where")
		a.next(s)
		s.expr()
		s.expectPunct(")")
	}
	if s.word("over") {
		n.Over = s.over(a)
	}
	s.call(from, n)
	s.fillAll(n.Args)
	s.fillOrder(n.OrderBy)
	s.fillOrder(n.WithinGroup)
	if filter {
		s.fill(&n.Filter)
	}
	if n.Over != nil {
		s.fillWindow(n.Over)
	}
}

// callArgs spells the arguments inside a call's parentheses.
func (s *speller) callArgs(n *ast.FuncCall, a *args) {
	n.Distinct = s.accept("distinct")
	if !n.Distinct {
		s.accept("all")
	}
	count := 0
	for more := true; more; more = !n.Variadic && s.acceptPunct(",") {
		n.Variadic = s.accept("variadic")
		a.next(s)
		s.callArg()
		count++
	}
	n.Args = make([]ast.Expr, count)
	if s.word("order") {
		n.OrderBy = s.orderBy(a)
	}
}

// callArg spells an argument, which may be named.
func (s *speller) callArg() {
	arrow := s.peekAt(1)
	if !isFuncName(s.peek()) || !arrow.punct("=>") && !arrow.punct(":=") {
		s.expr()
		return
	}
	from, name := s.open(), s.next()
	s.next()
	s.expr()
	n := &ast.NamedArg{Pos: int(name.pos), Name: name.text}
	s.call(from, n)
	s.fill(&n.Value)
}

// orderBy spells ORDER BY and its keys as further arguments.
func (s *speller) orderBy(a *args) (items []*ast.OrderItem) {
	s.expect("order", "by")
	s.commaList(func() { items = append(items, s.orderItem(a)) })
	return items
}

func (s *speller) orderItem(a *args) *ast.OrderItem {
	a.next(s)
	s.expr()
	n := &ast.OrderItem{}
	switch s.acceptAny("asc", "desc", "using") {
	case "desc":
		n.Desc = true
	case "using":
		if t := s.peek(); t.kind != tokOp && !t.word("operator") {
			s.unexpected()
		}
		n.Using = s.operator()
	}
	n.Nulls = s.nulls()
	return n
}

// nulls takes [NULLS FIRST | LAST].
func (p *parser) nulls() ast.NullsOrder {
	// NULLS is a name unless one of the two follows.
	next := p.peekAt(1)
	if !p.word("nulls") || !next.word("first") && !next.word("last") {
		return ast.NullsDefault
	}
	p.next()
	if p.next().text == "first" {
		return ast.NullsFirst
	}
	return ast.NullsLast
}

func (s *speller) fillOrder(items []*ast.OrderItem) {
	for _, n := range items {
		s.fill(&n.Expr)
	}
}

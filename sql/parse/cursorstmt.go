package parse

import "github.com/streamdb/streamdb/sql/ast"

// declare reads DECLARE name [options] CURSOR [hold] FOR query.
func (p *parser) declare() ast.Statement {
	n := &ast.DeclareCursor{Pos: p.pos()}
	p.expect("declare")
	n.Name = p.ident().Name
	for !p.word("cursor") {
		switch {
		case p.accept("binary"):
			n.Binary = true
		case p.accept("insensitive"):
			n.Insensitive = true
		case p.accept("asensitive"):
			n.Asensitive = true
		case p.accept("no", "scroll"):
			n.NoScroll = true
		case p.accept("scroll"):
			n.Scroll = true
		default:
			p.unexpected()
		}
	}
	p.expect("cursor")
	switch {
	case p.accept("with", "hold"):
		n.Hold = true
	default:
		p.accept("without", "hold")
	}
	p.expect("for")
	if p.word("subscribe") {
		n.Query = p.subscribe()
	} else {
		n.Query = p.query()
	}
	return n
}

// fetch reads FETCH and MOVE.
func (p *parser) fetch() ast.Statement {
	n := &ast.Fetch{Pos: p.pos(), Count: 1}
	n.Move = p.expectAny("fetch", "move") == "move"
	p.fetchDirection(n)
	_ = p.accept("from") || p.accept("in")
	n.Cursor = p.ident().Name
	n.Options = p.withOptions()
	return n
}

// fetchDirection reads the direction and count. Each of its words may be the
// cursor's name instead: then nothing that could be a name follows.
func (p *parser) fetchDirection(n *ast.Fetch) {
	next := p.peekAt(1)
	if t := p.peek(); t.kind == tokWord && !isColID(next) && !next.word("from") && !next.word("in") &&
		!next.word("all") && next.kind != tokInteger && next.kind != tokOp {
		if !t.word("all") {
			return
		}
	}
	switch w := p.acceptAny("next", "prior", "first", "last", "absolute", "relative", "forward", "backward", "all"); w {
	case "prior":
		n.Direction = ast.FetchBackward
	case "first":
		n.Direction = ast.FetchAbsolute
	case "last":
		n.Direction, n.Count = ast.FetchAbsolute, -1
	case "absolute":
		n.Direction, n.Count = ast.FetchAbsolute, p.signedInteger()
	case "relative":
		n.Direction, n.Count = ast.FetchRelative, p.signedInteger()
	case "forward", "backward":
		if w == "backward" {
			n.Direction = ast.FetchBackward
		}
		p.fetchRows(n)
	case "all":
		n.Count = ast.FetchAll
	case "":
		p.fetchRows(n)
	}
}

// fetchRows reads [ALL | count].
func (p *parser) fetchRows(n *ast.Fetch) {
	t := p.peek()
	switch {
	case p.accept("all"):
		n.Count = ast.FetchAll
	case t.kind == tokInteger || t.kind == tokOp:
		n.Count = p.signedInteger()
	}
}

// closeCursor reads CLOSE name | ALL.
func (p *parser) closeCursor() ast.Statement {
	n := &ast.CloseCursor{Pos: p.pos()}
	p.expect("close")
	if !p.accept("all") {
		n.Name = p.ident().Name
	}
	return n
}

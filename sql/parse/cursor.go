package parse

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// parser is the place in a query string's tokens. Its methods read statements
// that StreamDB's own grammar covers, and the pieces common to all: names,
// types, options. A semicolon ends a statement as the end of the text does.
type parser struct {
	sql  string
	toks []token
	buf  *[]token
	i    int
	// depth counts open CASEs, prefix operators, brackets and subqueries.
	depth int
	// maxParam is the highest $n of the statement so far.
	maxParam int
	// farthest is the furthest token at which a run of words that was tried broke
	// off: if nothing else fits either, that is where the client went wrong.
	farthest int
	// lexErr is the lexical error at which the tokens end, if any. It counts only
	// if the grammar has no complaint before it.
	lexErr *sqlerr.Error
}

// peek is the next token.
func (p *parser) peek() *token { return &p.toks[p.i] }

// peekAt is the token k places further, or the last one, tokEOF.
func (p *parser) peekAt(k int) *token {
	return &p.toks[min(p.i+k, len(p.toks)-1)]
}

// next takes a token; tokEOF is never passed.
func (p *parser) next() *token {
	t := &p.toks[p.i]
	if t.kind != tokEOF {
		p.i++
	}
	return t
}

// pos is the offset of the next token.
func (p *parser) pos() int { return int(p.peek().pos) }

// lastEnd is the end offset of the last token taken.
func (p *parser) lastEnd() int {
	if p.i == 0 {
		return 0
	}
	return int(p.toks[p.i-1].end)
}

// unexpected reports the next token as PostgreSQL's grammar would.
func (p *parser) unexpected() { p.unexpectedAt(&p.toks[max(p.i, p.farthest)]) }

func (p *parser) unexpectedAt(t *token) {
	if t.kind == tokEOF {
		p.checkLexical()
		bail(sqlerr.New(sqlerr.SyntaxError, "syntax error at end of input").At(len(p.sql)))
	}
	e := sqlerr.New(sqlerr.SyntaxError, `syntax error at or near "%s"`, p.sql[t.pos:t.end]).At(int(t.pos))
	if hint := p.foreignHint(t); hint != "" {
		e = e.WithHint("%s", hint)
	}
	bail(e)
}

// refuse reports a construct that is PostgreSQL's and not StreamDB's.
func refuse(pos int, construct, hint string) {
	bail(sqlerr.Unsupported(construct, hint).At(pos))
}

// checkLexical reports the lexical error at the end of the tokens, if any.
func (p *parser) checkLexical() {
	if p.lexErr != nil {
		bail(p.lexErr)
	}
}

// end demands that everything was read.
func (p *parser) end() {
	if p.peek().kind == tokEOF {
		p.checkLexical()
	}
	if p.peek().kind != tokEOF {
		p.unexpected()
	}
}

// word reports whether the next tokens are these words.
func (p *parser) word(words ...string) bool {
	for k, w := range words {
		if !p.peekAt(k).word(w) {
			if k > 0 {
				p.farthest = max(p.farthest, min(p.i+k, len(p.toks)-1))
			}
			return false
		}
	}
	return true
}

// accept takes the words if they are next, all or none.
func (p *parser) accept(words ...string) bool {
	if !p.word(words...) {
		return false
	}
	p.i += len(words)
	return true
}

// expect takes the words, each of which must be next.
func (p *parser) expect(words ...string) {
	for _, w := range words {
		if !p.peek().word(w) {
			p.unexpected()
		}
		p.i++
	}
}

// acceptAny takes one of the words and gives it, or "".
func (p *parser) acceptAny(words ...string) string {
	for _, w := range words {
		if p.accept(w) {
			return w
		}
	}
	return ""
}

// expectAny takes one of the words and gives it.
func (p *parser) expectAny(words ...string) string {
	w := p.acceptAny(words...)
	if w == "" {
		p.unexpected()
	}
	return w
}

func (p *parser) acceptPunct(s string) bool {
	if !p.peek().punct(s) {
		return false
	}
	p.i++
	return true
}

func (p *parser) expectPunct(s string) {
	if !p.acceptPunct(s) {
		p.unexpected()
	}
}

func (p *parser) acceptOp(o string) bool {
	if !p.peek().op(o) {
		return false
	}
	p.i++
	return true
}

// enter counts a level of nesting that begins at the next token; every caller
// pairs it with leave.
func (p *parser) enter() {
	p.depth++
	if p.depth > maxNesting {
		bail(tooDeep(p.pos()))
	}
}

func (p *parser) leave() { p.depth-- }

// commaList calls read for each item of a list.
func (p *parser) commaList(read func()) {
	for {
		read()
		if !p.acceptPunct(",") {
			return
		}
	}
}

// parenList calls read for each item of a parenthesised, non-empty list.
func (p *parser) parenList(read func()) {
	p.expectPunct("(")
	p.commaList(read)
	p.expectPunct(")")
}

// names reads a parenthesised list of column names.
func (p *parser) names() (names []string) {
	p.parenList(func() { names = append(names, p.ident().Name) })
	return names
}

// optionalNames reads a list of column names if a parenthesis is next.
func (p *parser) optionalNames() []string {
	if p.peek().punct("(") {
		return p.names()
	}
	return nil
}

// stringLit takes a string literal.
func (p *parser) stringLit() string {
	t := p.peek()
	if t.kind != tokString {
		p.unexpected()
	}
	p.i++
	return t.text
}

// signedInteger takes an optionally signed integer that fits 64 bits.
func (p *parser) signedInteger() int64 {
	negative := false
	if p.acceptOp("-") {
		negative = true
	} else {
		p.acceptOp("+")
	}
	t := p.peek()
	if t.kind != tokInteger {
		p.unexpected()
	}
	text := t.text
	if negative {
		text = "-" + text
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		bail(sqlerr.New(sqlerr.NumericValueOutOfRange, `value "%s" is out of range for type bigint`, text).At(int(t.pos)))
	}
	p.i++
	return n
}

// dropBehavior reads [CASCADE | RESTRICT].
func (p *parser) dropBehavior() ast.DropBehavior {
	switch p.acceptAny("cascade", "restrict") {
	case "cascade":
		return ast.DropCascade
	case "restrict":
		return ast.DropRestrict
	}
	return ast.DropDefault
}

package parse

import (
	"math"
	"strconv"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// patternReader reads a row pattern. SQL's lexer knows nothing of its syntax: +| is one operator to it, and { no token of
// SQL's; so operators are read here a character at a time.
type patternReader struct {
	*parser
	// used is how many characters of the operator that is next have been read.
	used int
}

// patternClause takes PATTERN ( … ).
func (p *parser) patternClause() *ast.Pattern {
	p.expect("pattern")
	r := &patternReader{parser: p}
	r.enter()
	r.expectPunct("(")
	x := r.group()
	r.leave()
	return x
}

// group takes a pattern and the parenthesis that closes it; it may be empty.
func (r *patternReader) group() *ast.Pattern {
	if pos := r.pos(); r.acceptPunct(")") {
		return &ast.Pattern{Pos: pos, Kind: ast.PatternSequence}
	}
	x := r.alternation()
	if r.used > 0 || !r.acceptPunct(")") {
		r.misplaced()
	}
	return x
}

// sym is the character of an operator, or the bracket or word, that is next; 0 for what has no place in a pattern's syntax.
func (r *patternReader) sym() byte {
	switch t := r.peek(); t.kind {
	case tokOp:
		return t.text[r.used]
	case tokPunct:
		return t.text[0]
	}
	return 0
}

// take takes a character of an operator, or a whole token, if it is c.
func (r *patternReader) take(c byte) bool {
	if r.sym() != c {
		return false
	}
	if r.used++; r.used >= len(r.peek().text) {
		r.used = 0
		r.next()
	}
	return true
}

// misplaced reports the character that is next.
func (r *patternReader) misplaced() {
	t := r.peek()
	if t.kind != tokOp {
		r.unexpected()
	}
	bail(sqlerr.New(sqlerr.SyntaxError, `syntax error at or near "%s"`, t.text[r.used:]).At(int(t.pos) + r.used))
}

// alternation takes sequences between |.
func (r *patternReader) alternation() *ast.Pattern {
	n := &ast.Pattern{Pos: r.pos(), Kind: ast.PatternAlternation}
	for {
		n.Items = append(n.Items, r.sequence())
		if !r.take('|') {
			break
		}
	}
	if len(n.Items) == 1 {
		return n.Items[0]
	}
	return n
}

// sequence takes one pattern at least.
func (r *patternReader) sequence() *ast.Pattern {
	n := &ast.Pattern{Pos: r.pos(), Kind: ast.PatternSequence}
	for {
		n.Items = append(n.Items, r.quantified())
		if t := r.peek(); r.used == 0 && (isColID(t) || t.punct("(") || t.punct("{") || t.punct("$")) || r.sym() == '^' {
			continue
		}
		break
	}
	if len(n.Items) == 1 {
		return n.Items[0]
	}
	return n
}

// quantified takes a pattern with its quantifier.
func (r *patternReader) quantified() *ast.Pattern {
	x := r.primary()
	q := r.quantifier()
	if q == nil {
		return x
	}
	if x.Repeat != nil {
		x = &ast.Pattern{Pos: x.Pos, Kind: ast.PatternSequence, Items: []*ast.Pattern{x}}
	}
	x.Repeat = q
	return x
}

func (r *patternReader) primary() *ast.Pattern {
	t := r.peek()
	n := &ast.Pattern{Pos: int(t.pos)}
	switch {
	case r.used > 0:
		if !r.take('^') {
			r.misplaced()
		}
		n.Kind = ast.PatternStart
	case t.word("permute") && r.peekAt(1).punct("("):
		r.next()
		n.Kind = ast.PatternPermutation
		r.enter()
		r.parenList(func() { n.Items = append(n.Items, r.alternation()) })
		r.leave()
	case isColID(t):
		n.Name = r.ident().Name
	case t.punct("("):
		r.enter()
		r.next()
		n = r.group()
		r.leave()
	case t.punct("{"):
		r.exclusion(n)
	case r.take('$'):
		n.Kind = ast.PatternEnd
	case r.take('^'):
		n.Kind = ast.PatternStart
	default:
		r.misplaced()
	}
	return n
}

// exclusion takes {- pattern -}.
func (r *patternReader) exclusion(n *ast.Pattern) {
	n.Kind = ast.PatternExclusion
	r.enter()
	r.next()
	if !r.take('-') {
		r.misplaced()
	}
	n.Items = []*ast.Pattern{r.alternation()}
	if !r.take('-') || r.used > 0 || !r.acceptPunct("}") {
		r.misplaced()
	}
	r.leave()
}

// quantifier takes *, +, ?, or bounds in braces, each with ? behind it or not; nil if none is there.
func (r *patternReader) quantifier() *ast.Quantifier {
	q := &ast.Quantifier{Pos: r.pos() + r.used, Max: ast.NoMax}
	switch {
	case r.take('*'):
	case r.take('+'):
		q.Min = 1
	case r.take('?'):
		q.Max = 1
	case r.peek().punct("{") && (r.peekAt(1).kind == tokInteger || r.peekAt(1).punct(",")):
		r.bounds(q)
	default:
		return nil
	}
	q.Reluctant = r.take('?')
	return q
}

// bounds takes {n}, {n,}, {n,m} or {,m}.
func (r *patternReader) bounds(q *ast.Quantifier) {
	r.next()
	first := r.peek().kind == tokInteger
	if first {
		q.Min = r.count()
	}
	if !r.acceptPunct(",") {
		q.Max = q.Min
	} else if !first || !r.peek().punct("}") {
		q.Max = r.count()
	}
	r.expectPunct("}")
	switch {
	case q.Max == 0:
		bail(sqlerr.New(sqlerr.SyntaxError, "a quantifier must allow at least one repetition").At(q.Pos))
	case q.Max != ast.NoMax && q.Max < q.Min:
		bail(sqlerr.New(sqlerr.SyntaxError, "the upper bound of a quantifier must not be less than the lower bound").At(q.Pos))
	}
}

// count takes a number of repetitions. What is too large for any pattern is left to the binder to refuse.
func (r *patternReader) count() int {
	t := r.peek()
	if t.kind != tokInteger {
		r.unexpected()
	}
	r.next()
	n, err := strconv.ParseInt(t.text, 10, 32)
	if err != nil {
		return math.MaxInt32
	}
	return int(n)
}

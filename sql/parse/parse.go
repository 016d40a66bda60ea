package parse

import (
	"strings"
	"sync"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Limits of what is read. They bound recursion here and in all that walks the
// tree later; chains are not subject to them.
const (
	maxNesting = 256   // brackets, CASE, prefix operators and subqueries within each other
	maxWraps   = 100   // left-nested forms around one operand: x::a::b, x IS NULL IS NULL, joins
	maxHeight  = 4096  // nodes above one another, as the two above multiply
	maxFrom    = 4096  // items between commas in FROM
	maxParams  = 65535 // the protocol's limit of parameters
)

// Statements reads a query string: any number of statements with semicolons
// between. Empty ones are left out, so the result may be empty. Nothing is
// returned when any statement is wrong, as in PostgreSQL. Positions of nodes and
// errors are byte offsets in sql.
func Statements(sql string) (stmts []ast.Stmt, err error) {
	defer recoverBailout(&err)
	p := newParser(sql)
	defer p.release()
	for {
		for p.acceptPunct(";") {
		}
		if p.peek().kind == tokEOF {
			p.checkLexical()
			return stmts, nil
		}
		stmts = append(stmts, p.stmt())
	}
}

// Expr reads one scalar expression that is the whole of sql.
func Expr(sql string) (expr ast.Expr, err error) {
	defer recoverBailout(&err)
	p := newParser(sql)
	defer p.release()
	expr = p.expr()
	p.end()
	return expr, nil
}

// TypeName reads a type's name that is the whole of sql, such as
// "character varying(3)[]".
func TypeName(sql string) (typ *ast.TypeName, err error) {
	defer recoverBailout(&err)
	p := newParser(sql)
	defer p.release()
	typ = p.typeName()
	p.end()
	return typ, nil
}

// QualifiedName reads a possibly qualified name that is the whole of sql, as
// the input of regclass and its kin is written.
func QualifiedName(sql string) (name ast.Name, err error) {
	defer recoverBailout(&err)
	p := newParser(sql)
	defer p.release()
	name = p.qualifiedName()
	p.end()
	return name, nil
}

// bailout carries an error up the recursive descent, which would otherwise be
// half error returns. It never leaves the package.
type bailout struct{ err *sqlerr.Error }

func bail(err *sqlerr.Error) { panic(bailout{err}) }

// recoverBailout is deferred by the exported functions.
func recoverBailout(err *error) {
	switch r := recover().(type) {
	case nil:
	case bailout:
		*err = r.err
	default:
		// A fault here or in TiDB's parser is one client's error, not the server's end.
		*err = sqlerr.Internal("parser: %v", r)
	}
}

// tooDeep is the error for nesting beyond the limits.
func tooDeep(pos int) *sqlerr.Error {
	return sqlerr.New(sqlerr.StatementTooComplex, "statement is nested too deeply").At(pos).
		WithHint("At most %d levels of brackets, subqueries, CASE and prefix operators can stand within each other.", maxNesting)
}

// stmt reads one statement and what Stmt says about it.
func (p *parser) stmt() ast.Stmt {
	start := int(p.peek().pos)
	p.maxParam = 0
	node := p.statement()
	if t := p.peek(); t.kind != tokEOF && !t.punct(";") {
		p.unexpected()
	}
	return ast.Stmt{
		Statement: node,
		Text:      p.sql[start:p.lastEnd()],
		Offset:    start,
		Params:    p.maxParam,
	}
}

// tokenPool recycles token slices, which the tree does not keep.
var tokenPool = sync.Pool{New: func() any { return new([]token) }}

func newParser(sql string) *parser {
	buf := tokenPool.Get().(*[]token)
	l := lexer{sql: sql, toks: (*buf)[:0]}
	lexErr := l.run()
	*buf = l.toks
	return &parser{sql: sql, toks: l.toks, buf: buf, lexErr: lexErr}
}

// release gives the tokens back, unless a huge statement made them too many to keep.
func (p *parser) release() {
	const keep = 1 << 14
	if cap(*p.buf) <= keep {
		clear(*p.buf)
		tokenPool.Put(p.buf)
	}
	p.toks, p.buf = nil, nil
}

// source is the client's text from token i up to the last token taken.
func (p *parser) source(i int) string {
	return strings.TrimSpace(p.sql[p.toks[i].pos:p.lastEnd()])
}

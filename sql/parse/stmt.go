package parse

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
)

// statement reads one statement: by its first word. One list, so that what the
// parser knows can be seen at a glance.
func (p *parser) statement() ast.Statement {
	t := p.peek()
	if t.punct("(") {
		return p.query()
	}
	if t.kind != tokWord {
		p.unexpected()
	}
	if n := p.queryStatement(t.text); n != nil {
		return n
	}
	if n := p.objectStatement(t.text); n != nil {
		return n
	}
	if n := p.sessionStatement(t.text); n != nil {
		return n
	}
	if n := p.unsupported(t.text); n != nil {
		return n
	}
	p.unexpected()
	return nil
}

// queryStatement reads what reads and changes rows.
func (p *parser) queryStatement(word string) ast.Statement {
	switch word {
	case "select", "values", "table":
		return p.query()
	case "with":
		if p.dataModifyingAt(p.i) {
			return p.dataModifying()
		}
		return p.query()
	case "insert", "update", "delete":
		return p.dataModifying()
	case "copy":
		return p.copy()
	case "truncate":
		return p.truncate()
	case "subscribe":
		return p.subscribe()
	case "explain":
		return p.explain()
	case "prepare":
		return p.prepare()
	case "execute":
		return p.execute()
	case "deallocate":
		return p.deallocate()
	case "declare":
		return p.declare()
	case "fetch", "move":
		return p.fetch()
	case "close":
		return p.closeCursor()
	}
	return nil
}

// objectStatement reads what changes the catalog.
func (p *parser) objectStatement(word string) ast.Statement {
	switch word {
	case "create":
		return p.create()
	case "alter":
		return p.alter()
	case "drop":
		return p.drop()
	case "comment":
		return p.comment()
	case "refresh":
		return p.refresh()
	case "flush":
		return p.flush()
	case "check":
		return p.checkView()
	case "grant", "revoke":
		return p.grant()
	}
	return nil
}

// sessionStatement reads what concerns the session and its transaction.
func (p *parser) sessionStatement(word string) ast.Statement {
	switch word {
	case "set":
		return p.set()
	case "reset":
		return p.reset()
	case "show":
		return p.show()
	case "discard":
		return p.discard()
	case "begin", "start":
		return p.begin()
	case "commit", "end":
		return p.commit()
	case "rollback", "abort":
		return p.rollback()
	case "savepoint":
		return p.savepoint()
	case "release":
		return p.releaseSavepoint()
	case "listen":
		return p.listen()
	case "notify":
		return p.notify()
	case "unlisten":
		return p.unlisten()
	case "lock":
		return p.lock()
	case "vacuum", "analyze", "analyse":
		return p.vacuum()
	case "checkpoint":
		p.next()
		return &ast.Checkpoint{Pos: int(p.toks[p.i-1].pos)}
	}
	return nil
}

// unsupportedWords begin statements of PostgreSQL's that StreamDB knows by name
// alone, with the number of words in the name.
var unsupportedWords = map[string]int{
	"call": 1, "cluster": 1, "do": 1, "import": 3, "load": 1, "merge": 1, "reassign": 2, "reindex": 1, "security": 2,
}

// unsupported reads such a statement to its end.
func (p *parser) unsupported(word string) ast.Statement {
	n, ok := unsupportedWords[word]
	if !ok {
		return nil
	}
	return p.skipStatement(n)
}

// skipStatement takes the rest of a statement whose name is n words.
func (p *parser) skipStatement(n int) *ast.Unsupported {
	return p.skipFrom(p.i, n)
}

// skipFrom takes the rest of a statement whose name is the n words from token i on.
func (p *parser) skipFrom(i, n int) *ast.Unsupported {
	u := &ast.Unsupported{Pos: int(p.toks[i].pos)}
	words := make([]string, 0, n)
	for k := i; k < i+n && p.toks[k].kind == tokWord; k++ {
		words = append(words, upper(p.toks[k].text))
	}
	u.What = strings.Join(words, " ")
	for t := p.peek(); t.kind != tokEOF && !t.punct(";"); t = p.peek() {
		p.next()
	}
	return u
}

func upper(s string) string { return strings.ToUpper(s) }

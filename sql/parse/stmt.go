package parse

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
)

func upper(s string) string { return strings.ToUpper(s) }

// statement reads one statement.
func (p *parser) statement() ast.Statement {
	t := p.peek()
	if t.punct("(") {
		return p.query()
	}
	if t.kind != tokWord {
		p.unexpected()
	}
	switch t.text {
	case "select", "values", "table":
		return p.query()
	case "with":
		if p.dataModifyingAt(p.i) {
			return p.dataModifying()
		}
		return p.query()
	case "insert", "update", "delete":
		return p.dataModifying()
	}
	p.unexpected()
	return nil
}

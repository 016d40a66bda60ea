package parse

import "github.com/streamdb/streamdb/sql/ast"

// begin reads BEGIN and START TRANSACTION.
func (p *parser) begin() ast.Statement {
	n := &ast.Begin{Pos: p.pos()}
	if p.accept("start") {
		n.Start = true
		p.expect("transaction")
	} else {
		p.expect("begin")
		p.workOrTransaction()
	}
	n.Modes = p.transactionModes(false)
	return n
}

func (p *parser) workOrTransaction() { p.acceptAny("work", "transaction") }

// isolationLevels are the levels by their words.
var isolationLevels = [][]string{
	{"serializable"}, {"repeatable", "read"}, {"read", "committed"}, {"read", "uncommitted"},
}

// transactionModes reads modes, with commas between or not.
func (p *parser) transactionModes(required bool) (m ast.TransactionModes) {
	for first := true; ; first = false {
		comma := !first && p.acceptPunct(",")
		switch {
		case p.accept("isolation", "level"):
			m.Isolation = p.isolationLevel()
		case p.accept("read", "only"):
			m.Access = "read only"
		case p.accept("read", "write"):
			m.Access = "read write"
		case p.accept("deferrable"):
			m.Deferrable = "deferrable"
		case p.accept("not", "deferrable"):
			m.Deferrable = "not deferrable"
		default:
			if comma || first && required {
				p.unexpected()
			}
			return m
		}
	}
}

func (p *parser) isolationLevel() string {
	for _, words := range isolationLevels {
		if p.accept(words...) {
			if len(words) == 1 {
				return words[0]
			}
			return words[0] + " " + words[1]
		}
	}
	p.unexpected()
	return ""
}

// commit reads COMMIT and END.
func (p *parser) commit() ast.Statement {
	n := &ast.Commit{Pos: p.pos()}
	if p.expectAny("commit", "end") == "commit" && p.accept("prepared") {
		n.Prepared = p.stringLit()
		return n
	}
	p.workOrTransaction()
	n.Chain = p.chain()
	return n
}

// chain reads [AND [NO] CHAIN].
func (p *parser) chain() bool {
	if !p.accept("and") {
		return false
	}
	no := p.accept("no")
	p.expect("chain")
	return !no
}

// rollback reads ROLLBACK, ABORT and ROLLBACK TO.
func (p *parser) rollback() ast.Statement {
	pos := p.pos()
	word := p.expectAny("rollback", "abort")
	if word == "rollback" && p.accept("prepared") {
		return &ast.Rollback{Pos: pos, Prepared: p.stringLit()}
	}
	p.workOrTransaction()
	if word == "rollback" && p.accept("to") {
		if isColID(p.peekAt(1)) {
			p.accept("savepoint")
		}
		return &ast.RollbackTo{Pos: pos, Name: p.ident().Name}
	}
	return &ast.Rollback{Pos: pos, Chain: p.chain()}
}

func (p *parser) savepoint() ast.Statement {
	n := &ast.Savepoint{Pos: p.pos()}
	p.expect("savepoint")
	n.Name = p.ident().Name
	return n
}

// releaseSavepoint reads RELEASE [SAVEPOINT] name.
func (p *parser) releaseSavepoint() ast.Statement {
	n := &ast.Release{Pos: p.pos()}
	p.expect("release")
	if isColID(p.peekAt(1)) {
		p.accept("savepoint")
	}
	n.Name = p.ident().Name
	return n
}

func (p *parser) listen() ast.Statement {
	n := &ast.Listen{Pos: p.pos()}
	p.expect("listen")
	n.Channel = p.ident().Name
	return n
}

func (p *parser) unlisten() ast.Statement {
	n := &ast.Unlisten{Pos: p.pos()}
	p.expect("unlisten")
	if !p.acceptOp("*") {
		n.Channel = p.ident().Name
	}
	return n
}

// notify reads NOTIFY channel [, 'payload'].
func (p *parser) notify() ast.Statement {
	n := &ast.Notify{Pos: p.pos()}
	p.expect("notify")
	n.Channel = p.ident().Name
	if p.acceptPunct(",") {
		n.Payload = p.stringLit()
	}
	return n
}

// lockModes are the modes of LOCK by their words, longer ones first.
var lockModes = [][]string{
	{"access", "share"}, {"access", "exclusive"}, {"row", "share"}, {"row", "exclusive"},
	{"share", "update", "exclusive"}, {"share", "row", "exclusive"}, {"share"}, {"exclusive"},
}

// lock reads LOCK [TABLE] tables [IN mode MODE] [NOWAIT].
func (p *parser) lock() ast.Statement {
	n := &ast.Lock{Pos: p.pos(), Mode: "access exclusive"}
	p.expect("lock")
	p.accept("table")
	p.commaList(func() { n.Tables = append(n.Tables, p.relation()) })
	if p.accept("in") {
		n.Mode = p.lockMode()
		p.expect("mode")
	}
	n.NoWait = p.accept("nowait")
	return n
}

func (p *parser) lockMode() string {
	for _, words := range lockModes {
		if p.accept(words...) {
			mode := words[0]
			for _, w := range words[1:] {
				mode += " " + w
			}
			return mode
		}
	}
	p.unexpected()
	return ""
}

// flagOptions takes those of the words that are next, in their order.
func (p *parser) flagOptions(words ...string) (list []*ast.Option) {
	for _, w := range words {
		pos := p.pos()
		if p.accept(w) || w == "analyze" && p.accept("analyse") {
			list = append(list, wordOption(pos, w, "true"))
		}
	}
	return list
}

// vacuum reads VACUUM and ANALYZE with either spelling of their options.
func (p *parser) vacuum() ast.Statement {
	n := &ast.Vacuum{Pos: p.pos()}
	n.Vacuum = p.expectAny("vacuum", "analyze", "analyse") == "vacuum"
	switch {
	case p.peek().punct("("):
		n.Options = p.wordOptions()
	case n.Vacuum:
		n.Options = p.flagOptions("full", "freeze", "verbose", "analyze")
	default:
		n.Options = p.flagOptions("verbose")
	}
	if isColID(p.peek()) {
		p.commaList(func() {
			n.Tables = append(n.Tables, ast.VacuumTarget{Name: p.qualifiedName(), Columns: p.optionalNames()})
		})
	}
	return n
}

package ast

import "strings"

// session appends a statement about the session, its transaction, cursors or
// prepared statements, and reports whether it is one.
func (p *printer) session(s Statement) bool {
	switch x := s.(type) {
	case *Set:
		p.set(x)
	case *SetTransaction:
		p.str("SET ")
		p.when(x.Session, "SESSION CHARACTERISTICS AS ")
		p.str("TRANSACTION")
		if x.Snapshot != "" {
			p.str(" SNAPSHOT ")
			p.literal(x.Snapshot)
		}
		p.modes(x.Modes)
	case *SetConstraints:
		p.str("SET CONSTRAINTS ")
		p.when(len(x.Names) == 0, "ALL")
		p.names(x.Names)
		if x.Deferred {
			p.str(" DEFERRED")
		} else {
			p.str(" IMMEDIATE")
		}
	case *Reset:
		p.str("RESET ")
		p.settingOrAll(x.Name)
	case *Show:
		p.str("SHOW ")
		p.settingOrAll(x.Name)
	case *ShowObjects:
		p.str("SHOW ", string(x.Kind))
		if x.Kind == ObjectIndex {
			p.str("ES")
		} else {
			p.str("S")
		}
		if x.In != "" {
			p.str(" IN ")
			p.ident(x.In)
		}
	case *ShowCreate:
		p.str("SHOW CREATE ", string(x.Kind), " ")
		p.name(x.Name)
	case *Discard:
		p.str("DISCARD ", strings.ToUpper(x.What))
	default:
		return p.transaction(s) || p.cursor(s)
	}
	return true
}

func (p *printer) set(x *Set) {
	p.str("SET ")
	p.when(x.Local, "LOCAL ")
	p.setting(x.Name)
	p.str(" TO ")
	p.when(len(x.Values) == 0, "DEFAULT")
	list(p, x.Values, p.value)
}

// setting appends a setting's name, whose parts points separate.
func (p *printer) setting(name string) { p.parts(strings.Split(name, ".")) }

func (p *printer) settingOrAll(name string) {
	if name == "" {
		p.str("ALL")
		return
	}
	p.setting(name)
}

func (p *printer) modes(m TransactionModes) {
	sep := " "
	for _, mode := range []string{m.Isolation, m.Access, m.Deferrable} {
		if mode == "" {
			continue
		}
		p.str(sep)
		p.when(mode == m.Isolation, "ISOLATION LEVEL ")
		p.str(strings.ToUpper(mode))
		sep = ", "
	}
}

func (p *printer) transaction(s Statement) bool {
	switch x := s.(type) {
	case *Begin:
		if x.Start {
			p.str("START TRANSACTION")
		} else {
			p.str("BEGIN")
		}
		p.modes(x.Modes)
	case *Commit:
		p.end("COMMIT", x.Chain, x.Prepared)
	case *Rollback:
		p.end("ROLLBACK", x.Chain, x.Prepared)
	case *PrepareTransaction:
		p.str("PREPARE TRANSACTION ")
		p.literal(x.ID)
	case *Savepoint:
		p.named("SAVEPOINT ", x.Name)
	case *Release:
		p.named("RELEASE SAVEPOINT ", x.Name)
	case *RollbackTo:
		p.named("ROLLBACK TO SAVEPOINT ", x.Name)
	case *Lock:
		p.str("LOCK TABLE ")
		list(p, x.Tables, p.tableRef)
		p.str(" IN ", strings.ToUpper(x.Mode), " MODE")
		p.when(x.NoWait, " NOWAIT")
	default:
		return false
	}
	return true
}

func (p *printer) end(word string, chain bool, prepared string) {
	p.str(word)
	if prepared != "" {
		p.str(" PREPARED ")
		p.literal(prepared)
	}
	p.when(chain, " AND CHAIN")
}

// named appends a word and a name, or ALL for none.
func (p *printer) named(word, name string) {
	p.str(word)
	if name == "" {
		p.str("ALL")
		return
	}
	p.ident(name)
}

func (p *printer) cursor(s Statement) bool {
	switch x := s.(type) {
	case *DeclareCursor:
		p.declare(x)
	case *Fetch:
		p.fetch(x)
	case *CloseCursor:
		p.named("CLOSE ", x.Name)
	case *Deallocate:
		p.named("DEALLOCATE ", x.Name)
	case *Listen:
		p.named("LISTEN ", x.Channel)
	case *Notify:
		p.named("NOTIFY ", x.Channel)
		if x.Payload != "" {
			p.str(", ")
			p.literal(x.Payload)
		}
	case *Unlisten:
		if x.Channel == "" {
			p.str("UNLISTEN *")
		} else {
			p.named("UNLISTEN ", x.Channel)
		}
	default:
		return false
	}
	return true
}

func (p *printer) declare(x *DeclareCursor) {
	p.named("DECLARE ", x.Name)
	p.when(x.Binary, " BINARY")
	p.when(x.Asensitive, " ASENSITIVE")
	p.when(x.Insensitive, " INSENSITIVE")
	p.when(x.NoScroll, " NO SCROLL")
	p.when(x.Scroll, " SCROLL")
	p.str(" CURSOR")
	p.when(x.Hold, " WITH HOLD")
	p.str(" FOR ")
	p.statement(x.Query)
}

func (p *printer) fetch(x *Fetch) {
	if x.Move {
		p.str("MOVE ")
	} else {
		p.str("FETCH ")
	}
	p.str([...]string{"FORWARD ", "BACKWARD ", "ABSOLUTE ", "RELATIVE "}[x.Direction])
	if x.Count == FetchAll {
		p.str("ALL")
	} else {
		p.int(x.Count)
	}
	p.named(" FROM ", x.Cursor)
	p.options(" WITH ", x.Options)
}

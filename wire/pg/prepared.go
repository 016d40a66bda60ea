package pg

import (
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// prepared holds a session's protocol-level statements and portals, by name. The unnamed ones have places of their own:
// they come and go with each command.
type prepared struct {
	statements map[string]*statement
	portals    map[string]*portal
	unnamed    *statement
	portal     *portal // the unnamed one
	// cursors are those of SQL, whose names portals share; nil if the session does not tell.
	cursors engine.Cursors
}

// statement is a Parse's result. An empty query's has no engine statement. It lives until it has lost its name and its last
// portal has gone: in PostgreSQL portals outlive the statements that they were made from.
type statement struct {
	name  string
	query string // what positions of its errors point into
	stmt  engine.Statement
	ends  bool // it ends a transaction, and so is allowed in a failed one
	users int  // its portals, and one for its name
}

// portal is a Bind's result.
type portal struct {
	of      *statement
	portal  engine.Portal // nil for an empty query
	formats []int16
	started bool
	done    bool
	tag     string // of the run that ended it
}

// release takes one user off.
func (s *statement) release() {
	s.users--
	if s.users == 0 && s.stmt != nil {
		s.stmt.Close()
	}
}

func (p *portal) close() {
	if p.portal != nil {
		p.portal.Close()
	}
	p.of.release()
}

// statement finds a statement by name.
func (p *prepared) statement(name string) (*statement, *sqlerr.Error) {
	if name == "" {
		if p.unnamed == nil {
			return nil, sqlerr.New(sqlerr.InvalidSQLStatementName, "unnamed prepared statement does not exist")
		}
		return p.unnamed, nil
	}
	if s := p.statements[name]; s != nil {
		return s, nil
	}
	return nil, sqlerr.New(sqlerr.InvalidSQLStatementName, "prepared statement \"%s\" does not exist", name)
}

// has reports whether there is a statement of this name.
func (p *prepared) has(name string) bool { return p.statements[name] != nil }

// named is engine.Startup's Portal.
func (p *prepared) named(name string) (engine.Portal, func(), bool) {
	found := p.portals[name]
	if found == nil || found.portal == nil {
		return nil, nil, false
	}
	return found.portal, func() { p.closePortal(name) }, true
}

// findPortal finds a portal by name.
func (p *prepared) findPortal(name string) (*portal, *sqlerr.Error) {
	found := p.portal
	if name != "" {
		found = p.portals[name]
	}
	if found == nil && p.cursors != nil {
		if cursor, ok := p.cursors.Cursor(name); ok {
			return &portal{of: &statement{users: 1}, portal: cursor}, nil
		}
	}
	if found == nil {
		return nil, sqlerr.New(sqlerr.InvalidCursorName, "portal \"%s\" does not exist", name)
	}
	return found, nil
}

// addStatement keeps a statement under its name, which is free or empty.
func (p *prepared) addStatement(s *statement) {
	s.users++
	if s.name == "" {
		p.unnamed = s
		return
	}
	if p.statements == nil {
		p.statements = map[string]*statement{}
	}
	p.statements[s.name] = s
}

// addPortal keeps a portal under a name that is free or empty.
func (p *prepared) addPortal(name string, added *portal) {
	added.of.users++
	if name == "" {
		p.portal = added
		return
	}
	if p.portals == nil {
		p.portals = map[string]*portal{}
	}
	p.portals[name] = added
}

// closeStatement takes a statement's name away, if there is one of this name.
func (p *prepared) closeStatement(name string) {
	s := p.statements[name]
	if name == "" {
		s, p.unnamed = p.unnamed, nil
	}
	if s != nil {
		delete(p.statements, name)
		s.release()
	}
}

// closePortal closes a portal, if there is one of this name.
func (p *prepared) closePortal(name string) {
	found := p.portals[name]
	if name == "" {
		found, p.portal = p.portal, nil
	}
	if found == nil {
		return
	}
	delete(p.portals, name)
	found.close()
}

// closePortals closes all portals: their transaction has ended.
func (p *prepared) closePortals() {
	p.closePortal("")
	for name := range p.portals {
		p.closePortal(name)
	}
}

// dropUnnamed closes the unnamed statement and portal: a simple Query ends both.
func (p *prepared) dropUnnamed() {
	p.closePortal("")
	p.closeStatement("")
}

// deallocate does what SQL's DEALLOCATE of a name, or of all (""), means to protocol-level statements.
func (p *prepared) deallocate(name string) {
	if name != "" {
		p.closeStatement(name)
		return
	}
	p.closeStatement("")
	for name := range p.statements {
		p.closeStatement(name)
	}
}

func (p *prepared) closeAll() {
	p.closePortals()
	p.deallocate("")
}

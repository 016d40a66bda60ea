package session

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/session/system"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// lookups answers what functions ask of the catalog, as the session's transaction sees it.
type lookups struct{ s *Session }

var _ fn.Catalog = lookups{}

// RelationName implements fn.Catalog.
func (l lookups) RelationName(oid uint32) (schema, name string, visible, ok bool) {
	c := l.s.current()
	in, name, ok := system.ClassName(c, oid)
	if !ok {
		return "", "", false, false
	}
	if x, ok := c.SchemaByOID(in); ok {
		schema = x.Name
	}
	found, _ := l.search(name)
	return schema, name, found == oid, true
}

// ResolveRelation implements fn.Catalog.
func (l lookups) ResolveRelation(text string) (oid uint32, ok bool) {
	parts, ok := nameParts(text)
	if ok && len(parts) == 3 && parts[0] == DatabaseName {
		parts = parts[1:]
	}
	switch {
	case !ok:
		return 0, false
	case len(parts) == 1:
		return l.search(parts[0])
	case len(parts) == 2:
		if schema, ok := l.s.current().Schema(parts[0]); ok {
			return system.FindClass(l.s.current(), schema.OID, parts[1])
		}
	}
	return 0, false
}

// search finds a relation by its name alone.
func (l lookups) search(name string) (oid uint32, ok bool) {
	c := l.s.current()
	for _, p := range l.SearchPath(true) {
		if schema, ok := c.Schema(p); ok {
			if oid, ok := system.FindClass(c, schema.OID, name); ok {
				return oid, true
			}
		}
	}
	return 0, false
}

// nameParts takes a dotted name apart, each part quoted or not.
func nameParts(text string) (parts []string, ok bool) {
	rest := strings.TrimSpace(text)
	for {
		var part strings.Builder
		if quoted := strings.HasPrefix(rest, `"`); quoted {
			rest = rest[1:]
			for {
				end := strings.IndexByte(rest, '"')
				if end < 0 {
					return nil, false
				}
				part.WriteString(rest[:end])
				rest = rest[end+1:]
				if !strings.HasPrefix(rest, `"`) {
					break
				}
				part.WriteByte('"')
				rest = rest[1:]
			}
		} else {
			end := strings.IndexByte(rest, '.')
			if end < 0 {
				end = len(rest)
			}
			part.WriteString(strings.ToLower(strings.TrimSpace(rest[:end])))
			rest = rest[end:]
		}
		if part.Len() == 0 {
			return nil, false
		}
		parts = append(parts, part.String())
		rest = strings.TrimSpace(rest)
		if rest == "" {
			return parts, true
		}
		if rest[0] != '.' {
			return nil, false
		}
		rest = strings.TrimSpace(rest[1:])
	}
}

// Definition implements fn.Catalog.
func (l lookups) Definition(class fn.DefinitionKind, oid uint32, sub int32) (text string, ok bool) {
	c := l.s.current()
	switch class {
	case fn.ViewDefinition:
		return system.ViewDefinition(c, oid)
	case fn.IndexDefinition:
		return system.IndexDefinition(c, oid, int(sub))
	case fn.ConstraintDefinition:
		return system.ConstraintDefinition(c, oid)
	case fn.DefaultDefinition:
		return system.DefaultDefinition(c, oid, int(sub))
	case fn.RelationComment, fn.ColumnComment:
		return comment(c, oid, int(sub))
	case fn.SchemaComment:
		if x, ok := c.SchemaByOID(oid); ok {
			return x.Comment, x.Comment != ""
		}
	case fn.ColumnName:
		return system.ColumnName(c, oid, int(sub))
	case fn.ColumnSequence:
		return system.ColumnSequence(c, oid, int(sub))
	case fn.RelationSize:
		return l.size(oid), true
	}
	return "", false
}

// comment is the comment on a relation, or on a column of it (from 1).
func comment(c *catalog.Catalog, oid uint32, column int) (text string, ok bool) {
	r, ok := c.RelationByOID(oid)
	switch {
	case !ok || column > len(r.Columns):
		return "", false
	case column > 0:
		text = r.Columns[column-1].Comment
	default:
		text = r.Comment
	}
	return text, text != ""
}

// size is how many bytes a relation takes, or with 0 all of them.
func (l lookups) size(oid uint32) string {
	return strconv.FormatInt(system.Bytes(l.s.engine.db, oid), 10)
}

// SchemaName implements fn.Catalog.
func (l lookups) SchemaName(oid uint32) (name string, ok bool) {
	x, ok := l.s.current().SchemaByOID(oid)
	if !ok {
		return "", false
	}
	return x.Name, true
}

// ResolveSchema implements fn.Catalog.
func (l lookups) ResolveSchema(name string) (oid uint32, ok bool) {
	parts, ok := nameParts(name)
	if !ok || len(parts) != 1 {
		return 0, false
	}
	x, ok := l.s.current().Schema(parts[0])
	if !ok {
		return 0, false
	}
	return x.OID, true
}

// SearchPath implements fn.Catalog. pg_catalog is searched first unless the path names it.
func (l lookups) SearchPath(implicit bool) []string {
	path := l.s.searchPath()
	if !implicit {
		return path
	}
	for _, p := range path {
		if p == "pg_catalog" {
			return path
		}
	}
	return append([]string{"pg_catalog"}, path...)
}

// Sequence implements fn.Catalog. currval and lastval are the session's own.
func (l lookups) Sequence(op string, oid uint32, value int64) (int64, error) {
	if op == "lastval" {
		if v, ok := l.s.lastval[l.s.lastSeq]; ok {
			return v, nil
		}
		return 0, sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "lastval is not yet defined in this session")
	}
	r, err := l.sequence(oid)
	if err != nil {
		return 0, err
	}
	if op == "currval" {
		if v, ok := l.s.lastval[oid]; ok {
			return v, nil
		}
		return 0, sqlerr.New(sqlerr.ObjectNotInPrerequisiteState, "currval of sequence %q is not yet defined in this session", r.Name)
	}
	if l.s.tx != nil && l.s.tx.ReadOnly {
		name := op
		if op == "setnext" {
			name = "setval"
		}
		return 0, sqlerr.New(sqlerr.ReadOnlySQLTransaction, "cannot execute %s() in a read-only transaction", name)
	}
	if op == "nextval" {
		return l.nextval(r)
	}
	if err := l.s.engine.db.Sequences().Set(r, value, op == "setval"); err != nil {
		return 0, err
	}
	if op == "setval" {
		l.s.lastval[oid] = value
	}
	return value, nil
}

func (l lookups) sequence(oid uint32) (*catalog.Relation, error) {
	r, ok := l.s.current().RelationByOID(oid)
	if !ok {
		return nil, sqlerr.New(sqlerr.UndefinedTable, "could not open relation with OID %d", oid)
	}
	if r.Kind != catalog.Sequence {
		return nil, sqlerr.New(sqlerr.WrongObjectType, "%q is not a sequence", r.Name)
	}
	return r, nil
}

func (l lookups) nextval(r *catalog.Relation) (int64, error) {
	v, err := l.s.engine.db.Sequences().Next(r)
	if err == nil {
		l.s.lastval[r.OID], l.s.lastSeq = v, r.OID
	}
	return v, err
}

var _ system.World = env{}

// Current implements system.World.
func (e env) Current() *catalog.Catalog { return e.s.current() }

// Running implements system.World.
func (e env) Running() *database.Database { return e.s.engine.db }

// Sessions implements system.World. Of other sessions only that is looked at which their goroutines share.
func (e env) Sessions() []system.Session {
	var out []system.Session
	for _, s := range e.s.engine.Sessions() {
		x := system.Session{ID: s.id, User: s.user, Remote: s.remote, Began: s.began, State: "idle"}
		s.mu.Lock()
		x.Query = s.query
		if s.cancel != nil {
			x.State = "active"
		}
		s.mu.Unlock()
		if s == e.s {
			x.Application, x.TxBegan = s.setting("application_name"), s.startsAt
		}
		out = append(out, x)
	}
	return out
}

// Prepared implements system.World.
func (e env) Prepared() []system.Prepared {
	var out []system.Prepared
	for _, name := range slices.Sorted(maps.Keys(e.s.prepared)) {
		p := e.s.prepared[name]
		out = append(out, system.Prepared{Name: name, Text: p.text, Params: p.action.params})
	}
	return out
}

// AdvisoryLocks implements system.World.
func (e env) AdvisoryLocks() []system.AdvisoryLock { return e.s.engine.advisory.list() }

// Cursors implements system.World.
func (e env) Cursors() []system.Cursor {
	var out []system.Cursor
	for _, name := range slices.Sorted(maps.Keys(e.s.cursors)) {
		c := e.s.cursors[name]
		x := system.Cursor{Name: name, Hold: c.hold}
		if c.portal != nil {
			x.Text = c.portal.text
		}
		out = append(out, x)
	}
	return out
}

package session

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// relation finds a relation by its name as written.
func (s *Session) relation(n ast.Name) (*catalog.Relation, error) {
	r, err := s.findRelation(n)
	if err == nil && r == nil {
		err = sqlerr.New(sqlerr.UndefinedTable, "relation %q does not exist", strings.Join(n.Parts, ".")).At(n.Pos)
	}
	return r, err
}

// findRelation is relation without an error for one that does not exist: it gives nil.
func (s *Session) findRelation(n ast.Name) (*catalog.Relation, error) {
	c := s.current()
	q := n.Qualifier()
	if len(q) == 2 && q[0] == DatabaseName {
		q = q[1:]
	}
	switch len(q) {
	case 0:
		if r, ok := c.Lookup(s.searchPath(), n.Last()); ok {
			return r, nil
		}
		return nil, nil
	case 1:
		schema, ok := c.Schema(q[0])
		if !ok {
			return nil, sqlerr.New(sqlerr.InvalidSchemaName, "schema %q does not exist", q[0]).At(n.Pos)
		}
		if r, ok := c.Relation(schema.OID, n.Last()); ok {
			return r, nil
		}
		return nil, nil
	}
	return nil, sqlerr.New(sqlerr.FeatureNotSupported, "cross-database references are not implemented: %q", strings.Join(n.Parts, ".")).At(n.Pos)
}

// newName is where a new object goes.
func (s *Session) newName(n ast.Name) (*catalog.Schema, error) {
	q := n.Qualifier()
	if len(q) == 0 {
		return s.creationSchema()
	}
	schema, ok := s.current().Schema(q[len(q)-1])
	if !ok {
		return nil, sqlerr.New(sqlerr.InvalidSchemaName, "schema %q does not exist", q[len(q)-1]).At(n.Pos)
	}
	switch schema.OID {
	case catalog.PgCatalogOID, catalog.InformationSchemaOID, catalog.StreamDBOID:
		return nil, sqlerr.New(sqlerr.InsufficientPrivilege, "permission denied to create %q", strings.Join(n.Parts, ".")).
			WithDetail("System catalog modifications are currently disallowed.").At(n.Pos)
	}
	return schema, nil
}

// qualified is a relation's name with its schema.
func (s *Session) qualified(r *catalog.Relation) string {
	if schema, ok := s.current().SchemaByOID(r.Schema); ok {
		return ast.QuoteIdent(schema.Name) + "." + ast.QuoteIdent(r.Name)
	}
	return ast.QuoteIdent(r.Name)
}

// uniqueName is base, or base with the first number that makes it free in a schema: how constraints, indexes and sequences get
// their names.
func uniqueName(e *catalog.Edit, schema uint32, base string, taken func(string) bool) string {
	name := base
	for i := 1; ; i++ {
		if _, ok := e.Catalog().Relation(schema, name); !ok && (taken == nil || !taken(name)) {
			return name
		}
		name = base + itoa(i)
	}
}

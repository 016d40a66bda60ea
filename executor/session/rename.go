package session

import (
	"slices"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// relationName is the name of a relation in the stored text of a query, where every relation has its schema.
type relationName struct{ schema, name string }

func (n relationName) parts() []string { return []string{n.schema, n.name} }

// nameOf is what the stored text of a query calls a relation.
func (s *Session) nameOf(r *catalog.Relation) relationName {
	n := relationName{name: r.Name}
	if schema, ok := s.current().SchemaByOID(r.Schema); ok {
		n.schema = schema.Name
	}
	return n
}

// moving are relations whose queries name others by names that change: they are put into the catalog with the new names.
type moving map[uint32]*catalog.Relation

// follow has the queries of those who read a relation name it by its new name.
func (m moving) follow(c *catalog.Catalog, r *catalog.Relation, from, to relationName) error {
	if r.Kind == catalog.Virtual {
		return sqlerr.New(sqlerr.InsufficientPrivilege, "permission denied: %q is a system catalog", r.Name)
	}
	for _, d := range c.Dependents(r.OID) {
		if d.ViewDef == nil {
			continue
		}
		if moved, ok := m[d.OID]; ok {
			d = moved
		}
		renamed, def := *d, *d.ViewDef
		var err error
		if def.Query, err = respell(def.Query, from, to); err != nil {
			return sqlerr.From(err).WithDetail("%s %s names it in its query.", d.Kind, d.Name)
		}
		renamed.ViewDef = &def
		m[d.OID] = &renamed
	}
	return nil
}

// put puts them into the catalog.
func (m moving) put(e *catalog.Edit) error {
	for _, r := range m {
		if err := e.PutRelation(r); err != nil {
			return err
		}
	}
	return nil
}

// respell changes the name of a relation in the text of a query. The query's own name for it stays the old one, so that what is
// qualified by it goes on meaning the same.
func respell(query string, from, to relationName) (string, error) {
	stmts, err := parse.Statements(query)
	if err != nil {
		return "", err
	}
	root := stmts[0].Statement
	taken := false
	within := map[ast.TableExpr]bool{} // those that windows and patterns are over: these have the name
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CTE:
			taken = taken || n.Name == from.name
		case *ast.WindowTable:
			within[n.Input], n.Alias = true, keepName(n.Alias, n.Input, from)
		case *ast.MatchRecognize:
			within[n.Input], n.Alias = true, keepName(n.Alias, n.Input, from)
		case *ast.TableRef:
			if !within[n] {
				n.Alias = keepName(n.Alias, n, from)
			}
		case *ast.ColumnRef:
			if len(n.Name.Parts) > 1 && slices.Equal(n.Name.Parts[:2], from.parts()) && (n.Star || len(n.Name.Parts) > 2) {
				n.Name.Parts = n.Name.Parts[1:]
			}
		}
		return true
	})
	if taken {
		return "", sqlerr.New(sqlerr.DependentObjectsStillExist, "cannot rename %q because a query has a WITH query of that name too", from.name)
	}
	ast.Inspect(root, func(n ast.Node) bool {
		if t, ok := n.(*ast.TableRef); ok && slices.Equal(t.Name.Parts, from.parts()) {
			t.Name.Parts = to.parts()
		}
		return true
	})
	return ast.Format(root), nil
}

// keepName is the alias of an item of FROM over a relation: the relation's name, if it has none of its own.
func keepName(alias *ast.Alias, over ast.TableExpr, from relationName) *ast.Alias {
	t, ok := over.(*ast.TableRef)
	if alias != nil || !ok || !slices.Equal(t.Name.Parts, from.parts()) {
		return alias
	}
	return &ast.Alias{Pos: t.Name.Pos, Name: from.name}
}

package session

import (
	"context"
	"fmt"
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// droppable are the kinds of relation that DROP names.
var droppable = map[ast.ObjectKind]catalog.Kind{ast.ObjectTable: catalog.Table, ast.ObjectStream: catalog.Stream, ast.ObjectView: catalog.View,
	ast.ObjectMatView: catalog.View, ast.ObjectSink: catalog.Sink, ast.ObjectIndex: catalog.Index, ast.ObjectSequence: catalog.Sequence}

// drop is DROP.
func (s *Session) drop(ctx context.Context, x *ast.Drop) (string, error) {
	tag := "DROP " + string(x.Kind)
	if x.Kind == ast.ObjectSchema {
		return tag, s.dropSchemas(ctx, x)
	}
	kind, ok := droppable[x.Kind]
	if !ok {
		return "", sqlerr.Unsupported("DROP "+string(x.Kind), "There are none: StreamDB has tables, streams, views, sinks, indexes and schemas.").At(x.Pos)
	}
	var found []*catalog.Relation
	for _, n := range x.Names {
		r, err := s.findRelation(n)
		if err != nil && !x.IfExists {
			return "", err
		}
		if r == nil {
			if !x.IfExists {
				return "", sqlerr.New(missingCode(kind), "%s %q does not exist", objectWord(x.Kind), strings.Join(n.Parts, ".")).At(n.Pos)
			}
			s.notice(sqlerr.NewNotice("%s %q does not exist, skipping", objectWord(x.Kind), n.Last()))
			continue
		}
		if r.Kind != kind {
			return "", wrongKind(r, x.Kind).At(n.Pos)
		}
		found = append(found, r)
	}
	if len(found) == 0 {
		return tag, nil
	}
	return tag, s.dropRelations(ctx, found, x.Behavior == ast.DropCascade)
}

func objectWord(k ast.ObjectKind) string { return strings.ToLower(string(k)) }

func missingCode(k catalog.Kind) sqlerr.Code {
	if k == catalog.Index {
		return sqlerr.UndefinedObject
	}
	return sqlerr.UndefinedTable
}

// wrongKind is the error of DROP TABLE for a view, with the statement that would do.
func wrongKind(r *catalog.Relation, asked ast.ObjectKind) *sqlerr.Error {
	article := "a"
	if strings.ContainsAny(string(asked)[:1], "AEIOU") {
		article = "an"
	}
	return sqlerr.New(sqlerr.WrongObjectType, "%q is not %s %s", r.Name, article, objectWord(asked)).
		WithHint("Use DROP %s to remove a %s.", strings.ToUpper(r.Kind.String()), r.Kind)
}

// dropRelations drops relations with what is theirs alone (sequences, indexes), and with cascade everything that reads them.
func (s *Session) dropRelations(ctx context.Context, list []*catalog.Relation, cascade bool) error {
	c := s.current()
	going := map[uint32]bool{}
	for _, r := range list {
		if r.Kind == catalog.Virtual {
			return sqlerr.New(sqlerr.InsufficientPrivilege, "permission denied: %q is a system catalog", r.Name)
		}
		going[r.OID] = true
	}
	var dependants []string
	for todo := list; len(todo) > 0; todo = todo[1:] {
		r := todo[0]
		for _, d := range c.Dependents(r.OID) {
			if going[d.OID] {
				continue
			}
			going[d.OID] = true
			todo = append(todo, d)
			if d.Kind != catalog.Index {
				dependants = append(dependants, fmt.Sprintf("%s %s depends on %s %s", d.Kind, s.shortName(d), r.Kind, s.shortName(r)))
			}
		}
		for _, q := range c.Relations() {
			if q.Kind == catalog.Sequence && q.SequenceDef.OwnedBy == r.OID {
				going[q.OID] = true
			}
		}
	}
	if len(dependants) > 0 && !cascade {
		return sqlerr.New(sqlerr.DependentObjectsStillExist, "cannot drop %s %s because other objects depend on it", list[0].Kind, s.shortName(list[0])).
			WithDetail("%s", strings.Join(dependants, "\n")).WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
	}
	s.cascadeNotice(dependants)
	return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
		for oid := range going {
			e.DropRelation(oid)
		}
		return nil
	})
}

// cascadeNotice says what else a CASCADE takes, as PostgreSQL does.
func (s *Session) cascadeNotice(dependants []string) {
	switch len(dependants) {
	case 0:
	case 1:
		what, _, _ := strings.Cut(dependants[0], " depends on ")
		s.notice(sqlerr.NewNotice("drop cascades to %s", what))
	default:
		lines := make([]string, len(dependants))
		for i, d := range dependants {
			what, _, _ := strings.Cut(d, " depends on ")
			lines[i] = "drop cascades to " + what
		}
		s.notice(sqlerr.NewNotice("drop cascades to %d other objects", len(dependants)).WithDetail("%s", strings.Join(lines, "\n")))
	}
}

// shortName is a relation's name as messages have it: with its schema if the search path does not find it.
func (s *Session) shortName(r *catalog.Relation) string {
	if found, ok := s.current().Lookup(s.searchPath(), r.Name); ok && found.OID == r.OID {
		return ast.QuoteIdent(r.Name)
	}
	return s.qualified(r)
}

// dropSchemas is DROP SCHEMA.
func (s *Session) dropSchemas(ctx context.Context, x *ast.Drop) error {
	for _, n := range x.Names {
		schema, ok := s.current().Schema(n.Last())
		switch {
		case !ok && x.IfExists:
			s.notice(sqlerr.NewNotice("schema %q does not exist, skipping", n.Last()))
			continue
		case !ok:
			return sqlerr.New(sqlerr.InvalidSchemaName, "schema %q does not exist", n.Last()).At(n.Pos)
		case schema.OID < catalog.FirstUserOID && schema.OID != catalog.PublicOID:
			return sqlerr.New(sqlerr.DependentObjectsStillExist, "cannot drop schema %s because it is required by the database system", schema.Name).At(n.Pos)
		}
		var inside []*catalog.Relation
		for _, r := range s.current().Relations() {
			if r.Schema == schema.OID {
				inside = append(inside, r)
			}
		}
		if len(inside) > 0 {
			if x.Behavior != ast.DropCascade {
				return sqlerr.New(sqlerr.DependentObjectsStillExist, "cannot drop schema %s because other objects depend on it", schema.Name).
					WithDetail("%s %s depends on schema %s", inside[0].Kind, s.shortName(inside[0]), schema.Name).
					WithHint("Use DROP ... CASCADE to drop the dependent objects too.")
			}
			if err := s.dropRelations(ctx, inside, true); err != nil {
				return err
			}
		}
		if err := s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
			e.DropSchema(schema.OID)
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

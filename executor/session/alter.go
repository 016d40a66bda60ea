package session

import (
	"context"
	"slices"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// alter is ALTER.
func (s *Session) alter(ctx context.Context, x *ast.Alter) (string, error) {
	tag := "ALTER " + string(x.Kind)
	if x.Kind == ast.ObjectSchema {
		return tag, s.alterSchema(ctx, x)
	}
	kind, ok := droppable[x.Kind]
	if !ok {
		return "", sqlerr.Unsupported("ALTER "+string(x.Kind), "StreamDB alters tables, streams, views, sinks, indexes and schemas.").At(x.Pos)
	}
	r, err := s.findRelation(x.Name)
	if err != nil {
		return "", err
	}
	if r == nil {
		if x.IfExists {
			s.notice(sqlerr.NewNotice("relation %q does not exist, skipping", x.Name.Last()))
			return tag, nil
		}
		_, err := s.relation(x.Name)
		return "", err
	}
	// ALTER TABLE takes any relation for what all have, as in PostgreSQL.
	if r.Kind != kind && x.Kind != ast.ObjectTable {
		e := wrongKind(r, x.Kind).At(x.Name.Pos)
		e.Hint = ""
		return "", e
	}
	for _, a := range x.Actions {
		if err := s.alterAction(ctx, r.OID, a); err != nil {
			return "", err
		}
	}
	return tag, nil
}

// alterAction makes one change. The relation is looked up anew, as an action before may have changed it.
func (s *Session) alterAction(ctx context.Context, oid uint32, a ast.AlterAction) error {
	old, _ := s.current().RelationByOID(oid)
	r := *old
	switch a := a.(type) {
	case *ast.RenameTo:
		r.Name = a.Name
	case *ast.RenameColumn:
		if err := renameColumn(&r, a); err != nil {
			return err
		}
		if n := len(s.current().Dependents(oid)); n > 0 {
			return sqlerr.New(sqlerr.DependentObjectsStillExist, "cannot rename column %q of %s %q because other objects depend on it", a.From, r.Kind, r.Name).
				WithHint("Their queries name the column.").At(a.Pos)
		}
	case *ast.AddColumn:
		return s.addColumn(ctx, &r, a)
	case *ast.AlterColumn:
		if err := s.alterColumn(ctx, &r, a); err != nil {
			return err
		}
	case *ast.DropColumn:
		return sqlerr.Unsupported("DROP COLUMN", "Make a view without it, or CREATE a table without it, INSERT … SELECT, and rename.").At(a.Pos)
	case *ast.AddConstraint:
		return sqlerr.Unsupported("ADD CONSTRAINT", "Name constraints in CREATE TABLE.").At(a.Pos)
	case *ast.SetSchema:
		schema, ok := s.current().Schema(a.Schema)
		if !ok {
			return sqlerr.New(sqlerr.InvalidSchemaName, "schema %q does not exist", a.Schema).At(a.Pos)
		}
		r.Schema = schema.OID
	case *ast.OwnerTo:
		if a.Role != s.user && a.Role != "current_user" && a.Role != "session_user" {
			return sqlerr.New(sqlerr.UndefinedObject, "role %q does not exist", a.Role).At(a.Pos)
		}
		return nil
	case *ast.SetOptions:
		if err := s.setOptions(&r, a); err != nil {
			return err
		}
		if slices.Equal(r.Options, old.Options) {
			return nil
		}
	case *ast.ResetOptions:
		if err := s.resetOptions(&r, a); err != nil {
			return err
		}
	case *ast.Resume:
		return s.resume(&r)
	case *ast.ReplayLate:
		return s.engine.db.ReplayLate(ctx, oid)
	default:
		return sqlerr.Unsupported("this ALTER of a "+r.Kind.String(), "StreamDB alters names, schemas and options, and resumes views or replays their late rows.").At(a.Position())
	}
	parts, err := s.engine.db.Parting(s.current(), old, &r)
	if err != nil {
		return err
	}
	readers := moving{}
	if r.Name != old.Name || r.Schema != old.Schema {
		if err := readers.follow(s.current(), old, s.nameOf(old), s.nameOf(&r)); err != nil {
			return err
		}
	}
	return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
		if err := readers.put(e); err != nil {
			return err
		}
		if parts {
			apart := *r.ViewDef
			apart.Computation = e.NewOID()
			r.ViewDef = &apart
		}
		return e.PutRelation(&r)
	})
}

func renameColumn(r *catalog.Relation, a *ast.RenameColumn) error {
	i := r.Column(a.From)
	if i < 0 {
		return sqlerr.New(sqlerr.UndefinedColumn, "column %q does not exist", a.From).At(a.Pos)
	}
	if r.Column(a.To) >= 0 {
		return sqlerr.New(sqlerr.DuplicateColumn, "column %q of relation %q already exists", a.To, r.Name).At(a.Pos)
	}
	if len(r.Checks) > 0 || r.Watermark != nil || r.Connector != "" {
		return sqlerr.Unsupported("renaming a column of a relation with CHECK, WATERMARK FOR or a connector", "Create it anew with the other name.").At(a.Pos)
	}
	r.Columns = slices.Clone(r.Columns)
	r.Columns[i].Name = a.To
	return nil
}

// resume is ALTER VIEW … RESUME.
func (s *Session) resume(r *catalog.Relation) error {
	if r.Kind != catalog.View && r.Kind != catalog.Sink {
		return sqlerr.New(sqlerr.WrongObjectType, "%q is a %s and does not run", r.Name, r.Kind)
	}
	return s.engine.db.Resume(r.OID)
}

func (s *Session) alterSchema(ctx context.Context, x *ast.Alter) error {
	schema, ok := s.current().Schema(x.Name.Last())
	if !ok {
		return sqlerr.New(sqlerr.InvalidSchemaName, "schema %q does not exist", x.Name.Last()).At(x.Name.Pos)
	}
	for _, a := range x.Actions {
		rename, ok := a.(*ast.RenameTo)
		if !ok {
			if _, owner := a.(*ast.OwnerTo); owner {
				continue
			}
			return sqlerr.Unsupported("this ALTER SCHEMA", "A schema can be renamed.").At(a.Position())
		}
		readers := moving{}
		for _, r := range s.current().Relations() {
			if r.Schema == schema.OID {
				if err := readers.follow(s.current(), r, relationName{schema.Name, r.Name}, relationName{rename.Name, r.Name}); err != nil {
					return err
				}
			}
		}
		renamed := *schema
		renamed.Name = rename.Name
		err := s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error {
			if err := readers.put(e); err != nil {
				return err
			}
			return e.PutSchema(&renamed)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

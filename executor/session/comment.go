package session

import (
	"context"
	"slices"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// comment is COMMENT ON.
func (s *Session) comment(ctx context.Context, x *ast.Comment) error {
	text := ""
	if x.Text != nil {
		text = *x.Text
	}
	switch x.Kind {
	case ast.ObjectSchema:
		schema, ok := s.current().Schema(x.Name.Last())
		if !ok {
			return sqlerr.New(sqlerr.InvalidSchemaName, "schema %q does not exist", x.Name.Last()).At(x.Name.Pos)
		}
		c := *schema
		c.Comment = text
		return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error { return e.PutSchema(&c) })
	case ast.ObjectColumn:
		return s.commentColumn(ctx, x, text)
	}
	kind, ok := droppable[x.Kind]
	if !ok {
		return sqlerr.Unsupported("COMMENT ON "+string(x.Kind), "Comment on relations, columns and schemas.").At(x.Pos)
	}
	r, err := s.relation(x.Name)
	if err != nil {
		return err
	}
	if r.Kind != kind {
		e := wrongKind(r, x.Kind).At(x.Name.Pos)
		e.Hint = ""
		return e
	}
	c := *r
	c.Comment = text
	return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error { return e.PutRelation(&c) })
}

func (s *Session) commentColumn(ctx context.Context, x *ast.Comment, text string) error {
	q := x.Name.Qualifier()
	if len(q) == 0 {
		return sqlerr.New(sqlerr.SyntaxError, "column name must be qualified").At(x.Name.Pos)
	}
	r, err := s.relation(ast.Name{Pos: x.Name.Pos, Parts: q})
	if err != nil {
		return err
	}
	i := r.Column(x.Name.Last())
	if i < 0 {
		return sqlerr.New(sqlerr.UndefinedColumn, "column %q of relation %q does not exist", x.Name.Last(), r.Name).At(x.Name.Pos)
	}
	c := *r
	c.Columns = slices.Clone(r.Columns)
	c.Columns[i].Comment = text
	return s.tx.ChangeCatalog(ctx, func(e *catalog.Edit) error { return e.PutRelation(&c) })
}

package session

import (
	"context"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/engine"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// shown are the kinds of relation that SHOW lists.
var shown = map[ast.ObjectKind]catalog.Kind{ast.ObjectStream: catalog.Stream, ast.ObjectTable: catalog.Table, ast.ObjectView: catalog.View,
	ast.ObjectMatView: catalog.View, ast.ObjectSink: catalog.Sink, ast.ObjectIndex: catalog.Index, ast.ObjectSource: catalog.Stream,
	ast.ObjectSequence: catalog.Sequence}

// showObjectsAction is SHOW STREAMS, TABLES, VIEWS, SINKS, INDEXES and SCHEMAS.
func (s *Session) showObjectsAction(x *ast.ShowObjects) (*action, error) {
	text := types.T(types.Text)
	kind, ok := shown[x.Kind]
	if !ok && x.Kind != ast.ObjectSchema {
		return nil, sqlerr.Unsupported("SHOW "+string(x.Kind)+"S", "Show streams, tables, views, sinks, indexes or schemas.").At(x.Pos)
	}
	if x.In != "" {
		if _, ok := s.current().Schema(x.In); !ok {
			return nil, sqlerr.New(sqlerr.InvalidSchemaName, "schema %q does not exist", x.In).At(x.Pos)
		}
	}
	return &action{columns: []engine.Column{{Name: "schema", Type: text}, {Name: "name", Type: text}, {Name: "comment", Type: text}},
		run: func(_ context.Context, y *execution) (string, error) {
			out := vec.NewBatch([]types.Type{text, text, text}, 0)
			c := s.current()
			if x.Kind == ast.ObjectSchema {
				for _, n := range c.Schemas() {
					out.AppendRow(1, types.NewText(n.Name), types.NewText(n.Name), optional(n.Comment))
				}
				return "SHOW", y.give(out)
			}
			for _, r := range c.Relations() {
				schema, _ := c.SchemaByOID(r.Schema)
				if r.Kind == kind && (x.In == "" || schema.Name == x.In) {
					out.AppendRow(1, types.NewText(schema.Name), types.NewText(r.Name), optional(r.Comment))
				}
			}
			return "SHOW", y.give(out)
		}}, nil
}

func optional(text string) types.Datum {
	if text == "" {
		return types.Null
	}
	return types.NewText(text)
}

// showCreateAction is SHOW CREATE.
func (s *Session) showCreateAction(x *ast.ShowCreate) (*action, error) {
	r, err := s.relation(x.Name)
	if err != nil {
		return nil, err
	}
	if r.Kind == catalog.Virtual {
		return nil, sqlerr.New(sqlerr.WrongObjectType, "%q is a system relation", r.Name).At(x.Name.Pos)
	}
	text := types.T(types.Text)
	return &action{columns: []engine.Column{{Name: "name", Type: text}, {Name: "create_statement", Type: text}},
		run: func(_ context.Context, y *execution) (string, error) {
			out := vec.NewBatch([]types.Type{text, text}, 1)
			out.AppendRow(1, types.NewText(s.qualified(r)), types.NewText(s.createStatement(r)))
			return "SHOW", y.give(out)
		}}, nil
}

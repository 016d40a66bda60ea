package planner_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
)

// schema is a catalog that statements fill.
type schema struct{ catalog *catalog.Catalog }

func newSchema() *schema { return &schema{catalog.New(nil)} }

func (s *schema) context() *bind.Context {
	return &bind.Context{Catalog: s.catalog, SearchPath: []string{"public"}}
}

func (s *schema) create(t *testing.T, stmt ast.Statement) {
	e := s.catalog.Edit()
	r := &catalog.Relation{OID: e.NewOID(), Schema: catalog.PublicOID}
	switch x := stmt.(type) {
	case *ast.CreateTable:
		s.table(t, r, x)
	case *ast.CreateView:
		r.Name, r.Kind = x.Name.Last(), catalog.View
		o := planner.Options{Tasks: 1, View: true, EmitOnClose: x.Emit == ast.EmitOnWindowClose}
		v, err := planner.View(s.context(), x.Query, o)
		require.NoError(t, err)
		for _, c := range v.Columns {
			r.Columns = append(r.Columns, catalog.Column{Name: c.Name, Type: c.Type})
		}
		r.AppendOnly, r.Watermark = v.AppendOnly, v.Watermark
		r.ViewDef = &catalog.ViewDef{Query: ast.Format(x.Query)}
		if root := v.Plan.Root(); root.HasKey {
			r.ViewDef.UniqueKey = root.Key
		}
	case *ast.CreateIndex:
		on, ok := s.catalog.Lookup([]string{"public"}, x.Table.Last())
		require.True(t, ok)
		r.Name, r.Kind, r.IndexDef = x.Name, catalog.Index, &catalog.IndexDef{On: on.OID}
		for _, el := range x.Elems {
			r.IndexDef.Columns = append(r.IndexDef.Columns, on.Column(el.Expr.(*ast.ColumnRef).Name.Last()))
		}
	default:
		t.Fatalf("%T makes no relation", stmt)
	}
	require.NoError(t, e.PutRelation(r))
	s.catalog = e.Catalog()
}

func (s *schema) table(t *testing.T, r *catalog.Relation, x *ast.CreateTable) {
	r.Name, r.Kind = x.Name.Last(), catalog.Table
	if x.Stream {
		r.Kind, r.AppendOnly = catalog.Stream, true
	}
	add := func(c *ast.Constraint, own string) {
		columns := c.Columns
		if columns == nil {
			columns = []string{own}
		}
		switch c.Kind {
		case ast.ConstraintNotNull:
			r.Columns[r.Column(own)].NotNull = true
		case ast.ConstraintDefault:
			r.Columns[r.Column(own)].Default = ast.Format(c.Expr)
		case ast.ConstraintCheck:
			r.Checks = append(r.Checks, catalog.Check{Name: fmt.Sprintf("%s_check%d", r.Name, len(r.Checks)), Expr: ast.Format(c.Expr)})
		case ast.ConstraintPrimaryKey, ast.ConstraintUnique:
			k := catalog.Key{Name: r.Name + "_key", Primary: c.Kind == ast.ConstraintPrimaryKey}
			for _, name := range columns {
				i := r.Column(name)
				k.Columns = append(k.Columns, i)
				r.Columns[i].NotNull = r.Columns[i].NotNull || k.Primary
			}
			r.Keys = append(r.Keys, k)
		default:
			t.Fatalf("constraint %d is not for this test", c.Kind)
		}
	}
	for _, c := range x.Columns {
		typ, err := bind.TypeName(s.context(), c.Type)
		require.NoError(t, err)
		r.Columns = append(r.Columns, catalog.Column{Name: c.Name, Type: typ})
		for _, k := range c.Constraints {
			add(k, c.Name)
		}
	}
	for _, k := range x.Constraints {
		add(k, "")
	}
	for _, w := range x.Watermarks {
		r.Watermark = &catalog.Watermark{Column: r.Column(w.Column), Expr: ast.Format(w.Expr)}
	}
}

// byPosition is an expression's text with columns as $n of the row, counted from 1 as in a SELECT list.
func byPosition(e physical.Expr) string {
	return expr.Rewrite(e.Node, func(n expr.Node) expr.Node {
		if c, ok := n.(*expr.Column); ok {
			return expr.NewColumn(c.Index, c.Typ, fmt.Sprintf("#%d", c.Index+1))
		}
		return n
	}).String()
}

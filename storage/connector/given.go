package connector

import (
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// FromAST is the options of a WITH list. An option without a value is true, as in PostgreSQL.
func FromAST(list []*ast.Option) ([]Given, error) {
	given := make([]Given, 0, len(list))
	for _, o := range list {
		g := Given{Name: o.Name, Value: o.Value.Text, Offset: o.Pos}
		switch o.Value.Kind {
		case ast.ValueNone:
			g.Value = "true"
		case ast.ValueStar, ast.ValueList, ast.ValueDefault:
			return nil, sqlerr.New(sqlerr.SyntaxError, "option %q requires a single value", o.Name).At(o.Pos)
		}
		given = append(given, g)
	}
	return given, nil
}

package system

import (
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
)

// ViewDefinition is what pg_get_viewdef says of a view, or of a sink over a query.
func ViewDefinition(c *catalog.Catalog, oid uint32) (string, bool) {
	r, ok := c.RelationByOID(oid)
	if !ok || r.ViewDef == nil {
		return "", false
	}
	return " " + viewQuery(r) + ";", true
}

// viewQuery is a view's query as it would be written behind AS.
func viewQuery(r *catalog.Relation) string {
	if r.ViewDef.EmitOnClose {
		return r.ViewDef.Query + " EMIT ON WINDOW CLOSE"
	}
	return r.ViewDef.Query
}

// IndexDefinition is what pg_get_indexdef says of an index, or of its column (from 1).
func IndexDefinition(c *catalog.Catalog, oid uint32, column int) (string, bool) {
	x, ok := findClass(c, oid)
	if !ok || x.on == nil {
		return "", false
	}
	if column > 0 {
		if column > len(x.columns) {
			return "", false
		}
		return ast.QuoteIdent(x.on.Columns[x.columns[column-1]].Name), true
	}
	return indexDefinition(c, x), true
}

func indexDefinition(c *catalog.Catalog, x class) string {
	unique := ""
	if x.unique() {
		unique = "UNIQUE "
	}
	return "CREATE " + unique + "INDEX " + ast.QuoteIdent(x.name) + " ON " + qualified(c, x.on) + " USING btree (" + indexColumns(x) + ")"
}

// indexColumns are the columns of an index with their directions.
func indexColumns(x class) string {
	names := make([]string, len(x.columns))
	for i, at := range x.columns {
		names[i] = ast.QuoteIdent(x.on.Columns[at].Name) + x.option(i).String()
	}
	return strings.Join(names, ", ")
}

// ConstraintDefinition is what pg_get_constraintdef says of a constraint.
func ConstraintDefinition(c *catalog.Catalog, oid uint32) (string, bool) {
	for _, r := range c.Relations() {
		for _, k := range constraintsOf(r) {
			if k.oid == oid {
				return k.definition(), true
			}
		}
	}
	return "", false
}

// DefaultDefinition is a column's default (from 1).
func DefaultDefinition(c *catalog.Catalog, oid uint32, column int) (string, bool) {
	r, ok := c.RelationByOID(oid)
	if !ok || column < 1 || column > len(r.Columns) || r.Columns[column-1].Default == "" {
		return "", false
	}
	return r.Columns[column-1].Default, true
}

// ColumnName is the name of a relation's column (from 1).
func ColumnName(c *catalog.Catalog, oid uint32, column int) (string, bool) {
	x, ok := findClass(c, oid)
	if !ok {
		return "", false
	}
	columns := x.attributes()
	if column < 1 || column > len(columns) {
		return "", false
	}
	return columns[column-1].Name, true
}

// ColumnSequence is the qualified name of the sequence behind a column (from 1).
func ColumnSequence(c *catalog.Catalog, oid uint32, column int) (string, bool) {
	r, ok := c.RelationByOID(oid)
	if !ok || column < 1 || column > len(r.Columns) {
		return "", false
	}
	s, ok := c.RelationByOID(r.Columns[column-1].Sequence)
	if !ok {
		return "", false
	}
	return qualified(c, s), true
}

func columnList(r *catalog.Relation, columns []int) string {
	names := make([]string, len(columns))
	for i, at := range columns {
		names[i] = ast.QuoteIdent(r.Columns[at].Name)
	}
	return strings.Join(names, ", ")
}

// qualified is a relation's name with its schema.
func qualified(c *catalog.Catalog, r *catalog.Relation) string {
	if s, ok := c.SchemaByOID(r.Schema); ok {
		return ast.FormatName(s.Name, r.Name)
	}
	return ast.FormatName(r.Name)
}

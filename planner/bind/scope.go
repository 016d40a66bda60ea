package bind

import (
	"strings"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// fromItem is what a FROM item contributes to the names that expressions can use (PostgreSQL's ParseNamespaceItem).
type fromItem struct {
	// name is the alias or the relation's name; empty for a join or subquery without alias.
	name string
	// schema is the relation's, for references qualified by it; empty if an alias hides it.
	schema string
	cols   []outCol
	// system are the relation's hidden columns: they can be named, but * does not mean them.
	system []outCol
	// relVisible says that the item can be named as a qualifier, colsVisible that its columns can be named alone.
	relVisible, colsVisible bool
	// table is the relation, if the item is one.
	table *catalog.Relation
	// scan reads it, if it is one.
	scan *logical.Scan
	// nullable says that an outer join may put nulls in place of the item's row.
	nullable bool
}

// scope is the names of one query level: its FROM items and the query around it.
type scope struct {
	items []*fromItem
	// unreachable are FROM items that the text could seem to mean but that cannot be referenced here.
	unreachable []*fromItem
	// wrongJoin are items that a LATERAL item may not reference, because a RIGHT or FULL join combines them.
	wrongJoin []*fromItem
	// outer is where the query stands as a subquery: the expression context around it. nil for the outermost.
	outer *exprContext
	// query is the SELECT whose level this is.
	query *query
}

// outerScope is the scope around s, or nil.
func (s *scope) outerScope() *scope {
	if s.outer == nil {
		return nil
	}
	return s.outer.scope
}

// columns are all columns of the level's FROM items.
func (s *scope) columns() logical.ColSet {
	var set logical.ColSet
	for _, it := range s.items {
		for _, c := range it.cols {
			set.Add(c.id)
		}
		for _, c := range it.system {
			set.Add(c.id)
		}
		if it.scan != nil && it.scan.Arrival != 0 {
			set.Add(it.scan.Arrival)
		}
	}
	return set
}

// match is a column that a name means.
type match struct {
	item *fromItem
	col  outCol
}

// lookup finds the columns of one level that an unqualified name means.
func (s *scope) lookup(name string) []match {
	var found []match
	for _, it := range s.items {
		if !it.colsVisible {
			continue
		}
		found = append(found, it.named(name)...)
	}
	return found
}

// named are the item's columns of a name; a system column counts only if there is no other.
func (it *fromItem) named(name string) []match {
	var found []match
	for _, list := range [][]outCol{it.cols, it.system} {
		for _, c := range list {
			if c.name == name {
				found = append(found, match{it, c})
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found
}

// find gives the FROM items of one level that a qualifier names.
func (s *scope) find(qualifier []string) []*fromItem { return findItems(s.items, qualifier) }

func findItems(items []*fromItem, qualifier []string) []*fromItem {
	var found []*fromItem
	name := qualifier[len(qualifier)-1]
	for _, it := range items {
		if !it.relVisible || it.name != name {
			continue
		}
		if len(qualifier) > 1 && it.schema != qualifier[len(qualifier)-2] {
			continue
		}
		found = append(found, it)
	}
	return found
}

// column resolves a reference to a column; levels are searched from the inside out.
func (x *exprContext) column(ref *ast.ColumnRef) expr.Node {
	if x.match != nil {
		x.match.checkVariable(ref)
	}
	parts := ref.Name.Parts
	if len(parts) == 1 {
		return x.unqualified(ref, parts[0])
	}
	if len(parts) > 4 {
		fail(ref.Position(), sqlerr.SyntaxError, "improper qualified name (too many dotted names): %s", strings.Join(parts, "."))
	}
	qualifier, name := x.b.qualifier(ref.Name.Qualifier(), ref.Position()), parts[len(parts)-1]
	item := x.qualifiedItem(qualifier, ref.Position())
	if found := item.named(name); len(found) > 0 {
		return x.b.ref(found[0].col.id, ref.Position())
	}
	e := sqlerr.New(sqlerr.UndefinedColumn, "column %s does not exist", strings.Join(append(qualifier[len(qualifier)-1:], name), "."))
	x.hintColumn(e, qualifier[len(qualifier)-1], name)
	panic(e.At(ref.Position()))
}

// qualifier drops a database name from a qualifier of three parts, after checking that it is ours.
func (b *binder) qualifier(q []string, pos int) []string {
	if len(q) < 3 {
		return q
	}
	if b.Env != nil && q[0] != b.Env.Database() {
		fail(pos, sqlerr.FeatureNotSupported, "cross-database references are not implemented: %s", strings.Join(q, "."))
	}
	return q[1:]
}

func (x *exprContext) unqualified(ref *ast.ColumnRef, name string) expr.Node {
	for s := x.scope; s != nil; s = s.outerScope() {
		found := s.lookup(name)
		if len(found) > 1 {
			fail(ref.Position(), sqlerr.AmbiguousColumn, "column reference %q is ambiguous", name)
		}
		if len(found) == 1 {
			return x.b.ref(found[0].col.id, ref.Position())
		}
	}
	if n := x.wholeRow(name, ref.Position()); n != nil {
		return n
	}
	e := sqlerr.New(sqlerr.UndefinedColumn, "column %q does not exist", name)
	x.hintColumn(e, "", name)
	panic(e.At(ref.Position()))
}

// wholeRow makes a record of a FROM item that is named where a value is expected.
func (x *exprContext) wholeRow(name string, pos int) expr.Node {
	for s := x.scope; s != nil; s = s.outerScope() {
		if items := s.find([]string{name}); len(items) > 0 {
			// A function's single column stands for its row.
			if items[0].table == nil && len(items[0].cols) == 1 {
				return x.b.ref(items[0].cols[0].id, pos)
			}
			return x.b.wholeRow(items[0], pos)
		}
	}
	return nil
}

// qualifiedItem finds the FROM item that a qualifier names, from the inside out.
func (x *exprContext) qualifiedItem(qualifier []string, pos int) *fromItem {
	name := qualifier[len(qualifier)-1]
	for s := x.scope; s != nil; s = s.outerScope() {
		switch found := s.find(qualifier); {
		case len(found) > 1:
			fail(pos, sqlerr.AmbiguousAlias, "table reference %q is ambiguous", name)
		case len(found) == 1:
			return found[0]
		}
	}
	x.missingItem(qualifier, pos)
	return nil
}

// ref reads a column and remembers where the text does.
func (b *binder) ref(id logical.ColID, pos int) expr.Node {
	n := b.md.Ref(id)
	b.positions[n] = pos
	return n
}

package bind

import (
	"fmt"
	"slices"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/parse"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

// expandView binds a view's query in place of the view, as over what a transaction has written and no view reflects yet.
func (b *binder) expandView(rel *catalog.Relation, pos int) *relation {
	if slices.Contains(b.expanding, rel.OID) {
		fail(pos, sqlerr.InvalidRecursion, "view %q reads itself", rel.Name)
	}
	if _, expires := rel.Option("ttl"); expires {
		unsupported(pos, fmt.Sprintf("reading view %q, which has a ttl, over what this transaction has written", rel.Name), "COMMIT first: rows have a time when they are in the log.")
	}
	stmts, err := parse.Statements(rel.ViewDef.Query)
	raise(err, pos)
	query, ok := stmts[0].Statement.(*ast.Select)
	if !ok {
		panic(sqlerr.Internal("the definition of view %q is no query", rel.Name))
	}
	saved := b.with
	b.with = nil
	b.expanding = append(b.expanding, rel.OID)
	r := b.selectStmt(query, nil, resolveUnknown)
	b.expanding = b.expanding[:len(b.expanding)-1]
	b.with = saved
	r.order = nil
	if len(r.cols) < len(rel.Columns) {
		panic(sqlerr.Internal("the query of view %q has %d columns instead of %d", rel.Name, len(r.cols), len(rel.Columns)))
	}
	r.cols = r.cols[:len(rel.Columns)]
	for i := range r.cols {
		r.cols[i].name = rel.Columns[i].Name
	}
	return r
}

package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// procTime binds proctime(): when a row of a stream came, which is the recorded time of its epoch, so that every replay and every reader has
// the same. It is a column that the scan of the stream has besides those that * means. Only a stream's rows have one such time for ever.
func (x *exprContext) procTime(e *ast.FuncCall) expr.Node {
	pos := e.Position()
	if len(e.Args) > 0 || e.Star || e.Over != nil || e.Filter != nil || e.Distinct || e.OrderBy != nil {
		fail(pos, sqlerr.SyntaxError, "proctime() takes no arguments and no clauses")
	}
	const elsewhere = "Select it over the stream and name it, as in (SELECT *, proctime() AS p FROM bid); now() is the time of the statement."
	if x.clause != "SELECT" || x.match != nil {
		unsupported(pos, "proctime() outside the select list of a query", elsewhere)
	}
	if len(x.scope.items) != 1 {
		unsupported(pos, "proctime() of anything but one stream in FROM", elsewhere)
	}
	it := x.scope.items[0]
	if it.scan == nil || it.table.Kind != catalog.Stream {
		unsupported(pos, "proctime() of what is no stream", "Rows of a stream have a time at which they came. "+elsewhere)
	}
	if it.scan.Arrival == 0 {
		it.scan.Arrival = x.b.md.Add(logical.Column{Name: "proctime", Type: types.T(types.Timestamptz)})
		x.b.arrivals[it.scan.Arrival] = it.scan
	}
	return x.b.ref(it.scan.Arrival, pos)
}

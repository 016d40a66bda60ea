package session

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/planner/bind"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/parse"
)

// BindWatermark binds a stream's WATERMARK FOR expression, whose text the catalog keeps.
func BindWatermark(c *catalog.Catalog, r *catalog.Relation) (expr.Node, error) {
	e, err := parse.Expr(r.Watermark.Expr)
	if err != nil {
		return nil, err
	}
	return bind.RowExpr(&bind.Context{Catalog: c, Env: database.ViewEnv{}, View: true}, r.Name, r.Columns, e, "WATERMARK FOR", r.Columns[r.Watermark.Column].Type.Plain())
}

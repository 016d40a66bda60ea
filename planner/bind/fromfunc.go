package bind

import (
	"fmt"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// funcTable binds functions in FROM. Their arguments see the items to the left, LATERAL or not; the dependent join that this makes
// becomes a TableFunc over those items.
func (b *binder) funcTable(t *ast.FuncTable, s *scope) (logical.Node, []*fromItem) {
	x := b.context(s, "functions in FROM")
	f := &logical.TableFunc{Input: logical.OneRow()}
	var cols []outCol
	for i, c := range t.Calls {
		if len(c.Columns) > 0 || i == 0 && len(t.Columns) > 0 {
			panic(sqlerr.New(sqlerr.SyntaxError, "a column definition list is only allowed for functions returning \"record\"").At(t.Pos))
		}
		for _, call := range x.tableCalls(c.Call) {
			own := x.callColumns(call, c.Call)
			cols = append(cols, own...)
			f.Calls = append(f.Calls, call)
			f.Cols = append(f.Cols, (&relation{cols: own}).ids())
		}
	}
	if len(x.joins) > 0 {
		f.Input = x.attach(f.Input)
	}
	if call, ok := f.Calls[0].(*expr.Call); len(cols) == 1 && t.Alias != nil && !(ok && len(call.Fn.Columns) == 1) {
		cols[0].name = t.Alias.Name // unless the function has a name for it
	}
	if t.Ordinality {
		f.Ordinality = b.md.New("ordinality", int8Type)
		cols = append(cols, outCol{"ordinality", f.Ordinality})
	}
	name := "rows from"
	if len(t.Calls) == 1 {
		name = columnName(t.Calls[0].Call)
	}
	return f, []*fromItem{b.named(cols, name, t.Alias, t.Pos)}
}

// tableCalls binds one function of FROM; unnest of several arrays is several calls in step.
func (x *exprContext) tableCalls(e ast.Expr) []expr.Node {
	f, ok := e.(*ast.FuncCall)
	if !ok || f.Form != ast.FormCall || f.Over != nil || f.WithinGroup != nil {
		return []expr.Node{x.b.resolve(x.expr(e), start(e))}
	}
	name := x.b.functionName(f.Name)
	if len(fn.Lookup(name)) == 0 {
		return []expr.Node{x.b.resolve(x.expr(e), start(e))}
	}
	x.onlyAggregate(f, name)
	args := x.args(f)
	if name == "unnest" && len(args) > 1 {
		calls := make([]expr.Node, len(args))
		for i := range args {
			calls[i] = x.b.callFunction(name, name, args[i:i+1], false, start(e))
		}
		return calls
	}
	return []expr.Node{x.b.callFunction(name, name, args, f.Variadic, start(e))}
}

// callColumns are the columns of a function's result.
func (x *exprContext) callColumns(n expr.Node, e ast.Expr) []outCol {
	if c, ok := n.(*expr.Call); ok && c.Fn.Set && len(c.Fn.Columns) > 0 {
		var out []outCol
		for _, col := range c.Fn.Columns {
			t := col.Type
			if t.ID == types.AnyElement {
				t, _ = elementOf(c.Args[0].Type())
			}
			out = append(out, outCol{col.Name, x.b.md.New(col.Name, t)})
		}
		return out
	}
	name := columnName(e)
	return []outCol{{name, x.b.md.New(name, n.Type())}}
}

// columnNumber is the name of a column of VALUES.
func columnNumber(i int) string { return fmt.Sprintf("column%d", i+1) }

package parse

import (
	"sort"

	tidb "github.com/pingcap/tidb/pkg/parser/ast"

	"github.com/streamdb/streamdb/sql/ast"
)

// expr un-spells an expression: a leaf or a call.
func (u *unspeller) expr(e tidb.ExprNode) ast.Expr {
	var node any
	switch x := e.(type) {
	case *marker:
		node = u.markAt(x.offset).node
	case *tidb.ColumnNameExpr:
		node = u.mark(x.Name.Name.O).node
	case *tidb.FuncCallExpr:
		node = u.call(x)
	}
	expr, ok := node.(ast.Expr)
	if !ok {
		misread("an expression was expected")
	}
	return expr
}

// call un-spells a call: its arguments fill its mark's holes.
func (u *unspeller) call(e tidb.ExprNode) any {
	x, ok := e.(*tidb.FuncCallExpr)
	if !ok {
		misread("a call was expected")
	}
	m := u.mark(x.FnName.O)
	if int(m.holes) != len(x.Args) {
		misread("a call has another number of arguments")
	}
	u.height++
	if u.height > maxHeight {
		pos := ast.NoPos
		if n, ok := m.node.(ast.Node); ok {
			pos = n.Position()
		}
		bail(tooDeep(pos))
	}
	for i, arg := range x.Args {
		u.fillHole(u.holes[int(m.firstHole)+i], arg)
	}
	u.height--
	return m.node
}

// fillHole un-spells an argument into its hole.
func (u *unspeller) fillHole(h hole, arg tidb.ExprNode) {
	if h.expr != nil {
		*h.expr = u.expr(arg)
		return
	}
	sub, ok := arg.(*tidb.SubqueryExpr)
	if !ok {
		misread("a subquery was expected")
	}
	switch {
	case h.query != nil:
		*h.query = u.query(sub.Query)
	case h.body != nil:
		*h.body = bodyOf(u.query(sub.Query))
	default:
		sel, ok := sub.Query.(*tidb.SelectStmt)
		if !ok {
			misread("WITH was expected")
		}
		u.with(h.with, sel.With)
	}
}

// mark is the mark of a generated name.
func (u *unspeller) mark(name string) *mark {
	n := 0
	for i := 1; i < len(name); i++ {
		n = n*10 + int(name[i]-'0')
	}
	if n >= len(u.marks) {
		misread("a name was not generated")
	}
	return &u.marks[n]
}

// markAt is the mark of the parameter marker at an offset.
func (u *unspeller) markAt(offset int) *mark {
	i := sort.Search(len(u.markers), func(i int) bool { return int(u.markers[i].offset) >= offset })
	if i == len(u.markers) || int(u.markers[i].offset) != offset {
		misread("a parameter marker has no mark")
	}
	return &u.marks[u.markers[i].mark]
}

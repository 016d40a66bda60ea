package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/catalog"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// Context is the surroundings in which a statement is bound.
type Context struct {
	Catalog    *catalog.Catalog
	SearchPath []string
	// Env serves the functions that are evaluated while planning: immutable ones of constants, and input functions of literals.
	Env fn.Env
	// Params are the parameter types that the client fixed; Unknown, or missing, where it did not.
	Params []types.Type
	// View says that the statement defines a view or a sink: volatile functions and AS OF are refused.
	View bool
	// Expand says that a view is to be answered by running its query instead of reading its rows; nil for never.
	Expand func(oid uint32) bool
}

// Column is a column of a result.
type Column struct {
	Name string
	ID   logical.ColID
}

// Query is a bound SELECT.
type Query struct {
	Plan    logical.Node
	Columns []Column
	// OrderBy is the order of the result; its columns are of Plan, though not always of Columns.
	OrderBy []logical.SortKey
	MD      *logical.Columns
	Params  []types.Type
	// Reads are the OIDs of the relations that the statement names, views that were expanded included.
	Reads []uint32
	// Recursions are the WITH RECURSIVE queries, each after those that it reads.
	Recursions []Recursion
	// Relative says that a text of the statement was read by the clock ('now'): bound again it can mean something else.
	Relative bool
}

// binder is the state of binding one statement.
type binder struct {
	*Context
	md     *logical.Columns
	params []types.Type
	// positions are where column references stand in the text, by the node made for each.
	positions map[expr.Node]int
	reads     []uint32
	relative  bool
	// clock says that functions which tell the time may stand here, in a view's WHERE.
	clock bool
	// arrivals are the scans that have a column of when their rows came, by that column.
	arrivals map[logical.ColID]*logical.Scan
	// with are the WITH queries in scope.
	with *withList
	// shapes are the fields of columns that are composite values.
	shapes map[logical.ColID]*rowShape
	// recursing says that the statement may have WITH RECURSIVE; recursions are those met, and standIns counts their relations.
	recursing  bool
	recursions []Recursion
	standIns   uint32
	// expanding are the views whose queries are being bound.
	expanding []uint32
}

func newBinder(c *Context) *binder {
	return &binder{Context: c, md: &logical.Columns{}, params: append([]types.Type(nil), c.Params...), positions: map[expr.Node]int{},
		arrivals: map[logical.ColID]*logical.Scan{}, shapes: map[logical.ColID]*rowShape{}}
}

// Select binds a query.
func Select(c *Context, stmt *ast.Select) (q *Query, err error) {
	defer recoverError(&err)
	b := newBinder(c)
	b.recursing = !c.View
	r := b.selectStmt(stmt, nil, resolveUnknown)
	return b.query(r), nil
}

// query finishes a bound relation as a statement's result.
func (b *binder) query(r *relation) *Query {
	b.checkParams()
	return &Query{Plan: r.node, Columns: r.columns(), OrderBy: r.order, MD: b.md, Params: b.params, Reads: b.reads, Recursions: b.recursions, Relative: b.relative}
}

func recoverError(err *error) {
	switch x := recover().(type) {
	case nil:
	case *sqlerr.Error:
		*err = x
	default:
		panic(x)
	}
}

// fail raises an error at a position of the text.
func fail(pos int, code sqlerr.Code, format string, args ...any) {
	panic(sqlerr.New(code, format, args...).At(pos))
}

// raise raises an error that has been made elsewhere, at a position if it has none.
func raise(err error, pos int) {
	if err != nil {
		panic(sqlerr.From(err).At(pos))
	}
}

// unsupported refuses a construct.
func unsupported(pos int, construct, hint string) {
	panic(sqlerr.Unsupported(construct, hint).At(pos))
}

// read notes that the statement reads a relation.
func (b *binder) read(oid uint32) {
	for _, r := range b.reads {
		if r == oid {
			return
		}
	}
	b.reads = append(b.reads, oid)
}

// checkParams fails for parameters whose type nothing tells.
func (b *binder) checkParams() {
	for i, t := range b.params {
		if t.ID == types.Unknown && !t.Array {
			fail(ast.NoPos, sqlerr.IndeterminateDatatype, "could not determine data type of parameter $%d", i+1)
		}
	}
}

package bind

import (
	"slices"
	"strconv"

	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// A composite value is a record whose fields have names: a FROM item's whole row, or a row of a function with several columns. There
// are no types of rows, so what the fields are is known from the expression, and for a column from where it was computed.

// rowShape is what is known of a record's fields.
type rowShape struct {
	names []string
	types []types.Type
}

// wholeRow is a FROM item's row as one value. Where an outer join found no row it is null; that no row itself is all nulls is taken
// for granted there, as the join leaves no other mark.
func (b *binder) wholeRow(it *fromItem, pos int) expr.Node {
	row := &expr.RowCtor{Fields: make([]expr.Node, len(it.cols)), Names: make([]string, len(it.cols))}
	for i, c := range it.cols {
		row.Fields[i], row.Names[i] = b.ref(c.id, pos), c.name
	}
	if !it.nullable || len(row.Fields) == 0 {
		return row
	}
	none := make([]expr.Node, len(row.Fields))
	for i, f := range row.Fields {
		none[i] = expr.IsNull(f)
	}
	return expr.NewCase(row.Type(), []expr.When{{Cond: expr.NewAnd(none...), Result: expr.Null(row.Type())}}, row)
}

// rowOf is the row that an expression makes, or nil.
func rowOf(n expr.Node) *expr.RowCtor {
	switch n := n.(type) {
	case *expr.RowCtor:
		return n
	case *expr.Case:
		if children := n.Children(); n.Type().ID == types.Record && len(children) > 0 {
			return rowOf(children[len(children)-1])
		}
	}
	return nil
}

// shape is what is known of the record that an expression gives; nil for nothing.
func (b *binder) shape(n expr.Node) *rowShape {
	if row := rowOf(n); row != nil {
		s := &rowShape{names: row.Names, types: expr.Types(row.Fields)}
		if s.names == nil {
			for i := range row.Fields {
				s.names = append(s.names, "f"+strconv.Itoa(i+1))
			}
		}
		return s
	}
	if c, ok := logical.ColumnOf(n); ok {
		return b.shapes[c]
	}
	return nil
}

// field is (x).name: of a table's row the column, else the field of a composite value.
func (x *exprContext) field(e *ast.Field) expr.Node {
	if c, ok := e.Expr.(*ast.ColumnRef); ok && !c.Star && len(x.scope.find(c.Name.Parts)) > 0 {
		name := ast.Name{Pos: c.Name.Pos, Parts: append(append([]string(nil), c.Name.Parts...), e.Name)}
		return x.column(&ast.ColumnRef{Name: name})
	}
	n := x.expr(e.Expr)
	shape := x.composite(n, e)
	i := slices.Index(shape.names, e.Name)
	if i < 0 {
		fail(start(e.Expr), sqlerr.UndefinedColumn, "could not identify column %q in record data type", e.Name)
	}
	return x.b.fieldOf(n, shape, i, e.Pos)
}

// composite is the shape of a value of which a field is named.
func (x *exprContext) composite(n expr.Node, e *ast.Field) *rowShape {
	if t := n.Type(); t.ID != types.Record || t.Array {
		fail(start(e.Expr), sqlerr.WrongObjectType, "column notation .%s applied to type %s, which is not a composite type", e.Name, t)
	}
	shape := x.b.shape(n)
	if shape == nil {
		unsupported(e.Pos, "a field of this record", "What its fields are is not known here; select the columns themselves.")
	}
	return shape
}

// fieldOf is the i-th field of a record.
func (b *binder) fieldOf(n expr.Node, shape *rowShape, i, pos int) expr.Node {
	if row := rowOf(n); row != nil {
		return row.Fields[i]
	}
	t := shape.types[i]
	return b.overload(".", []expr.Node{n, expr.NewConst(int4Type, types.NewInt(int64(i+1))), expr.Null(t)}, pos)
}

// fieldStar expands (x).* in a select list.
func (x *exprContext) fieldStar(f *ast.Field) []target {
	if ref, ok := f.Expr.(*ast.ColumnRef); ok && !ref.Star && len(x.scope.find(ref.Name.Parts)) > 0 {
		return x.star(&ast.ColumnRef{Name: ref.Name, Star: true})
	}
	n := x.expr(f.Expr)
	shape := x.composite(n, &ast.Field{Pos: f.Pos, Expr: f.Expr, Name: "*"})
	out := make([]target, len(shape.names))
	for i, name := range shape.names {
		out[i] = target{name, x.b.fieldOf(n, shape, i, f.Pos), f.Pos}
	}
	return out
}

package bind

import (
	"github.com/streamdb/streamdb/planner/logical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// relation is a bound query or FROM item: a plan and the columns of it that the user sees.
type relation struct {
	node logical.Node
	cols []outCol
	// at are where the columns' expressions stand in the text, if they do.
	at []int
	// scope is that of the SELECT, if it is one.
	scope *scope
	// order is the query's ORDER BY.
	order []logical.SortKey
}

// outCol is a visible column.
type outCol struct {
	name string
	id   logical.ColID
}

func (r *relation) columns() []Column {
	out := make([]Column, len(r.cols))
	for i, c := range r.cols {
		out[i] = Column{Name: c.name, ID: c.id}
	}
	return out
}

// position is where a column's expression stands, or else a given place.
func (r *relation) position(i, otherwise int) int {
	if i < len(r.at) {
		return r.at[i]
	}
	return otherwise
}

func (r *relation) ids() []logical.ColID {
	out := make([]logical.ColID, len(r.cols))
	for i, c := range r.cols {
		out[i] = c.id
	}
	return out
}

func (r *relation) types(md *logical.Columns) []types.Type {
	out := make([]types.Type, len(r.cols))
	for i, c := range r.cols {
		out[i] = md.Type(c.id)
	}
	return out
}

// unknowns says what becomes of a query's output columns of type unknown (untyped literals and parameters).
type unknowns bool

const (
	// resolveUnknown makes them text.
	resolveUnknown unknowns = false
	// keepUnknown leaves them to the context: a set operation, INSERT.
	keepUnknown unknowns = true
)

// retype casts the visible columns to types; an untyped literal is read as its new type. Positions are those of the targets for
// errors.
func (b *binder) retype(r *relation, want []types.Type, c types.CastContext, describe func(i int) int) {
	var items []logical.Item
	changed := false
	for i := range r.cols {
		id := r.cols[i].id
		have := b.md.Type(id)
		if have == want[i] {
			items = append(items, logical.Item{Col: id, Expr: b.md.Ref(id)})
			continue
		}
		changed = true
		pos := describe(i)
		if have.ID == types.Unknown && !have.Array {
			if r.node = b.retypeItem(r.node, id, want[i], pos); b.md.Type(id) == want[i] {
				items = append(items, logical.Item{Col: id, Expr: b.md.Ref(id)})
				continue
			}
		}
		e := b.coerce(b.md.Ref(id), want[i], c, pos)
		to := b.md.Add(logical.Column{Name: b.md.Get(id).Name, Type: want[i]})
		items = append(items, logical.Item{Col: to, Expr: e})
		r.cols[i].id = to
	}
	if changed {
		r.node = logical.NewProject(r.node, items)
		r.order = nil
	}
}

// retypeItem gives a type to an untyped literal or parameter where a query's Project makes the column.
func (b *binder) retypeItem(n logical.Node, id logical.ColID, t types.Type, pos int) logical.Node {
	switch n := n.(type) {
	case *logical.Project:
		for i, it := range n.Items {
			if it.Col != id {
				continue
			}
			if c, ok := logical.ColumnOf(it.Expr); ok && c == id {
				return n.WithInputs([]logical.Node{b.retypeItem(n.Input, id, t, pos)})
			}
			items := append([]logical.Item(nil), n.Items...)
			items[i].Expr = b.coerce(it.Expr, t, implicitCast, pos)
			b.md.Get(id).Type = t
			return &logical.Project{Input: n.Input, Items: items}
		}
	case *logical.Filter, *logical.TopN:
		return n.WithInputs([]logical.Node{b.retypeItem(n.Inputs()[0], id, t, pos)})
	case *logical.Values:
		return b.retypeValues(n, id, t, pos)
	}
	return n
}

func (b *binder) retypeValues(v *logical.Values, id logical.ColID, t types.Type, pos int) logical.Node {
	for j, c := range v.Cols {
		if c != id {
			continue
		}
		out := &logical.Values{Cols: v.Cols}
		for _, row := range v.Rows {
			row = append([]expr.Node(nil), row...)
			row[j] = b.coerce(row[j], t, implicitCast, pos)
			out.Rows = append(out.Rows, row)
		}
		b.md.Get(id).Type = t
		return out
	}
	return v
}

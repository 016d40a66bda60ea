package logical

import (
	"math/bits"
	"slices"

	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
)

// ColID is the identity of a column within one query; 0 is none.
type ColID int

// Column is what is known of a column whatever operator carries it.
type Column struct {
	Name string
	Type types.Type
	// Relation and Attr say which stored column it is, for the client's RowDescription; 0 for a computed one.
	Relation uint32
	Attr     int16
}

// Columns are the columns of one query.
type Columns struct{ list []Column }

// Add makes a new column.
func (c *Columns) Add(col Column) ColID {
	c.list = append(c.list, col)
	return ColID(len(c.list))
}

// New makes a computed column.
func (c *Columns) New(name string, t types.Type) ColID { return c.Add(Column{Name: name, Type: t}) }

// Copy makes a column like another.
func (c *Columns) Copy(id ColID) ColID { return c.Add(*c.Get(id)) }

// Get is what is known of a column.
func (c *Columns) Get(id ColID) *Column { return &c.list[id-1] }

// Type is a column's type.
func (c *Columns) Type(id ColID) types.Type { return c.list[id-1].Type }

// Ref is an expression that reads a column.
func (c *Columns) Ref(id ColID) expr.Node {
	col := c.Get(id)
	return expr.NewColumn(int(id), col.Type, col.Name)
}

// ColumnOf gives the column that an expression is, if it is nothing but one.
func ColumnOf(n expr.Node) (ColID, bool) {
	if c, ok := n.(*expr.Column); ok {
		return ColID(c.Index), true
	}
	return 0, false
}

// ColSet is a set of columns. The zero value is empty; a set is changed only by who made it.
type ColSet struct{ words []uint64 }

// SetOf is the set of these columns.
func SetOf(cols ...ColID) ColSet {
	var s ColSet
	for _, c := range cols {
		s.Add(c)
	}
	return s
}

// Add puts a column into the set.
func (s *ColSet) Add(c ColID) {
	if more := int(c)/64 + 1 - len(s.words); more > 0 {
		s.words = append(s.words, make([]uint64, more)...)
	}
	s.words[c/64] |= 1 << (c % 64)
}

// AddAll puts the columns of another set into the set.
func (s *ColSet) AddAll(t ColSet) {
	if more := len(t.words) - len(s.words); more > 0 {
		s.words = append(s.words, make([]uint64, more)...)
	}
	for i, w := range t.words {
		s.words[i] |= w
	}
}

// Has reports whether a column is in the set.
func (s ColSet) Has(c ColID) bool {
	return int(c)/64 < len(s.words) && s.words[c/64]&(1<<(c%64)) != 0
}

// Empty reports whether nothing is in the set.
func (s ColSet) Empty() bool {
	for _, w := range s.words {
		if w != 0 {
			return false
		}
	}
	return true
}

// Len is how many columns are in the set.
func (s ColSet) Len() int {
	n := 0
	for _, w := range s.words {
		n += bits.OnesCount64(w)
	}
	return n
}

// List are the columns, ascending.
func (s ColSet) List() []ColID {
	var out []ColID
	for i, w := range s.words {
		for ; w != 0; w &= w - 1 {
			out = append(out, ColID(i*64+bits.TrailingZeros64(w)))
		}
	}
	return out
}

// Union is the set of the columns in either.
func (s ColSet) Union(t ColSet) ColSet {
	out := ColSet{slices.Clone(s.words)}
	out.AddAll(t)
	return out
}

// Minus is the set of the columns in s and not in t.
func (s ColSet) Minus(t ColSet) ColSet {
	out := ColSet{slices.Clone(s.words)}
	for i := range min(len(s.words), len(t.words)) {
		out.words[i] &^= t.words[i]
	}
	return out
}

// Intersect is the set of the columns in both.
func (s ColSet) Intersect(t ColSet) ColSet {
	out := ColSet{slices.Clone(s.words[:min(len(s.words), len(t.words))])}
	for i := range out.words {
		out.words[i] &= t.words[i]
	}
	return out
}

// Intersects reports whether a column is in both.
func (s ColSet) Intersects(t ColSet) bool {
	for i := range min(len(s.words), len(t.words)) {
		if s.words[i]&t.words[i] != 0 {
			return true
		}
	}
	return false
}

// SubsetOf reports whether every column of s is in t.
func (s ColSet) SubsetOf(t ColSet) bool {
	for i, w := range s.words {
		if i >= len(t.words) && w != 0 || i < len(t.words) && w&^t.words[i] != 0 {
			return false
		}
	}
	return true
}

// ExprCols are the columns that expressions read.
func ExprCols(exprs ...expr.Node) ColSet {
	var s ColSet
	for _, e := range exprs {
		if e == nil {
			continue
		}
		expr.Walk(e, func(n expr.Node) bool {
			if c, ok := n.(*expr.Column); ok {
				s.Add(ColID(c.Index))
			}
			return true
		})
	}
	return s
}

// Substitute replaces columns by expressions.
func Substitute(e expr.Node, by map[ColID]expr.Node) expr.Node {
	if e == nil || len(by) == 0 {
		return e
	}
	return expr.Rewrite(e, func(n expr.Node) expr.Node {
		if c, ok := n.(*expr.Column); ok {
			if r, ok := by[ColID(c.Index)]; ok {
				return r
			}
		}
		return n
	})
}

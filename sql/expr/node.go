package expr

import (
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/types"
)

// Node is a bound expression. The set is open: the planner adds nodes of its own (outer columns, subqueries) that it
// removes again before it compiles.
type Node interface {
	// Type is the type of the value, with its modifier.
	Type() types.Type
	// Children are the operands, in the order of evaluation. The slice must not be changed.
	Children() []Node
	// With is the node with other operands, as many as Children. It keeps the slice.
	With(children []Node) Node
	// AppendOwn appends whatever tells the node from others of the same Go type with equal operands. It serves Equal, Hash and
	// Encode.
	AppendOwn(b []byte) []byte
	// String is the expression as SQL-like text, for EXPLAIN and errors.
	String() string
}

// leaf is the part that nodes without operands share.
type leaf struct{}

func (leaf) Children() []Node { return nil }

// Column is a column of the input, by its index in Batch.Cols.
type Column struct {
	leaf
	Index int
	Typ   types.Type
	// Name is for text only; it takes no part in Equal.
	Name string
}

// NewColumn refers to column index of the input.
func NewColumn(index int, t types.Type, name string) *Column {
	return &Column{Index: index, Typ: t, Name: name}
}

// Type implements Node.
func (c *Column) Type() types.Type { return c.Typ }

// With implements Node.
func (c *Column) With([]Node) Node { return c }

// AppendOwn implements Node.
func (c *Column) AppendOwn(b []byte) []byte {
	return appendType(binary.AppendUvarint(b, uint64(c.Index)), c.Typ)
}

// Const is a constant.
type Const struct {
	leaf
	Typ   types.Type
	Value types.Datum
}

// NewConst is the constant d of type t.
func NewConst(t types.Type, d types.Datum) *Const { return &Const{Typ: t, Value: d} }

// Null is the null of type t.
func Null(t types.Type) *Const { return NewConst(t, types.Null) }

// Bool is a boolean constant.
func Bool(b bool) *Const { return NewConst(types.T(types.Bool), types.NewBool(b)) }

// Type implements Node.
func (c *Const) Type() types.Type { return c.Typ }

// With implements Node.
func (c *Const) With([]Node) Node { return c }

// AppendOwn implements Node.
func (c *Const) AppendOwn(b []byte) []byte { return appendDatum(appendType(b, c.Typ), c.Typ, c.Value) }

// IsTrue reports whether n is the constant true.
func IsTrue(n Node) bool {
	c, ok := n.(*Const)
	return ok && c.Typ.ID == types.Bool && !c.Value.Null && c.Value.Bool()
}

// IsFalseOrNull reports whether n is the constant false or null, which a filter treats alike.
func IsFalseOrNull(n Node) bool {
	c, ok := n.(*Const)
	return ok && (c.Value.Null || c.Typ.ID == types.Bool && !c.Value.Bool())
}

// Param is a parameter of a prepared statement, counted from 0. Its value comes from Ctx.Params.
type Param struct {
	leaf
	Index int
	Typ   types.Type
}

// NewParam is parameter index (from 0).
func NewParam(index int, t types.Type) *Param { return &Param{Index: index, Typ: t} }

// Type implements Node.
func (p *Param) Type() types.Type { return p.Typ }

// With implements Node.
func (p *Param) With([]Node) Node { return p }

// AppendOwn implements Node.
func (p *Param) AppendOwn(b []byte) []byte {
	return appendType(binary.AppendUvarint(b, uint64(p.Index)), p.Typ)
}

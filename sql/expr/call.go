package expr

import (
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
)

// Call applies a function or operator. The arguments already have the parameters' types, and a variadic function's
// elements stand as so many arguments, unless Spread says that the last argument is the array itself.
type Call struct {
	Fn     *fn.Func
	Args   []Node
	Typ    types.Type
	Spread bool
}

// NewCall calls f; the result's type is f's, given the arguments'.
func NewCall(f *fn.Func, args ...Node) *Call {
	c := &Call{Fn: f, Args: args}
	c.Typ = f.ResultType(argTypes(args))
	return c
}

func argTypes(args []Node) []types.Type {
	ts := make([]types.Type, len(args))
	for i, a := range args {
		ts[i] = a.Type()
	}
	return ts
}

// Type implements Node.
func (c *Call) Type() types.Type { return c.Typ }

// Children implements Node.
func (c *Call) Children() []Node { return c.Args }

// With implements Node.
func (c *Call) With(args []Node) Node {
	return &Call{Fn: c.Fn, Args: args, Typ: c.Typ, Spread: c.Spread}
}

// AppendOwn implements Node.
func (c *Call) AppendOwn(b []byte) []byte {
	return appendBool(appendType(appendFunc(b, c.Fn), c.Typ), c.Spread)
}

// Cast converts to another type or modifier. Explicit is whether the user wrote it (varchar(n) then truncates silently).
type Cast struct {
	Arg      Node
	To       types.Type
	Explicit bool
}

// NewCast casts arg to t, or is arg itself where it has the type already.
func NewCast(arg Node, t types.Type, explicit bool) Node {
	if arg.Type() == t {
		return arg
	}
	return &Cast{Arg: arg, To: t, Explicit: explicit}
}

// Type implements Node.
func (c *Cast) Type() types.Type { return c.To }

// Children implements Node.
func (c *Cast) Children() []Node { return []Node{c.Arg} }

// With implements Node.
func (c *Cast) With(args []Node) Node { return &Cast{Arg: args[0], To: c.To, Explicit: c.Explicit} }

// AppendOwn implements Node.
func (c *Cast) AppendOwn(b []byte) []byte { return appendBool(appendType(b, c.To), c.Explicit) }

// InList is Arg [NOT] IN (list) by equality of one type. Constants are looked up in a hash set, so their number does not
// matter; the other elements are compared one after another.
type InList struct {
	predicate
	// args are the argument and then the elements, all of one type.
	args []Node
	Not  bool
}

// NewInList makes arg IN (list); all have one type.
func NewInList(arg Node, list []Node, not bool) *InList {
	return &InList{args: append([]Node{arg}, list...), Not: not}
}

// Arg is the value that is looked for.
func (l *InList) Arg() Node { return l.args[0] }

// List are the elements.
func (l *InList) List() []Node { return l.args[1:] }

// Children implements Node: the argument, then the elements.
func (l *InList) Children() []Node { return l.args }

// With implements Node.
func (l *InList) With(args []Node) Node { return &InList{args: args, Not: l.Not} }

// AppendOwn implements Node.
func (l *InList) AppendOwn(b []byte) []byte { return appendBool(b, l.Not) }

// ScalarArray is Left op ANY (Right) or op ALL (Right) over an array; Fn is the operator of (Left, Right's elements).
type ScalarArray struct {
	predicate
	Fn          *fn.Func
	Left, Right Node
	All         bool
}

// Children implements Node.
func (s *ScalarArray) Children() []Node { return []Node{s.Left, s.Right} }

// With implements Node.
func (s *ScalarArray) With(c []Node) Node {
	return &ScalarArray{Fn: s.Fn, Left: c[0], Right: c[1], All: s.All}
}

// AppendOwn implements Node.
func (s *ScalarArray) AppendOwn(b []byte) []byte { return appendBool(appendFunc(b, s.Fn), s.All) }

// ArrayCtor is ARRAY[…]. Its elements have the element type, or are arrays of it, all of the same shape (nested ARRAY).
type ArrayCtor struct {
	Typ   types.Type
	Elems []Node
}

// Type implements Node.
func (a *ArrayCtor) Type() types.Type { return a.Typ }

// Children implements Node.
func (a *ArrayCtor) Children() []Node { return a.Elems }

// With implements Node.
func (a *ArrayCtor) With(c []Node) Node { return &ArrayCtor{Typ: a.Typ, Elems: c} }

// AppendOwn implements Node.
func (a *ArrayCtor) AppendOwn(b []byte) []byte { return appendType(b, a.Typ) }

// RowCtor is ROW(…), an anonymous record, or a whole row, whose fields have names: Names is nil or as long as Fields. Comparisons of
// rows are expanded by the binder and never reach here.
type RowCtor struct {
	Fields []Node
	Names  []string
}

// Type implements Node.
func (r *RowCtor) Type() types.Type { return types.T(types.Record) }

// Children implements Node.
func (r *RowCtor) Children() []Node { return r.Fields }

// With implements Node.
func (r *RowCtor) With(c []Node) Node { return &RowCtor{Fields: c, Names: r.Names} }

// AppendOwn implements Node.
func (r *RowCtor) AppendOwn(b []byte) []byte {
	if r.Names == nil {
		return b
	}
	b = binary.AppendUvarint(b, uint64(len(r.Names)))
	for _, name := range r.Names {
		b = appendString(b, name)
	}
	return b
}

package expr

import "github.com/streamdb/streamdb/sql/types"

// Case is CASE WHEN … THEN … ELSE … END. A condition is evaluated for the rows that no condition before it took, a
// result for the rows of its condition alone. Simple CASE is bound to it with the operand repeated.
type Case struct {
	Typ types.Type
	// args are cond, result, cond, result, …, else.
	args []Node
}

// When is an arm of Case.
type When struct{ Cond, Result Node }

// NewCase makes a searched CASE; a nil otherwise is null. All results have type t.
func NewCase(t types.Type, whens []When, otherwise Node) *Case {
	args := make([]Node, 0, 2*len(whens)+1)
	for _, w := range whens {
		args = append(args, w.Cond, w.Result)
	}
	if otherwise == nil {
		otherwise = Null(t)
	}
	return &Case{Typ: t, args: append(args, otherwise)}
}

// NewNullIf is NULLIF(a, b): null where equal (a = b, as the binder resolved it) is true, else a.
func NewNullIf(a, equal Node) *Case {
	return NewCase(a.Type(), []When{{equal, Null(a.Type())}}, a)
}

// Whens are the arms.
func (c *Case) Whens() []When {
	whens := make([]When, len(c.args)/2)
	for i := range whens {
		whens[i] = When{c.args[2*i], c.args[2*i+1]}
	}
	return whens
}

// Else is the result where no condition is true.
func (c *Case) Else() Node { return c.args[len(c.args)-1] }

// Type implements Node.
func (c *Case) Type() types.Type { return c.Typ }

// Children implements Node: cond, result, cond, result, …, else.
func (c *Case) Children() []Node { return c.args }

// With implements Node.
func (c *Case) With(args []Node) Node { return &Case{Typ: c.Typ, args: args} }

// AppendOwn implements Node.
func (c *Case) AppendOwn(b []byte) []byte { return appendType(b, c.Typ) }

// Coalesce is the first argument that is not null; later ones are evaluated only for the rows still null.
type Coalesce struct {
	Typ  types.Type
	Args []Node
}

// NewCoalesce makes a COALESCE whose arguments all have type t.
func NewCoalesce(t types.Type, args []Node) *Coalesce { return &Coalesce{Typ: t, Args: args} }

// Type implements Node.
func (c *Coalesce) Type() types.Type { return c.Typ }

// Children implements Node.
func (c *Coalesce) Children() []Node { return c.Args }

// With implements Node.
func (c *Coalesce) With(args []Node) Node { return &Coalesce{Typ: c.Typ, Args: args} }

// AppendOwn implements Node.
func (c *Coalesce) AppendOwn(b []byte) []byte { return appendType(b, c.Typ) }

// Extreme is GREATEST or LEAST: the largest or smallest argument, nulls left out.
type Extreme struct {
	Typ   types.Type
	Args  []Node
	Least bool
}

// NewExtreme makes a GREATEST, or a LEAST, whose arguments all have type t.
func NewExtreme(t types.Type, least bool, args []Node) *Extreme {
	return &Extreme{Typ: t, Args: args, Least: least}
}

// Type implements Node.
func (e *Extreme) Type() types.Type { return e.Typ }

// Children implements Node.
func (e *Extreme) Children() []Node { return e.Args }

// With implements Node.
func (e *Extreme) With(args []Node) Node { return &Extreme{Typ: e.Typ, Args: args, Least: e.Least} }

// AppendOwn implements Node.
func (e *Extreme) AppendOwn(b []byte) []byte { return appendBool(appendType(b, e.Typ), e.Least) }

package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Fold replaces what is constant by its value, and drops the arms of AND, OR, CASE and COALESCE that constants decide. Only
// immutable functions are called. What would fail is left as it is, so that the error counts only if a row gets there.
func Fold(n Node) Node { return Rewrite(n, foldOne) }

// foldOne folds n, whose operands are folded already.
func foldOne(n Node) Node {
	switch m := n.(type) {
	case *And:
		return foldArms(m.Args, n, false)
	case *Or:
		return foldArms(m.Args, n, true)
	case *Case:
		n = foldCase(m)
	case *Coalesce:
		n = foldCoalesce(m)
	}
	if len(n.Children()) == 0 {
		if c, ok := n.(*Call); !ok || c.Fn.Vol != fn.Immutable {
			return n
		}
	}
	for _, c := range n.Children() {
		if _, ok := c.(*Const); !ok {
			return n
		}
	}
	if ownVolatility(n) != fn.Immutable {
		return n
	}
	if d, err := Value(n, &Ctx{}); err == nil {
		return NewConst(n.Type(), d)
	}
	return n
}

// foldArms drops the neutral arms of AND and OR; an arm that decides ends the list.
func foldArms(args []Node, n Node, decides bool) Node {
	kept := make([]Node, 0, len(args))
	for _, a := range args {
		c, ok := a.(*Const)
		if !ok || c.Value.Null {
			kept = append(kept, a)
			continue
		}
		if c.Value.Bool() == decides {
			if kept = append(kept, a); len(kept) == 1 || safe(kept) {
				return Bool(decides)
			}
			break // an earlier arm may fail, and must be given the chance
		}
	}
	if len(kept) == len(args) {
		return n
	}
	if decides {
		return NewOr(kept...)
	}
	return NewAnd(kept...)
}

// safe reports whether no node can fail: columns, constants and tests of them.
func safe(nodes []Node) bool {
	for _, n := range nodes {
		if Any(n, func(m Node) bool {
			switch m.(type) {
			case *Column, *Const, *Param, *Test, *Not, *And, *Or:
				return false
			}
			return true
		}) {
			return false
		}
	}
	return true
}

func foldCase(c *Case) Node {
	var whens []When
	for _, w := range c.Whens() {
		if IsFalseOrNull(w.Cond) {
			continue
		}
		if IsTrue(w.Cond) {
			if len(whens) == 0 {
				return w.Result
			}
			return NewCase(c.Typ, whens, w.Result)
		}
		whens = append(whens, w)
	}
	if len(whens) == 0 {
		return c.Else()
	}
	if len(whens) == len(c.Whens()) {
		return c
	}
	return NewCase(c.Typ, whens, c.Else())
}

func foldCoalesce(c *Coalesce) Node {
	var kept []Node
	for _, a := range c.Args {
		k, ok := a.(*Const)
		if ok && k.Value.Null {
			continue
		}
		if kept = append(kept, a); ok {
			break
		}
	}
	switch {
	case len(kept) == 0:
		return Null(c.Typ)
	case len(kept) == 1:
		return kept[0]
	case len(kept) == len(c.Args):
		return c
	}
	return NewCoalesce(c.Typ, kept)
}

// Value evaluates an expression without columns: a constant, a default, a setting. ctx.Fail is not used.
func Value(n Node, ctx *Ctx) (types.Datum, error) {
	if c, ok := n.(*Const); ok {
		return c.Value, nil
	}
	p, err := Compile(n)
	if err != nil {
		return types.Null, err
	}
	var errs Errors
	v := p.EvalRows(&Ctx{Env: ctx.Env, Params: ctx.Params, Fail: errs.Fail}, []*vec.Vector{}, 1, nil)
	if err := errs.First(); err != nil {
		return types.Null, err
	}
	d := v.Datum(0)
	d.B = append([]byte(nil), d.B...)
	return d, nil
}

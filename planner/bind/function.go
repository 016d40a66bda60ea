package bind

import (
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/ast"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

func funcSignatures(fs []*fn.Func) []signature {
	out := make([]signature, len(fs))
	for i, f := range fs {
		out[i] = signature{f.Args, f.Optional, f.Variadic}
	}
	return out
}

// function calls a built-in by name, as SQL's own syntax does.
func (b *binder) function(name string, args []expr.Node, pos int) expr.Node {
	return b.callFunction(name, name, args, false, pos)
}

// callFunction resolves a call of a scalar or set-returning function; written is its name in errors.
func (b *binder) callFunction(name, written string, args []expr.Node, spread bool, pos int) expr.Node {
	// The JDBC driver gives a call's result a parameter of type void, which is no argument.
	args = slices.DeleteFunc(slices.Clone(args), func(n expr.Node) bool {
		p, ok := n.(*expr.Param)
		return ok && p.Typ.ID == types.Void
	})
	fs := fn.Lookup(name)
	ts := expr.Types(args)
	c, ok, many := pick(candidates(funcSignatures(fs), len(args), spread), ts)
	if !ok || many {
		if n := b.functionCast(name, args, pos); n != nil {
			return n
		}
	}
	switch {
	case many:
		panic(sqlerr.New(sqlerr.AmbiguousFunction, "function %s is not unique", callText(written, ts)).
			WithHint("Could not choose a best candidate function. You might need to add explicit type casts.").At(pos))
	case !ok:
		panic(undefinedFunction(written, ts).At(pos))
	}
	return b.applyFunc(fs[c.index], c, args, spread, pos)
}

// applyFunc coerces the arguments to the chosen overload's parameters and calls it.
func (b *binder) applyFunc(f *fn.Func, c candidate, args []expr.Node, spread bool, pos int) expr.Node {
	b.checkVolatility(f, pos)
	checkPolymorphic(f.Name, c, args, pos)
	call := expr.NewCall(f, b.coerceArgs(c, args, pos)...)
	call.Spread = spread
	return call
}

// ofTheMoment reports whether a stable function's value is that of the clock, the session or the catalog at the moment of
// asking, and not only of its arguments and the time zone (which is UTC in a view).
func ofTheMoment(f *fn.Func) bool {
	if f.Vol != fn.Stable {
		return false
	}
	for _, prefix := range []string{"pg_", "has_", "to_reg", "current_", "txid_"} {
		if strings.HasPrefix(f.Name, prefix) {
			return f.Name != "pg_typeof" && f.Name != "pg_column_size"
		}
	}
	switch f.Name {
	case "age":
		return len(f.Args) == 1
	case "obj_description", "col_description", "shobj_description", "format_type":
		return true
	}
	return len(f.Args) == 0 && f.Name != "version"
}

// checkVolatility refuses what would give a view's rows another value each time they are looked at.
func (b *binder) checkVolatility(f *fn.Func, pos int) {
	if b.View && b.clock && tellsTime(f) {
		return
	}
	if b.View && ofTheMoment(f) {
		panic(sqlerr.New(sqlerr.FeatureNotSupported, "function %s() depends on when and by whom it is asked, and cannot be used in a view", f.Name).
			WithDetail("A view's rows must follow from its inputs alone, so that it is the same after every change, crash and replay.").
			WithHint("Store the value in a column when the row is inserted, for example with DEFAULT %s, or ask for it in the SELECT over the view.", f.Name+"()").At(pos))
	}
	if b.View && f.Vol == fn.Volatile {
		panic(sqlerr.New(sqlerr.FeatureNotSupported, "function %s() is volatile and cannot be used in a view", f.Name).
			WithDetail("A view's rows must follow from its inputs alone, so that it is the same after every change, crash and replay.").
			WithHint("Store the value in a column when the row is inserted, for example with DEFAULT %s().", f.Name).At(pos))
	}
}

// coerceArgs converts arguments to parameters. A modifier is no reason to convert: functions take every modifier of a type.
func (b *binder) coerceArgs(c candidate, args []expr.Node, pos int) []expr.Node {
	params := c.params
	if c.as != nil {
		params = c.as
	}
	elem, _ := polymorphic(params, expr.Types(args))
	if isUnknown(elem) {
		elem = textType
	}
	out := make([]expr.Node, len(args))
	for i, a := range args {
		p := params[i]
		switch {
		case p.ID == types.AnyElement && !p.Array:
			p = elem
		case p.ID == types.AnyArray:
			p = arrayParam(a.Type(), elem)
		case p.ID == types.Any && !p.Array:
			p = a.Type()
			if _, param := a.(*expr.Param); isUnknown(p) && !param {
				p = textType // a parameter's type is left open, and is an error in the end
			}
		}
		if a.Type().Same(p) {
			out[i] = a
			continue
		}
		out[i] = b.coerce(a, p, implicitCast, b.at(a, pos))
	}
	return out
}

// at is where a column reference stands, or else pos.
func (b *binder) at(n expr.Node, pos int) int {
	if p, ok := b.positions[n]; ok {
		return p
	}
	return pos
}

// functionCast reads f(x) as a cast where f is a type and no function fits: int4('1'), text(x), date(now()).
func (b *binder) functionCast(name string, args []expr.Node, pos int) expr.Node {
	t, ok := types.ByTypName(name)
	if !ok || len(args) != 1 || types.Table[t.ID].Pseudo {
		return nil
	}
	from := args[0].Type()
	if !isUnknown(from) {
		if _, ok := types.FindCast(from, t); !ok || from.Same(t) {
			return nil
		}
	}
	return b.coerce(args[0], t, explicitCast, pos)
}

func callText(name string, ts []types.Type) string {
	args := make([]string, len(ts))
	for i, t := range ts {
		args[i] = t.Plain().String()
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

func undefinedFunction(name string, ts []types.Type) *sqlerr.Error {
	return sqlerr.New(sqlerr.UndefinedFunction, "function %s does not exist", callText(name, ts)).
		WithHint("%s", functionHint(name))
}

// functionName checks a function's qualifier: all functions are in pg_catalog.
func (b *binder) functionName(n ast.Name) string {
	q := n.Qualifier()
	if len(q) == 0 {
		return n.Last()
	}
	schema := q[len(q)-1]
	if schema == "pg_catalog" || schema == "information_schema" && n.Last() == "_pg_expandarray" {
		return n.Last()
	}
	if _, ok := b.Catalog.Schema(schema); !ok {
		fail(n.Pos, sqlerr.InvalidSchemaName, "schema %q does not exist", schema)
	}
	return schema + "." + n.Last()
}

package bind

import (
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// polymorphic is the element type that arguments give to anyelement and anyarray parameters: their common type, as PostgreSQL
// chooses it for anycompatible. ok is false if they have none. It is unknown if no argument tells.
func polymorphic(params, args []types.Type) (elem types.Type, ok bool) {
	elem = unknownType
	for i, t := range args {
		if isUnknown(t) {
			continue
		}
		e := t.Plain()
		switch {
		case params[i].ID == types.AnyElement && !params[i].Array:
		case params[i].ID == types.AnyArray:
			if e, ok = elementOf(t); !ok {
				return elem, false
			}
		default:
			continue
		}
		switch {
		case isUnknown(elem):
			elem = e
		case elem.Same(e):
		case elem.Array || e.Array || category(elem) != category(e):
			return elem, false
		case !elem.Preferred() && canCast(elem, e, implicitCast) && !canCast(e, elem, implicitCast):
			elem = e
		case !canCast(e, elem, implicitCast):
			return elem, false
		}
	}
	return elem, true
}

// elementOf is the element type of an array or vector.
func elementOf(t types.Type) (types.Type, bool) {
	switch {
	case t.Array:
		return t.Elem().Plain(), true
	case t.ID == types.OIDVector:
		return types.T(types.OID), true
	case t.ID == types.Int2Vector:
		return types.T(types.Int2), true
	}
	return t, false
}

// arrayParam is what an anyarray parameter becomes for an argument: the argument's own type, if its elements have the common type.
func arrayParam(arg, elem types.Type) types.Type {
	if own, ok := elementOf(arg); ok && own.Same(elem) {
		return arg
	}
	return types.ArrayOf(elem)
}

// compatible are the functions whose polymorphic parameters are PostgreSQL's anycompatible, for which untyped literals alone are text; for
// all others they leave the type open.
var compatible = map[string]bool{"array_append": true, "array_prepend": true, "array_cat": true, "array_position": true, "array_positions": true,
	"array_remove": true, "array_replace": true, "lag": true, "lead": true, "||": true, "=": true, "<>": true, "<": true, "<=": true, ">": true, ">=": true}

// checkPolymorphic fails for a call that leaves its polymorphic type open.
func checkPolymorphic(name string, c candidate, args []expr.Node, pos int) {
	if compatible[name] {
		return
	}
	open := false
	for _, p := range c.params {
		open = open || p.ID == types.AnyElement || p.ID == types.AnyArray
	}
	if elem, _ := polymorphic(c.params, expr.Types(args)); open && isUnknown(elem) {
		fail(pos, sqlerr.DatatypeMismatch, "could not determine polymorphic type because input has type unknown")
	}
}

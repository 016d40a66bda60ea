package fn

import "github.com/streamdb/streamdb/sql/types"

// ResultType is the type of a call with arguments of these types.
func (f *Func) ResultType(args []types.Type) types.Type {
	return resultType(f.Args, f.Ret, f.RetOf, args)
}

// ResultType is the type of the aggregate over arguments of these types.
func (a *Aggregate) ResultType(args []types.Type) types.Type {
	return resultType(a.Args, a.Ret, a.RetOf, args)
}

// ResultType is the type of the window function over arguments of these types.
func (w *Window) ResultType(args []types.Type) types.Type {
	return resultType(w.Args, w.Ret, w.RetOf, args)
}

// resultType solves polymorphism as PostgreSQL does: anyelement is the element of anyarray, and the first argument that
// fills one of them decides.
func resultType(params []types.Type, ret types.Type, of func([]types.Type) types.Type, args []types.Type) types.Type {
	if of != nil {
		return of(args)
	}
	if ret.ID != types.AnyElement && ret.ID != types.AnyArray {
		return ret
	}
	elem, ok := polymorphic(params, args)
	if !ok {
		return ret
	}
	if ret.ID == types.AnyArray {
		return types.ArrayOf(elem)
	}
	return elem
}

// polymorphic is the element type that the arguments give to anyelement. Modifiers are lost, as in PostgreSQL.
func polymorphic(params, args []types.Type) (elem types.Type, ok bool) {
	for i, a := range args {
		p := types.Type{}
		if i < len(params) {
			p = params[i]
		} else if len(params) > 0 {
			p = params[len(params)-1]
		}
		switch {
		case p.ID == types.AnyArray && (a.Array || isVector(a)):
			return elemType(a).Plain(), true
		case (p.ID == types.AnyElement || p.ID == types.AnyArray) && a.ID != types.Unknown:
			return a.Plain(), true
		}
	}
	return types.Type{}, false
}

// isVector reports whether t is int2vector or oidvector, which serve as arrays.
func isVector(t types.Type) bool {
	return !t.Array && (t.ID == types.Int2Vector || t.ID == types.OIDVector)
}

// elemType is the type of the elements of an array or vector.
func elemType(t types.Type) types.Type {
	switch {
	case !isVector(t):
		return t.Elem()
	case t.ID == types.Int2Vector:
		return int2T
	}
	return types.T(types.OID)
}

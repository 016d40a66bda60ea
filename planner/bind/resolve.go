package bind

import (
	"slices"

	"github.com/streamdb/streamdb/sql/types"
)

// candidate is an overload as the resolution sees it: a parameter type for each argument of the call.
type candidate struct {
	params []types.Type
	// index is the overload's in its list, variadic says that its last parameter was spread over several arguments.
	index    int
	variadic bool
	// as are the types that the arguments get, where they are not params.
	as []types.Type
}

// signature is what an overload of a function, operator, aggregate or window function declares.
type signature struct {
	args     []types.Type
	optional int
	variadic bool
}

// candidates are the overloads that a call with n arguments can mean by their number of parameters. spread says that the
// call says VARIADIC, so that the array itself is the last argument.
func candidates(sigs []signature, n int, spread bool) []candidate {
	var out []candidate
	for i, s := range sigs {
		switch {
		case s.variadic && !spread && n >= len(s.args)-s.optional && n >= len(s.args)-1 && len(s.args) > 0:
			params := append([]types.Type(nil), s.args[:len(s.args)-1]...)
			last := s.args[len(s.args)-1]
			elem := elementParam(last)
			for len(params) < n {
				params = append(params, elem)
			}
			out = append(out, candidate{params: params, index: i, variadic: true})
		case n <= len(s.args) && n >= len(s.args)-s.optional:
			out = append(out, candidate{params: s.args[:n], index: i})
		}
	}
	return out
}

// elementParam is what an element of a variadic parameter must be. "any" itself may be variadic.
func elementParam(last types.Type) types.Type {
	switch {
	case last.ID == types.AnyArray:
		return types.T(types.AnyElement)
	case last.Array:
		return last.Elem()
	}
	return last
}

// pick chooses among candidates for arguments of these types by PostgreSQL's rules (func_get_detail, func_select_candidate).
// ok is false if none fits; many says that several fit equally well.
func pick(cands []candidate, args []types.Type) (best candidate, ok, many bool) {
	for _, c := range cands {
		if exact(c, args) {
			return c, true, false
		}
	}
	var fit []candidate
	for _, c := range cands {
		if fits(c, args) {
			fit = append(fit, c)
		}
	}
	fit = preferArrays(preferFixed(fit), args)
	switch {
	case len(fit) == 0:
		return candidate{}, false, false
	case len(fit) == 1:
		return fit[0], true, false
	}
	return selectCandidate(fit, args)
}

func exact(c candidate, args []types.Type) bool {
	for i, t := range args {
		if !c.params[i].Same(t) {
			return false
		}
	}
	return true
}

func fits(c candidate, args []types.Type) bool {
	for i, t := range args {
		if !canCast(t, c.params[i], implicitCast) {
			return false
		}
	}
	_, ok := polymorphic(c.params, args)
	return ok
}

// preferFixed drops a variadic candidate whose expanded parameters are those of another.
func preferFixed(cands []candidate) []candidate {
	var out []candidate
	for i, c := range cands {
		shadowed := false
		for j, d := range cands {
			shadowed = shadowed || i != j && c.variadic && !d.variadic && sameParams(c.params, d.params)
		}
		if !shadowed {
			out = append(out, c)
		}
	}
	return out
}

// preferArrays drops a candidate that takes an array as anyelement where another takes it as anyarray: PostgreSQL's anynonarray.
func preferArrays(cands []candidate, args []types.Type) []candidate {
	var out []candidate
	for _, c := range cands {
		drop := false
		for i, t := range args {
			if t.Array && c.params[i].ID == types.AnyElement && !c.params[i].Array {
				drop = drop || slices.ContainsFunc(cands, func(d candidate) bool { return d.params[i].ID == types.AnyArray })
			}
		}
		if !drop {
			out = append(out, c)
		}
	}
	return out
}

func sameParams(a, b []types.Type) bool {
	for i := range a {
		if !a[i].Same(b[i]) {
			return false
		}
	}
	return true
}

// selectCandidate is func_select_candidate: most exact matches, then most preferred types, then what the untyped arguments
// suggest.
func selectCandidate(cands []candidate, args []types.Type) (candidate, bool, bool) {
	cands = most(cands, func(c candidate) int {
		n := 0
		for i, t := range args {
			if !isUnknown(t) && c.params[i].Same(t) {
				n++
			}
		}
		return n
	})
	if len(cands) == 1 {
		return cands[0], true, false
	}
	cands = most(cands, func(c candidate) int {
		n := 0
		for i, t := range args {
			if !isUnknown(t) && (c.params[i].Same(t) || preferredFor(c.params[i], category(t))) {
				n++
			}
		}
		return n
	})
	if len(cands) == 1 {
		return cands[0], true, false
	}
	unknown := 0
	for _, t := range args {
		if isUnknown(t) {
			unknown++
		}
	}
	if unknown == 0 {
		return candidate{}, true, true
	}
	if c, ok := byUnknownCategory(cands, args); ok {
		return c, true, false
	}
	return byKnownType(cands, args, unknown)
}

// preferredFor reports whether t is the preferred type of a category.
func preferredFor(t types.Type, cat byte) bool { return category(t) == cat && t.Preferred() }

// most keeps the candidates with the highest count.
func most(cands []candidate, count func(candidate) int) []candidate {
	best, out := -1, []candidate(nil)
	for _, c := range cands {
		switch n := count(c); {
		case n > best:
			best, out = n, []candidate{c}
		case n == best:
			out = append(out, c)
		}
	}
	return out
}

// byUnknownCategory lets each untyped argument choose a category: string if any candidate takes one, else the one that all
// candidates agree on; and in it the preferred type if any takes it.
func byUnknownCategory(cands []candidate, args []types.Type) (candidate, bool) {
	cats := make([]byte, len(args))
	preferred := make([]bool, len(args))
	for i, t := range args {
		if !isUnknown(t) {
			continue
		}
		agreed := true
		for _, c := range cands {
			cat := category(c.params[i])
			switch {
			case cats[i] == 0:
				cats[i], preferred[i] = cat, c.params[i].Preferred()
			case cats[i] == cat:
				preferred[i] = preferred[i] || c.params[i].Preferred()
			case cat == 'S':
				cats[i], preferred[i], agreed = cat, c.params[i].Preferred(), true
			case cats[i] != 'S':
				agreed = false
			}
		}
		if !agreed {
			return candidate{}, false
		}
	}
	var left []candidate
	for _, c := range cands {
		keep := true
		for i, t := range args {
			if isUnknown(t) && (category(c.params[i]) != cats[i] || preferred[i] && !c.params[i].Preferred()) {
				keep = false
			}
		}
		if keep {
			left = append(left, c)
		}
	}
	if len(left) == 1 {
		return left[0], true
	}
	return candidate{}, false
}

// byKnownType assumes that the untyped arguments have the one type that all typed ones have.
func byKnownType(cands []candidate, args []types.Type, unknown int) (candidate, bool, bool) {
	known := unknownType
	for _, t := range args {
		switch {
		case isUnknown(t):
		case isUnknown(known):
			known = t
		case !known.Same(t):
			return candidate{}, true, true
		}
	}
	if unknown == len(args) {
		return candidate{}, true, true
	}
	same := make([]types.Type, len(args))
	for i := range same {
		same[i] = known
	}
	var left []candidate
	for _, c := range cands {
		if fits(c, same) {
			left = append(left, c)
		}
	}
	if len(left) == 1 {
		return left[0], true, false
	}
	return candidate{}, true, true
}

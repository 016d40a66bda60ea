package vec

import (
	"bytes"
	"cmp"
	"math"

	"github.com/streamdb/streamdb/sql/types"
)

// CompareFunc orders the value at row i of one column and that at row j of another (or the same). Neither may be null or
// constant (see Compare).
type CompareFunc func(a *Vector, i int, b *Vector, j int) int

// Comparator is the order of a type's values, as types.Compare has it, with the type switch taken once: for sorts and
// ordered searches. Both columns must be of type t.
func Comparator(t types.Type) CompareFunc {
	switch t.Kind() {
	case types.KindBool:
		return func(a *Vector, i int, b *Vector, j int) int { return cmp.Compare(a.Bool[i], b.Bool[j]) }
	case types.KindInt32:
		return func(a *Vector, i int, b *Vector, j int) int { return cmp.Compare(a.I32[i], b.I32[j]) }
	case types.KindInt64:
		return func(a *Vector, i int, b *Vector, j int) int { return cmp.Compare(a.I64[i], b.I64[j]) }
	case types.KindFloat:
		return func(a *Vector, i int, b *Vector, j int) int { return types.CompareFloats(a.F64[i], b.F64[j]) }
	case types.KindWide:
		order := types.WideComparer(t)
		return func(a *Vector, i int, b *Vector, j int) int { return order(a.Wide[i], b.Wide[j]) }
	}
	order := types.BytesComparer(t)
	return func(a *Vector, i int, b *Vector, j int) int { return order(a.Bytes(i), b.Bytes(j)) }
}

// Order is how ORDER BY sorts one key.
type Order struct {
	Desc       bool
	NullsFirst bool
}

// OrderComparator is Comparator with nulls and direction. PostgreSQL's default is nulls last ascending, first descending.
func OrderComparator(t types.Type, o Order) CompareFunc {
	order := Comparator(t)
	nullsFirst := 1
	if o.NullsFirst {
		nullsFirst = -1
	}
	return func(a *Vector, i int, b *Vector, j int) int {
		if a.Valid != nil || b.Valid != nil {
			switch na, nb := a.IsNull(i), b.IsNull(j); {
			case na && nb:
				return 0
			case na:
				return nullsFirst
			case nb:
				return -nullsFirst
			}
		}
		if o.Desc {
			return order(b, j, a, i)
		}
		return order(a, i, b, j)
	}
}

// RowComparator orders whole rows by all their columns, ascending with nulls last: the order that closes what SQL leaves
// open (ties, LIMIT, aggregates without an order). Values that are equal but not identical go by IdentityCompare, so only
// identical rows are equal.
func RowComparator(ts []types.Type) func(a []*Vector, i int, b []*Vector, j int) int {
	order := make([]CompareFunc, len(ts))
	for c, t := range ts {
		order[c] = OrderComparator(t, Order{})
	}
	return func(a []*Vector, i int, b []*Vector, j int) int {
		for c, f := range order {
			if r := f(a[c], i, b[c], j); r != 0 {
				return r
			}
		}
		for c := range order {
			if r := identityCompare(a[c], i, b[c], j); r != 0 {
				return r
			}
		}
		return 0
	}
}

// identityCompare is some total order of representations.
func identityCompare(a *Vector, i int, b *Vector, j int) int {
	if na, nb := a.IsNull(i), b.IsNull(j); na || nb {
		return cmp.Compare(boolInt(na), boolInt(nb))
	}
	switch a.Kind() {
	case types.KindFloat:
		return cmp.Compare(math.Float64bits(a.F64[i]), math.Float64bits(b.F64[j]))
	case types.KindWide:
		return types.CompareUUIDs(a.Wide[i], b.Wide[j])
	case types.KindBytes:
		return bytes.Compare(a.Bytes(i), b.Bytes(j))
	}
	return 0 // equal ones are identical
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Compare orders two values that are not null; columns may be constant.
func Compare(a *Vector, i int, b *Vector, j int) int {
	return Comparator(a.Type)(a, a.at(i), b, b.at(j))
}

// Equal reports whether two values are not distinct: equal by SQL, or both null. Columns may be constant.
func Equal(a *Vector, i int, b *Vector, j int) bool {
	if na, nb := a.IsNull(i), b.IsNull(j); na || nb {
		return na && nb
	}
	return Compare(a, i, b, j) == 0
}

// at is the index of row i in the buffers.
func (v *Vector) at(i int) int {
	if v.Const {
		return 0
	}
	return i
}

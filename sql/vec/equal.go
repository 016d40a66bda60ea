package vec

import (
	"bytes"
	"math"

	"github.com/streamdb/streamdb/sql/types"
)

// EqualRows compares pairs of key rows a column at a time: eq[k] says whether row ai[k] of a is not distinct from row bi[k]
// of b (equal by SQL, nulls equal to nulls) in all columns. A nil ai or bi means 0, 1, 2, …. The columns pairwise have the
// same type, but integers may differ in width. eq is as long as there are pairs and is overwritten.
func EqualRows(a []*Vector, ai []int32, b []*Vector, bi []int32, eq []bool) {
	equalRows(a, ai, b, bi, eq, sqlEquality)
}

// IdenticalRows is EqualRows by representation: numeric 1.0 is not 1.00 and -0 is not 0. Rows of a Z-set cancel only
// identical ones.
func IdenticalRows(a []*Vector, ai []int32, b []*Vector, bi []int32, eq []bool) {
	equalRows(a, ai, b, bi, eq, identity)
}

// Identical reports whether two values have the same representation, or are both null. Columns may be constant.
func Identical(a *Vector, i int, b *Vector, j int) bool {
	ai, bi := [1]int32{int32(i)}, [1]int32{int32(j)}
	eq := [1]bool{true}
	equalColumn(a, ai[:], b, bi[:], eq[:], identity(a.Type))
	return eq[0]
}

// equality is how the values of a column are compared; nil means ==, or the bytes themselves.
type equality struct {
	float func(a, b float64) bool
	wide  func(a, b types.Wide) bool
	bytes func(a, b []byte) bool
}

func sqlEquality(t types.Type) equality {
	e := equality{
		float: func(a, b float64) bool { return a == b || a != a && b != b },
		wide:  sameWide,
		bytes: bytes.Equal,
	}
	if t.ID == types.Interval {
		e.wide = func(a, b types.Wide) bool { return a == b || a.IntervalSpan() == b.IntervalSpan() }
	}
	if t.Kind() == types.KindBytes && types.BytesKey(t) != nil {
		order := types.BytesComparer(t)
		e.bytes = func(a, b []byte) bool { return bytes.Equal(a, b) || order(a, b) == 0 }
	}
	return e
}

func identity(types.Type) equality {
	return equality{
		float: func(a, b float64) bool { return math.Float64bits(a) == math.Float64bits(b) },
		wide:  sameWide,
		bytes: bytes.Equal,
	}
}

func sameWide(a, b types.Wide) bool { return a == b }

func equalRows(a []*Vector, ai []int32, b []*Vector, bi []int32, eq []bool, how func(types.Type) equality) {
	for k := range eq {
		eq[k] = true
	}
	for c := range a {
		equalColumn(a[c], ai, b[c], bi, eq, how(a[c].Type))
	}
}

// equalColumn clears eq[k] where the column differs.
func equalColumn(a *Vector, ai []int32, b *Vector, bi []int32, eq []bool, e equality) {
	if a.Const || b.Const {
		a, ai = spread(a, ai, len(eq))
		b, bi = spread(b, bi, len(eq))
	}
	if a.Valid != nil || b.Valid != nil {
		equalNullable(a, ai, b, bi, eq, e)
		return
	}
	equalValues(a, ai, b, bi, eq, e)
}

// spread gives indices that are right for a constant column.
func spread(v *Vector, idx []int32, n int) (*Vector, []int32) {
	if v.Const {
		return v, make([]int32, n)
	}
	return v, idx
}

func equalValues(a *Vector, ai []int32, b *Vector, bi []int32, eq []bool, e equality) {
	switch a.Kind() {
	case types.KindBool:
		equalComparable(a.Bool, ai, b.Bool, bi, eq)
	case types.KindInt32, types.KindInt64:
		equalInts(a, ai, b, bi, eq)
	case types.KindFloat:
		equalBy(a.F64, ai, b.F64, bi, eq, e.float)
	case types.KindWide:
		equalBy(a.Wide, ai, b.Wide, bi, eq, e.wide)
	default:
		for k := range eq {
			eq[k] = eq[k] && e.bytes(a.Bytes(rowAt(ai, 0, k)), b.Bytes(rowAt(bi, 0, k)))
		}
	}
}

func equalInts(a *Vector, ai []int32, b *Vector, bi []int32, eq []bool) {
	switch wa, wb := a.Kind() == types.KindInt64, b.Kind() == types.KindInt64; {
	case wa && wb:
		equalComparable(a.I64, ai, b.I64, bi, eq)
	case wa:
		equalMixed(a.I64, ai, b.I32, bi, eq)
	case wb:
		equalMixed(b.I64, bi, a.I32, ai, eq)
	default:
		equalComparable(a.I32, ai, b.I32, bi, eq)
	}
}

func equalComparable[T comparable](a []T, ai []int32, b []T, bi []int32, eq []bool) {
	if ai != nil && bi != nil {
		ai, bi = ai[:len(eq)], bi[:len(eq)]
		for k := range eq {
			eq[k] = eq[k] && a[ai[k]] == b[bi[k]]
		}
		return
	}
	for k := range eq {
		eq[k] = eq[k] && a[rowAt(ai, 0, k)] == b[rowAt(bi, 0, k)]
	}
}

func equalMixed(a []int64, ai []int32, b []int32, bi []int32, eq []bool) {
	for k := range eq {
		eq[k] = eq[k] && a[rowAt(ai, 0, k)] == int64(b[rowAt(bi, 0, k)])
	}
}

func equalBy[T any](a []T, ai []int32, b []T, bi []int32, eq []bool, same func(x, y T) bool) {
	for k := range eq {
		eq[k] = eq[k] && same(a[rowAt(ai, 0, k)], b[rowAt(bi, 0, k)])
	}
}

// equalNullable is equalValues where either column has nulls. Fixed values under nulls are compared like any others and
// then overruled; spans under nulls are not followed, as they may point nowhere.
func equalNullable(a *Vector, ai []int32, b *Vector, bi []int32, eq []bool, e equality) {
	if a.Kind() == types.KindBytes {
		for k := range eq {
			i, j := rowAt(ai, 0, k), rowAt(bi, 0, k)
			if na, nb := !a.valid(i), !b.valid(j); na || nb {
				eq[k] = eq[k] && na && nb
			} else {
				eq[k] = eq[k] && e.bytes(a.Bytes(i), b.Bytes(j))
			}
		}
		return
	}
	same := make([]bool, len(eq))
	copy(same, eq)
	equalValues(a, ai, b, bi, same, e)
	for k := range eq {
		na, nb := !a.valid(rowAt(ai, 0, k)), !b.valid(rowAt(bi, 0, k))
		eq[k] = eq[k] && na == nb && (na || same[k])
	}
}

// valid reports whether the value at index i of the buffers is not null.
func (v *Vector) valid(i int) bool { return v.Valid == nil || v.Valid.Get(i) }

package fn

import (
	"bytes"
	"math"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// comparison is one of the four orders that kernels are made for; > and >= are < and <= with the operands exchanged.
type comparison uint8

const (
	cmpEQ comparison = iota
	cmpNE
	cmpLT
	cmpLE
)

// comparisonOps are the six operators.
var comparisonOps = []struct {
	name string
	op   comparison
	swap bool
	doc  string
}{
	{"=", cmpEQ, false, "Equal."},
	{"<>", cmpNE, false, "Not equal."},
	{"<", cmpLT, false, "Less than."},
	{"<=", cmpLE, false, "Less than or equal to."},
	{">", cmpLT, true, "Greater than."},
	{">=", cmpLE, true, "Greater than or equal to."},
}

// comparisons are the six operators over each pair of types whose values are compared as they are. Integers of different
// widths have none: the binder widens them by casts.
var comparisons = comparisonsOf(
	[]types.ID{types.Bool, types.Int2, types.Int4, types.Int8, types.Float4, types.Float8, types.Numeric, types.Text, types.BPChar,
		types.Name, types.Char, types.Bytea, types.Date, types.Time, types.Timestamp, types.Timestamptz, types.Interval,
		types.UUID, types.JSONB, types.OID, types.OIDVector, types.AnyArray, types.Record},
	[][2]types.ID{{types.Name, types.Text}, {types.Text, types.Name}})

func comparisonsOf(same []types.ID, mixed [][2]types.ID) []*Func {
	var fs []*Func
	for _, id := range same {
		mixed = append(mixed, [2]types.ID{id, id})
	}
	for _, pair := range mixed {
		for _, o := range comparisonOps {
			fs = append(fs, comparisonFunc(o.name, o.op, o.swap, pair, o.doc))
		}
	}
	// A transaction's number has equality only, as it wraps around.
	for _, o := range comparisonOps[:2] {
		fs = append(fs, comparisonFunc(o.name, o.op, o.swap, [2]types.ID{types.XID, types.XID}, o.doc))
	}
	return fs
}

func comparisonFunc(name string, op comparison, swap bool, ids [2]types.ID, doc string) *Func {
	f := &Func{Name: name, Args: []types.Type{types.T(ids[0]), types.T(ids[1])}, Ret: boolT, Doc: doc, Example: comparisonExample(name)}
	f.Kernel = func(_ *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		a, b := ordered(args, swap)
		compareColumns(op, a, b, sel, out.Bool)
	}
	f.Select = func(_ *Ctx, args []*vec.Vector, sel, dst []int32) []int32 {
		a, b := ordered(args, swap)
		return selectColumns(op, a, b, sel, dst)
	}
	return f
}

func comparisonExample(name string) string {
	if name == "=" || name == ">" || name == ">=" {
		return "2 " + name + " 1 → " + map[string]string{"=": "false", ">": "true", ">=": "true"}[name]
	}
	return "1 " + name + " 2 → true"
}

func ordered(args []*vec.Vector, swap bool) (a, b *vec.Vector) {
	if swap {
		return args[1], args[0]
	}
	return args[0], args[1]
}

// CompareKernel compares two columns of one type as Kernel of its operators does: it writes 1 or 0 to out for the rows sel,
// none of which may be null. It serves node types that compare (IN, GREATEST, IS DISTINCT FROM).
func CompareKernel(less bool, a, b *vec.Vector, sel []int32, out []uint8) {
	op := cmpEQ
	if less {
		op = cmpLT
	}
	compareColumns(op, a, b, sel, out)
}

func compareColumns(op comparison, a, b *vec.Vector, sel []int32, out []uint8) {
	switch compareKind(a.Type, b.Type) {
	case types.KindBool:
		compareInto(op, column[uint8](a, sel), column[uint8](b, sel), sel, out)
	case types.KindInt32:
		compareInto(op, column[int32](a, sel), column[int32](b, sel), sel, out)
	case types.KindInt64:
		compareInto(op, column[int64](a, sel), column[int64](b, sel), sel, out)
	case types.KindFloat:
		compareInto(op, column[float64](a, sel), column[float64](b, sel), sel, out)
	default:
		cmp := rowComparer(a, b, op <= cmpNE)
		for _, i := range sel {
			out[i] = b2u(holds(op, cmp(int(i))))
		}
	}
}

func selectColumns(op comparison, a, b *vec.Vector, sel, dst []int32) []int32 {
	switch compareKind(a.Type, b.Type) {
	case types.KindBool:
		return selectFrom(op, column[uint8](a, sel), column[uint8](b, sel), sel, dst)
	case types.KindInt32:
		return selectIntegers(op, column[int32](a, sel), column[int32](b, sel), math.MinInt32, math.MaxInt32, sel, dst)
	case types.KindInt64:
		return selectIntegers(op, column[int64](a, sel), column[int64](b, sel), math.MinInt64, math.MaxInt64, sel, dst)
	case types.KindFloat:
		return selectFrom(op, column[float64](a, sel), column[float64](b, sel), sel, dst)
	}
	cmp := rowComparer(a, b, op <= cmpNE)
	for _, i := range sel {
		if holds(op, cmp(int(i))) {
			dst = append(dst, i)
		}
	}
	return dst
}

// compareKind is the kind whose values are compared directly, or KindNone: numerics of different scales differ though
// their kind is one.
func compareKind(a, b types.Type) types.Kind {
	if a.ID == types.Numeric && !a.Array {
		sa, oka := a.Scaled()
		if sb, okb := b.Scaled(); oka && okb && sa == sb {
			return types.KindInt64
		}
		return types.KindNone
	}
	return a.Kind()
}

func holds(op comparison, c int) bool {
	switch op {
	case cmpEQ:
		return c == 0
	case cmpNE:
		return c != 0
	case cmpLT:
		return c < 0
	}
	return c <= 0
}

// rowComparer compares row i of two columns of kinds without an operator in Go. For equality alone any non-zero result
// says that they differ.
func rowComparer(a, b *vec.Vector, equality bool) func(i int) int {
	ma, mb := mask(a), mask(b)
	if a.Type.ID == types.Numeric && !a.Type.Array {
		x, y := numericColumn(a), numericColumn(b)
		return func(i int) int { return x.at(int32(i)).Cmp(y.at(int32(i))) }
	}
	if a.Kind() == types.KindWide {
		cmp := types.WideComparer(a.Type)
		return func(i int) int { return cmp(a.Wide[i&ma], b.Wide[i&mb]) }
	}
	cmp := types.BytesComparer(a.Type)
	if plainBytes(a.Type) {
		if cmp = bytes.Compare; equality {
			cmp = differ
		}
	}
	return func(i int) int { return cmp(a.Bytes(i&ma), b.Bytes(i&mb)) }
}

func mask(v *vec.Vector) int {
	if v.Const {
		return 0
	}
	return -1
}

// plainBytes reports whether values are equal exactly when their bytes are.
func plainBytes(t types.Type) bool {
	return t.Kind() == types.KindBytes && types.BytesKey(t) == nil && !t.Array
}

func differ(a, b []byte) int {
	if string(a) == string(b) {
		return 0
	}
	return 1
}

// number are the elements that Go can order. Floats are ordered as PostgreSQL does: NaN equals NaN and is the greatest,
// which costs integers nothing, as the compiler knows that they equal themselves.
type number interface {
	uint8 | int32 | int64 | float64
}

func less[T number](a, b T) bool      { return a < b || b != b && a == a }
func lessEqual[T number](a, b T) bool { return a <= b || b != b }
func equal[T number](a, b T) bool     { return a == b || a != a && b != b }

func compareInto[T interface {
	number
	elem
}](op comparison, a, b col[T], sel []int32, out []uint8) {
	as, am, bs, bm := a.s, a.mask, b.s, b.mask
	switch op {
	case cmpEQ:
		for _, i := range sel {
			out[i] = b2u(equal(as[i&am], bs[i&bm]))
		}
	case cmpNE:
		for _, i := range sel {
			out[i] = b2u(!equal(as[i&am], bs[i&bm]))
		}
	case cmpLT:
		for _, i := range sel {
			out[i] = b2u(less(as[i&am], bs[i&bm]))
		}
	default:
		for _, i := range sel {
			out[i] = b2u(lessEqual(as[i&am], bs[i&bm]))
		}
	}
}

// selectFrom writes every row and steps on only where the comparison holds: no branch, so no misprediction.
func selectFrom[T interface {
	number
	elem
}](op comparison, a, b col[T], sel, dst []int32) []int32 {
	n := len(dst)
	dst = growSel(dst, len(sel))
	as, am, bs, bm := a.s, a.mask, b.s, b.mask
	switch op {
	case cmpEQ:
		for _, i := range sel {
			dst[n] = i
			n += int(b2u(equal(as[i&am], bs[i&bm])))
		}
	case cmpNE:
		for _, i := range sel {
			dst[n] = i
			n += int(b2u(!equal(as[i&am], bs[i&bm])))
		}
	case cmpLT:
		for _, i := range sel {
			dst[n] = i
			n += int(b2u(less(as[i&am], bs[i&bm])))
		}
	default:
		for _, i := range sel {
			dst[n] = i
			n += int(b2u(lessEqual(as[i&am], bs[i&bm])))
		}
	}
	return dst[:n]
}

// growSel makes dst n longer; what is new is unspecified.
func growSel(dst []int32, n int) []int32 {
	if need := len(dst) + n; need > cap(dst) {
		bigger := make([]int32, need, max(need, vec.BatchSize))
		copy(bigger, dst)
		return bigger
	}
	return dst[:len(dst)+n]
}

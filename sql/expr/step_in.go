package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

// inStep is [NOT] IN: constants by a hash set, the other elements by comparison.
type inStep struct {
	arg    step
	member func(v *vec.Vector, sel []int32, out []uint8)
	rest   []step
	// null says that a constant element is null: what is not found is then unknown.
	null bool
	not  bool
	out  vec.Vector
	open []int32
}

func compileInList(n *InList) (step, error) {
	arg, err := compile(n.Arg())
	if err != nil {
		return nil, err
	}
	s := &inStep{arg: arg, not: n.Not}
	var values []types.Datum
	var t types.Type
	for _, e := range n.List() {
		if c, ok := e.(*Const); ok {
			if c.Value.Null {
				s.null = true
				continue
			}
			values, t = append(values, setKey(c.Typ, c.Value)), c.Typ
			continue
		}
		r, err := compile(e)
		if err != nil {
			return nil, err
		}
		s.rest = append(s.rest, r)
	}
	s.member = membership(t, values)
	return s, nil
}

// setKey is a representative of all values equal to d. Numerics of any scale, scaled or not, share theirs.
func setKey(t types.Type, d types.Datum) types.Datum {
	if t.ID != types.Numeric || t.Array {
		return types.Key(t, d)
	}
	if scale, ok := t.Scaled(); ok {
		return types.NewBytes(decimal.New(d.I, scale).AppendKey(nil))
	}
	return types.NewBytes(decimal.Must(d.B).AppendKey(nil))
}

// membership makes the test whether a column's rows are among values, which are keys of type t.
func membership(t types.Type, values []types.Datum) func(v *vec.Vector, sel []int32, out []uint8) {
	keyed := t.ID == types.Numeric || t.Array || t.Kind() == types.KindBytes && types.BytesKey(t) != nil
	switch kind := t.Kind(); {
	case len(values) == 0:
		return func(_ *vec.Vector, sel []int32, out []uint8) {
			for _, i := range sel {
				out[i] = 0
			}
		}
	case keyed:
		set := setOf(values, func(d types.Datum) string { return string(d.B) })
		return func(v *vec.Vector, sel []int32, out []uint8) {
			for _, i := range sel {
				_, ok := set[string(setKey(v.Type, v.Datum(int(i))).B)]
				out[i] = bit(ok)
			}
		}
	case kind == types.KindInt32:
		return members(setOf(values, func(d types.Datum) int32 { return int32(d.I) }), func(v *vec.Vector) []int32 { return v.I32 })
	case kind == types.KindInt64:
		return members(setOf(values, func(d types.Datum) int64 { return d.I }), func(v *vec.Vector) []int64 { return v.I64 })
	case kind == types.KindBytes:
		set := setOf(values, func(d types.Datum) string { return string(d.B) })
		return func(v *vec.Vector, sel []int32, out []uint8) {
			m := indexMask(v)
			for _, i := range sel {
				_, ok := set[string(v.Bytes(int(i&m)))] // the compiler makes no string for a look-up
				out[i] = bit(ok)
			}
		}
	}
	// What is left (boolean, floats, uuid, interval) is looked up by its key's fields.
	type fields struct {
		i int64
		f float64
		w types.Wide
	}
	nan := false
	set := setOf(values, func(d types.Datum) fields {
		nan = nan || d.F != d.F
		return fields{d.I, d.F, d.W}
	})
	return func(v *vec.Vector, sel []int32, out []uint8) {
		for _, i := range sel {
			d := types.Key(v.Type, v.Datum(int(i)))
			_, ok := set[fields{d.I, d.F, d.W}]
			out[i] = bit(ok || nan && d.F != d.F)
		}
	}
}

func setOf[T comparable](values []types.Datum, key func(types.Datum) T) map[T]struct{} {
	set := make(map[T]struct{}, len(values))
	for _, d := range values {
		set[key(d)] = struct{}{}
	}
	return set
}

// members tests short lists by scanning them, long ones by hash.
func members[T int32 | int64](set map[T]struct{}, column func(*vec.Vector) []T) func(v *vec.Vector, sel []int32, out []uint8) {
	const short = 8
	if len(set) > short {
		return func(v *vec.Vector, sel []int32, out []uint8) {
			s, m := column(v), indexMask(v)
			for _, i := range sel {
				_, ok := set[s[i&m]]
				out[i] = bit(ok)
			}
		}
	}
	list := make([]T, 0, short)
	for x := range set {
		list = append(list, x)
	}
	return func(v *vec.Vector, sel []int32, out []uint8) {
		s, m := column(v), indexMask(v)
		for _, i := range sel {
			x, found := s[i&m], uint8(0)
			for _, y := range list {
				found |= bit(x == y)
			}
			out[i] = found
		}
	}
}

func indexMask(v *vec.Vector) int32 {
	if v.Const {
		return 0
	}
	return -1
}

func (s *inStep) eval(f *frame, sel []int32) *vec.Vector {
	v := s.arg.eval(f, sel)
	out := &s.out
	out.Resize(boolType, f.n)
	open := s.open[:0]
	for _, i := range sel {
		if v.IsNull(int(i)) {
			out.Bool[i] = 0
			out.SetNull(int(i))
		} else {
			open = append(open, i)
		}
	}
	s.member(v, open, out.Bool)
	open = s.leaveTrue(open)
	if s.null {
		for _, i := range open {
			out.SetNull(int(i))
		}
	}
	for _, r := range s.rest {
		if len(open) == 0 {
			break
		}
		open = s.compareWith(r.eval(f, open), v, open)
	}
	s.open = open[:0]
	if s.not {
		for _, i := range sel {
			out.Bool[i] ^= 1
		}
	}
	return out
}

// leaveTrue takes the rows found out of open and makes them valid.
func (s *inStep) leaveTrue(open []int32) []int32 {
	n := 0
	for _, i := range open {
		if s.out.Bool[i] != 0 {
			if s.out.Valid != nil {
				s.out.Valid.Set(int(i))
			}
			continue
		}
		open[n] = i
		n++
	}
	return open[:n]
}

func (s *inStep) compareWith(elem, v *vec.Vector, open []int32) []int32 {
	var both []int32
	for _, i := range open {
		if elem.IsNull(int(i)) {
			s.out.SetNull(int(i))
		} else {
			both = append(both, i)
		}
	}
	fn.CompareKernel(false, v, elem, both, s.out.Bool)
	return s.leaveTrue(open)
}

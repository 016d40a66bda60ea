package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// assembly is a result put together from the rows of several vectors.
type assembly struct {
	out  vec.Vector
	data []byte
}

// begin makes the result n rows of type t.
func (a *assembly) begin(t types.Type, n int) {
	a.out.Resize(t, n)
	if t.Kind() == types.KindBytes {
		clear(a.out.Str)
		a.out.Data = a.data[:0]
	}
}

func (a *assembly) end() *vec.Vector {
	if cap(a.out.Data) > 0 {
		a.data = kept(a.out.Data)
	}
	return &a.out
}

// take copies the rows sel of v. A constant's bytes are copied once and shared by its rows.
func (a *assembly) take(v *vec.Vector, sel []int32) {
	out := &a.out
	if v.Const && v.IsNull(0) {
		for _, i := range sel {
			out.SetNull(int(i))
		}
		return
	}
	m := int32(-1)
	if v.Const {
		m = 0
	}
	switch out.Kind() {
	case types.KindBool:
		takeRows(out.Bool, v.Bool, m, sel)
	case types.KindInt32:
		takeRows(out.I32, v.I32, m, sel)
	case types.KindInt64:
		takeRows(out.I64, v.I64, m, sel)
	case types.KindFloat:
		takeRows(out.F64, v.F64, m, sel)
	case types.KindWide:
		takeRows(out.Wide, v.Wide, m, sel)
	default:
		a.takeBytes(v, sel)
	}
	if v.Valid != nil && !v.Const {
		for _, i := range sel {
			if !v.Valid.Get(int(i)) {
				out.SetNull(int(i))
			}
		}
	}
	if out.Valid != nil {
		a.unsetNulls(v, sel)
	}
}

// unsetNulls makes rows valid that an earlier take made null (GREATEST takes a row more than once).
func (a *assembly) unsetNulls(v *vec.Vector, sel []int32) {
	for _, i := range sel {
		if !v.IsNull(int(i)) {
			a.out.Valid.Set(int(i))
		}
	}
}

func takeRows[T any](dst, src []T, mask int32, sel []int32) {
	for _, i := range sel {
		dst[i] = src[i&mask]
	}
}

func (a *assembly) takeBytes(v *vec.Vector, sel []int32) {
	out := &a.out
	if v.Const {
		span := vec.Span{Off: uint32(len(out.Data)), Len: v.Str[0].Len}
		out.Data = append(out.Data, v.Bytes(0)...)
		for _, i := range sel {
			out.Str[i] = span
		}
		return
	}
	for _, i := range sel {
		if !v.IsNull(int(i)) {
			out.SetBytes(int(i), v.Bytes(int(i)))
		}
	}
}

// without removes the rows taken, a subset, from open, in place.
func without(open, taken []int32) []int32 {
	n, t := 0, 0
	for _, i := range open {
		if t < len(taken) && taken[t] == i {
			t++
			continue
		}
		open[n] = i
		n++
	}
	return open[:n]
}

type caseStep struct {
	typ   types.Type
	args  []step
	res   assembly
	open  []int32
	taken []int32
}

func (s *caseStep) eval(f *frame, sel []int32) *vec.Vector {
	s.res.begin(s.typ, f.n)
	open, taken := append(s.open[:0], sel...), s.taken
	for k := 0; k+1 < len(s.args) && len(open) > 0; k += 2 {
		taken = filter(s.args[k], f, open, taken[:0])
		if len(taken) > 0 {
			s.res.take(s.args[k+1].eval(f, taken), taken)
			open = without(open, taken)
		}
	}
	if len(open) > 0 {
		s.res.take(s.args[len(s.args)-1].eval(f, open), open)
	}
	s.open, s.taken = open[:0], taken[:0]
	return s.res.end()
}

type coalesceStep struct {
	typ  types.Type
	args []step
	res  assembly
	open []int32
	some []int32
}

func (s *coalesceStep) eval(f *frame, sel []int32) *vec.Vector {
	first := s.args[0].eval(f, sel)
	if first.Valid == nil || len(s.args) == 1 {
		return first
	}
	s.res.begin(s.typ, f.n)
	open := append(s.open[:0], sel...)
	for k, a := range s.args {
		if len(open) == 0 {
			break
		}
		v := first
		if k > 0 {
			v = a.eval(f, open)
		}
		open = s.takeSome(v, open)
	}
	for _, i := range open {
		s.res.out.SetNull(int(i))
	}
	s.open = open[:0]
	return s.res.end()
}

// takeSome takes the open rows of v that are not null, and gives those left.
func (s *coalesceStep) takeSome(v *vec.Vector, open []int32) []int32 {
	n := 0
	s.some = s.some[:0]
	for _, i := range open {
		if v.IsNull(int(i)) {
			open[n] = i
			n++
		} else {
			s.some = append(s.some, i)
		}
	}
	if len(s.some) > 0 {
		s.res.take(v, s.some)
	}
	return open[:n]
}

// extremeStep is GREATEST and LEAST.
type extremeStep struct {
	typ   types.Type
	args  []step
	least bool
	res   assembly
	take  []int32
	both  []int32
	wins  []uint8
}

func (s *extremeStep) eval(f *frame, sel []int32) *vec.Vector {
	s.res.begin(s.typ, f.n)
	for _, i := range sel {
		s.res.out.SetNull(int(i))
	}
	if len(s.wins) < f.n {
		s.wins = make([]uint8, max(f.n, vec.BatchSize))
	}
	for _, a := range s.args {
		s.contend(a.eval(f, sel), sel)
	}
	return s.res.end()
}

// contend takes the rows of v that beat what the result holds so far.
func (s *extremeStep) contend(v *vec.Vector, sel []int32) {
	best := &s.res.out
	s.take, s.both = s.take[:0], s.both[:0]
	for _, i := range sel {
		switch {
		case v.IsNull(int(i)):
			s.wins[i] = 0
		case best.IsNull(int(i)):
			s.wins[i] = 1
		default:
			s.both = append(s.both, i)
		}
	}
	if s.least {
		fn.CompareKernel(true, v, best, s.both, s.wins)
	} else {
		fn.CompareKernel(true, best, v, s.both, s.wins)
	}
	for _, i := range sel {
		if s.wins[i] != 0 {
			s.take = append(s.take, i)
		}
	}
	s.res.take(v, s.take)
}

package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// connective is AND (decided by false) or OR (decided by true).
type connective struct {
	args    []step
	decides uint8
	out     vec.Vector
	open    []int32 // the rows that no arm has decided
	taken   []int32
	mark    []uint8
}

// eval runs arm after arm over the rows still open. A null leaves a row open, as a later arm may decide it.
func (s *connective) eval(f *frame, sel []int32) *vec.Vector {
	out := &s.out
	out.Resize(boolType, f.n)
	for _, i := range sel {
		out.Bool[i] = 1 - s.decides
	}
	open := append(s.open[:0], sel...)
	for _, a := range s.args {
		if len(open) == 0 {
			break
		}
		open = s.arm(a.eval(f, open), open)
	}
	s.open = open[:0]
	return out
}

func (s *connective) arm(v *vec.Vector, open []int32) []int32 {
	out, n, m := &s.out, 0, int32(-1)
	if v.Const {
		m = 0
	}
	for _, i := range open {
		switch {
		case v.IsNull(int(i)):
			out.SetNull(int(i))
		case v.Bool[i&m] == s.decides:
			out.Bool[i] = s.decides
			if out.Valid != nil {
				out.Valid.Set(int(i))
			}
			continue
		}
		open[n] = i
		n++
	}
	return open[:n]
}

// filter implements filterStep.
func (s *connective) filter(f *frame, sel, dst []int32) []int32 {
	if s.decides == 0 {
		return s.filterAll(f, sel, dst)
	}
	return s.filterAny(f, sel, dst)
}

// filterAll narrows the selection arm by arm, in place after the first; as in PostgreSQL a null decides a filter.
func (s *connective) filterAll(f *frame, sel, dst []int32) []int32 {
	n := len(dst)
	dst = filter(s.args[0], f, sel, dst)
	for _, a := range s.args[1:] {
		rows := dst[n:]
		if len(rows) == 0 {
			break
		}
		dst = dst[:n+len(filter(a, f, rows, rows[:0]))]
	}
	return dst
}

// filterAny marks the rows that an arm takes and asks the next arm for the others; the marks put them in order again.
func (s *connective) filterAny(f *frame, sel, dst []int32) []int32 {
	if len(s.mark) < f.n {
		s.mark = make([]uint8, max(f.n, vec.BatchSize))
	}
	open := append(s.open[:0], sel...)
	taken := s.taken
	for _, a := range s.args {
		if len(open) == 0 {
			break
		}
		taken = filter(a, f, open, taken[:0])
		if len(taken) == 0 {
			continue
		}
		for _, i := range taken {
			s.mark[i] = 1
		}
		n := 0
		for _, i := range open {
			open[n] = i
			n += int(1 - s.mark[i])
		}
		open = open[:n]
	}
	s.open, s.taken = open[:0], taken[:0]
	n := 0
	for _, i := range sel {
		if s.mark[i] != 0 {
			dst, n = append(dst, i), n+1
		}
	}
	for _, i := range dst[len(dst)-n:] {
		s.mark[i] = 0
	}
	return dst
}

type notStep struct {
	arg step
	out vec.Vector
}

func (s *notStep) eval(f *frame, sel []int32) *vec.Vector {
	v := s.arg.eval(f, sel)
	n := f.n
	if v.Const {
		n, sel = 1, f.all(1)
	}
	s.out.Resize(boolType, n)
	s.out.Const, s.out.Valid = v.Const, v.Valid
	for _, i := range sel {
		s.out.Bool[i] = 1 - v.Bool[i]&1
	}
	return &s.out
}

// testStep is IS [NOT] NULL, TRUE, FALSE.
type testStep struct {
	arg  step
	kind TestKind
	not  bool
	out  vec.Vector
}

func (s *testStep) eval(f *frame, sel []int32) *vec.Vector {
	v := s.arg.eval(f, sel)
	n := f.n
	if v.Const {
		n, sel = 1, f.all(1)
	}
	s.out.Resize(boolType, n)
	s.out.Const = v.Const
	var flip uint8
	if s.not {
		flip = 1
	}
	for _, i := range sel {
		s.out.Bool[i] = s.test(v, int(i)) ^ flip
	}
	return &s.out
}

func (s *testStep) test(v *vec.Vector, i int) uint8 {
	null := v.IsNull(i)
	switch {
	case s.kind == TestNull:
		return bit(null)
	case null:
		return 0
	case s.kind == TestTrue:
		return v.Bool[i]
	}
	return 1 - v.Bool[i]
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}

// distinctStep is IS [NOT] DISTINCT FROM.
type distinctStep struct {
	left, right step
	not         bool
	out         vec.Vector
	both        []int32
}

func compileDistinct(n *IsDistinct) (step, error) {
	args, err := compileAll(n.Children())
	if err != nil {
		return nil, err
	}
	return &distinctStep{left: args[0], right: args[1], not: n.Not}, nil
}

func (s *distinctStep) eval(f *frame, sel []int32) *vec.Vector {
	a, b := s.left.eval(f, sel), s.right.eval(f, sel)
	s.out.Resize(types.T(types.Bool), f.n)
	same := s.out.Bool
	s.both = s.both[:0]
	for _, i := range sel {
		na, nb := a.IsNull(int(i)), b.IsNull(int(i))
		if na || nb {
			same[i] = bit(na && nb)
		} else {
			s.both = append(s.both, i)
		}
	}
	fn.CompareKernel(false, a, b, s.both, same)
	if !s.not {
		for _, i := range sel {
			same[i] ^= 1
		}
	}
	return &s.out
}

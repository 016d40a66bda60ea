package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// callStep runs a kernel. It owns the result's buffers and uses them again in the next evaluation.
type callStep struct {
	fn    *fn.Func
	typ   types.Type
	args  []step
	argv  []*vec.Vector
	out   vec.Vector
	data  []byte // the buffer of out.Data, while no argument's is shared
	valid vec.Bitmap
	sel   []int32
}

func newCallStep(f *fn.Func, t types.Type, args []step) *callStep {
	return &callStep{fn: f, typ: t, args: args, argv: make([]*vec.Vector, len(args))}
}

func (s *callStep) eval(f *frame, sel []int32) *vec.Vector {
	constant := s.evalArgs(f, sel)
	if constant && s.fn.Vol != fn.Volatile && len(sel) > 0 {
		return s.evalOnce(f, sel)
	}
	s.prepare(f.n)
	if s.fn.Nulls == fn.Strict {
		var null bool
		if sel, null = s.validRows(f.n, sel); null {
			return nullOf(&s.out, s.typ)
		}
	}
	bad := len(f.bad)
	if len(sel) > 0 {
		s.fn.Kernel(&f.ctx, s.argv, sel, &s.out)
	}
	for _, i := range f.bad[bad:] {
		s.out.SetNull(int(i))
	}
	f.bad = f.bad[:bad]
	s.keepBuffers()
	return &s.out
}

// evalArgs fills argv and says whether all are constant.
func (s *callStep) evalArgs(f *frame, sel []int32) bool {
	constant := true
	for k, a := range s.args {
		s.argv[k] = a.eval(f, sel)
		constant = constant && s.argv[k].Const
	}
	return constant
}

// evalOnce computes constant arguments' result for one row, which then stands for all. Its error is every row's.
func (s *callStep) evalOnce(f *frame, sel []int32) *vec.Vector {
	s.prepare(1)
	one := f.all(1)
	if s.fn.Nulls == fn.Strict {
		for _, a := range s.argv {
			if a.IsNull(0) {
				return nullOf(&s.out, s.typ)
			}
		}
	}
	outer, outerErr := f.once, f.onceErr
	f.once, f.onceErr = true, nil
	s.fn.Kernel(&f.ctx, s.argv, one, &s.out)
	err := f.onceErr
	f.once, f.onceErr = outer, outerErr
	s.keepBuffers()
	if err != nil {
		for _, i := range sel {
			f.report(i, err)
		}
		return nullOf(&s.out, s.typ)
	}
	s.out.Const = true
	return &s.out
}

// prepare makes out ready for n rows, with last time's buffers.
func (s *callStep) prepare(n int) {
	s.out.Resize(s.typ, n)
	if s.typ.Kind() == types.KindBytes {
		clear(s.out.Str) // rows that are skipped must still be readable
		s.out.Data = s.data[:0]
	}
}

// keepBuffers remembers the data buffer for the next time, unless the kernel made the result share an argument's.
func (s *callStep) keepBuffers() {
	if cap(s.out.Data) == 0 {
		return
	}
	for _, a := range s.argv {
		if cap(a.Data) > 0 && &a.Data[:1][0] == &s.out.Data[:1][0] {
			return
		}
	}
	s.data = kept(s.out.Data)
}

// maxKept is how large a buffer is kept between evaluations: one batch of huge values must not hold its memory for good.
const maxKept = 4 << 20

// kept is b, or nil if it is too large to keep.
func kept(b []byte) []byte {
	if cap(b) > maxKept {
		return nil
	}
	return b
}

// validRows combines the arguments' nulls into out and leaves them out of sel; null says that all rows are null.
func (s *callStep) validRows(n int, sel []int32) (rows []int32, null bool) {
	nulls := false
	for _, a := range s.argv {
		if a.Valid == nil {
			continue
		}
		if a.Const {
			if a.IsNull(0) {
				return nil, true
			}
			continue
		}
		if !nulls {
			s.valid = append(s.valid[:0], a.Valid[:(n+63)/64]...)
			nulls = true
			continue
		}
		for w := range s.valid {
			s.valid[w] &= a.Valid[w]
		}
	}
	if !nulls {
		return sel, false
	}
	s.out.Valid = s.valid
	s.sel = appendValid(s.sel[:0], s.valid, sel)
	return s.sel, false
}

// appendValid appends to dst the rows of sel that are not null.
func appendValid(dst []int32, valid vec.Bitmap, sel []int32) []int32 {
	n := len(dst)
	if cap(dst) < n+len(sel) {
		dst = append(make([]int32, 0, n+len(sel)), dst...)
	}
	dst = dst[:n+len(sel)]
	for _, i := range sel {
		dst[n] = i
		n += int(valid[uint(i)/64] >> (uint(i) % 64) & 1)
	}
	return dst[:n]
}

// filter implements filterStep by the predicate's own, if it has one.
func (s *callStep) filter(f *frame, sel, dst []int32) []int32 {
	if s.fn.Select == nil {
		return selectTrue(s.eval(f, sel), sel, dst)
	}
	if s.evalArgs(f, sel) {
		return selectTrue(s.eval(f, sel), sel, dst)
	}
	s.out.Type, s.out.Valid = s.typ, nil
	rows, null := s.validRows(f.n, sel)
	if null || len(rows) == 0 {
		return dst
	}
	return s.fn.Select(&f.ctx, s.argv, rows, dst)
}

// nullOf makes v the constant null of type t.
func nullOf(v *vec.Vector, t types.Type) *vec.Vector {
	v.Resize(t, 1)
	if t.Kind() == types.KindBytes {
		v.Str[0] = vec.Span{}
	}
	v.SetNull(0)
	v.Const = true
	return v
}

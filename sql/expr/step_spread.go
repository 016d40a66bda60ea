package expr

import (
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// spreadStep is f(…, VARIADIC array) of a function that takes any number of values of any type (concat, format, …): the
// array's elements are the arguments, so each row may have another number of them and is called by itself.
type spreadStep struct {
	fn   *fn.Func
	args []step
	elem types.Type
	call *callStep
	argv []*vec.Vector
}

func newSpreadStep(n *Call, args []step) *spreadStep {
	return &spreadStep{fn: n.Fn, args: args, elem: n.Args[len(n.Args)-1].Type().Elem(), call: newCallStep(n.Fn, n.Typ, nil)}
}

func (s *spreadStep) eval(f *frame, sel []int32) *vec.Vector {
	in := make([]*vec.Vector, len(s.args))
	for k, a := range s.args {
		in[k] = a.eval(f, sel)
	}
	c := s.call
	c.prepare(f.n)
	bad := len(f.bad)
	for _, i := range sel {
		s.row(f, in, i)
	}
	for _, i := range f.bad[bad:] {
		c.out.SetNull(int(i))
	}
	f.bad = f.bad[:bad]
	c.keepBuffers()
	return &c.out
}

// row calls the function for row i; a null array is null.
func (s *spreadStep) row(f *frame, in []*vec.Vector, i int32) {
	last := len(in) - 1
	d := in[last].Datum(int(i))
	if d.Null {
		s.call.out.SetNull(int(i))
		return
	}
	a, err := types.DecodeArray(s.elem, d.B)
	if err != nil {
		f.failed(i, err)
		return
	}
	s.argv = s.argv[:0]
	for _, v := range in[:last] {
		s.argv = append(s.argv, vec.NewConst(v.Type, v.Datum(int(i))))
	}
	for _, e := range a.Elems {
		s.argv = append(s.argv, vec.NewConst(s.elem, e))
	}
	s.fn.Kernel(&f.ctx, s.argv, []int32{i}, &s.call.out)
}

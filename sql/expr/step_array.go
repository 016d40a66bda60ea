package expr

import (
	"slices"

	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// arrayStep is ARRAY[…] and the packing of variadic arguments. nested says that the elements are arrays themselves, whose
// dimensions the result gets one more of.
type arrayStep struct {
	typ    types.Type
	args   []step
	nested bool
	argv   []*vec.Vector
	elems  []types.Datum
	res    assembly
}

func compileArray(n *ArrayCtor) (step, error) {
	args, err := compileAll(n.Elems)
	if err != nil {
		return nil, err
	}
	return newArrayStep(n.Typ, args, len(n.Elems) > 0 && n.Elems[0].Type().Array), nil
}

func newArrayStep(t types.Type, args []step, nested bool) *arrayStep {
	return &arrayStep{typ: t, args: args, nested: nested, argv: make([]*vec.Vector, len(args))}
}

func (s *arrayStep) eval(f *frame, sel []int32) *vec.Vector {
	constant := true
	for k, a := range s.args {
		s.argv[k] = a.eval(f, sel)
		constant = constant && s.argv[k].Const
	}
	rows, n := sel, f.n
	if constant {
		rows, n = f.all(1), 1
	}
	s.res.begin(s.typ, n)
	for _, i := range rows {
		s.elems = s.elems[:0]
		for _, v := range s.argv {
			s.elems = append(s.elems, v.Datum(int(i)))
		}
		a, err := s.shape()
		if err != nil {
			f.report(i, err)
			s.res.out.SetNull(int(i))
			continue
		}
		start := len(s.res.out.Data)
		s.res.out.Data = types.AppendArray(s.res.out.Data, s.typ.Elem(), a)
		s.res.out.SetEnd(int(i), start)
	}
	out := s.res.end()
	out.Const = constant
	return out
}

// shape makes the array of the row's elements.
func (s *arrayStep) shape() (types.Array, error) {
	if !s.nested {
		return types.NewArray(s.elems), nil
	}
	var out types.Array
	for k, d := range s.elems {
		var inner types.Array
		if !d.Null {
			var err error
			if inner, err = types.DecodeArray(s.typ.Elem(), d.B); err != nil {
				return out, err
			}
		}
		if k == 0 {
			out.Dims = append([]types.Dim{{Len: len(s.elems), Lower: 1}}, inner.Dims...)
		} else if !slices.Equal(inner.Dims, out.Dims[1:]) {
			return out, sqlerr.New(sqlerr.ArraySubscriptError, "multidimensional arrays must have array expressions with matching dimensions")
		}
		out.Elems = append(out.Elems, inner.Elems...)
	}
	if len(out.Elems) == 0 {
		return types.Array{}, nil
	}
	return out, nil
}

// rowStep is ROW(…).
type rowStep struct {
	args   []step
	argv   []*vec.Vector
	fields []types.Field
	res    assembly
}

func newRowStep(n *RowCtor, args []step) *rowStep {
	s := &rowStep{args: args, argv: make([]*vec.Vector, len(args)), fields: make([]types.Field, len(args))}
	for i, f := range n.Fields {
		s.fields[i].Type = f.Type()
		if n.Names != nil {
			s.fields[i].Name = n.Names[i]
		}
	}
	return s
}

func (s *rowStep) eval(f *frame, sel []int32) *vec.Vector {
	for k, a := range s.args {
		s.argv[k] = a.eval(f, sel)
	}
	s.res.begin(types.T(types.Record), f.n)
	for _, i := range sel {
		for k, v := range s.argv {
			s.fields[k].Value = v.Datum(int(i))
		}
		start := len(s.res.out.Data)
		s.res.out.Data = types.AppendRecord(s.res.out.Data, s.fields)
		s.res.out.SetEnd(int(i), start)
	}
	return s.res.end()
}

// quantified is op ANY and op ALL: the operator over each element of the array. The pairs of all rows stand in two long
// columns, so that the operator's kernel runs once a batch.
type quantified struct {
	fn          *fn.Func
	left, right step
	all         bool
	out         vec.Vector
	elem        types.Type
	rows        []int32 // the row of each pair
	lefts       *vec.Vector
	elems       *vec.Vector
	inner       frame
	call        *callStep
}

// compileScalarArray turns = ANY and <> ALL over constants into IN, which hashes.
func compileScalarArray(n *ScalarArray) (step, error) {
	c, constant := n.Right.(*Const)
	plain := n.Fn.Name == "=" && !n.All || n.Fn.Name == "<>" && n.All
	if constant && plain && !c.Value.Null {
		a, err := types.DecodeArray(c.Typ.Elem(), c.Value.B)
		if err != nil {
			return nil, err
		}
		list := make([]Node, len(a.Elems))
		for i, d := range a.Elems {
			list[i] = NewConst(c.Typ.Elem(), d)
		}
		if len(list) > 0 {
			return compileInList(NewInList(n.Left, list, n.All))
		}
	}
	args, err := compileAll(n.Children())
	if err != nil {
		return nil, err
	}
	s := &quantified{fn: n.Fn, left: args[0], right: args[1], all: n.All, elem: n.Right.Type().Elem()}
	s.lefts, s.elems = vec.New(n.Left.Type(), 0), vec.New(s.elem, 0)
	s.call = newCallStep(n.Fn, boolType, []step{&columnStep{0}, &columnStep{1}})
	return s, nil
}

func (s *quantified) eval(f *frame, sel []int32) *vec.Vector {
	left, right := s.left.eval(f, sel), s.right.eval(f, sel)
	s.out.Resize(boolType, f.n)
	s.pair(f, left, right, sel)
	s.inner.cols, s.inner.n = []*vec.Vector{s.lefts, s.elems}, len(s.rows)
	s.inner.ctx.Use(f.ctx.Env)
	s.inner.ctx.Fail = s.inner.failed
	s.inner.fail = func(k int32, err error) { f.report(s.rows[k], err) }
	v := s.call.eval(&s.inner, s.inner.all(len(s.rows)))
	s.reduce(v)
	return &s.out
}

// pair spreads the arrays: out gets the answer for no element, or null for a null array.
func (s *quantified) pair(f *frame, left, right *vec.Vector, sel []int32) {
	s.rows = s.rows[:0]
	s.lefts.Reset(s.lefts.Type)
	s.elems.Reset(s.elem)
	m := indexMask(right)
	for _, i := range sel {
		s.out.Bool[i] = bit(s.all)
		if right.IsNull(int(i)) {
			s.out.SetNull(int(i))
			continue
		}
		a, err := types.DecodeArray(s.elem, right.Bytes(int(i&m)))
		if err != nil {
			f.report(i, err)
			continue
		}
		for _, d := range a.Elems {
			s.rows = append(s.rows, i)
			s.elems.Append(d)
		}
	}
	if left.Const {
		d := left.Datum(0)
		for range s.rows {
			s.lefts.Append(d)
		}
		return
	}
	s.lefts.AppendSelected(left, s.rows, len(s.rows))
}

// reduce folds the pairs' results into their rows: ANY by OR, ALL by AND, three-valued.
func (s *quantified) reduce(v *vec.Vector) {
	decides, m := bit(!s.all), indexMask(v)
	for k, i := range s.rows {
		switch {
		case s.out.Bool[i] == decides && !s.out.IsNull(int(i)):
		case v.IsNull(k):
			s.out.SetNull(int(i))
		case v.Bool[int32(k)&m] == decides:
			s.out.Bool[i] = decides
			if s.out.Valid != nil {
				s.out.Valid.Set(int(i))
			}
		}
	}
}

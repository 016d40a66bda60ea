package expr

import (
	"math"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

type columnStep struct{ index int }

func (s *columnStep) eval(f *frame, _ []int32) *vec.Vector { return f.cols[s.index] }

type constStep struct{ v *vec.Vector }

func newConstStep(c *Const) *constStep { return &constStep{vec.NewConst(c.Typ, c.Value)} }

func (s *constStep) eval(*frame, []int32) *vec.Vector { return s.v }

// paramStep makes a constant of a parameter, anew only when its value changes.
type paramStep struct {
	index int
	typ   types.Type
	v     *vec.Vector
}

func (s *paramStep) eval(f *frame, _ []int32) *vec.Vector {
	d := types.Null
	if s.index < len(f.params) {
		d = f.params[s.index]
	}
	if s.v == nil {
		s.v = vec.NewConst(s.typ, d)
	} else if !sameDatum(s.typ, s.v, d) {
		s.v.Reset(s.typ)
		s.v.Append(d)
		s.v.Const = true
	}
	return s.v
}

func sameDatum(t types.Type, v *vec.Vector, d types.Datum) bool {
	if v.IsNull(0) || d.Null {
		return v.IsNull(0) == d.Null
	}
	was := v.Datum(0)
	return was.I == d.I && was.W == d.W && (math.Float64bits(was.F) == math.Float64bits(d.F) || t.Kind() != types.KindFloat) &&
		string(was.B) == string(d.B) // by bits, as -0 is a value of its own
}

// relabelStep gives a value another type of the same representation: a cast that costs nothing.
type relabelStep struct {
	arg step
	typ types.Type
	out vec.Vector
}

func (s *relabelStep) eval(f *frame, sel []int32) *vec.Vector {
	s.out = *s.arg.eval(f, sel)
	s.out.Type = s.typ
	return &s.out
}

package fn

import (
	"encoding/binary"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

// Sums of numerics. The result is shown at the largest scale among the inputs, which a retraction can lower; so the state
// counts the inputs of each scale. A scaled numeric column has one scale, and its state is that of integers.
//
// State columns: the sum (at any scale), the scales with their counts, the count, and how many values were NaN, Infinity
// and -Infinity.

var numericSums = []*Aggregate{
	numericAggregate("sum", "Sum.", "sum(x) → 6.50", func(sum decimal.Decimal, _ int64) (decimal.Decimal, error) { return sum, nil }),
	numericAggregate("avg", "Arithmetic mean.", "avg(x) → 3.2500000000000000", mean),
}

func numericState(args []types.Type) []types.Type {
	if _, ok := args[0].Scaled(); ok {
		return []types.Type{args[0], int8T, int8T} // the first column's type remembers the scale
	}
	return []types.Type{byteaT, byteaT, int8T, int8T, int8T, int8T}
}

func numericAggregate(name, doc, example string, result func(sum decimal.Decimal, n int64) (decimal.Decimal, error)) *Aggregate {
	return &Aggregate{Name: name, Args: numericOne, Ret: numericT, Doc: doc, Example: example, State: numericState, Step: stepNumeric, Retractable: true, Merge: mergeNumeric,
		Finish: func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
			if scale, ok := state[0].Type.Scaled(); ok {
				finishWide(result, scale)(c, state, n, out)
				return
			}
			finishNumeric(c, state, n, out, result)
		}}
}

// numericSum is a group's state while it is stepped.
type numericSum struct {
	sum    decimal.Decimal
	scales []scaleCount
}

type scaleCount struct{ scale, count int64 }

func loadNumeric(state []*vec.Vector, g int) numericSum {
	s := numericSum{sum: decimal.Zero}
	if b := state[0].Bytes(g); len(b) > 0 {
		s.sum = decimal.Must(b)
	}
	for b := state[1].Bytes(g); len(b) > 0; {
		scale, w1 := binary.Varint(b)
		count, w2 := binary.Varint(b[max(w1, 0):])
		if w1 <= 0 || w2 <= 0 {
			break
		}
		s.scales, b = append(s.scales, scaleCount{scale, count}), b[w1+w2:]
	}
	return s
}

func (s *numericSum) store(state []*vec.Vector, g int) {
	start := len(state[0].Data)
	state[0].Data = s.sum.Append(state[0].Data)
	state[0].SetEnd(g, start)
	start = len(state[1].Data)
	for _, c := range s.scales {
		if c.count != 0 {
			state[1].Data = binary.AppendVarint(binary.AppendVarint(state[1].Data, c.scale), c.count)
		}
	}
	state[1].SetEnd(g, start)
}

func (s *numericSum) count(scale, w int64) {
	for k := range s.scales {
		if s.scales[k].scale == scale {
			s.scales[k].count += w
			return
		}
	}
	s.scales = append(s.scales, scaleCount{scale, w})
}

// shown is the sum at the largest scale among the inputs.
func (s *numericSum) shown() (decimal.Decimal, error) {
	scale := int64(0)
	for _, c := range s.scales {
		if c.count > 0 {
			scale = max(scale, c.scale)
		}
	}
	return s.sum.Round(int(scale))
}

func stepNumeric(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	if _, ok := args[0].Type.Scaled(); ok {
		stepWide(c, state, groups, args, sel, weights)
		return
	}
	a := numericColumn(args[0])
	eachGroup(groups, sel, func(r run) {
		g := int(r.group)
		s := loadNumeric(state, g)
		for _, i := range r.rows {
			d, w := a.at(i), weightOf(weights, i)
			state[2].I64[g] += w
			switch {
			case d.IsNaN():
				state[3].I64[g] += w
				continue
			case d.IsInf():
				state[4+b2u(d.Sign() < 0)].I64[g] += w
				continue
			}
			s.count(int64(d.Scale()), w)
			if err := s.add(d, w); err != nil {
				c.Fail(i, err)
			}
		}
		s.store(state, g)
	})
}

func (s *numericSum) add(d decimal.Decimal, w int64) error {
	var err error
	if w != 1 {
		if d, err = d.Mul(decimal.FromInt(w)); err != nil {
			return err
		}
	}
	sum, err := s.sum.Add(d)
	if err == nil {
		s.sum = sum
	}
	return err
}

func mergeNumeric(c *Ctx, dst []*vec.Vector, groups []int32, src []*vec.Vector, n int) {
	if len(dst) == 3 {
		mergeWide(c, dst, groups, src, n)
		return
	}
	for k := range n {
		g := int(groups[k])
		s, t := loadNumeric(dst, g), loadNumeric(src, k)
		for _, x := range t.scales {
			s.count(x.scale, x.count)
		}
		if err := s.add(t.sum, 1); err != nil {
			c.Fail(int32(g), err)
		}
		s.store(dst, g)
	}
	addColumns(c, dst[2:], groups, src[2:], n)
}

func finishNumeric(c *Ctx, state []*vec.Vector, n int, out *vec.Vector, result func(sum decimal.Decimal, n int64) (decimal.Decimal, error)) {
	for g := range n {
		count := state[2].I64[g]
		if count == 0 {
			out.SetNull(g)
			continue
		}
		d, special := specialNumeric(state, g)
		var err error
		if !special {
			s := loadNumeric(state, g)
			if d, err = s.shown(); err == nil {
				d, err = result(d, count)
			}
		}
		setNumeric(c, out, int32(g), d, err)
	}
}

func specialNumeric(state []*vec.Vector, g int) (decimal.Decimal, bool) {
	nan, inf, neg := state[3].I64[g], state[4].I64[g], state[5].I64[g]
	switch {
	case nan > 0 || inf > 0 && neg > 0:
		return decimal.NaN, true
	case inf > 0:
		return decimal.Inf, true
	case neg > 0:
		return decimal.NegInf, true
	}
	return decimal.Zero, false
}

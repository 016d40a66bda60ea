package vec_test

import (
	"math"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
	"pgregory.net/rapid"
)

// columnTypes are one type or more of each kind, with those whose equal values differ in representation.
var columnTypes = []types.Type{
	types.T(types.Bool), types.T(types.Int2), types.T(types.Int4), types.T(types.Int8), types.T(types.Float8),
	types.T(types.Interval), types.T(types.UUID), types.T(types.Text), types.T(types.BPChar), types.T(types.Numeric),
	types.T(types.JSONB), types.NumericType(10, 2), types.ArrayOf(types.T(types.Float8)), types.ArrayOf(types.T(types.Text)),
	types.ArrayOf(types.T(types.Numeric)),
}

// drawDatum draws from few values, so that equal ones meet, in all their representations.
func drawDatum(t *rapid.T, typ types.Type) types.Datum {
	if rapid.IntRange(0, 5).Draw(t, "null") == 0 {
		return types.Null
	}
	small := rapid.Int64Range(-2, 2)
	if typ.Array {
		n := rapid.IntRange(0, 3).Draw(t, "len")
		elems := make([]types.Datum, n)
		for i := range elems {
			elems[i] = drawDatum(t, typ.Elem())
		}
		return types.ArrayDatum(typ.Elem(), types.NewArray(elems))
	}
	switch typ.ID {
	case types.Bool:
		return types.NewBool(rapid.Bool().Draw(t, "bool"))
	case types.Float8:
		floats := []float64{0, math.Copysign(0, -1), math.NaN(), math.Float64frombits(0x7ff8000000000002), 1.5, math.Inf(1)}
		return types.NewFloat(rapid.SampledFrom(floats).Draw(t, "float"))
	case types.Interval:
		return types.NewInterval(int32(small.Draw(t, "months")), int32(small.Draw(t, "days"))*30, small.Draw(t, "us")*86400e6)
	case types.UUID:
		return types.Datum{W: types.Wide{Hi: uint64(small.Draw(t, "hi")), Lo: uint64(small.Draw(t, "lo"))}}
	case types.BPChar:
		return types.NewText(rapid.SampledFrom([]string{"", " ", "a", "a ", "a  ", "b"}).Draw(t, "char"))
	case types.Numeric:
		if _, ok := typ.Scaled(); !ok {
			texts := []string{"0", "0.00", "1", "1.0", "-1.00", "-1", "NaN", "Infinity", "10000000000000000000.0", "10000000000000000000"}
			d, err := decimal.Parse([]byte(rapid.SampledFrom(texts).Draw(t, "numeric")))
			if err != nil {
				t.Fatal(err)
			}
			if d.IsInf() {
				d = decimal.Zero // no numeric(p,s) has one
			}
			fit, err := types.NumericDatum(typ, d)
			if err != nil {
				t.Fatal(err)
			}
			return fit
		}
	case types.JSONB:
		return types.NewText(rapid.SampledFrom([]string{"1", "1.0", `"1.0"`, `[1, 2.50]`, `[1, 2.5]`, `{"a": 1.10}`, `{"a": 1.1}`, `null`}).Draw(t, "json"))
	case types.OID:
		return types.NewInt(rapid.Int64Range(0, 3).Draw(t, "oid"))
	case types.Text:
		return types.NewText(rapid.SampledFrom([]string{"", "a", "ab", "a "}).Draw(t, "text"))
	}
	d, err := types.Fit(typ, types.NewInt(small.Draw(t, "int")), false)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// drawBatch draws a batch of given types, often with a selection, a constant column or weights.
func drawBatch(t *rapid.T, ts []types.Type) *vec.Batch {
	b := vec.NewBatch(ts, 0)
	weights := rapid.Bool().Draw(t, "weights")
	for range rapid.IntRange(0, 8).Draw(t, "rows") {
		row := make([]types.Datum, len(ts))
		for c := range ts {
			row[c] = drawDatum(t, ts[c])
		}
		w := int64(1)
		if weights {
			w = rapid.Int64Range(-2, 2).Draw(t, "weight")
		}
		b.AppendRow(w, row...)
	}
	for c := range ts {
		if rapid.IntRange(0, 4).Draw(t, "const") == 0 {
			b.Cols[c] = vec.NewConst(ts[c], drawDatum(t, ts[c]))
		}
	}
	if rapid.Bool().Draw(t, "sel") {
		b.Sel = []int32{}
		for i := range b.N {
			if rapid.Bool().Draw(t, "take") {
				b.Sel = append(b.Sel, int32(i))
			}
		}
	}
	return b
}

package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/jsonb"
	"github.com/streamdb/streamdb/sql/vec"
)

// appendJSON appends a value of any type as jsonb: numbers and booleans as such, arrays and records taken apart, dates as
// ISO 8601, and all else as a string.
func appendJSON(c *Ctx, dst []byte, t types.Type, d types.Datum) ([]byte, error) {
	if d.Null {
		return append(dst, "null"...), nil
	}
	if t.Array {
		return appendJSONArray(c, dst, t.Elem(), d)
	}
	switch t.ID {
	case types.JSONB:
		return append(dst, d.B...), nil
	case types.JSON:
		return jsonb.AppendParsed(dst, d.B)
	case types.Bool:
		if d.Bool() {
			return append(dst, "true"...), nil
		}
		return append(dst, "false"...), nil
	case types.Int2, types.Int4, types.Int8, types.Float4, types.Float8, types.Numeric:
		return appendJSONNumber(c, dst, t, d)
	case types.Timestamp, types.Timestamptz:
		text := c.appendText(nil, t, d)
		if len(text) > 10 && text[10] == ' ' {
			text[10] = 'T'
		}
		if n := len(text); t.ID == types.Timestamptz && n > 3 && (text[n-3] == '+' || text[n-3] == '-') {
			text = append(text, ":00"...)
		}
		return jsonb.AppendString(dst, text), nil
	case types.Record:
		return appendJSONRecord(c, dst, d)
	}
	return jsonb.AppendString(dst, c.appendText(nil, t, d)), nil
}

// appendJSONNumber writes what JSON can spell as a number, and NaN and infinities as strings.
func appendJSONNumber(c *Ctx, dst []byte, t types.Type, d types.Datum) ([]byte, error) {
	text := c.appendText(nil, t, d)
	if last := text[len(text)-1]; last == 'N' || last == 'y' {
		return jsonb.AppendString(dst, text), nil
	}
	return jsonb.AppendParsed(dst, text)
}

func appendJSONArray(c *Ctx, dst []byte, elem types.Type, d types.Datum) ([]byte, error) {
	a, err := types.DecodeArray(elem, d.B)
	if err != nil {
		return dst, err
	}
	return appendJSONDims(c, dst, elem, a.Dims, a.Elems)
}

func appendJSONDims(c *Ctx, dst []byte, elem types.Type, dims []types.Dim, elems []types.Datum) ([]byte, error) {
	dst = append(dst, '[')
	n := 0
	if len(dims) > 0 {
		n = dims[0].Len
	}
	for k := range n {
		if k > 0 {
			dst = append(dst, ", "...)
		}
		var err error
		if len(dims) == 1 {
			dst, err = appendJSON(c, dst, elem, elems[k])
		} else {
			width := len(elems) / n
			dst, err = appendJSONDims(c, dst, elem, dims[1:], elems[k*width:(k+1)*width])
		}
		if err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

func appendJSONRecord(c *Ctx, dst []byte, d types.Datum) ([]byte, error) {
	fields, err := types.DecodeRecord(d.B)
	if err != nil {
		return dst, err
	}
	ms := make([]jsonb.Member, len(fields))
	for k, f := range fields {
		value, err := appendJSON(c, nil, f.Type, f.Value)
		if err != nil {
			return dst, err
		}
		ms[k] = jsonb.Member{Key: []byte("f" + string(c.appendText(nil, int4T, types.NewInt(int64(k+1))))), Value: value}
	}
	return jsonb.AppendObject(dst, ms), nil
}

// buildObject is jsonb_build_object.
func buildObject(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if len(a)%2 != 0 {
		return types.Null, sqlerr.New(sqlerr.InvalidParameterValue, "argument list must have even number of elements").
			WithHint("The arguments of jsonb_build_object() must consist of alternating keys and values.")
	}
	ms := make([]jsonb.Member, len(a)/2)
	for k := range ms {
		key, err := jsonKey(c, ts[2*k], a[2*k], 2*k+1)
		if err != nil {
			return types.Null, err
		}
		value, err := appendJSON(c, nil, ts[2*k+1], a[2*k+1])
		if err != nil {
			return types.Null, err
		}
		ms[k] = jsonb.Member{Key: key, Value: value}
	}
	return types.NewBytes(jsonb.AppendObject(nil, ms)), nil
}

func jsonKey(c *Ctx, t types.Type, d types.Datum, n int) ([]byte, error) {
	switch {
	case d.Null:
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "argument %d: key must not be null", n)
	case t.Array || t.ID == types.Record || t.ID == types.JSON || t.ID == types.JSONB:
		return nil, sqlerr.New(sqlerr.InvalidParameterValue, "key value must be scalar, not array, composite, or json")
	case t.ID == types.Bool:
		if d.Bool() {
			return []byte("true"), nil
		}
		return []byte("false"), nil
	}
	return c.appendText(nil, t, d), nil
}

func buildArray(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	values := make([][]byte, len(a))
	for k := range a {
		var err error
		if values[k], err = appendJSON(c, nil, ts[k], a[k]); err != nil {
			return types.Null, err
		}
	}
	return types.NewBytes(jsonb.AppendArray(nil, values)), nil
}

// jsonbAggregates collect values into arrays and objects.
var jsonbAggregates = []*Aggregate{
	{Name: "jsonb_agg", Args: args(anyElement), Ret: jsonbT, Doc: "The values as a JSON array, nulls included.", Example: "jsonb_agg(x ORDER BY x) → [1, 2]",
		KeepNulls: true, State: listState, Step: stepJSONArray, OrderSensitive: true, Finish: finishJSON('[', ']')},
	{Name: "jsonb_object_agg", Args: args(anyType, anyType), Ret: jsonbT, Doc: "The pairs as a JSON object.", Example: `jsonb_object_agg(k, v ORDER BY k) → {"a": 1}`,
		KeepNulls: true, State: listState, Step: stepJSONObject, OrderSensitive: true, Finish: finishJSON('{', '}')},
}

func stepJSONArray(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	stepList(c, state, groups, sel, weights, func(list []byte, n int64, i int32) ([]byte, error) {
		if n > 0 {
			list = append(list, ", "...)
		}
		return appendJSON(c, list, args[0].Type, args[0].Datum(int(i)))
	})
}

func stepJSONObject(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
	stepList(c, state, groups, sel, weights, func(list []byte, n int64, i int32) ([]byte, error) {
		d := args[0].Datum(int(i))
		if d.Null {
			return list, sqlerr.New(sqlerr.InvalidParameterValue, "field name must not be null")
		}
		key, err := jsonKey(c, args[0].Type, d, 1)
		if err != nil {
			return list, err
		}
		if n > 0 {
			list = append(list, ", "...)
		}
		list = append(jsonb.AppendString(list, key), ": "...)
		return appendJSON(c, list, args[1].Type, args[1].Datum(int(i)))
	})
}

// finishJSON brackets the list; parsing it again orders an object's keys and keeps the last of equal ones.
func finishJSON(open, end byte) func(*Ctx, []*vec.Vector, int, *vec.Vector) {
	return func(c *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
		for g := range n {
			if state[1].I64[g] == 0 {
				out.SetNull(g)
				continue
			}
			text := append(append([]byte{open}, state[0].Bytes(g)...), end)
			appendRow(c, out, int32(g), func(dst []byte) ([]byte, error) { return jsonb.AppendParsed(dst, text) })
		}
	}
}

package fn

import (
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/jsonb"
	"github.com/streamdb/streamdb/sql/vec"
)

// jsonStyle is how JSON is spelled: jsonb's canonical form, or the compact one of json's functions.
type jsonStyle struct {
	binary     bool
	comma, col string
}

var (
	binaryJSON = jsonStyle{true, ", ", ": "}
	textJSON   = jsonStyle{false, ",", ":"}
)

// appendJSON appends a value of any type as jsonb.
func appendJSON(c *Ctx, dst []byte, t types.Type, d types.Datum) ([]byte, error) {
	return binaryJSON.append(c, dst, t, d)
}

// append writes a value of any type: numbers and booleans as such, arrays and records taken apart, dates as ISO 8601, and
// all else as a string.
func (s jsonStyle) append(c *Ctx, dst []byte, t types.Type, d types.Datum) ([]byte, error) {
	if d.Null {
		return append(dst, "null"...), nil
	}
	if t.Array {
		a, err := types.DecodeArray(t.Elem(), d.B)
		if err != nil {
			return dst, err
		}
		return s.array(c, dst, t.Elem(), a.Dims, a.Elems)
	}
	switch t.ID {
	case types.JSONB:
		return append(dst, d.B...), nil
	case types.JSON:
		if !s.binary {
			return append(dst, d.B...), nil
		}
		return jsonb.AppendParsed(dst, d.B)
	case types.Bool:
		return strconv.AppendBool(dst, d.Bool()), nil
	case types.Int2, types.Int4, types.Int8, types.Float4, types.Float8, types.Numeric:
		return s.number(c, dst, t, d)
	case types.Timestamp, types.Timestamptz:
		return jsonb.AppendString(dst, isoMoment(c, t, d)), nil
	case types.Record:
		return s.record(c, dst, d)
	}
	return jsonb.AppendString(dst, c.appendText(nil, t, d)), nil
}

// isoMoment is a timestamp in ISO 8601: with a T, and minutes in the zone's offset.
func isoMoment(c *Ctx, t types.Type, d types.Datum) []byte {
	text := c.appendText(nil, t, d)
	if len(text) > 10 && text[10] == ' ' {
		text[10] = 'T'
	}
	if n := len(text); t.ID == types.Timestamptz && n > 3 && (text[n-3] == '+' || text[n-3] == '-') {
		text = append(text, ":00"...)
	}
	return text
}

// number writes what JSON can spell as a number, and NaN and infinities as strings.
func (s jsonStyle) number(c *Ctx, dst []byte, t types.Type, d types.Datum) ([]byte, error) {
	text := c.appendText(nil, t, d)
	switch last := text[len(text)-1]; {
	case last == 'N' || last == 'y':
		return jsonb.AppendString(dst, text), nil
	case s.binary:
		return jsonb.AppendParsed(dst, text)
	}
	return append(dst, text...), nil
}

func (s jsonStyle) array(c *Ctx, dst []byte, elem types.Type, dims []types.Dim, elems []types.Datum) ([]byte, error) {
	dst = append(dst, '[')
	n := 0
	if len(dims) > 0 {
		n = dims[0].Len
	}
	for k := range n {
		if k > 0 {
			dst = append(dst, s.comma...)
		}
		var err error
		if len(dims) == 1 {
			dst, err = s.append(c, dst, elem, elems[k])
		} else {
			width := len(elems) / n
			dst, err = s.array(c, dst, elem, dims[1:], elems[k*width:(k+1)*width])
		}
		if err != nil {
			return dst, err
		}
	}
	return append(dst, ']'), nil
}

// record writes an object of the fields by their names; an anonymous record's are f1, f2, ….
func (s jsonStyle) record(c *Ctx, dst []byte, d types.Datum) ([]byte, error) {
	fields, err := types.DecodeRecord(d.B)
	if err != nil {
		return dst, err
	}
	members := make([]jsonb.Member, len(fields))
	for k, f := range fields {
		name := []byte(f.Name)
		if f.Name == "" {
			name = strconv.AppendInt([]byte("f"), int64(k+1), 10)
		}
		members[k].Key = name
		if members[k].Value, err = s.append(c, nil, f.Type, f.Value); err != nil {
			return dst, err
		}
	}
	if s.binary {
		return jsonb.AppendObject(dst, members), nil
	}
	dst = append(dst, '{')
	for k, m := range members {
		if k > 0 {
			dst = append(dst, s.comma...)
		}
		dst = append(append(jsonb.AppendString(dst, m.Key), s.col...), m.Value...)
	}
	return append(dst, '}'), nil
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

package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/jsonb"
	"github.com/streamdb/streamdb/sql/vec"
)

// jsonFuncs make json, which keeps the spelling it is made with; PostgreSQL's functions each have their own blanks.
var jsonFuncs = []*Func{
	{Name: "to_json", Args: args(anyElement), Ret: jsonT, Vol: Stable, Doc: "The value as json.", Example: "to_json(ARRAY[1,2]) → [1,2]", Kernel: rowwise(toJSON)},
	{Name: "row_to_json", Args: args(types.T(types.Record)), Ret: jsonT, Vol: Stable, Doc: "The row as a json object.", Example: `row_to_json(ROW(1,'foo')) → {"f1":1,"f2":"foo"}`,
		Kernel: rowwise(toJSON)},
	{Name: "array_to_json", Args: arrayOne, Ret: jsonT, Vol: Stable, Doc: "The array as json.", Example: "array_to_json('{{1,5},{99,100}}'::int[]) → [[1,5],[99,100]]",
		Kernel: rowwise(toJSON)},
	{Name: "json_build_object", Args: args(anyType), Variadic: true, Optional: 1, Ret: jsonT, Nulls: CalledOnNull, Vol: Stable, Doc: "An object of alternating keys and values.",
		Example: `json_build_object('foo', 1) → {"foo" : 1}`, Kernel: rowwise(buildJSONObject)},
	{Name: "json_build_array", Args: args(anyType), Variadic: true, Optional: 1, Ret: jsonT, Nulls: CalledOnNull, Vol: Stable, Doc: "An array of the arguments.",
		Example: `json_build_array(1, 'foo') → [1, "foo"]`, Kernel: rowwise(func(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			out := []byte{'['}
			for k := range a {
				if k > 0 {
					out = append(out, ", "...)
				}
				var err error
				if out, err = textJSON.append(c, out, ts[k], a[k]); err != nil {
					return types.Null, err
				}
			}
			return types.NewBytes(append(out, ']')), nil
		})},
	{Name: "json_array_length", Args: args(jsonT), Ret: int4T, Doc: "Number of elements.", Example: "json_array_length('[1,2,3]') → 3",
		Kernel: map1(func(c *Ctx, v []byte) (int32, error) {
			parsed, err := jsonb.AppendParsed(nil, v)
			if err != nil {
				return 0, err
			}
			return jsonArrayLength(c, parsed)
		})},
}

func toJSON(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	b, err := textJSON.append(c, nil, ts[0], a[0])
	return types.NewBytes(b), err
}

func buildJSONObject(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if len(a)%2 != 0 {
		return types.Null, sqlerr.New(sqlerr.InvalidParameterValue, "argument list must have even number of elements").
			WithHint("The arguments of json_build_object() must consist of alternating keys and values.")
	}
	out := []byte{'{'}
	for k := 0; k < len(a); k += 2 {
		if k > 0 {
			out = append(out, ", "...)
		}
		if a[k].Null {
			return types.Null, sqlerr.New(sqlerr.InvalidParameterValue, "argument %d cannot be null", k+1).WithHint("Object keys should be text.")
		}
		key, err := jsonKey(c, ts[k], a[k], k+1)
		if err != nil {
			return types.Null, err
		}
		out = append(jsonb.AppendString(out, key), " : "...)
		if out, err = textJSON.append(c, out, ts[k+1], a[k+1]); err != nil {
			return types.Null, err
		}
	}
	return types.NewBytes(append(out, '}')), nil
}

// jsonAggregates collect values into json, in PostgreSQL's spelling.
var jsonAggregates = []*Aggregate{
	{Name: "json_agg", Args: args(anyElement), Ret: jsonT, Doc: "The values as a json array, nulls included.", Example: "json_agg(x ORDER BY x) → [1, 2]",
		KeepNulls: true, State: listState, OrderSensitive: true, Finish: finishJSONText("[", "]"),
		Step: func(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
			stepList(c, state, groups, sel, weights, func(list []byte, n int64, i int32) ([]byte, error) {
				t, d := args[0].Type, args[0].Datum(int(i))
				if n > 0 {
					list = append(list, ", "...)
				}
				if n > 0 && (t.Array || t.ID == types.Record) && !d.Null { // PostgreSQL begins a line with each
					list = append(list, "\n "...)
				}
				return textJSON.append(c, list, t, d)
			})
		}},
	{Name: "json_object_agg", Args: args(anyType, anyType), Ret: jsonT, Doc: "The pairs as a json object.", Example: `json_object_agg(k, v ORDER BY k) → { "a" : 1 }`,
		KeepNulls: true, State: listState, OrderSensitive: true, Finish: finishJSONText("{ ", " }"),
		Step: func(c *Ctx, state []*vec.Vector, groups []int32, args []*vec.Vector, sel []int32, weights []int64) {
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
				list = append(jsonb.AppendString(list, key), " : "...)
				return textJSON.append(c, list, args[1].Type, args[1].Datum(int(i)))
			})
		}},
}

func finishJSONText(open, end string) func(*Ctx, []*vec.Vector, int, *vec.Vector) {
	return func(_ *Ctx, state []*vec.Vector, n int, out *vec.Vector) {
		for g := range n {
			if state[1].I64[g] == 0 {
				out.SetNull(g)
				continue
			}
			start := len(out.Data)
			out.Data = append(append(append(out.Data, open...), state[0].Bytes(g)...), end...)
			out.SetEnd(g, start)
		}
	}
}

package fn

import (
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/jsonb"
)

// jsonbFuncs make and read jsonb.
var jsonbFuncs = []*Func{
	{Name: "to_jsonb", Args: args(anyElement), Ret: jsonbT, Vol: Stable, Doc: "The value as jsonb.", Example: "to_jsonb('Fred'::text) → \"Fred\"",
		Kernel: rowwise(func(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			b, err := appendJSON(c, nil, ts[0], a[0])
			return types.NewBytes(b), err
		})},
	{Name: "jsonb_build_object", Args: args(anyType), Variadic: true, Optional: 1, Ret: jsonbT, Nulls: CalledOnNull, Vol: Stable, Doc: "An object of alternating keys and values.",
		Example: `jsonb_build_object('foo', 1, 2, 'x') → {"2": "x", "foo": 1}`, Kernel: rowwise(buildObject)},
	{Name: "jsonb_build_array", Args: args(anyType), Variadic: true, Optional: 1, Ret: jsonbT, Nulls: CalledOnNull, Vol: Stable, Doc: "An array of the arguments.",
		Example: `jsonb_build_array(1, 'foo', NULL) → [1, "foo", null]`, Kernel: rowwise(buildArray)},
	{Name: "jsonb_typeof", Args: args(jsonbT), Ret: textT, Doc: "The kind of value.", Example: "jsonb_typeof('-123.4'::jsonb) → number",
		Kernel: text1(func(_ *Ctx, dst, v []byte) ([]byte, error) { return append(dst, jsonb.TypeOf(v)...), nil })},
	{Name: "json_typeof", Args: args(jsonT), Ret: textT, Doc: "The kind of value.", Example: "json_typeof('-123.4') → number",
		Kernel: text1(func(_ *Ctx, dst, v []byte) ([]byte, error) {
			return append(dst, jsonb.TypeOf(v[jsonSpace(v, 0):])...), nil
		})},
	{Name: "jsonb_array_length", Args: args(jsonbT), Ret: int4T, Doc: "Number of elements.", Example: "jsonb_array_length('[1,2,3]'::jsonb) → 3", Kernel: map1(jsonArrayLength)},
	{Name: "jsonb_extract_path", Args: args(jsonbT, textArray), Variadic: true, Ret: jsonbT, Doc: "The value at a path.", Example: `jsonb_extract_path('{"a": {"b": 5}}'::jsonb, 'a', 'b') → 5`,
		Kernel: text2(func(_ *Ctx, dst, v, path []byte) ([]byte, error) {
			value, ok := jsonb.Path(v, texts(path))
			return found(dst, value, ok)
		})},
	{Name: "jsonb_extract_path_text", Args: args(jsonbT, textArray), Variadic: true, Ret: textT, Doc: "The value at a path as a text.",
		Example: `jsonb_extract_path_text('{"a": {"b": "x"}}'::jsonb, 'a', 'b') → x`, Kernel: text2(func(_ *Ctx, dst, v, path []byte) ([]byte, error) {
			value, ok := jsonb.Path(v, texts(path))
			return foundText(dst, value, ok)
		})},
	{Name: "jsonb_set", Args: args(jsonbT, textArray, jsonbT, boolT), Optional: 1, Ret: jsonbT, Doc: "The value with what is at a path replaced, or made.",
		Example: `jsonb_set('{"a": 1}'::jsonb, '{a}', '2') → {"a": 2}`, Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			if isScalar(a[0].B) {
				return types.Null, sqlerr.New(sqlerr.InvalidParameterValue, "cannot set path in scalar")
			}
			b, err := editPath(nil, a[0].B, texts(a[1].B), 1, edit{mode: editSet, value: a[2].B, create: len(a) < 4 || a[3].Bool()})
			return types.NewBytes(b), err
		})},
	{Name: "jsonb_insert", Args: args(jsonbT, textArray, jsonbT, boolT), Optional: 1, Ret: jsonbT, Doc: "The value with another inserted at a path.",
		Example: `jsonb_insert('{"a": [0,1,2]}'::jsonb, '{a,1}', '"x"') → {"a": [0, "x", 1, 2]}`, Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			if isScalar(a[0].B) {
				return types.Null, sqlerr.New(sqlerr.InvalidParameterValue, "cannot set path in scalar")
			}
			b, err := editPath(nil, a[0].B, texts(a[1].B), 1, edit{mode: editInsert, value: a[2].B, after: len(a) > 3 && a[3].Bool()})
			return types.NewBytes(b), err
		})},
	{Name: "jsonb_strip_nulls", Args: args(jsonbT), Ret: jsonbT, Doc: "The value without members that are null.", Example: `jsonb_strip_nulls('[{"f1":1, "f2":null}, 2]'::jsonb) → [{"f1": 1}, 2]`,
		Kernel: text1(func(_ *Ctx, dst, v []byte) ([]byte, error) { return stripNulls(dst, v), nil })},
	{Name: "jsonb_pretty", Args: args(jsonbT), Ret: textT, Doc: "The value as an indented text.", Example: "jsonb_pretty('[1]'::jsonb) → [\n    1\n]",
		Kernel: text1(func(_ *Ctx, dst, v []byte) ([]byte, error) { return pretty(dst, v, 0), nil })},
	{Name: "jsonb_array_elements", Args: args(jsonbT), Ret: jsonbT, Set: true, Doc: "The elements, a row each.", Example: "jsonb_array_elements('[1,true]'::jsonb) → 1",
		Columns: []Column{{"value", jsonbT}}, Table: func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
			return eachElement(a[0].B, "elements", func(e []byte) error { return emit([]types.Datum{types.NewBytes(e)}) })
		}},
	{Name: "jsonb_array_elements_text", Args: args(jsonbT), Ret: textT, Set: true, Doc: "The elements as texts, a row each.", Example: `jsonb_array_elements_text('["foo"]'::jsonb) → foo`,
		Columns: []Column{{"value", textT}}, Table: func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
			return eachElement(a[0].B, "elements", func(e []byte) error { return emit([]types.Datum{textOfJSON(e)}) })
		}},
	{Name: "jsonb_each", Args: args(jsonbT), Ret: types.T(types.Record), Set: true, Doc: "The members of an object, a row each.", Example: `jsonb_each('{"a":1}'::jsonb) → (a,1)`,
		Columns: []Column{{"key", textT}, {"value", jsonbT}}, Table: jsonEach("jsonb_each", types.NewBytes)},
	{Name: "jsonb_each_text", Args: args(jsonbT), Ret: types.T(types.Record), Set: true, Doc: "The members of an object as texts, a row each.", Example: `jsonb_each_text('{"a":"x"}'::jsonb) → (a,x)`,
		Columns: []Column{{"key", textT}, {"value", textT}}, Table: jsonEach("jsonb_each_text", textOfJSON)},
	{Name: "jsonb_object_keys", Args: args(jsonbT), Ret: textT, Set: true, Doc: "The keys of an object, a row each.", Example: `jsonb_object_keys('{"f1":"abc"}'::jsonb) → f1`,
		Table: func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
			if err := wantObject(a[0].B, "jsonb_object_keys"); err != nil {
				return err
			}
			for _, m := range membersOf(a[0].B) {
				if err := emit([]types.Datum{types.NewBytes(m.Key)}); err != nil {
					return err
				}
			}
			return nil
		}},
}

func textOfJSON(v []byte) types.Datum {
	text, ok := jsonb.AppendAsText(nil, v)
	if !ok {
		return types.Null
	}
	return types.NewBytes(text)
}

func jsonArrayLength(_ *Ctx, v []byte) (int32, error) {
	switch jsonb.TypeOf(v) {
	case "array":
		return int32(jsonb.Len(v)), nil
	case "object":
		return 0, sqlerr.New(sqlerr.InvalidParameterValue, "cannot get array length of a non-array")
	}
	return 0, sqlerr.New(sqlerr.InvalidParameterValue, "cannot get array length of a scalar")
}

func eachElement(v []byte, what string, f func(e []byte) error) error {
	switch jsonb.TypeOf(v) {
	case "array":
	case "object":
		return sqlerr.New(sqlerr.InvalidParameterValue, "cannot extract %s from an object", what)
	default:
		return sqlerr.New(sqlerr.InvalidParameterValue, "cannot extract %s from a scalar", what)
	}
	for e := range jsonb.Elements(v) {
		if err := f(e); err != nil {
			return err
		}
	}
	return nil
}

func wantObject(v []byte, function string) error {
	if jsonb.TypeOf(v) == "object" {
		return nil
	}
	if function == "jsonb_object_keys" {
		if jsonb.TypeOf(v) == "array" {
			return sqlerr.New(sqlerr.InvalidParameterValue, "cannot call %s on an array", function)
		}
		return sqlerr.New(sqlerr.InvalidParameterValue, "cannot call %s on a scalar", function)
	}
	return sqlerr.New(sqlerr.InvalidParameterValue, "cannot call %s on a non-object", function)
}

func jsonEach(function string, value func([]byte) types.Datum) func(*Ctx, []types.Datum, func([]types.Datum) error) error {
	return func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
		if err := wantObject(a[0].B, function); err != nil {
			return err
		}
		for _, m := range membersOf(a[0].B) {
			if err := emit([]types.Datum{types.NewBytes(m.Key), value(m.Value)}); err != nil {
				return err
			}
		}
		return nil
	}
}

func stripNulls(dst, v []byte) []byte {
	switch jsonb.TypeOf(v) {
	case "object":
		ms := slices.DeleteFunc(membersOf(v), func(m jsonb.Member) bool { return jsonb.IsNull(m.Value) })
		for k := range ms {
			ms[k].Value = stripNulls(nil, ms[k].Value)
		}
		return jsonb.AppendObject(dst, ms)
	case "array":
		var elems [][]byte
		for e := range jsonb.Elements(v) {
			elems = append(elems, stripNulls(nil, e))
		}
		return jsonb.AppendArray(dst, elems)
	}
	return append(dst, v...)
}

// pretty is jsonb_pretty: four blanks a level, empty containers on two lines.
func pretty(dst, v []byte, depth int) []byte {
	line := func(depth int) {
		dst = append(dst, '\n')
		for range 4 * depth {
			dst = append(dst, ' ')
		}
	}
	first := true
	next := func() {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		line(depth + 1)
	}
	switch jsonb.TypeOf(v) {
	case "object":
		dst = append(dst, '{')
		for k, value := range jsonb.Each(v) {
			next()
			dst = append(jsonb.AppendString(dst, k), ": "...)
			dst = pretty(dst, value, depth+1)
		}
		line(depth)
		return append(dst, '}')
	case "array":
		dst = append(dst, '[')
		for e := range jsonb.Elements(v) {
			next()
			dst = pretty(dst, e, depth+1)
		}
		line(depth)
		return append(dst, ']')
	}
	return append(dst, v...)
}

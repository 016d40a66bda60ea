package fn

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/jsonb"
)

var (
	jsonbT    = types.T(types.JSONB)
	jsonT     = types.T(types.JSON)
	jsonbPair = args(jsonbT, jsonbT)
)

// jsonbOperators are jsonb's operators; "[]" is its subscript. json, kept as text, has the accessors alone.
var jsonbOperators = concat(accessors(jsonbT), accessors(jsonT), []*Func{
	{Name: "[]", Args: args(jsonbT, textT), Ret: jsonbT, Doc: "The value of a key, or an element by its number; null if there is none.",
		Example: `('{"a": 1}'::jsonb)['a'] → 1`, Kernel: text2(func(_ *Ctx, dst, v, key []byte) ([]byte, error) {
			value, ok := jsonb.Path(v, [][]byte{key})
			return found(dst, value, ok)
		})},
	{Name: "[]", Args: args(jsonbT, int4T), Ret: jsonbT, Doc: "The element by its number, from 0.", Example: `('[5, 6]'::jsonb)[1] → 6`, Kernel: text2(elemOf)},
	{Name: "@>", Args: jsonbPair, Ret: boolT, Doc: "Contains the other value.", Example: `'{"a":1, "b":2}'::jsonb @> '{"b":2}'::jsonb → true`, Kernel: test2(jsonb.Contains)},
	{Name: "<@", Args: jsonbPair, Ret: boolT, Doc: "Is contained in the other value.", Example: `'{"b":2}'::jsonb <@ '{"a":1, "b":2}'::jsonb → true`,
		Kernel: test2(func(a, b []byte) bool { return jsonb.Contains(b, a) })},
	{Name: "?", Args: args(jsonbT, textT), Ret: boolT, Doc: "Whether the text is a key or an element.", Example: `'{"a":1, "b":2}'::jsonb ? 'b' → true`, Kernel: test2(jsonb.Exists)},
	{Name: "?|", Args: args(jsonbT, textArray), Ret: boolT, Doc: "Whether one of the texts is a key or an element.", Example: `'{"a":1}'::jsonb ?| array['b', 'a'] → true`,
		Kernel: test2(func(v, keys []byte) bool {
			return slices.ContainsFunc(texts(keys), func(k []byte) bool { return jsonb.Exists(v, k) })
		})},
	{Name: "?&", Args: args(jsonbT, textArray), Ret: boolT, Doc: "Whether all the texts are keys or elements.", Example: `'["a", "b"]'::jsonb ?& array['a', 'b'] → true`,
		Kernel: test2(func(v, keys []byte) bool {
			return !slices.ContainsFunc(texts(keys), func(k []byte) bool { return !jsonb.Exists(v, k) })
		})},
	{Name: "||", Args: jsonbPair, Ret: jsonbT, Doc: "Objects merged, arrays joined.", Example: `'["a"]'::jsonb || '["b"]'::jsonb → ["a", "b"]`,
		Kernel: text2(func(_ *Ctx, dst, a, b []byte) ([]byte, error) {
			return append(dst, jsonb.Concat(a, b)...), nil
		})},
	{Name: "-", Args: args(jsonbT, textT), Ret: jsonbT, Doc: "The value without a key, or string elements.", Example: `'{"a": 1, "b": 2}'::jsonb - 'a' → {"b": 2}`,
		Kernel: text2(func(_ *Ctx, dst, v, key []byte) ([]byte, error) { return deleteKeys(dst, v, [][]byte{key}) })},
	{Name: "-", Args: args(jsonbT, textArray), Ret: jsonbT, Doc: "The value without keys, or string elements.", Example: `'{"a": 1, "b": 2}'::jsonb - '{a,b}'::text[] → {}`,
		Kernel: text2(func(_ *Ctx, dst, v, keys []byte) ([]byte, error) { return deleteKeys(dst, v, texts(keys)) })},
	{Name: "-", Args: args(jsonbT, int4T), Ret: jsonbT, Doc: "The array without an element.", Example: `'["a", "b"]'::jsonb - 1 → ["a"]`, Kernel: text2(deleteElem)},
	{Name: "#-", Args: args(jsonbT, textArray), Ret: jsonbT, Doc: "The value without what is at a path.", Example: `'["a", {"b":1}]'::jsonb #- '{1,b}' → ["a", {}]`,
		Kernel: text2(func(_ *Ctx, dst, v, path []byte) ([]byte, error) {
			if isScalar(v) {
				return dst, sqlerr.New(sqlerr.InvalidParameterValue, "cannot delete path in scalar")
			}
			return editPath(dst, v, texts(path), 1, edit{mode: editDelete})
		})},
})

// access is how the values inside a type's values are found.
type access struct {
	field func(v, key []byte) ([]byte, bool)
	elem  func(v []byte, i int) ([]byte, bool)
	path  func(v []byte, path [][]byte) ([]byte, bool)
}

// accessors are ->, ->>, #> and #>> of a type.
func accessors(t types.Type) []*Func {
	in := access{jsonb.Field, jsonb.Elem, jsonb.Path}
	if t == jsonT {
		in = access{jsonField, jsonElem, jsonPath}
	}
	return []*Func{
		{Name: "->", Args: args(t, textT), Ret: t, Doc: "The value of a key.", Example: `'{"a": {"b":1}}'::json -> 'a' → {"b":1}`,
			Kernel: text2(func(_ *Ctx, dst, v, key []byte) ([]byte, error) {
				value, ok := in.field(v, key)
				return found(dst, value, ok)
			})},
		{Name: "->", Args: args(t, int4T), Ret: t, Doc: "The element by its number, from 0, or from the end if negative.", Example: `'[1, 2]'::json -> -1 → 2`,
			Kernel: text2(func(_ *Ctx, dst, v []byte, i int32) ([]byte, error) {
				value, ok := in.elem(v, int(i))
				return found(dst, value, ok)
			})},
		{Name: "->>", Args: args(t, textT), Ret: textT, Doc: "The value of a key as a text.", Example: `'{"a": "x"}'::json ->> 'a' → x`,
			Kernel: text2(func(_ *Ctx, dst, v, key []byte) ([]byte, error) {
				value, ok := in.field(v, key)
				return foundText(dst, value, ok)
			})},
		{Name: "->>", Args: args(t, int4T), Ret: textT, Doc: "The element by its number as a text.", Example: `'[1, 2]'::json ->> 1 → 2`,
			Kernel: text2(func(_ *Ctx, dst, v []byte, i int32) ([]byte, error) {
				value, ok := in.elem(v, int(i))
				return foundText(dst, value, ok)
			})},
		{Name: "#>", Args: args(t, textArray), Ret: t, Doc: "The value at a path.", Example: `'{"a": [1, 2]}'::json #> '{a,1}' → 2`,
			Kernel: text2(func(_ *Ctx, dst, v, path []byte) ([]byte, error) {
				value, ok := in.path(v, texts(path))
				return found(dst, value, ok)
			})},
		{Name: "#>>", Args: args(t, textArray), Ret: textT, Doc: "The value at a path as a text.", Example: `'{"a": ["x"]}'::json #>> '{a,0}' → x`,
			Kernel: text2(func(_ *Ctx, dst, v, path []byte) ([]byte, error) {
				value, ok := in.path(v, texts(path))
				return foundText(dst, value, ok)
			})},
	}
}

func elemOf(_ *Ctx, dst, v []byte, i int32) ([]byte, error) {
	value, ok := jsonb.Elem(v, int(i))
	return found(dst, value, ok)
}

func found(dst, value []byte, ok bool) ([]byte, error) {
	if !ok {
		return dst, errNull
	}
	return append(dst, value...), nil
}

// foundText is a value as ->> gives it. A string of json's own spelling is made canonical first; jsonb's is so already.
func foundText(dst, value []byte, ok bool) ([]byte, error) {
	if ok && bytes.IndexByte(value, '\\') >= 0 && value[0] == '"' {
		parsed, err := jsonb.AppendParsed(nil, value)
		if err != nil {
			return dst, err
		}
		value = parsed
	}
	if ok {
		dst, ok = jsonb.AppendAsText(dst, value)
	}
	if !ok {
		return dst, errNull
	}
	return dst, nil
}

// texts are the elements of a text[] that are not null.
func texts(array []byte) [][]byte {
	a, err := types.DecodeArray(textT, array)
	if err != nil {
		return nil
	}
	out := make([][]byte, 0, len(a.Elems))
	for _, d := range a.Elems {
		if !d.Null {
			out = append(out, d.B)
		}
	}
	return out
}

func isScalar(v []byte) bool { return len(v) == 0 || v[0] != '{' && v[0] != '[' }

// membersOf are an object's members with keys of their own.
func membersOf(v []byte) []jsonb.Member {
	var ms []jsonb.Member
	for k, value := range jsonb.Each(v) {
		ms = append(ms, jsonb.Member{Key: bytes.Clone(k), Value: value})
	}
	return ms
}

func deleteKeys(dst, v []byte, keys [][]byte) ([]byte, error) {
	gone := func(k []byte) bool {
		return slices.ContainsFunc(keys, func(key []byte) bool { return bytes.Equal(key, k) })
	}
	switch {
	case isScalar(v):
		return dst, sqlerr.New(sqlerr.InvalidParameterValue, "cannot delete from scalar")
	case v[0] == '{':
		return jsonb.AppendObject(dst, slices.DeleteFunc(membersOf(v), func(m jsonb.Member) bool { return gone(m.Key) })), nil
	}
	var kept [][]byte
	for e := range jsonb.Elements(v) {
		if text, _ := jsonb.AppendAsText(nil, e); jsonb.TypeOf(e) == "string" && gone(text) {
			continue
		}
		kept = append(kept, e)
	}
	return jsonb.AppendArray(dst, kept), nil
}

func deleteElem(_ *Ctx, dst, v []byte, i int32) ([]byte, error) {
	switch {
	case isScalar(v):
		return dst, sqlerr.New(sqlerr.InvalidParameterValue, "cannot delete from scalar")
	case v[0] == '{':
		return dst, sqlerr.New(sqlerr.InvalidParameterValue, "cannot delete from object using integer index")
	}
	elems := slices.Collect(jsonb.Elements(v))
	at := int(i)
	if at < 0 {
		at += len(elems)
	}
	if at >= 0 && at < len(elems) {
		elems = slices.Delete(elems, at, at+1)
	}
	return jsonb.AppendArray(dst, elems), nil
}

// edit is a change at a path.
type edit struct {
	mode   editMode
	value  []byte
	create bool // jsonb_set: make a missing last step
	after  bool // jsonb_insert: behind the element
}

type editMode uint8

const (
	editDelete editMode = iota
	editSet
	editInsert
)

// editPath applies e to what is at path below v; a path that leads nowhere changes nothing. at is the place of the path's
// first step in the whole path, for errors.
func editPath(dst, v []byte, path [][]byte, at int, e edit) ([]byte, error) {
	if len(path) == 0 || isScalar(v) {
		return append(dst, v...), nil
	}
	if v[0] == '{' {
		return editObject(dst, v, path, at, e)
	}
	return editArray(dst, v, path, at, e)
}

func editObject(dst, v []byte, path [][]byte, step int, e edit) ([]byte, error) {
	ms := membersOf(v)
	at := slices.IndexFunc(ms, func(m jsonb.Member) bool { return bytes.Equal(m.Key, path[0]) })
	switch {
	case at < 0 && len(path) == 1 && (e.mode == editSet && e.create || e.mode == editInsert):
		ms = append(ms, jsonb.Member{Key: path[0], Value: e.value})
	case at < 0:
	case len(path) > 1:
		value, err := editPath(nil, ms[at].Value, path[1:], step+1, e)
		if err != nil {
			return dst, err
		}
		ms[at].Value = value
	case e.mode == editDelete:
		ms = slices.Delete(ms, at, at+1)
	case e.mode == editSet:
		ms[at].Value = e.value
	default:
		return dst, sqlerr.New(sqlerr.InvalidParameterValue, "cannot replace existing key").
			WithHint("Try using the function jsonb_set to replace key value.")
	}
	return jsonb.AppendObject(dst, ms), nil
}

func editArray(dst, v []byte, path [][]byte, step int, e edit) ([]byte, error) {
	elems := slices.Collect(jsonb.Elements(v))
	at, err := strconv.Atoi(string(path[0]))
	if err != nil {
		return dst, sqlerr.New(sqlerr.InvalidTextRepresentation, `path element at position %d is not an integer: "%s"`, step, path[0])
	}
	n := len(elems)
	if at < 0 {
		at += n
	}
	inside := at >= 0 && at < n
	switch {
	case len(path) > 1:
		if inside {
			if elems[at], err = editPath(nil, elems[at], path[1:], step+1, e); err != nil {
				return dst, err
			}
		}
	case e.mode == editDelete:
		if inside {
			elems = slices.Delete(elems, at, at+1)
		}
	case e.mode == editSet:
		if inside {
			elems[at] = e.value
		} else if e.create {
			elems = insertClamped(elems, at, e.value)
		}
	default:
		if e.after && inside {
			at++
		}
		elems = insertClamped(elems, at, e.value)
	}
	return jsonb.AppendArray(dst, elems), nil
}

func insertClamped(elems [][]byte, at int, value []byte) [][]byte {
	return slices.Insert(elems, min(max(at, 0), len(elems)), value)
}

package fn

import (
	"bytes"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/types"
)

// arrayTextFuncs split strings into arrays and join arrays into strings.
var arrayTextFuncs = []*Func{
	{Name: "array_to_string", Args: args(anyArray, textT, textT), Optional: 1, Ret: textT, Nulls: CalledOnNull, Vol: Stable,
		Doc: "The elements' texts, separated; nulls are left out or replaced by the third argument.", Example: "array_to_string(ARRAY[1,2,NULL,5], ',', '*') → 1,2,*,5",
		Kernel: rowwise(arrayToString)},
	{Name: "string_to_array", Args: text3Args, Optional: 1, Ret: textArray, Nulls: CalledOnNull,
		Doc: "The fields of the string, split at a delimiter; those equal to the third argument are null.", Example: "string_to_array('xx~~yy~~zz', '~~', 'yy') → {xx,NULL,zz}",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			parts, null := splitFields(a)
			if null {
				return types.Null, nil
			}
			return types.ArrayDatum(textT, types.NewArray(parts)), nil
		})},
	{Name: "string_to_table", Args: text3Args, Optional: 1, Ret: textT, Set: true, Nulls: CalledOnNull, Doc: "The fields of the string, a row each.",
		Example: "string_to_table('xx~~yy', '~~') → xx", Table: func(_ *Ctx, a []types.Datum, emit func([]types.Datum) error) error {
			parts, _ := splitFields(a)
			return emitAll(parts, emit, nil)
		}},
}

func arrayToString(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[0].Null || a[1].Null {
		return types.Null, nil
	}
	arr, err := types.DecodeArray(elemType(ts[0]), a[0].B)
	if err != nil {
		return types.Null, err
	}
	out, first := []byte{}, true
	for _, d := range arr.Elems {
		if d.Null && (len(a) < 3 || a[2].Null) {
			continue
		}
		if !first {
			out = append(out, a[1].B...)
		}
		first = false
		if d.Null {
			out = append(out, a[2].B...)
		} else {
			out = c.appendText(out, elemType(ts[0]), d)
		}
	}
	return types.NewBytes(out), nil
}

// splitFields is string_to_array: a null delimiter splits into characters, an empty one not at all.
func splitFields(a []types.Datum) (parts []types.Datum, null bool) {
	if a[0].Null {
		return nil, true
	}
	s := a[0].B
	if len(s) == 0 {
		return nil, false
	}
	add := func(part []byte) {
		if len(a) > 2 && !a[2].Null && bytes.Equal(part, a[2].B) {
			parts = append(parts, types.Null)
			return
		}
		parts = append(parts, types.NewBytes(part))
	}
	switch {
	case a[1].Null:
		for len(s) > 0 {
			_, w := utf8.DecodeRune(s)
			add(s[:w])
			s = s[w:]
		}
	case len(a[1].B) == 0:
		add(s)
	default:
		for _, part := range bytes.Split(s, a[1].B) {
			add(part)
		}
	}
	return parts, false
}

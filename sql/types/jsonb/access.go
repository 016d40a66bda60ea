package jsonb

import (
	"bytes"
	"iter"
	"strconv"
)

// Field is the value of an object's key (->); not ok when there is none or v is no object.
func Field(v, key []byte) (value []byte, ok bool) {
	if rankOf(v) != rankObject {
		return nil, false
	}
	quoted := AppendString(make([]byte, 0, len(key)+16), key)
	for it := members(v); ; {
		k, value, ok := it.next()
		if !ok {
			return nil, false
		}
		if bytes.Equal(k, quoted) {
			return value, true
		}
	}
}

// Elem is an element of an array (->), counted from 0, or from the end when i is negative. A scalar counts as an array of
// one, as it does in PostgreSQL.
func Elem(v []byte, i int) (value []byte, ok bool) {
	switch rankOf(v) {
	case rankArray:
	case rankObject:
		return nil, false
	default:
		return v, i == 0 || i == -1
	}
	if i < 0 {
		if i += Len(v); i < 0 {
			return nil, false
		}
	}
	for it := members(v); ; i-- {
		_, value, ok := it.next()
		if !ok || i == 0 {
			return value, ok
		}
	}
}

// Path follows keys and indices (#>); the empty path is v itself.
func Path(v []byte, path [][]byte) (value []byte, ok bool) {
	for _, step := range path {
		switch rankOf(v) {
		case rankObject:
			v, ok = Field(v, step)
		case rankArray: // a scalar is none here
			i, err := strconv.ParseInt(string(step), 10, 32)
			if err != nil {
				return nil, false
			}
			v, ok = Elem(v, int(i))
		default:
			ok = false
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

// AppendAsText adds a value as ->> gives it, a string without its quotes; not ok for null, which is SQL's NULL there.
func AppendAsText(dst, v []byte) (out []byte, ok bool) {
	switch rankOf(v) {
	case rankNull:
		return dst, false
	case rankString:
		return appendUnquoted(dst, v), true
	}
	return append(dst, v...), true
}

// IsNull reports whether v is JSON's null.
func IsNull(v []byte) bool { return rankOf(v) == rankNull }

// TypeOf is jsonb_typeof.
func TypeOf(v []byte) string {
	return [...]string{"null", "string", "number", "boolean", "array", "object"}[rankOf(v)]
}

// Each iterates over an object's keys, unquoted, and values, in canonical order; over nothing for other values. The key is
// valid until the next step.
func Each(v []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		if rankOf(v) != rankObject {
			return
		}
		var buf []byte
		for it := members(v); ; {
			k, value, ok := it.next()
			if !ok {
				return
			}
			buf = appendUnquoted(buf[:0], k)
			if !yield(buf, value) {
				return
			}
		}
	}
}

// Elements iterates over an array's elements; over nothing for other values.
func Elements(v []byte) iter.Seq[[]byte] {
	return func(yield func(value []byte) bool) {
		if rankOf(v) != rankArray {
			return
		}
		for it := members(v); ; {
			_, value, ok := it.next()
			if !ok || !yield(value) {
				return
			}
		}
	}
}

// Exists is the ? operator: is key a key of the object, a string element of the array, or the string itself?
func Exists(v, key []byte) bool {
	switch rankOf(v) {
	case rankObject:
		_, ok := Field(v, key)
		return ok
	case rankArray:
		quoted := AppendString(nil, key)
		for e := range Elements(v) {
			if bytes.Equal(e, quoted) {
				return true
			}
		}
	case rankString:
		return bytes.Equal(v, AppendString(nil, key))
	}
	return false
}

// Contains is the @> operator: v contains part at the top, and so on inside. An array contains a scalar that is one of its
// elements, at the top only.
func Contains(v, part []byte) bool {
	if rankOf(v) == rankArray && rankOf(part) < rankArray {
		return arrayHas(v, part)
	}
	return contains(v, part)
}

func contains(v, part []byte) bool {
	r := rankOf(part)
	if rankOf(v) != r {
		return false
	}
	switch r {
	case rankObject:
		for it := members(part); ; {
			k, want, ok := it.next()
			if !ok {
				return true
			}
			have, found := Field(v, appendUnquoted(nil, k))
			if !found || !contains(have, want) {
				return false
			}
		}
	case rankArray:
		for want := range Elements(part) {
			if !arrayHas(v, want) {
				return false
			}
		}
		return true
	}
	return compare(v, part) == 0
}

func arrayHas(array, want []byte) bool {
	for have := range Elements(array) {
		if contains(have, want) {
			return true
		}
	}
	return false
}

// Concat is the || operator: objects are merged, arrays joined; else each side that is no array counts as an array of one.
func Concat(a, b []byte) []byte {
	if rankOf(a) == rankObject && rankOf(b) == rankObject {
		var all []Member
		for _, v := range [2][]byte{a, b} {
			for k, value := range Each(v) {
				all = append(all, Member{bytes.Clone(k), value})
			}
		}
		return AppendObject(nil, all)
	}
	var all [][]byte
	for _, v := range [2][]byte{a, b} {
		if rankOf(v) != rankArray {
			all = append(all, v)
			continue
		}
		for e := range Elements(v) {
			all = append(all, e)
		}
	}
	return AppendArray(nil, all)
}

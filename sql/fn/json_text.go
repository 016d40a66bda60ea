package fn

import (
	"bytes"
	"strconv"

	"github.com/streamdb/streamdb/sql/types/jsonb"
)

// json is kept as it was written, so its accessors find their way through the text and give parts of it as they stand.
// The text is known to be valid: it was checked when it became a value.

// jsonWalker goes over the members of an object or array.
type jsonWalker struct {
	s      []byte
	at     int
	object bool
}

func jsonSpace(s []byte, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] == '\t' || s[at] == '\n' || s[at] == '\r') {
		at++
	}
	return at
}

// jsonSkip is where the value at s[at:] ends.
func jsonSkip(s []byte, at int) int {
	depth := 0
	for at < len(s) {
		switch s[at] {
		case '"':
			for at++; at < len(s) && s[at] != '"'; at++ {
				if s[at] == '\\' {
					at++
				}
			}
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return at
			}
			depth--
		case ',', ':', ' ', '\t', '\n', '\r':
			if depth == 0 {
				return at
			}
		}
		at++
		if depth == 0 && (s[at-1] == '"' || s[at-1] == '}' || s[at-1] == ']') {
			return at
		}
	}
	return at
}

// walkJSON starts over the members of v; not ok if v is neither object nor array.
func walkJSON(v []byte) (w jsonWalker, ok bool) {
	at := jsonSpace(v, 0)
	if at == len(v) || v[at] != '{' && v[at] != '[' {
		return w, false
	}
	return jsonWalker{s: v, at: at + 1, object: v[at] == '{'}, true
}

// next gives the next member; the key is quoted, as it was written.
func (w *jsonWalker) next() (key, value []byte, ok bool) {
	w.at = jsonSpace(w.s, w.at)
	if w.at < len(w.s) && w.s[w.at] == ',' {
		w.at = jsonSpace(w.s, w.at+1)
	}
	if w.at >= len(w.s) || w.s[w.at] == '}' || w.s[w.at] == ']' {
		return nil, nil, false
	}
	if w.object {
		end := jsonSkip(w.s, w.at)
		key = w.s[w.at:end]
		w.at = jsonSpace(w.s, jsonSpace(w.s, end)+1) // behind the colon
	}
	end := jsonSkip(w.s, w.at)
	value = w.s[w.at:end]
	w.at = end
	return key, value, true
}

// jsonField is the last value of a key.
func jsonField(v, key []byte) (value []byte, found bool) {
	w, ok := walkJSON(v)
	if !ok || !w.object {
		return nil, false
	}
	var buf []byte
	for {
		k, member, ok := w.next()
		if !ok {
			return value, found
		}
		if canonicalKey, err := jsonb.AppendParsed(buf[:0], k); err == nil {
			buf = canonicalKey
			if text, _ := jsonb.AppendAsText(nil, buf); bytes.Equal(text, key) {
				value, found = member, true
			}
		}
	}
}

func jsonElem(v []byte, i int) ([]byte, bool) {
	w, ok := walkJSON(v)
	if !ok || w.object {
		return nil, false
	}
	var elems [][]byte
	for {
		_, e, ok := w.next()
		if !ok {
			break
		}
		elems = append(elems, e)
	}
	if i < 0 {
		i += len(elems)
	}
	if i < 0 || i >= len(elems) {
		return nil, false
	}
	return elems[i], true
}

func jsonPath(v []byte, path [][]byte) ([]byte, bool) {
	for _, step := range path {
		w, ok := walkJSON(v)
		if ok && w.object {
			v, ok = jsonField(v, step)
		} else if ok {
			i, err := strconv.ParseInt(string(step), 10, 32)
			if err != nil {
				return nil, false
			}
			v, ok = jsonElem(v, int(i))
		}
		if !ok {
			return nil, false
		}
	}
	return v, true
}

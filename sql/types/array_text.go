package types

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// arrayReader reads the text form of an array: {1,2,NULL}, {{a,"b c"},{d,e}}, [0:1]={x,y}.
type arrayReader struct {
	env  *Env
	elem Type
	s    []byte
	i    int
	// shown is the part of s that an error quotes.
	shown []byte
	out   Array
	// texts are those of the elements, nil for NULL.
	texts [][]byte
}

func (e *Env) parseArray(elem Type, s []byte) (Datum, error) {
	r := arrayReader{env: e, elem: elem, s: s, shown: s}
	given, err := r.dimensions()
	if err != nil {
		return Datum{}, err
	}
	if r.peek() != '{' {
		if given != nil {
			return Datum{}, r.malformed("Array contents must start with \"{\".")
		}
		return Datum{}, r.malformed("Array value must start with \"{\" or dimension information.")
	}
	r.shown = s[r.i:]
	if err := r.level(0); err != nil {
		return Datum{}, err
	}
	if r.peek() != 0 || r.i < len(r.s) {
		return Datum{}, r.malformed("Junk after closing right brace.")
	}
	r.shown = s
	if err := r.settle(given); err != nil {
		return Datum{}, err
	}
	if err := r.convert(); err != nil {
		return Datum{}, err
	}
	return ArrayDatum(elem, r.out), nil
}

func (r *arrayReader) malformed(detail string) error {
	return sqlerr.New(sqlerr.InvalidTextRepresentation, `malformed array literal: "%s"`, r.shown).WithDetail("%s", detail)
}

// peek is the next character that is no blank; 0 at the end.
func (r *arrayReader) peek() byte {
	for r.i < len(r.s) && isSpace(r.s[r.i]) {
		r.i++
	}
	if r.i == len(r.s) {
		return 0
	}
	return r.s[r.i]
}

// dimensions reads [l:u][u]…= in front of the braces.
func (r *arrayReader) dimensions() ([]Dim, error) {
	var dims []Dim
	for r.peek() == '[' {
		end := bytes.IndexByte(r.s[r.i:], ']')
		if end < 0 {
			return nil, r.malformed("Missing \"]\" after array dimensions.")
		}
		lower, upper, both := strings.Cut(string(r.s[r.i+1:r.i+end]), ":")
		if !both {
			lower, upper = "1", lower
		}
		l, errl := strconv.ParseInt(lower, 10, 32)
		u, erru := strconv.ParseInt(upper, 10, 32)
		if errl != nil || erru != nil {
			return nil, r.malformed("\"[\" must introduce explicitly-specified array dimensions.")
		}
		if u < l {
			return nil, sqlerr.New(sqlerr.ArraySubscriptError, "upper bound cannot be less than lower bound")
		}
		dims = append(dims, Dim{int(u - l + 1), int(l)})
		r.i += end + 1
		if len(dims) > maxArrayDims {
			return nil, tooManyDims(len(dims))
		}
	}
	if dims == nil {
		return nil, nil
	}
	if r.peek() != '=' {
		return nil, r.malformed("Missing \"=\" after array dimensions.")
	}
	r.i++
	return dims, nil
}

func tooManyDims(n int) error {
	return sqlerr.New(sqlerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", n, maxArrayDims)
}

// level reads the braces of one dimension: all of its elements are arrays, or none is.
func (r *arrayReader) level(depth int) error {
	if depth >= maxArrayDims {
		return tooManyDims(depth + 1)
	}
	first := depth == len(r.out.Dims)
	if first {
		if len(r.texts) > 0 {
			return r.mismatch()
		}
		r.out.Dims = append(r.out.Dims, Dim{Lower: 1})
	}
	r.i++
	n := 0
	for c := r.peek(); ; c = r.peek() {
		switch {
		case c == '}' && n == 0 && depth == 0:
		case c == '{':
			if n > 0 && depth+1 == len(r.out.Dims) {
				return r.unexpected()
			}
			if err := r.level(depth + 1); err != nil {
				return err
			}
			n++
		default:
			if c == '}' || c == 0 {
				return r.unexpected()
			}
			if depth+1 < len(r.out.Dims) {
				return r.malformed("Unexpected array element.")
			}
			if err := r.element(); err != nil {
				return err
			}
			n++
		}
		switch c := r.peek(); {
		case c == '}':
			r.i++
			return r.closeLevel(depth, n, first)
		case c == ',' && n > 0:
			r.i++
		case c == 0 || c == '{':
			return r.unexpected()
		default:
			return r.malformed("Unexpected array element.")
		}
	}
}

// closeLevel checks the length of a dimension against the first one of its depth.
func (r *arrayReader) closeLevel(depth, n int, first bool) error {
	if first {
		r.out.Dims[depth].Len = n
	} else if r.out.Dims[depth].Len != n {
		return r.mismatch()
	}
	return nil
}

func (r *arrayReader) mismatch() error {
	return r.malformed("Multidimensional arrays must have sub-arrays with matching dimensions.")
}

func (r *arrayReader) unexpected() error {
	if r.i == len(r.s) {
		return r.malformed("Unexpected end of input.")
	}
	return r.malformed(`Unexpected "` + string(r.s[r.i:r.i+1]) + `" character.`)
}

// element reads one value: quoted, or up to a delimiter with blanks around it cut; NULL when it is that word, bare.
func (r *arrayReader) element() error {
	text, quoted, err := r.elementText()
	if err != nil {
		return err
	}
	if !quoted && bytes.EqualFold(text, []byte("null")) {
		text = nil
	} else if text == nil {
		text = []byte{}
	}
	r.texts = append(r.texts, text)
	return nil
}

// convert reads the elements. It waits until the whole text was found in order, whose faults are reported first.
func (r *arrayReader) convert() (err error) {
	r.out.Elems = make([]Datum, len(r.texts))
	size := 0
	for i, text := range r.texts {
		r.out.Elems[i] = Null
		if text == nil {
			continue
		}
		if r.out.Elems[i], err = r.env.ParseText(r.elem, text); err != nil {
			return err
		}
		// A numeric such as 1e131071 is much longer than its text.
		if size += len(r.out.Elems[i].B); size > MaxValue {
			return sqlerr.New(sqlerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", MaxValue)
		}
	}
	return nil
}

func (r *arrayReader) elementText() (text []byte, quoted bool, err error) {
	if r.peek() == '"' {
		quoted = true
		r.i++
	}
	keep := 0 // blanks before here belong to the value
	for ; r.i < len(r.s); r.i++ {
		switch c := r.s[r.i]; {
		case c == '\\':
			if r.i++; r.i == len(r.s) {
				return nil, false, r.unexpected()
			}
			text = append(text, r.s[r.i])
			keep = len(text)
		case c == '"':
			if !quoted {
				return nil, false, r.malformed("Unexpected array element.")
			}
			r.i++
			if c := r.peek(); c != ',' && c != '}' && c != '{' && c != 0 {
				return nil, false, r.malformed("Unexpected array element.")
			}
			return text, true, nil
		case quoted:
			text = append(text, c)
		case c == '{':
			return nil, false, r.unexpected()
		case c == ',' || c == '}':
			for len(text) > keep && isSpace(text[len(text)-1]) {
				text = text[:len(text)-1]
			}
			if len(text) == 0 {
				return nil, false, r.unexpected()
			}
			return text, keep > 0, nil
		default:
			text = append(text, c)
		}
	}
	return nil, false, r.unexpected()
}

// settle checks the dimensions found against those given in front, and drops those of an empty array.
func (r *arrayReader) settle(given []Dim) error {
	if len(r.texts) == 0 {
		r.out.Dims = nil
	}
	if given == nil {
		return nil
	}
	if len(given) != len(r.out.Dims) {
		return r.malformed("Specified array dimensions do not match array contents.")
	}
	for i, d := range given {
		if r.out.Dims[i].Len != d.Len {
			return r.malformed("Specified array dimensions do not match array contents.")
		}
	}
	r.out.Dims = given
	return nil
}

func (e *Env) appendArray(dst []byte, elem Type, b []byte) []byte {
	a := mustArray(elem, b)
	if len(a.Dims) == 0 {
		return append(dst, "{}"...)
	}
	w := arrayWriter{env: e, elem: elem, a: a}
	shifted := false
	for _, d := range a.Dims {
		shifted = shifted || d.Lower != 1
	}
	if shifted {
		for _, d := range a.Dims {
			dst = append(strconv.AppendInt(append(dst, '['), int64(d.Lower), 10), ':')
			dst = append(strconv.AppendInt(dst, int64(d.Lower+d.Len-1), 10), ']')
		}
		dst = append(dst, '=')
	}
	return w.level(dst, 0)
}

type arrayWriter struct {
	env  *Env
	elem Type
	a    Array
	next int
	buf  []byte
}

func (w *arrayWriter) level(dst []byte, depth int) []byte {
	dst = append(dst, '{')
	for i := range w.a.Dims[depth].Len {
		if i > 0 {
			dst = append(dst, ',')
		}
		if depth+1 < len(w.a.Dims) {
			dst = w.level(dst, depth+1)
			continue
		}
		d := w.a.Elems[w.next]
		w.next++
		if d.Null {
			dst = append(dst, "NULL"...)
			continue
		}
		w.buf = w.env.AppendText(w.buf[:0], w.elem, d)
		dst = appendArrayElement(dst, w.buf)
	}
	return append(dst, '}')
}

// appendArrayElement quotes what would not be read back as it is.
func appendArrayElement(dst, s []byte) []byte {
	quote := len(s) == 0 || bytes.EqualFold(s, []byte("null"))
	for _, c := range s {
		quote = quote || c == '"' || c == '\\' || c == '{' || c == '}' || c == ',' || isSpace(c)
	}
	if !quote {
		return append(dst, s...)
	}
	dst = append(dst, '"')
	for _, c := range s {
		if c == '"' || c == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
	}
	return append(dst, '"')
}

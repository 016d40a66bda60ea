package fn

import (
	"bytes"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/types"
)

// padFuncs trim, pad and replace.
var padFuncs = []*Func{
	{Name: "btrim", Args: []types.Type{textT}, Ret: textT, Doc: "The string without blanks at its ends.", Example: "btrim('  x ') → x",
		Kernel: slices1(func(s []byte) sliceRow { return trim(s, blank, true, true) })},
	{Name: "ltrim", Args: []types.Type{textT}, Ret: textT, Doc: "The string without blanks at its start.", Example: "ltrim('  x') → x",
		Kernel: slices1(func(s []byte) sliceRow { return trim(s, blank, true, false) })},
	{Name: "rtrim", Args: []types.Type{textT}, Ret: textT, Doc: "The string without blanks at its end.", Example: "rtrim('x  ') → x",
		Kernel: slices1(func(s []byte) sliceRow { return trim(s, blank, false, true) })},
	{Name: "btrim", Args: textText, Ret: textT, Doc: "The string without the given characters at its ends.", Example: "btrim('xyztrimyyx', 'xyz') → trim",
		Kernel: slices2(func(s, set []byte) sliceRow { return trim(s, set, true, true) })},
	{Name: "ltrim", Args: textText, Ret: textT, Doc: "The string without the given characters at its start.", Example: "ltrim('zzzytest', 'xyz') → test",
		Kernel: slices2(func(s, set []byte) sliceRow { return trim(s, set, true, false) })},
	{Name: "rtrim", Args: textText, Ret: textT, Doc: "The string without the given characters at its end.", Example: "rtrim('testxxzx', 'xyz') → test",
		Kernel: slices2(func(s, set []byte) sliceRow { return trim(s, set, false, true) })},
	{Name: "lpad", Args: []types.Type{textT, int4T, textT}, Optional: 1, Ret: textT, Doc: "The string filled up on the left, or cut on the right, to a length.",
		Example: "lpad('hi', 5, 'xy') → xyxhi", Kernel: padKernel(true)},
	{Name: "rpad", Args: []types.Type{textT, int4T, textT}, Optional: 1, Ret: textT, Doc: "The string filled up, or cut, on the right to a length.",
		Example: "rpad('hi', 5, 'xy') → hixyx", Kernel: padKernel(false)},
	{Name: "replace", Args: []types.Type{textT, textT, textT}, Ret: textT, Doc: "The string with each occurrence of one string replaced by another.",
		Example: "replace('abcdefabcdef', 'cd', 'XX') → abXXefabXXef", Kernel: text3(replace)},
	{Name: "translate", Args: []types.Type{textT, textT, textT}, Ret: textT,
		Doc:     "The string with each character of the second argument replaced by the one at its place in the third, or removed.",
		Example: "translate('12345', '143', 'ax') → a2x5", Kernel: text3(translate)},
}

var blank = []byte(" ")

// trim cuts the characters of set off the ends of s. A set of ASCII is tested byte by byte.
func trim(s, set []byte, left, right bool) sliceRow {
	lo, hi := 0, len(s)
	if left {
		for lo < hi {
			w := 1
			if s[lo] >= utf8.RuneSelf {
				_, w = utf8.DecodeRune(s[lo:hi])
			}
			if !bytes.Contains(set, s[lo:lo+w]) {
				break
			}
			lo += w
		}
	}
	if right {
		for lo < hi {
			w := 1
			if s[hi-1] >= utf8.RuneSelf {
				_, w = utf8.DecodeLastRune(s[lo:hi])
			}
			if !bytes.Contains(set, s[hi-w:hi]) {
				break
			}
			hi -= w
		}
	}
	return sliceRow{lo: lo, hi: hi}
}

func padKernel(left bool) Kernel {
	return rowwise(func(_ *Ctx, args []types.Datum, _ []types.Type) (types.Datum, error) {
		fill := blank
		if len(args) == 3 {
			fill = args[2].B
		}
		b, err := pad(args[0].B, int(args[1].I), fill, left)
		return types.NewBytes(b), err
	})
}

func pad(s []byte, n int, fill []byte, left bool) ([]byte, error) {
	n = max(n, 0)
	if 4*n > maxValueBytes {
		return nil, tooLong()
	}
	have := utf8.RuneCount(s)
	if have >= n {
		return s[:runeOffset(s, n)], nil
	}
	if len(fill) == 0 {
		return s, nil
	}
	var padding []byte
	width := utf8.RuneCount(fill)
	for need := n - have; need > 0; need -= width {
		padding = append(padding, fill[:runeOffset(fill, min(need, width))]...)
	}
	if left {
		return append(padding, s...), nil
	}
	return append(s[:len(s):len(s)], padding...), nil
}

func replace(_ *Ctx, dst, s, from, to []byte) ([]byte, error) {
	if len(from) == 0 {
		return append(dst, s...), nil
	}
	start := len(dst)
	for {
		at := indexBytes(s, from)
		if at < 0 {
			return append(dst, s...), nil
		}
		dst = append(append(dst, s[:at]...), to...)
		s = s[at+len(from):]
		if len(dst)-start > maxValueBytes {
			return dst[:start], tooLong()
		}
	}
}

func translate(_ *Ctx, dst, s, from, to []byte) ([]byte, error) {
	for len(s) > 0 {
		_, w := utf8.DecodeRune(s)
		char := s[:w]
		s = s[w:]
		at := bytes.Index(from, char)
		if at < 0 {
			dst = append(dst, char...)
			continue
		}
		n := utf8.RuneCount(from[:at])
		lo := runeOffset(to, n)
		if lo < len(to) {
			dst = append(dst, to[lo:lo+runeOffset(to[lo:], 1)]...)
		}
	}
	return dst, nil
}

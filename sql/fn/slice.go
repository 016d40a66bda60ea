package fn

import (
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/vec"
)

// Functions whose result is a part of their first argument (substring, trim, left, split_part, …) copy nothing: the result
// is spans into the argument's data.

// sliceRow is where the part lies: s[lo:hi]. errNull makes it null.
type sliceRow struct {
	lo, hi int
	err    error
}

// slices1 lifts a function that gives a part of its only argument.
func slices1(f func(s []byte) sliceRow) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		w := sliceWriter(args[0], out)
		for _, i := range sel {
			w.put(c, i, f(w.arg(i)))
		}
	}
}

// slices2 lifts a function that gives a part of its first of two arguments.
func slices2[B elem](f func(s []byte, b B) sliceRow) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		w, b := sliceWriter(args[0], out), column[B](args[1], sel)
		defer b.release()
		for _, i := range sel {
			w.put(c, i, f(w.arg(i), b.at(i)))
		}
	}
}

// slices3 lifts a function that gives a part of its first of three arguments.
func slices3[A, B elem](f func(s []byte, a A, b B) sliceRow) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		w, x, y := sliceWriter(args[0], out), column[A](args[1], sel), column[B](args[2], sel)
		defer x.release()
		defer y.release()
		for _, i := range sel {
			w.put(c, i, f(w.arg(i), x.at(i), y.at(i)))
		}
	}
}

type slicer struct {
	src, out *vec.Vector
	mask     int32
}

func sliceWriter(src, out *vec.Vector) slicer {
	out.Data = src.Data
	return slicer{src, out, int32(mask(src))}
}

func (w *slicer) arg(i int32) []byte { return w.src.Bytes(int(i & w.mask)) }

func (w *slicer) put(c *Ctx, i int32, r sliceRow) {
	if r.err != nil {
		failRow(c, w.out, i, r.err)
	} else {
		w.out.Str[i] = vec.Span{Off: w.src.Str[i&w.mask].Off + uint32(r.lo), Len: uint32(r.hi - r.lo)}
	}
}

// runeOffset is the byte offset of character n of s (from 0), or len(s) if s has no more than n characters.
func runeOffset(s []byte, n int) int {
	if n >= len(s) {
		return len(s)
	}
	at := 0
	for ; n > 0 && at < len(s); n-- {
		if s[at] < utf8.RuneSelf {
			at++
			continue
		}
		_, w := utf8.DecodeRune(s[at:])
		at += w
	}
	return at
}

// runeOffsetFromEnd is the byte offset of the character that is n characters before the end of s, 0 if s is shorter.
func runeOffsetFromEnd(s []byte, n int) int {
	at := len(s)
	for ; n > 0 && at > 0; n-- {
		_, w := utf8.DecodeLastRune(s[:at])
		at -= w
	}
	return at
}

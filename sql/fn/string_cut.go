package fn

import (
	"bytes"
	"math"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

var (
	byteaT   = types.T(types.Bytea)
	textInt  = []types.Type{textT, int4T}
	textText = []types.Type{textT, textT}
)

// cutFuncs are functions that find or take parts of strings.
var cutFuncs = []*Func{
	{Name: "substring", Args: textInt, Ret: textT, Doc: "The part of the string from a character position on.", Example: "substring('Thomas', 3) → omas",
		Kernel: slices2(substringFrom)},
	{Name: "substring", Args: []types.Type{textT, int4T, int4T}, Ret: textT, Doc: "So many characters of the string from a position on.",
		Example: "substring('Thomas', 2, 3) → hom", Kernel: slices3(substringFor)},
	{Name: "substr", Args: textInt, Ret: textT, Doc: "The part of the string from a character position on.", Example: "substr('alphabet', 3) → phabet",
		Kernel: slices2(substringFrom)},
	{Name: "substr", Args: []types.Type{textT, int4T, int4T}, Ret: textT, Doc: "So many characters of the string from a position on.",
		Example: "substr('alphabet', 3, 2) → ph", Kernel: slices3(substringFor)},
	{Name: "substring", Args: []types.Type{byteaT, int4T}, Ret: byteaT, Doc: "The bytes from a position on.", Example: `substring('\x1234'::bytea, 2) → \x34`,
		Kernel: slices2(func(s []byte, from int32) sliceRow { return cutBytes(s, int64(from), math.MaxInt32) })},
	{Name: "substring", Args: []types.Type{byteaT, int4T, int4T}, Ret: byteaT, Doc: "So many bytes from a position on.",
		Example: `substring('\x123456'::bytea, 2, 1) → \x34`, Kernel: slices3(substringBytes)},
	{Name: "substr", Args: []types.Type{byteaT, int4T}, Ret: byteaT, Doc: "The bytes from a position on.", Example: `substr('\x1234'::bytea, 2) → \x34`,
		Kernel: slices2(func(s []byte, from int32) sliceRow { return cutBytes(s, int64(from), math.MaxInt32) })},
	{Name: "substr", Args: []types.Type{byteaT, int4T, int4T}, Ret: byteaT, Doc: "So many bytes from a position on.",
		Example: `substr('\x123456'::bytea, 2, 1) → \x34`, Kernel: slices3(substringBytes)},
	{Name: "left", Args: textInt, Ret: textT, Doc: "The first n characters; if n is negative, all but the last |n|.", Example: "left('abcde', 2) → ab",
		Kernel: slices2(func(s []byte, n int32) sliceRow {
			if n < 0 {
				return sliceRow{hi: runeOffsetFromEnd(s, -int(n))}
			}
			return sliceRow{hi: runeOffset(s, int(n))}
		})},
	{Name: "right", Args: textInt, Ret: textT, Doc: "The last n characters; if n is negative, all but the first |n|.", Example: "right('abcde', 2) → de",
		Kernel: slices2(func(s []byte, n int32) sliceRow {
			if n < 0 {
				return sliceRow{lo: runeOffset(s, -int(n)), hi: len(s)}
			}
			return sliceRow{lo: runeOffsetFromEnd(s, int(n)), hi: len(s)}
		})},
	{Name: "split_part", Args: []types.Type{textT, textT, int4T}, Ret: textT,
		Doc: "The n-th field of the string split at a delimiter, counted from the end if n is negative.", Example: "split_part('a,b,c', ',', 2) → b",
		Kernel: slices3(splitPart)},
	{Name: "position", Args: textText, Ret: int4T, Doc: "Position of the first occurrence of the second string in the first, or 0.",
		Example: "position('om' IN 'Thomas') → 3", Kernel: map2(pure2(position))},
	{Name: "strpos", Args: textText, Ret: int4T, Doc: "Position of the first occurrence of the second string in the first, or 0.",
		Example: "strpos('high', 'ig') → 2", Kernel: map2(pure2(position))},
	{Name: "position", Args: []types.Type{byteaT, byteaT}, Ret: int4T, Doc: "Position of the first occurrence of the second value in the first, or 0.",
		Example: `position('\x34' IN '\x1234'::bytea) → 2`, Kernel: map2(pure2(func(s, sub []byte) int32 { return int32(bytes.Index(s, sub) + 1) }))},
	{Name: "starts_with", Args: textText, Ret: boolT, Doc: "Whether the string starts with the prefix.", Example: "starts_with('alphabet', 'alph') → true",
		Kernel: test2(bytes.HasPrefix)},
	{Name: "overlay", Args: []types.Type{textT, textT, int4T}, Ret: textT, Doc: "The string with the part at a position replaced by another.",
		Example: "overlay('Txxxxas' PLACING 'hom' FROM 2) → Thomxas", Kernel: text3(func(_ *Ctx, dst, s, with []byte, from int32) ([]byte, error) {
			return overlay(dst, s, with, from, int32(utf8.RuneCount(with)))
		})},
	{Name: "overlay", Args: []types.Type{textT, textT, int4T, int4T}, Ret: textT, Doc: "The string with so many characters from a position on replaced by another.",
		Example: "overlay('Txxxxas' PLACING 'hom' FROM 2 FOR 4) → Thomas",
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			b, err := overlay(nil, a[0].B, a[1].B, int32(a[2].I), int32(a[3].I))
			return types.NewBytes(b), err
		})},
}

func substringFrom(s []byte, from int32) sliceRow {
	return sliceRow{lo: runeOffset(s, max(int(from), 1)-1), hi: len(s)}
}

// substringFor is PostgreSQL's text_substring: the window [from, from+n) may start before the string.
func substringFor(s []byte, from, n int32) sliceRow {
	end := int64(from) + int64(n)
	if n < 0 {
		// A length that overflows is taken as "to the end"; a negative one is not.
		return sliceRow{err: negativeSubstring()}
	}
	start := max(int64(from), 1)
	if end <= start {
		return sliceRow{}
	}
	lo := runeOffset(s, int(start-1))
	return sliceRow{lo: lo, hi: lo + runeOffset(s[lo:], int(end-start))}
}

func negativeSubstring() error {
	return sqlerr.New(sqlerr.SubstringError, "negative substring length not allowed")
}

func substringBytes(s []byte, from, n int32) sliceRow {
	if n < 0 {
		return sliceRow{err: negativeSubstring()}
	}
	return cutBytes(s, int64(from), int64(n))
}

func cutBytes(s []byte, from, n int64) sliceRow {
	lo, hi := max(from, 1)-1, from+n-1
	lo = min(lo, int64(len(s)))
	hi = max(lo, min(hi, int64(len(s))))
	return sliceRow{lo: int(lo), hi: int(hi)}
}

func splitPart(s, sep []byte, n int32) sliceRow {
	if n == 0 {
		return sliceRow{err: sqlerr.New(sqlerr.InvalidParameterValue, "field position must not be zero")}
	}
	if len(s) == 0 {
		return sliceRow{}
	}
	if len(sep) == 0 {
		if n == 1 || n == -1 {
			return sliceRow{hi: len(s)}
		}
		return sliceRow{}
	}
	if n < 0 {
		return splitFromEnd(s, sep, -int(n))
	}
	lo := 0
	for ; ; n-- {
		at := indexBytes(s[lo:], sep)
		switch {
		case n == 1 && at < 0:
			return sliceRow{lo: lo, hi: len(s)}
		case n == 1:
			return sliceRow{lo: lo, hi: lo + at}
		case at < 0:
			return sliceRow{}
		}
		lo += at + len(sep)
	}
}

// indexBytes is bytes.Index with the usual separator of one byte spared the call's preamble.
func indexBytes(s, sep []byte) int {
	if len(sep) == 1 {
		return bytes.IndexByte(s, sep[0])
	}
	return bytes.Index(s, sep)
}

// splitFromEnd counts fields from the end but, as PostgreSQL, finds delimiters from the start: they do not overlap.
func splitFromEnd(s, sep []byte, n int) sliceRow {
	fields := bytes.Count(s, sep) + 1
	if n > fields {
		return sliceRow{}
	}
	return splitPart(s, sep, int32(fields-n+1))
}

// position counts characters.
func position(s, sub []byte) int32 {
	at := bytes.Index(s, sub)
	if at < 0 {
		return 0
	}
	return int32(utf8.RuneCount(s[:at])) + 1
}

func overlay(dst, s, with []byte, from, n int32) ([]byte, error) {
	if from <= 0 {
		return dst, negativeSubstring()
	}
	head := runeOffset(s, int(from)-1)
	tail := runeOffset(s, max(int(from)-1+int(n), 0))
	return append(append(append(dst, s[:head]...), with...), s[tail:]...), nil
}

// prefixOperators are ^@, the operator of starts_with.
var prefixOperators = []*Func{
	{Name: "^@", Args: textText, Ret: boolT, Doc: "Starts with.", Example: "'alphabet' ^@ 'alph' → true", Kernel: test2(bytes.HasPrefix)},
}

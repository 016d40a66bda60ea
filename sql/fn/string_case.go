package fn

import (
	"crypto/md5"
	"encoding/hex"
	"strconv"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// textFuncs are functions of whole strings. The collation is "C", in which only ASCII letters have case.
var textFuncs = []*Func{
	{Name: "lower", Args: []types.Type{textT}, Ret: textT, Doc: "The string in lower case.", Example: "lower('TOM') → tom", Kernel: text1(mapBytes(lowerByte))},
	{Name: "upper", Args: []types.Type{textT}, Ret: textT, Doc: "The string in upper case.", Example: "upper('tom') → TOM", Kernel: text1(mapBytes(upperByte))},
	{Name: "initcap", Args: []types.Type{textT}, Ret: textT, Doc: "The string with the first letter of each word in upper case, the others in lower case.",
		Example: "initcap('hi THOMAS') → Hi Thomas", Kernel: text1(initcap)},
	{Name: "length", Args: []types.Type{textT}, Ret: int4T, Doc: "Number of characters.", Example: "length('jose') → 4", Kernel: map1(pure(runeCount))},
	{Name: "length", Args: []types.Type{types.T(types.BPChar)}, Ret: int4T, Doc: "Number of characters, trailing blanks left out.",
		Example: "length('jo  '::char(4)) → 2", Kernel: map1(pure(func(s []byte) int32 { return runeCount(trimBlanks(s)) }))},
	{Name: "length", Args: []types.Type{byteaT}, Ret: int4T, Doc: "Number of bytes.", Example: `length('\x1234'::bytea) → 2`, Kernel: map1(pure(byteCount))},
	{Name: "char_length", Args: []types.Type{textT}, Ret: int4T, Doc: "Number of characters.", Example: "char_length('jose') → 4", Kernel: map1(pure(runeCount))},
	{Name: "character_length", Args: []types.Type{textT}, Ret: int4T, Doc: "Number of characters.", Example: "character_length('jose') → 4",
		Kernel: map1(pure(runeCount))},
	{Name: "octet_length", Args: []types.Type{textT}, Ret: int4T, Doc: "Number of bytes.", Example: "octet_length('jose') → 4", Kernel: map1(pure(byteCount))},
	{Name: "octet_length", Args: []types.Type{byteaT}, Ret: int4T, Doc: "Number of bytes.", Example: `octet_length('\x1234'::bytea) → 2`,
		Kernel: map1(pure(byteCount))},
	{Name: "bit_length", Args: []types.Type{textT}, Ret: int4T, Doc: "Number of bits.", Example: "bit_length('jose') → 32",
		Kernel: map1(pure(func(s []byte) int32 { return 8 * int32(len(s)) }))},
	{Name: "reverse", Args: []types.Type{textT}, Ret: textT, Doc: "The characters in reverse order.", Example: "reverse('abcde') → edcba", Kernel: text1(reverse)},
	{Name: "repeat", Args: textInt, Ret: textT, Doc: "The string so many times.", Example: "repeat('Pg', 4) → PgPgPgPg", Kernel: text2(repeat)},
	{Name: "ascii", Args: []types.Type{textT}, Ret: int4T, Doc: "Code point of the first character; 0 if there is none.", Example: "ascii('x') → 120",
		Kernel: map1(pure(firstRune))},
	{Name: "chr", Args: []types.Type{int4T}, Ret: textT, Doc: "The character with a code point.", Example: "chr(65) → A", Kernel: text1(chr)},
	{Name: "md5", Args: []types.Type{textT}, Ret: textT, Doc: "MD5 hash, in hexadecimal.", Example: "md5('abc') → 900150983cd24fb0d6963f7d28e17f72",
		Kernel: text1(md5Hex)},
	{Name: "md5", Args: []types.Type{byteaT}, Ret: textT, Doc: "MD5 hash, in hexadecimal.", Example: `md5('\x00'::bytea) → 93b885adfe0da089cdf634904fd59f71`,
		Kernel: text1(md5Hex)},
	{Name: "to_hex", Args: []types.Type{int4T}, Ret: textT, Doc: "The number in hexadecimal (two's complement).", Example: "to_hex(255) → ff",
		Kernel: text1(func(_ *Ctx, dst []byte, a int32) ([]byte, error) {
			return strconv.AppendUint(dst, uint64(uint32(a)), 16), nil
		})},
	{Name: "to_hex", Args: []types.Type{int8T}, Ret: textT, Doc: "The number in hexadecimal (two's complement).", Example: "to_hex(2147483648) → 80000000",
		Kernel: text1(func(_ *Ctx, dst []byte, a int64) ([]byte, error) { return strconv.AppendUint(dst, uint64(a), 16), nil })},
}

func lowerByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		c += 'a' - 'A'
	}
	return c
}

func upperByte(c byte) byte {
	if 'a' <= c && c <= 'z' {
		c -= 'a' - 'A'
	}
	return c
}

func mapBytes(f func(byte) byte) func(*Ctx, []byte, []byte) ([]byte, error) {
	var table [256]byte
	for i := range table {
		table[i] = f(byte(i))
	}
	return func(_ *Ctx, dst, s []byte) ([]byte, error) {
		from := len(dst)
		dst = append(dst, s...)
		for i, c := range dst[from:] {
			dst[from+i] = table[c]
		}
		return dst, nil
	}
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

func initcap(_ *Ctx, dst, s []byte) ([]byte, error) {
	inWord := false
	for _, c := range s {
		if inWord {
			dst = append(dst, lowerByte(c))
		} else {
			dst = append(dst, upperByte(c))
		}
		inWord = isAlnum(c)
	}
	return dst, nil
}

func runeCount(s []byte) int32 { return int32(utf8.RuneCount(s)) }

func byteCount(s []byte) int32 { return int32(len(s)) }

func reverse(_ *Ctx, dst, s []byte) ([]byte, error) {
	for end := len(s); end > 0; {
		_, w := utf8.DecodeLastRune(s[:end])
		dst = append(dst, s[end-w:end]...)
		end -= w
	}
	return dst, nil
}

func repeat(_ *Ctx, dst, s []byte, n int32) ([]byte, error) {
	if int64(len(s))*int64(max(n, 0)) > maxValueBytes {
		return dst, tooLong()
	}
	for range n {
		dst = append(dst, s...)
	}
	return dst, nil
}

func firstRune(s []byte) int32 {
	if len(s) == 0 {
		return 0
	}
	r, _ := utf8.DecodeRune(s)
	return r
}

func chr(_ *Ctx, dst []byte, n int32) ([]byte, error) {
	switch {
	case n < 0:
		return dst, sqlerr.New(sqlerr.InvalidParameterValue, "character number must be positive")
	case n == 0:
		return dst, sqlerr.New(sqlerr.ProgramLimitExceeded, "null character not permitted")
	case n > utf8.MaxRune:
		return dst, sqlerr.New(sqlerr.ProgramLimitExceeded, "requested character too large for encoding: %d", n)
	case 0xd800 <= n && n < 0xe000:
		return dst, sqlerr.New(sqlerr.ProgramLimitExceeded, "requested character not valid for encoding: %d", n)
	}
	return utf8.AppendRune(dst, n), nil
}

func md5Hex(_ *Ctx, dst, s []byte) ([]byte, error) {
	sum := md5.Sum(s)
	return hex.AppendEncode(dst, sum[:]), nil
}

func trimBlanks(s []byte) []byte {
	for len(s) > 0 && s[len(s)-1] == ' ' {
		s = s[:len(s)-1]
	}
	return s
}

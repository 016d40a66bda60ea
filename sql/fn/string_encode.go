package fn

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// encodeFuncs turn bytes into text and back.
var encodeFuncs = []*Func{
	{Name: "encode", Args: []types.Type{byteaT, textT}, Ret: textT, Doc: "The bytes in base64, hex or escape form.", Example: `encode('123\000\001', 'base64') → MTIzAAE=`,
		Kernel: text2(encode)},
	{Name: "get_byte", Args: args(byteaT, int4T), Ret: int4T, Doc: "The byte at an offset.", Example: `get_byte('\x1234', 1) → 52`,
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			if err := byteIndex(a[0].B, a[1].I); err != nil {
				return types.Null, err
			}
			return types.NewInt(int64(a[0].B[a[1].I])), nil
		})},
	{Name: "set_byte", Args: args(byteaT, int4T, int4T), Ret: byteaT, Doc: "The bytes with another one at an offset.", Example: `set_byte('\x1234', 0, 255) → \xff34`,
		Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			if err := byteIndex(a[0].B, a[1].I); err != nil {
				return types.Null, err
			}
			out := slices.Clone(a[0].B)
			out[a[1].I] = byte(a[2].I)
			return types.NewBytes(out), nil
		})},
	{Name: "decode", Args: textText, Ret: byteaT, Doc: "The bytes of a text in base64, hex or escape form.", Example: `decode('MTIzAAE=', 'base64') → \x3132330001`,
		Kernel: text2(decode)},
	{Name: "sha256", Args: []types.Type{byteaT}, Ret: byteaT, Doc: "SHA-256 hash.", Example: `length(sha256('abc'::bytea)) → 32`,
		Kernel: text1(func(_ *Ctx, dst, s []byte) ([]byte, error) { h := sha256.Sum256(s); return append(dst, h[:]...), nil })},
	{Name: "sha224", Args: []types.Type{byteaT}, Ret: byteaT, Doc: "SHA-224 hash.", Example: `length(sha224('abc'::bytea)) → 28`,
		Kernel: text1(func(_ *Ctx, dst, s []byte) ([]byte, error) { h := sha256.Sum224(s); return append(dst, h[:]...), nil })},
	{Name: "sha384", Args: []types.Type{byteaT}, Ret: byteaT, Doc: "SHA-384 hash.", Example: `length(sha384('abc'::bytea)) → 48`,
		Kernel: text1(func(_ *Ctx, dst, s []byte) ([]byte, error) { h := sha512.Sum384(s); return append(dst, h[:]...), nil })},
	{Name: "sha512", Args: []types.Type{byteaT}, Ret: byteaT, Doc: "SHA-512 hash.", Example: `length(sha512('abc'::bytea)) → 64`,
		Kernel: text1(func(_ *Ctx, dst, s []byte) ([]byte, error) { h := sha512.Sum512(s); return append(dst, h[:]...), nil })},
	{Name: "convert_from", Args: []types.Type{byteaT, types.T(types.Name)}, Ret: textT, Doc: "The text that the bytes are in an encoding (UTF8).",
		Example: `convert_from('\x6162'::bytea, 'UTF8') → ab`, Kernel: text2(convertUTF8)},
	{Name: "convert_to", Args: []types.Type{textT, types.T(types.Name)}, Ret: byteaT, Doc: "The bytes of the text in an encoding (UTF8).",
		Example: `convert_to('ab', 'UTF8') → \x6162`, Kernel: text2(convertUTF8)},
}

// base64Line is after how many characters PostgreSQL breaks base64.
const base64Line = 76

func encode(_ *Ctx, dst, s, form []byte) ([]byte, error) {
	switch lowerString(form) {
	case "hex":
		return hex.AppendEncode(dst, s), nil
	case "base64":
		text := base64.StdEncoding.EncodeToString(s)
		for len(text) > base64Line {
			dst = append(append(dst, text[:base64Line]...), '\n')
			text = text[base64Line:]
		}
		return append(dst, text...), nil
	case "escape":
		for _, c := range s {
			switch {
			case c == '\\':
				dst = append(dst, '\\', '\\')
			case c == 0 || c >= 0x80:
				dst = append(dst, '\\', '0'+c>>6, '0'+c>>3&7, '0'+c&7)
			default:
				dst = append(dst, c)
			}
		}
		return dst, nil
	}
	return dst, unknownEncoding(form)
}

func unknownEncoding(form []byte) error {
	return sqlerr.New(sqlerr.InvalidParameterValue, `unrecognized encoding: "%s"`, form)
}

func lowerString(s []byte) string {
	b := make([]byte, len(s))
	for i, c := range s {
		b[i] = lowerByte(c)
	}
	return string(b)
}

func decode(_ *Ctx, dst, s, form []byte) ([]byte, error) {
	switch lowerString(form) {
	case "hex":
		return types.AppendParsedBytea(dst, append([]byte(`\x`), s...))
	case "base64":
		return decodeBase64(dst, s)
	case "escape":
		return types.AppendParsedBytea(dst, s)
	}
	return dst, unknownEncoding(form)
}

func decodeBase64(dst, s []byte) ([]byte, error) {
	clean := make([]byte, 0, len(s))
	for _, c := range s {
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		case isAlnum(c) || c == '+' || c == '/' || c == '=':
			clean = append(clean, c)
		default:
			return dst, sqlerr.New(sqlerr.InvalidParameterValue, `invalid symbol "%c" found while decoding base64 sequence`, c)
		}
	}
	out, err := base64.StdEncoding.AppendDecode(dst, clean)
	if err != nil {
		return dst, sqlerr.New(sqlerr.InvalidParameterValue, "invalid base64 end sequence").
			WithHint("Input data is missing padding, is truncated, or is otherwise corrupted.")
	}
	return out, nil
}

// convertUTF8 knows the one encoding that texts have here.
func convertUTF8(_ *Ctx, dst, s, encoding []byte) ([]byte, error) {
	switch lowerString(encoding) {
	case "utf8", "utf-8", "unicode":
	default:
		return dst, sqlerr.Unsupported("encoding "+string(encoding), "Texts are UTF-8.")
	}
	if !utf8.Valid(s) {
		return dst, types.InvalidUTF8(s)
	}
	return append(dst, s...), nil
}

func byteIndex(b []byte, i int64) error {
	if i < 0 || i >= int64(len(b)) {
		return sqlerr.New(sqlerr.ArraySubscriptError, "index %d out of valid range, 0..%d", i, len(b)-1)
	}
	return nil
}

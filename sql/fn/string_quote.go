package fn

import (
	"bytes"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// quoteFuncs spell strings as SQL.
var quoteFuncs = []*Func{
	{Name: "quote_ident", Args: []types.Type{textT}, Ret: textT, Doc: "The string as an identifier, in double quotes if it needs them.",
		Example: `quote_ident('Foo bar') → "Foo bar"`,
		Kernel:  text1(func(_ *Ctx, dst, s []byte) ([]byte, error) { return append(dst, quoteIdent(string(s))...), nil })},
	{Name: "quote_literal", Args: []types.Type{textT}, Ret: textT, Doc: "The string as a string literal.", Example: `quote_literal(E'O\'Reilly') → 'O''Reilly'`,
		Kernel: text1(func(_ *Ctx, dst, s []byte) ([]byte, error) { return appendLiteral(dst, s), nil })},
	{Name: "quote_literal", Args: []types.Type{anyElement}, Ret: textT, Vol: Stable, Doc: "The value's text as a string literal.", Example: "quote_literal(42.5) → '42.5'",
		Kernel: rowwise(func(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
			return types.NewBytes(appendLiteral(nil, c.appendText(nil, ts[0], a[0]))), nil
		})},
	{Name: "quote_nullable", Args: []types.Type{textT}, Ret: textT, Nulls: CalledOnNull, Doc: "The string as a literal, or NULL.", Example: "quote_nullable(NULL) → NULL",
		Kernel: rowwise(quoteNullable)},
	{Name: "quote_nullable", Args: []types.Type{anyElement}, Ret: textT, Nulls: CalledOnNull, Vol: Stable, Doc: "The value's text as a literal, or NULL.",
		Example: "quote_nullable(42.5) → '42.5'", Kernel: rowwise(quoteNullable)},
	{Name: "parse_ident", Args: args(textT, boolT), Optional: 1, Ret: textArray, Doc: "The parts of a qualified name; unless strict is false, nothing may follow it.",
		Example: `parse_ident('"SomeSchema".someTable') → {SomeSchema,sometable}`, Kernel: rowwise(parseIdent)},
}

// parseIdent is parse_ident.
func parseIdent(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	s := string(a[0].B)
	wrong := func(detail string) (types.Datum, error) {
		e := sqlerr.New(sqlerr.InvalidParameterValue, `string is not a valid identifier: "%s"`, s)
		if detail != "" {
			e = e.WithDetail("%s", detail)
		}
		return types.Null, e
	}
	blank := func(s string) string { return strings.TrimLeft(s, " \t\n\r\f\v") }
	var parts []types.Datum
	for rest := blank(s); ; rest = blank(rest[1:]) {
		part, after, problem := identPart(rest)
		switch {
		case problem != "":
			return wrong(problem)
		case part == "" && strings.HasPrefix(rest, "."):
			return wrong(`No valid identifier before ".".`)
		case part == "" && parts != nil:
			return wrong(`No valid identifier after ".".`)
		case part == "":
			return wrong("")
		}
		parts = append(parts, types.NewText(part))
		if rest = blank(after); rest == "" || rest[0] != '.' {
			if rest != "" && (len(a) < 2 || a[1].Bool()) {
				return wrong("")
			}
			return types.ArrayDatum(textT, types.NewArray(parts)), nil
		}
	}
}

// identPart takes an identifier from the front of s: "" if there is none.
func identPart(s string) (part, rest, problem string) {
	if !strings.HasPrefix(s, `"`) {
		n := 0
		for n < len(s) && (s[n] == '_' || s[n] >= 0x80 || 'a' <= s[n]|0x20 && s[n]|0x20 <= 'z' || n > 0 && ('0' <= s[n] && s[n] <= '9' || s[n] == '$')) {
			n++
		}
		return strings.ToLower(s[:n]), s[n:], ""
	}
	for at := 1; ; at++ {
		end := strings.IndexByte(s[at:], '"')
		if end < 0 {
			return "", "", "String has unclosed double quotes."
		}
		if at += end; at+1 == len(s) || s[at+1] != '"' {
			if at == 1 {
				return "", "", "Quoted identifier must not be empty."
			}
			return strings.ReplaceAll(s[1:at], `""`, `"`), s[at+1:], ""
		}
		at++
	}
}

func quoteNullable(c *Ctx, a []types.Datum, ts []types.Type) (types.Datum, error) {
	if a[0].Null {
		return types.NewText("NULL"), nil
	}
	return types.NewBytes(appendLiteral(nil, c.appendText(nil, ts[0], a[0]))), nil
}

// appendLiteral is quote_literal_internal: a backslash anywhere makes it an escape string.
func appendLiteral(dst, s []byte) []byte {
	if bytes.IndexByte(s, '\\') >= 0 {
		dst = append(dst, 'E')
	}
	dst = append(dst, '\'')
	for _, c := range s {
		if c == '\'' || c == '\\' {
			dst = append(dst, c)
		}
		dst = append(dst, c)
	}
	return append(dst, '\'')
}

// quoteIdent quotes what the parser would not read back as the same name.
func quoteIdent(s string) string {
	plain := s != "" && (s[0] >= 'a' && s[0] <= 'z' || s[0] == '_')
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_'
	}
	if plain && !reserved[s] {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// reservedWords are PostgreSQL 15's keywords that are not unreserved: as identifiers they need quotes.
const reservedWords = `all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast
char character check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role
current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract
false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect
interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural nchar none normalize not
notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references
returning right row select session_user setof similar smallint some substring symmetric table tablesample then time timestamp to trailing
treat trim true union unique user using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement
xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable`

var reserved = wordSet(reservedWords)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

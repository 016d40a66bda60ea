package fn

import (
	"bytes"
	"strings"

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

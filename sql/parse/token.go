package parse

import "github.com/streamdb/streamdb/sql/ast"

// tokenKind is the lexical class of a token.
type tokenKind uint8

const (
	tokEOF     tokenKind = iota
	tokWord              // an unquoted identifier or keyword, folded to lower case
	tokQuoted            // a quoted identifier
	tokInteger           // digits
	tokNumeric           // digits with a point or an exponent
	tokString            // a string of any spelling, decoded
	tokBits              // B'' or X'': text is "b" or "x" and the digits
	tokParam             // $n; text is the digits
	tokOp                // an operator; != is spelled <>
	tokPunct             // brackets , ; . : :: := => .. and any stray character
)

// token is a lexical unit. Its text is decoded; the source text of it is
// sql[pos:end].
type token struct {
	text string
	// pos and end are byte offsets; match is, for an opening parenthesis, the
	// index of the token that closes it, or 0 if none does.
	pos, end, match int32
	kind            tokenKind
	cat             ast.KeywordCategory
	// asLabel marks a keyword that cannot be a column label without AS.
	asLabel bool
}

// word reports whether t is the unquoted word w, keyword or not.
func (t *token) word(w string) bool { return t.kind == tokWord && t.text == w }

// punct reports whether t is the punctuation p.
func (t *token) punct(p string) bool { return t.kind == tokPunct && t.text == p }

// op reports whether t is the operator o.
func (t *token) op(o string) bool { return t.kind == tokOp && t.text == o }

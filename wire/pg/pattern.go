package pg

import (
	"math"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
)

// pattern is the text of a simple Query with the constants that it compares with taken out: SELECT … WHERE k = 17 as SELECT … WHERE k = $1.
// Clients that send one query with ever other constants need it analysed once.
//
// It goes by the text, and takes no constant out where that might mean another thing than a parameter of the constant's type: only those
// right behind a comparison, or the bounds of a BETWEEN. A text with anything that would make it hard to tell has no pattern: comments,
// parameters, dollar quotes, escapes, and windows, whose plan may depend on the number that a rank is compared with.
type pattern struct {
	text   []byte
	values []constant
	// between is 1 behind BETWEEN, 2 behind its first bound, and 3 behind that and AND.
	between int
	compare bool // the last token is a comparison
}

// constant is a constant that was taken out.
type constant struct {
	at, len int // in the query's text
	mark    int // where its parameter is in the pattern's
	typ     uint32
}

// Types of constants. A string has none, as a parameter whose type is left open.
var (
	oidInt4 = types.T(types.Int4).OID()
	oidInt8 = types.T(types.Int8).OID()
)

const (
	// maxConstants is how many constants a pattern takes out.
	maxConstants = 8
	minPattern   = len("SELECT 1=1")
)

// read makes p the pattern of a query. It is false if the query has none.
func (p *pattern) read(sql string) bool {
	if len(sql) < minPattern || len(sql) > maxKeptText || !strings.EqualFold(sql[:6], "SELECT") {
		return false
	}
	*p = pattern{text: p.text[:0], values: p.values[:0]}
	for at := 0; at < len(sql); {
		n := p.token(sql, at)
		if n <= 0 {
			return false
		}
		at += n
	}
	return len(p.values) > 0
}

// token reads the token at at, and gives its length; 0 if the query has no pattern.
func (p *pattern) token(sql string, at int) int {
	switch c := sql[at]; {
	case c == ' ' || c == '\n' || c == '\t' || c == '\r':
		p.text = append(p.text, c)
		return 1
	case c >= '0' && c <= '9':
		return p.number(sql, at)
	case c == '\'':
		return p.quoted(sql, at)
	case c == '"':
		end := strings.IndexByte(sql[at+1:], '"')
		return p.keep(sql, at, end+2, end >= 0)
	case isWord(c):
		return p.word(sql, at)
	case strings.IndexByte(operators, c) >= 0:
		return p.operator(sql, at)
	case c == '(' || c == ')' || c == ',' || c == '.' || c == '[' || c == ']' || c == ':' || c == ';':
		return p.keep(sql, at, 1, true)
	}
	return 0
}

const operators = "+-*/<>=~!@#%^&|`?"

func isWord(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// keep takes a token over as it is.
func (p *pattern) keep(sql string, at, n int, ok bool) int {
	p.compare, p.between = false, 0
	if !ok {
		return 0
	}
	p.text = append(p.text, sql[at:at+n]...)
	return n
}

// word reads a name or a keyword.
func (p *pattern) word(sql string, at int) int {
	n := 1
	for at+n < len(sql) && (isWord(sql[at+n]) || isDigit(sql[at+n])) {
		n++
	}
	if at+n < len(sql) && strings.IndexByte(`'"&$`, sql[at+n]) >= 0 {
		return 0 // E'…', U&"…", a$
	}
	before := p.between
	p.keep(sql, at, n, true)
	switch w := sql[at : at+n]; {
	case strings.EqualFold(w, "OVER"):
		return 0
	case strings.EqualFold(w, "BETWEEN"):
		p.between = 1
	case before == 2 && strings.EqualFold(w, "AND"):
		p.between = 3
	}
	return n
}

// operator reads operator characters, of which the lexer may make one operator or several: a comparison is one that stands alone.
func (p *pattern) operator(sql string, at int) int {
	n := 1
	for at+n < len(sql) && strings.IndexByte(operators, sql[at+n]) >= 0 {
		n++
	}
	w := sql[at : at+n]
	if strings.Contains(w, "--") || strings.Contains(w, "/*") {
		return 0
	}
	p.keep(sql, at, n, true)
	switch w {
	case "=", "<", ">", "<=", ">=", "<>", "!=":
		p.compare = true
	}
	return n
}

// number reads a number, which is taken out if it is an integer that stands where it may be.
func (p *pattern) number(sql string, at int) int {
	n, value, large := 0, uint64(0), false
	for ; at+n < len(sql) && isDigit(sql[at+n]); n++ {
		value = value*10 + uint64(sql[at+n]-'0')
		large = large || value > math.MaxInt64 || n >= 18
	}
	if at+n < len(sql) && (isWord(sql[at+n]) || sql[at+n] == '.' || sql[at+n] == '$') {
		return 0 // 1.5, 1e5, 0x1, and what is no number
	}
	switch {
	case at > 0 && sql[at-1] == '.' || large:
		return 0
	case value > math.MaxInt32:
		return p.constant(sql, at, n, oidInt8)
	}
	return p.constant(sql, at, n, oidInt4)
}

// quoted reads a string.
func (p *pattern) quoted(sql string, at int) int {
	end := strings.IndexByte(sql[at+1:], '\'')
	if end < 0 || strings.IndexByte(sql[at+1:at+1+end], '\\') >= 0 {
		return 0
	}
	n := end + 2
	behind := at + n
	for behind < len(sql) && (sql[behind] == ' ' || sql[behind] == '\n' || sql[behind] == '\t' || sql[behind] == '\r') {
		behind++
	}
	if behind < len(sql) && sql[behind] == '\'' {
		return 0 // a quote within the string, or a second part of it
	}
	return p.constant(sql, at, n, 0)
}

// constant takes a constant out, if it stands where it may be.
func (p *pattern) constant(sql string, at, n int, typ uint32) int {
	first := p.between == 1
	if !p.compare && !first && p.between != 3 {
		return p.keep(sql, at, n, true)
	}
	if len(p.values) == maxConstants {
		return 0
	}
	p.values = append(p.values, constant{at: at, len: n, mark: len(p.text), typ: typ})
	p.text = append(p.text, '$', '0'+byte(len(p.values)))
	if p.compare, p.between = false, 0; first {
		p.between = 2
	}
	return n
}

// types are the OIDs of the parameters' types, appended to dst.
func (p *pattern) types(dst []uint32) []uint32 {
	for _, v := range p.values {
		dst = append(dst, v.typ)
	}
	return dst
}

// arguments are the constants as values of the types that their parameters have got. It is false if one is no value of its type, or another one each
// time, as 'today' is.
func (p *pattern) arguments(sql string, params []types.Type, env *types.Env) ([]types.Datum, bool) {
	if len(params) != len(p.values) {
		return nil, false
	}
	args := make([]types.Datum, len(params))
	for i, v := range p.values {
		text := sql[v.at : v.at+v.len]
		if v.typ == 0 {
			text = text[1 : len(text)-1]
		}
		var err error
		if args[i], err = env.ParseText(params[i], []byte(text)); err != nil || env != nil && env.Relative {
			return nil, false
		}
	}
	return args, true
}

// located is an error of the pattern's statement as one of the query.
func (p *pattern) located(err error) error {
	if err == nil {
		return nil
	}
	e := *sqlerr.From(err)
	if e.Offset > 0 {
		e.Offset = p.origin(e.Offset-1) + 1
	}
	return &e
}

// origin is where in the query's text a place of the pattern's is.
func (p *pattern) origin(offset int) int {
	shift := 0
	for _, v := range p.values {
		if offset <= v.mark {
			break
		}
		shift += v.len - len("$1")
	}
	return max(0, offset+shift)
}

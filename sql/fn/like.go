package fn

import (
	"bytes"
	"sync"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

var likeOperators = concat(
	likeFuncs("~~", false, false, "LIKE: the string matches the pattern."),
	likeFuncs("!~~", false, true, "NOT LIKE."),
	likeFuncs("~~*", true, false, "ILIKE: the string matches the pattern, whatever the case."),
	likeFuncs("!~~*", true, true, "NOT ILIKE."))

var likeEscapeFuncs = []*Func{
	{Name: "like_escape", Args: textText, Ret: textT, Doc: "A LIKE pattern with another escape character, rewritten to use the backslash (ESCAPE).",
		Example: `like_escape('a#%', '#') → a\%`, Kernel: text2(likeEscape)},
}

func likeFuncs(name string, fold, not bool, doc string) []*Func {
	example := "'abc' " + name + " 'a%' → true"
	if not {
		example = "'abc' " + name + " 'a%' → false"
	}
	var fs []*Func
	for _, t := range []types.Type{textT, types.T(types.Name), types.T(types.BPChar), byteaT} {
		args := []types.Type{t, textT}
		if t == byteaT {
			if fold {
				continue
			}
			args[1] = byteaT
		}
		fs = append(fs, &Func{Name: name, Args: args, Ret: boolT, Doc: doc, Example: example, Kernel: likeKernel(fold, not)})
	}
	return fs
}

func likeKernel(fold, not bool) Kernel {
	flip := b2u(not)
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		s, m := args[0], mask(args[0])
		var p *likePattern
		var err error
		var folded []byte // a row's string in lower case
		for k, i := range sel {
			if k == 0 || !args[1].Const {
				p, err = likePatterns.get(args[1].Bytes(int(i)&mask(args[1])), fold)
			}
			if err != nil {
				c.Fail(i, err)
				continue
			}
			text := s.Bytes(int(i) & m)
			if fold {
				folded = appendFolded(folded[:0], text)
				text = folded
			}
			matched := p.match(text)
			if p.cut {
				if matched {
					c.Fail(i, sqlerr.New(sqlerr.InvalidEscapeSequence, "LIKE pattern must not end with escape character"))
				}
				matched = false
			}
			out.Bool[i] = b2u(matched) ^ flip
		}
	}
}

// likePattern is a compiled pattern: the pieces between its percent signs. In a piece an underscore is anyChar.
type likePattern struct {
	pieces [][]byte
	wild   []bool // whether piece i has an underscore
	// cut says that the pattern ends with an escape character: an error, but as in PostgreSQL only for a string that gets
	// that far.
	cut bool
}

// anyChar stands for an underscore in a piece; the byte is in no UTF-8 text.
const anyChar = 0xff

func compileLike(pattern []byte, fold bool) (*likePattern, error) {
	p := &likePattern{}
	var piece []byte
	wild := false
	end := func() {
		p.pieces, p.wild = append(p.pieces, piece), append(p.wild, wild)
		piece, wild = nil, false
	}
	for i := 0; i < len(pattern); i++ {
		c := pattern[i]
		switch c {
		case '%':
			end()
			continue
		case '_':
			piece, wild = append(piece, anyChar), true
			continue
		case '\\':
			if i++; i == len(pattern) {
				p.cut = true
				continue
			}
			c = pattern[i]
		}
		if fold {
			c = lowerByte(c)
		}
		piece = append(piece, c)
	}
	end()
	return p, nil
}

// match reports whether s, in lower case for ILIKE, matches or, if the pattern is cut, gets to its end with something left of s.
//
// It anchors the first and last piece, and finds the others from left to right: the earliest place is never wrong.
func (p *likePattern) match(s []byte) bool {
	last := len(p.pieces) - 1
	n := p.prefix(0, s)
	if n < 0 {
		return false
	}
	if last == 0 {
		return (n == len(s)) != p.cut
	}
	s = s[n:]
	for k := 1; k < last; k++ {
		if n = p.find(k, s); n < 0 {
			return false
		}
		s = s[n:]
	}
	if p.cut {
		n = p.find(last, s)
		return n >= 0 && n < len(s) || len(p.pieces[last]) == 0
	}
	return p.suffix(last, s)
}

// prefix is how many bytes of s piece k takes at its start, or -1.
func (p *likePattern) prefix(k int, s []byte) int {
	piece := p.pieces[k]
	if !p.wild[k] {
		if bytes.HasPrefix(s, piece) {
			return len(piece)
		}
		return -1
	}
	at := 0
	for _, c := range piece {
		switch {
		case at >= len(s):
			return -1
		case c == anyChar:
			_, w := utf8.DecodeRune(s[at:])
			at += w
		case s[at] != c:
			return -1
		default:
			at++
		}
	}
	return at
}

// find is where the first occurrence of piece k in s ends, or -1.
func (p *likePattern) find(k int, s []byte) int {
	if !p.wild[k] {
		at := bytes.Index(s, p.pieces[k])
		if at < 0 {
			return -1
		}
		return at + len(p.pieces[k])
	}
	for at := 0; at <= len(s); at++ {
		if at < len(s) && !utf8.RuneStart(s[at]) {
			continue
		}
		if n := p.prefix(k, s[at:]); n >= 0 {
			return at + n
		}
	}
	return -1
}

func (p *likePattern) suffix(k int, s []byte) bool {
	piece := p.pieces[k]
	if !p.wild[k] {
		return bytes.HasSuffix(s, piece)
	}
	from := len(s)
	for i := len(piece) - 1; i >= 0; i-- {
		switch {
		case from == 0:
			return false
		case piece[i] == anyChar:
			_, w := utf8.DecodeLastRune(s[:from])
			from -= w
		case s[from-1] != piece[i]:
			return false
		default:
			from--
		}
	}
	return true
}

func appendFolded(dst, s []byte) []byte {
	for _, c := range s {
		dst = append(dst, lowerByte(c))
	}
	return dst
}

// cache keeps the last compiled patterns, for all kernels: a column of patterns is rarely of many.
type cache[V any] struct {
	mu      sync.RWMutex
	entries map[cacheKey]V
	compile func(pattern []byte, fold bool) (V, error)
}

type cacheKey struct {
	pattern string
	fold    bool
}

// maxCached is at how many patterns a cache starts anew.
const maxCached = 512

var likePatterns = &cache[*likePattern]{compile: compileLike}

func (c *cache[V]) get(pattern []byte, fold bool) (V, error) {
	c.mu.RLock()
	v, ok := c.entries[cacheKey{string(pattern), fold}]
	c.mu.RUnlock()
	if ok {
		return v, nil
	}
	v, err := c.compile(pattern, fold)
	if err != nil {
		return v, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || len(c.entries) >= maxCached {
		c.entries = map[cacheKey]V{}
	}
	c.entries[cacheKey{string(pattern), fold}] = v
	return v, nil
}

func likeEscape(_ *Ctx, dst, pattern, escape []byte) ([]byte, error) {
	if utf8.RuneCount(escape) > 1 {
		return dst, sqlerr.New(sqlerr.InvalidEscapeSequence, "invalid escape string").WithHint("Escape string must be empty or one character.")
	}
	after := false
	for len(pattern) > 0 {
		_, w := utf8.DecodeRune(pattern)
		char := pattern[:w]
		pattern = pattern[w:]
		switch {
		case !after && len(escape) > 0 && bytes.Equal(char, escape):
			dst, after = append(dst, '\\'), true
		case char[0] == '\\' && !after:
			dst = append(dst, '\\', '\\')
		default:
			dst, after = append(dst, char...), false
		}
	}
	return dst, nil
}

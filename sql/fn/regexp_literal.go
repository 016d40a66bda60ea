package fn

import (
	"bytes"
	"math"
	"regexp"
	"regexp/syntax"
	"unicode/utf8"
)

// regex is a compiled pattern. Where every match must have a certain literal near its start, a search looks for the literal first and
// tries the pattern only around it: package regexp does so for literals at the very start alone, and is an order of magnitude slower.
type regex struct {
	*regexp.Regexp
	lead *leading // nil: there is no such literal
}

// leading is a literal that every match has, behind min to max bytes of it.
type leading struct {
	literal  []byte
	min, max int
	// first and inner match the pattern at the start of what they are given: first where that is the start of the text, inner where it
	// is not, so that ^ never matches.
	first, inner *regexp.Regexp
}

const (
	// minLiteral is how long a literal must be to be worth the search.
	minLiteral = 3
	// maxLead is how many bytes may lie before it.
	maxLead = 16
)

// newRegex finds the literal of a pattern in Go's spelling.
func newRegex(spelling string, longest bool) (*regex, error) {
	re, err := regexp.Compile(spelling)
	if err != nil {
		return nil, err
	}
	if longest {
		re.Longest()
	}
	out := &regex{Regexp: re}
	tree, err := syntax.Parse(spelling, syntax.Perl)
	if err != nil || looksAround(tree) {
		return out, nil
	}
	lead := &leading{}
	if !lead.find(tree) {
		return out, nil
	}
	if lead.first, err = regexp.Compile(`\A(?:` + spelling + `)`); err != nil {
		return out, nil
	}
	never(tree)
	if lead.inner, err = regexp.Compile(`\A(?:` + tree.String() + `)`); err != nil {
		return out, nil
	}
	if longest {
		lead.first.Longest()
		lead.inner.Longest()
	}
	out.lead = lead
	return out, nil
}

// looksAround reports whether a match depends on what lies before its start, but for the start of the text.
func looksAround(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	for _, sub := range re.Sub {
		if looksAround(sub) {
			return true
		}
	}
	return false
}

// never turns each ^ into what never matches.
func never(re *syntax.Regexp) {
	if re.Op == syntax.OpBeginText {
		re.Op = syntax.OpNoMatch
	}
	for _, sub := range re.Sub {
		never(sub)
	}
}

// find looks for the first long literal of a sequence, and what may lie before it.
func (l *leading) find(re *syntax.Regexp) bool {
	parts := []*syntax.Regexp{re}
	if re.Op == syntax.OpConcat {
		parts = re.Sub
	}
	for _, p := range parts {
		if p.Op == syntax.OpLiteral && p.Flags&syntax.FoldCase == 0 {
			if text := string(p.Rune); len(text) >= minLiteral {
				l.literal = []byte(text)
				return true
			}
		}
		low, high := width(p)
		l.min, l.max = l.min+low, l.max+high
		if l.max > maxLead {
			return false
		}
	}
	return false
}

// unbounded is a width without a limit, small enough that sums do not overflow.
const unbounded = math.MaxInt32

// width is how many bytes a match of a part has.
func width(re *syntax.Regexp) (low, high int) {
	switch re.Op {
	case syntax.OpNoMatch, syntax.OpEmptyMatch, syntax.OpBeginText, syntax.OpEndText, syntax.OpEndLine:
		return 0, 0
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase != 0 { // cases of a letter can differ in length
			return len(re.Rune), utf8.UTFMax * len(re.Rune)
		}
		n := len(string(re.Rune))
		return n, n
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, utf8.UTFMax
	case syntax.OpCapture:
		return width(re.Sub[0])
	case syntax.OpQuest:
		_, high = width(re.Sub[0])
		return 0, high
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			a, b := width(sub)
			low, high = low+a, min(unbounded, high+b)
		}
		return low, high
	case syntax.OpAlternate:
		low = unbounded
		for _, sub := range re.Sub {
			a, b := width(sub)
			low, high = min(low, a), max(high, b)
		}
		return low, high
	}
	return 0, unbounded
}

// Match reports whether the pattern matches somewhere in s.
func (r *regex) Match(s []byte) bool {
	if r.lead == nil {
		return r.Regexp.Match(s)
	}
	found := false
	r.lead.try(s, func(at int, re *regexp.Regexp) bool {
		found = re.Match(s[at:])
		return found
	})
	return found
}

// FindSubmatchIndex is where the leftmost match and its captured parts are, or nil.
func (r *regex) FindSubmatchIndex(s []byte) (loc []int) {
	if r.lead == nil {
		return r.Regexp.FindSubmatchIndex(s)
	}
	r.lead.try(s, func(at int, re *regexp.Regexp) bool {
		if loc = re.FindSubmatchIndex(s[at:]); loc == nil {
			return false
		}
		for i := range loc {
			if loc[i] >= 0 {
				loc[i] += at
			}
		}
		return true
	})
	return loc
}

// try calls f with each place at which a match may begin, from the left, until it is told to stop: those from which the literal lies
// within reach.
func (l *leading) try(s []byte, f func(at int, re *regexp.Regexp) bool) {
	found := -1
	for at := 0; at+l.min+len(l.literal) <= len(s); at++ {
		if found < at+l.min {
			next := bytes.Index(s[at+l.min:], l.literal)
			if next < 0 {
				return
			}
			found = at + l.min + next
		}
		at = max(at, found-l.max)
		if at > 0 && !utf8.RuneStart(s[at]) {
			continue
		}
		re := l.inner
		if at == 0 {
			re = l.first
		}
		if f(at, re) {
			return
		}
	}
}

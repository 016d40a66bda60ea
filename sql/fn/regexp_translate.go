package fn

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// PostgreSQL's regular expressions are Spencer's AREs; here they are translated to Go's, which match in linear time. What
// differs:
//   - an expression without non-greedy quantifiers matches leftmost-longest, as in PostgreSQL; one that has any is matched
//     by Perl's rules, which agree unless greedy and non-greedy parts compete;
//   - back references and look-around have no automaton and are refused (0A000), as are \m and \M where a word boundary is
//     not the same;
//   - without regard to case, non-ASCII letters fold too.

// regexFlags are the option letters of regexp functions.
type regexFlags struct {
	icase, newline, dotNewline, literal, expanded bool
	global                                        bool
}

// parseRegexFlags reads option letters; allowGlobal is whether g may be among them.
func parseRegexFlags(flags []byte, allowGlobal bool, function string) (f regexFlags, err error) {
	for len(flags) > 0 {
		r, w := utf8.DecodeRune(flags)
		flags = flags[w:]
		switch r {
		case 'g':
			if !allowGlobal {
				return f, sqlerr.New(sqlerr.InvalidParameterValue, "%s does not support the \"global\" option", function)
			}
			f.global = true
		case 'i':
			f.icase = true
		case 'c':
			f.icase = false
		case 'm', 'n':
			f.newline, f.dotNewline = true, true
		case 's':
			f.newline, f.dotNewline = false, false
		case 'p':
			f.newline, f.dotNewline = false, true
		case 'w':
			f.newline, f.dotNewline = true, false
		case 'q':
			f.literal = true
		case 'x':
			f.expanded = true
		case 't', 'e':
		default:
			return f, sqlerr.New(sqlerr.InvalidParameterValue, `invalid regular expression option: "%c"`, r)
		}
	}
	return f, nil
}

// compileRegex translates and compiles a pattern.
func compileRegex(pattern []byte, f regexFlags) (*regex, error) {
	t := regexTranslator{in: string(pattern), flags: f}
	if err := t.directives(); err != nil {
		return nil, err
	}
	if t.flags.literal {
		t.out.WriteString(regexp.QuoteMeta(t.in))
	} else if err := t.translate(); err != nil {
		return nil, err
	}
	re, err := newRegex(t.prefix()+t.out.String(), !t.lazy)
	if err != nil {
		return nil, regexError(err)
	}
	return re, nil
}

type regexTranslator struct {
	in    string
	at    int
	out   strings.Builder
	flags regexFlags
	lazy  bool
	// word is whether what was written last is a word character, for \M.
	word bool
}

// prefix are the flags in Go's spelling.
func (t *regexTranslator) prefix() string {
	flags := ""
	if t.flags.icase {
		flags += "i"
	}
	if t.flags.newline {
		flags += "m"
	}
	if !t.flags.dotNewline {
		flags += "s"
	}
	if flags == "" {
		return ""
	}
	return "(?" + flags + ")"
}

// directives reads ***: and ***= and embedded options, which may stand at the very start alone.
func (t *regexTranslator) directives() error {
	if rest, ok := strings.CutPrefix(t.in, "***="); ok {
		t.in, t.flags.literal = rest, true
		return nil
	}
	t.in = strings.TrimPrefix(t.in, "***:")
	if !strings.HasPrefix(t.in, "(?") || len(t.in) < 3 || t.in[2] < 'a' || t.in[2] > 'z' {
		return nil
	}
	end := strings.IndexByte(t.in, ')')
	if end < 0 {
		return nil
	}
	f, err := parseRegexFlags([]byte(t.in[2:end]), false, "regular expression")
	if err != nil {
		return sqlerr.New(sqlerr.InvalidRegularExpression, "invalid regular expression: invalid embedded option")
	}
	t.in = t.in[end+1:]
	t.flags.icase = t.flags.icase || f.icase
	t.flags.newline, t.flags.dotNewline = t.flags.newline || f.newline, t.flags.dotNewline || f.dotNewline
	t.flags.literal, t.flags.expanded = t.flags.literal || f.literal, t.flags.expanded || f.expanded
	return nil
}

func (t *regexTranslator) translate() error {
	for t.at < len(t.in) {
		c := t.in[t.at]
		var err error
		switch {
		case c == '\\':
			err = t.escape()
		case c == '[':
			err = t.bracket()
		case c == '(':
			err = t.group()
		case c == '$' && !t.flags.newline:
			t.write(`\z`, false)
			t.at++
		case t.flags.expanded && (c == ' ' || c == '\t' || c == '\n'):
			t.at++
		case t.flags.expanded && c == '#':
			if nl := strings.IndexByte(t.in[t.at:], '\n'); nl >= 0 {
				t.at += nl
			} else {
				t.at = len(t.in)
			}
		case c == '?' && t.at > 0 && strings.IndexByte("*+?}", t.in[t.at-1]) >= 0:
			t.lazy = true
			t.write("?", false)
			t.at++
		default:
			t.write(t.in[t.at:t.at+1], isAlnum(c) || c == '_')
			t.at++
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *regexTranslator) write(s string, word bool) {
	t.out.WriteString(s)
	t.word = word
}

// group copies the opening of a group; what has no counterpart is refused.
func (t *regexTranslator) group() error {
	rest := t.in[t.at:]
	switch {
	case strings.HasPrefix(rest, "(?:"):
		t.write("(?:", false)
		t.at += 3
	case strings.HasPrefix(rest, "(?=") || strings.HasPrefix(rest, "(?!") || strings.HasPrefix(rest, "(?<"):
		return unsupportedRegex("look-around in a regular expression")
	case strings.HasPrefix(rest, "(?"):
		return regexSyntax("quantifier operand invalid")
	default:
		t.write("(", false)
		t.at++
	}
	return nil
}

func unsupportedRegex(what string) error {
	return sqlerr.Unsupported(what, "Regular expressions are matched in linear time; use several conditions instead.")
}

func regexSyntax(what string) error {
	return sqlerr.New(sqlerr.InvalidRegularExpression, "invalid regular expression: %s", what)
}

// escape translates a backslash and what follows.
func (t *regexTranslator) escape() error {
	if t.at+1 == len(t.in) {
		return regexSyntax(`invalid escape \ sequence`)
	}
	c := t.in[t.at+1]
	t.at += 2
	switch c {
	case 'd', 'w', 's', 'D', 'W', 'S':
		t.write(classEscapes[c], c == 'w' || c == 'd')
	case 'A':
		t.write(`\A`, false)
	case 'Z':
		t.write(`\z`, false)
	case 'y':
		t.write(`\b`, false)
	case 'Y':
		t.write(`\B`, false)
	case 'm':
		if !t.wordFollows() {
			return unsupportedRegex(`\m before what may be no word character`)
		}
		t.write(`\b`, false)
	case 'M':
		if !t.word {
			return unsupportedRegex(`\M behind what may be no word character`)
		}
		t.write(`\b`, false)
	default:
		t.at -= 2
		r, err := t.charEscape()
		if err != nil {
			return err
		}
		t.write(regexp.QuoteMeta(string(r)), false)
	}
	return nil
}

// classEscapes are the class shorthands, which are ASCII's in the "C" locale.
var classEscapes = map[byte]string{'d': `[0-9]`, 'D': `[^0-9]`, 'w': `[0-9A-Za-z_]`, 'W': `[^0-9A-Za-z_]`,
	's': "[ \\t\\n\\v\\f\\r]", 'S': "[^ \\t\\n\\v\\f\\r]"}

// wordFollows reports whether the next atom can only match a word character.
func (t *regexTranslator) wordFollows() bool {
	rest := strings.TrimLeft(t.in[t.at:], "(")
	return rest != "" && (isAlnum(rest[0]) || rest[0] == '_') || strings.HasPrefix(rest, `\w`) || strings.HasPrefix(rest, `\d`)
}

// charEscape reads the escape of one character at t.at.
func (t *regexTranslator) charEscape() (rune, error) {
	c := t.in[t.at+1]
	t.at += 2
	switch c {
	case 'a':
		return '\a', nil
	case 'b':
		return '\b', nil
	case 'B':
		return '\\', nil
	case 'e':
		return 27, nil
	case 'f':
		return '\f', nil
	case 'n':
		return '\n', nil
	case 'r':
		return '\r', nil
	case 't':
		return '\t', nil
	case 'v':
		return '\v', nil
	case 'c':
		if t.at < len(t.in) {
			t.at++
			return rune(t.in[t.at-1] & 31), nil
		}
	case 'u':
		return t.hex(4)
	case 'U':
		return t.hex(8)
	case 'x':
		n := 0
		for t.at+n < len(t.in) && strings.IndexByte("0123456789abcdefABCDEF", t.in[t.at+n]) >= 0 {
			n++
		}
		return t.hex(n)
	case '0':
		return 0, nil
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		return 0, unsupportedRegex("a back reference in a regular expression")
	default:
		if !isAlnum(c) {
			r, w := utf8.DecodeRuneInString(t.in[t.at-1:])
			t.at += w - 1
			return r, nil
		}
	}
	return 0, regexSyntax(`invalid escape \ sequence`)
}

func (t *regexTranslator) hex(n int) (rune, error) {
	if n == 0 || t.at+n > len(t.in) {
		return 0, regexSyntax(`invalid escape \ sequence`)
	}
	u, err := strconv.ParseUint(t.in[t.at:t.at+n], 16, 31)
	t.at += n
	if err != nil || u > utf8.MaxRune {
		return 0, regexSyntax(`invalid escape \ sequence`)
	}
	return rune(u), nil
}

// regexError words Go's errors as PostgreSQL does.
func regexError(err error) error {
	text := err.Error()
	for _, m := range []struct{ of, as string }{
		{"missing closing )", "parentheses () not balanced"},
		{"unexpected )", "parentheses () not balanced"},
		{"missing closing ]", "brackets [] not balanced"},
		{"missing argument to repetition", "quantifier operand invalid"},
		{"invalid nested repetition", "quantifier operand invalid"},
		{"invalid repeat count", "invalid repetition count(s)"},
		{"invalid character class range", "invalid character range"},
		{"invalid escape sequence", `invalid escape \ sequence`},
	} {
		if strings.Contains(text, m.of) {
			return regexSyntax(m.as)
		}
	}
	return regexSyntax("regular expression is too complex")
}

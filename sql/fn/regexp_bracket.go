package fn

import (
	"strings"
	"unicode/utf8"
)

// bracket translates a bracket expression.
func (t *regexTranslator) bracket() error {
	switch {
	case strings.HasPrefix(t.in[t.at:], "[[:<:]]"), strings.HasPrefix(t.in[t.at:], "[[:>:]]"):
		t.write(`\b`, false)
		t.at += 7
		return nil
	}
	var b strings.Builder
	b.WriteByte('[')
	t.at++
	if t.at < len(t.in) && t.in[t.at] == '^' {
		b.WriteByte('^')
		t.at++
		if t.flags.dotNewline {
			b.WriteString(`\n`)
		}
	}
	for first := true; ; first = false {
		switch {
		case t.at >= len(t.in):
			return regexSyntax("brackets [] not balanced")
		case t.in[t.at] == ']' && !first:
			t.at++
			b.WriteByte(']')
			t.write(b.String(), false)
			return nil
		}
		if err := t.bracketItem(&b); err != nil {
			return err
		}
	}
}

// bracketItem copies one member of a bracket expression, or the hyphen of a range.
func (t *regexTranslator) bracketItem(b *strings.Builder) error {
	rest := t.in[t.at:]
	switch {
	case strings.HasPrefix(rest, "[:"):
		end := strings.Index(rest, ":]")
		if end < 0 {
			return regexSyntax("brackets [] not balanced")
		}
		b.WriteString(rest[:end+2])
		t.at += end + 2
	case strings.HasPrefix(rest, "[.") || strings.HasPrefix(rest, "[="):
		end := strings.Index(rest[2:], rest[1:2]+"]")
		if end < 0 {
			return regexSyntax("brackets [] not balanced")
		}
		if utf8.RuneCountInString(rest[2:2+end]) != 1 {
			return regexSyntax("invalid collating element")
		}
		b.WriteString(quoteClass(rest[2 : 2+end]))
		t.at += end + 4
	case rest[0] == '\\' && len(rest) > 1 && classEscapes[rest[1]] != "":
		inner := strings.Trim(classEscapes[rest[1]], "[]")
		if inner[0] == '^' {
			return regexSyntax(`invalid escape \ sequence`)
		}
		b.WriteString(inner)
		t.at += 2
	case rest[0] == '\\' && len(rest) > 1:
		r, err := t.charEscape()
		if err != nil {
			return err
		}
		b.WriteString(quoteClass(string(r)))
	case rest[0] == '-':
		b.WriteByte('-')
		t.at++
	default:
		_, w := utf8.DecodeRuneInString(rest)
		b.WriteString(quoteClass(rest[:w]))
		t.at += w
	}
	return nil
}

func quoteClass(s string) string {
	if strings.ContainsAny(s, `[]\^-&`) {
		return `\` + s
	}
	return s
}

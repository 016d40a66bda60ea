package fn

import (
	"strings"
	"unicode/utf8"
)

// A template of to_char or to_timestamp is read into nodes once: keywords with their modifiers, and literal characters.

// templateNode is a keyword (Key) or a literal (Key empty).
type templateNode struct {
	key     string
	upper   string // key in upper case
	literal string
	fill    bool // FM: no padding
	local   bool // TM: no padding of names
	ordinal string
}

// The keywords, in PostgreSQL's order: of those that begin alike the first that fits is meant.
var (
	dateKeywords = strings.Fields(`A.D. A.M. AD AM B.C. BC CC DAY DDD DD DY Day Dy D FF1 FF2 FF3 FF4 FF5 FF6 FX HH24 HH12 HH IDDD ID IW IYYY IYY IY I J
MI MM MONTH MON MS Month Mon OF P.M. PM Q RM SSSSS SSSS SS TZH TZM TZ US WW W Y,YYY YYYY YYY YY Y a.d. a.m. ad am b.c. bc cc day ddd dd dy d
ff1 ff2 ff3 ff4 ff5 ff6 fx hh24 hh12 hh iddd id iw iyyy iyy iy i j mi mm month mon ms of p.m. pm q rm sssss ssss ss tzh tzm tz us ww w y,yyy
yyyy yyy yy y`)
	numberKeywords = strings.Fields(`, . 0 9 B D EEEE FM G L MI PL PR RN SG SP S TH V b d eeee fm g l mi pl pr rn sg sp s th v`)
)

var (
	dateTemplates = &cache[[]templateNode]{compile: func(text []byte, _ bool) ([]templateNode, error) {
		return parseTemplate(string(text), dateKeywords, true), nil
	}}
	numberTemplates = &cache[[]templateNode]{compile: func(text []byte, _ bool) ([]templateNode, error) {
		return parseTemplate(string(text), numberKeywords, false), nil
	}}
)

// parseTemplate splits a template; dates says that FM and TM are prefixes and TH and SP suffixes.
func parseTemplate(text string, keywords []string, dates bool) []templateNode {
	var nodes []templateNode
	fill, local := false, false
	for len(text) > 0 {
		if dates {
			if rest, ok := cutAny(text, "FM", "fm"); ok {
				text, fill = rest, true
				continue
			}
			if rest, ok := cutAny(text, "TM", "tm"); ok {
				text, local = rest, true
				continue
			}
		}
		if key := keywordAt(text, keywords); key != "" {
			n := templateNode{key: key, upper: strings.ToUpper(key), fill: fill, local: local}
			text = text[len(key):]
			if dates {
				n.ordinal, text = ordinalSuffix(text)
				fill, local = false, false
			}
			nodes = append(nodes, n)
			continue
		}
		var literal string
		literal, text = literalAt(text)
		nodes = append(nodes, templateNode{literal: literal})
	}
	return nodes
}

func cutAny(text string, prefixes ...string) (rest string, ok bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(text, p); ok {
			return rest, true
		}
	}
	return text, false
}

func keywordAt(text string, keywords []string) string {
	for _, k := range keywords {
		if strings.HasPrefix(text, k) {
			return k
		}
	}
	return ""
}

func ordinalSuffix(text string) (suffix, rest string) {
	for _, s := range []string{"TH", "th"} {
		if rest, ok := strings.CutPrefix(text, s); ok {
			return s, rest
		}
	}
	rest, _ = cutAny(text, "SP")
	return "", rest
}

// literalAt reads a text in double quotes, in which a backslash escapes, or one character.
func literalAt(text string) (literal, rest string) {
	if text[0] == '"' {
		var b strings.Builder
		i := 1
		for ; i < len(text) && text[i] != '"'; i++ {
			if text[i] == '\\' && i+1 < len(text) {
				i++
			}
			b.WriteByte(text[i])
		}
		return b.String(), text[min(i+1, len(text)):]
	}
	if strings.HasPrefix(text, `\"`) {
		return `"`, text[2:]
	}
	_, w := utf8.DecodeRuneInString(text)
	return text[:w], text[w:]
}

// ordinalOf is the English ending of a number's text.
func ordinalOf(digits []byte, style string) string {
	n := len(digits)
	end := "th"
	if n < 2 || digits[n-2] != '1' {
		switch digits[n-1] {
		case '1':
			end = "st"
		case '2':
			end = "nd"
		case '3':
			end = "rd"
		}
	}
	if style == "TH" {
		return strings.ToUpper(end)
	}
	return end
}

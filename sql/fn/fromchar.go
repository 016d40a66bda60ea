package fn

import (
	"strings"
	"unicode/utf8"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// fromCharFuncs read dates by a template, the inverse of to_char.
var fromCharFuncs = []*Func{
	{Name: "to_timestamp", Args: textText, Ret: timestamptzT, Vol: Stable, Doc: "The moment that a text means by a template.",
		Example: "to_timestamp('05 Dec 2000', 'DD Mon YYYY') → 2000-12-05 00:00:00+00", Kernel: map2(func(c *Ctx, text, template []byte) (int64, error) {
			f, err := fromChar(string(text), template)
			if err != nil {
				return 0, err
			}
			ts, err := f.timestamp()
			if err != nil {
				return 0, err
			}
			if f.hasZone {
				return ts - int64(f.zoneSign*(f.zoneHour*60+f.zoneMinute))*datetime.Minute, nil
			}
			utc, ok := datetime.ToUTC(ts, c.zone())
			if !ok {
				return 0, timestampOutOfRange()
			}
			return utc, nil
		})},
	{Name: "to_date", Args: textText, Ret: dateT, Vol: Stable, Doc: "The date that a text means by a template.", Example: "to_date('05 Dec 2000', 'DD Mon YYYY') → 2000-12-05",
		Kernel: map2(func(_ *Ctx, text, template []byte) (int32, error) {
			f, err := fromChar(string(text), template)
			if err != nil {
				return 0, err
			}
			days, err := f.date()
			if err == nil {
				_, err = f.clock() // read, so it must be valid
			}
			return int32(days), err
		})},
}

// scanned are the fields that a text gave; a pointer-free zero value says "not given", as in PostgreSQL's TmFromChar.
type scanned struct {
	source                                                              string
	year, yearLen, month, day, yday, century, julian, week, weekOfMonth int
	isoYear, isoWeek, isoDay, isoYday                                   int
	hour, minute, sec, ms, us, ssss                                     int
	twelve, pm, bc, gregorian, iso                                      bool
	hasZone                                                             bool
	zoneSign, zoneHour, zoneMinute                                      int
}

// charScanner walks a text along a template.
type charScanner struct {
	scanned
	in    string
	nodes []templateNode
	at    int // in nodes
	fixed bool
}

// fromChar reads text by a template: fields skip blanks before them, a separator of the template matches one of the text
// or none, any other character matches any (DCH_from_char).
func fromChar(text string, template []byte) (*scanned, error) {
	nodes, _ := dateTemplates.get(template, false)
	s := &charScanner{scanned: scanned{source: text}, in: text, nodes: nodes}
	skipped := 0
	for s.at = 0; s.at < len(nodes) && s.in != ""; s.at++ {
		n := &nodes[s.at]
		if !s.fixed && (n.key != "" && n.key != "FX" || s.at == 0) {
			skipped += s.skipSpace()
		}
		switch {
		case n.key == "" && isSeparator(n.literal):
			skipped = s.separator(skipped)
		case n.key == "":
			for range utf8.RuneCountInString(n.literal) {
				if !s.fixed && skipped > 0 {
					skipped--
				} else {
					s.in = dropRune(s.in)
				}
			}
		default:
			if err := s.field(n); err != nil {
				return nil, err
			}
			if !s.fixed {
				skipped = s.skipSpace()
			}
		}
	}
	return &s.scanned, nil
}

func dropRune(s string) string {
	_, w := utf8.DecodeRuneInString(s)
	return s[w:]
}

// isSeparator reports whether a template character is a blank or punctuation.
func isSeparator(s string) bool {
	return len(s) == 1 && s[0] < utf8.RuneSelf && s[0] != '"' && !isAlnum(s[0])
}

func (s *charScanner) separator(skipped int) int {
	if s.fixed {
		s.in = dropRune(s.in)
		return skipped
	}
	skipped--
	if s.in != "" && isSeparator(s.in[:1]) {
		s.in = s.in[1:]
		skipped++
	}
	return skipped
}

func (s *charScanner) skipSpace() int {
	rest := strings.TrimLeft(s.in, " \t\n\r\v\f")
	n := len(s.in) - len(rest)
	s.in = rest
	return n
}

// digitKeys are the keywords that read digits: before one of them a field has its fixed width.
var digitKeys = wordSet("CC DDD DD D FF1 FF2 FF3 FF4 FF5 FF6 HH24 HH12 HH IDDD ID IW IYYY IYY IY I J MI MM MS Q SSSSS SSSS SS US WW W Y,YYY YYYY YYY YY Y")

// bounded reports whether the field at s.at must be read with its fixed width, because digits follow.
func (s *charScanner) bounded(n *templateNode) bool {
	if n.fill || n.ordinal != "" || s.at+1 == len(s.nodes) {
		return false
	}
	next := s.nodes[s.at+1]
	if next.key != "" {
		return digitKeys[next.upper]
	}
	return next.literal[0] >= '0' && next.literal[0] <= '9'
}

// int reads a number of at most width digits; used is how many characters it took.
func (s *charScanner) int(n *templateNode, width int) (v, used int, err error) {
	s.skipSpace()
	text := s.in
	if s.bounded(n) {
		if len(text) < width {
			return 0, 0, sqlerr.New(sqlerr.InvalidDatetimeFormat, `source string too short for "%s" formatting field`, n.key).
				WithDetail("Field requires %d characters, but only %d remain.", width, len(text)).
				WithHint(`If your source string is not fixed-width, try using the "FM" modifier.`)
		}
		text = text[:width]
	}
	i, sign := 0, 1
	if i < len(text) && (text[i] == '+' || text[i] == '-') {
		if text[i] == '-' {
			sign = -1
		}
		i++
	}
	start := i
	for i < len(text) && text[i] >= '0' && text[i] <= '9' && v < 1e9 {
		v = v*10 + int(text[i]-'0')
		i++
	}
	switch {
	case i == start:
		return 0, 0, invalidField(s.in[:min(len(s.in), width)], n).WithDetail("Value must be an integer.")
	case s.bounded(n) && i < width:
		return 0, 0, invalidField(text, n).WithDetail("Field requires %d characters, but only %d could be parsed.", width, i).
			WithHint(`If your source string is not fixed-width, try using the "FM" modifier.`)
	case v > 1<<31-1:
		return 0, 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, `value for "%s" in source string is out of range`, n.key).
			WithDetail("Value must be in the range %d to %d.", -1<<31, 1<<31-1)
	}
	s.in = s.in[i:]
	return sign * v, i, nil
}

func invalidField(value string, n *templateNode) *sqlerr.Error {
	return sqlerr.New(sqlerr.InvalidDatetimeFormat, `invalid value "%s" for "%s"`, value, n.key)
}

// word reads one of words, whatever its case, and gives its index.
func (s *charScanner) word(n *templateNode, words []string) (int, error) {
	for k, w := range words {
		if len(s.in) >= len(w) && strings.EqualFold(s.in[:len(w)], w) {
			s.in = s.in[len(w):]
			return k, nil
		}
	}
	value, _, _ := strings.Cut(s.in, " ")
	return 0, invalidField(value, n).WithDetail("The given value did not match any of the allowed values for this field.")
}

// set stores a field that may be given twice, but not with different values.
func (s *charScanner) set(dst *int, v int, n *templateNode) error {
	if *dst != 0 && *dst != v {
		return sqlerr.New(sqlerr.InvalidDatetimeFormat, `conflicting values for "%s" field in formatting string`, n.key).
			WithDetail("This value contradicts a previous setting for the same field type.")
	}
	*dst = v
	return nil
}

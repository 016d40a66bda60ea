package datetime

import (
	"math"
	"strconv"
	"strings"
)

// leadingInt reads the integer at the front of s and gives what is behind it.
func leadingInt(s string) (val int, rest string, f fault) {
	return leadingIntBits(s, 32)
}

func leadingIntBits(s string, bits int) (val int, rest string, f fault) {
	i := 0
	if i < len(s) && (s[i] == '-' || s[i] == '+') {
		i++
	}
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	n, err := strconv.ParseInt(s[:i], 10, bits)
	if err != nil && i > 0 && isDigit(s[i-1]) {
		return 0, s, fieldOverflow
	}
	return int(n), s[i:], none
}

// fraction reads ".digits" as a fraction of one; the point alone is zero.
func fraction(s string) (float64, fault) {
	if s == "." {
		return 0, none
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.ContainsAny(s[1:], ".+-_xXpPiInN") {
		return 0, badFormat
	}
	return v, none
}

func fractionMicros(s string) (int64, fault) {
	v, f := fraction(s)
	return int64(math.RoundToEven(v * Second)), f
}

// atoi is C's atoi on digits: it never fails, and saturates.
func atoi(s string) int {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return math.MaxInt32
	}
	return int(n)
}

// date reads a token with a date's punctuation (DecodeDate).
func (d *decoder) date(s string) (mask, fault) {
	var parts []string
	for s != "" {
		s = strings.TrimLeftFunc(s, func(r rune) bool { return r < 0x80 && !isDigit(byte(r)) && !isAlpha(byte(r)) })
		if s == "" {
			return 0, badFormat // a separator at the end
		}
		kind := isAlpha
		if isDigit(s[0]) {
			kind = isDigit
		}
		n := 0
		for n < len(s) && kind(s[n]) {
			n++
		}
		parts = append(parts, s[:n])
		if s = s[n:]; s != "" {
			s = s[1:] // get rid of the separator
		}
		if len(parts) > maxTokens {
			return 0, badFormat
		}
	}
	seen, out, textMonth, f := d.dateMonth(parts)
	if f != none {
		return 0, f
	}
	for _, p := range parts {
		if p == "" {
			continue
		}
		m, f := d.number(p, textMonth, seen)
		if f != none {
			return 0, f
		}
		if seen&m != 0 {
			return 0, badFormat
		}
		seen |= m
		out |= m
	}
	if seen&^(bit(dayOfYear)|bit(zone)) != dateMask {
		return 0, badFormat
	}
	return out, none
}

// dateMonth takes the name of a month out of the parts: it is the one that is not ambiguous.
func (d *decoder) dateMonth(parts []string) (seen, out mask, text bool, f fault) {
	seen = d.seen
	for i, p := range parts {
		if p == "" || !isAlpha(p[0]) {
			continue
		}
		w := look(dateWords, p)
		if w.kind == ignored {
			continue
		}
		if w.kind != month || seen&bit(month) != 0 {
			return 0, 0, false, badFormat
		}
		d.mon, text = w.value, true
		seen |= bit(month)
		out |= bit(month)
		parts[i] = ""
	}
	return seen, out, text, none
}

// number reads a number that may be any field of a date, by what was seen already (DecodeNumber).
func (d *decoder) number(s string, textMonth bool, seen mask) (mask, fault) {
	val, rest, f := leadingInt(s)
	switch {
	case f != none:
		return 0, f
	case len(rest) == len(s):
		return 0, badFormat
	case rest != "" && rest[0] == '.':
		if len(s)-len(rest) > 2 {
			return d.concatenated(s, seen|dateMask)
		}
		if d.micros, f = fractionMicros(rest); f != none {
			return 0, f
		}
	case rest != "":
		return 0, badFormat
	}
	if len(s) == 3 && seen&dateMask == bit(year) && val >= 1 && val <= 366 {
		d.yday = val
		return bit(dayOfYear) | bit(month) | bit(day), none
	}
	return d.field(s, val, textMonth, seen)
}

// field decides which field of a date a number is.
func (d *decoder) field(s string, val int, textMonth bool, seen mask) (mask, fault) {
	long := len(s) >= 3
	what := unknown
	switch seen & dateMask {
	case 0:
		what = month // MDY
		if long {
			what = year
		}
	case bit(year), bit(day):
		what = month
	case bit(month):
		what = day
		if textMonth && long {
			what = year
		}
	case bit(year) | bit(month):
		what = day
		if textMonth && long && d.twoDigits {
			// The guess that the first number was the year was wrong: it is DD-MON-YYYY.
			d.mday, d.year, d.twoDigits = d.year, val, false
			return bit(day), none
		}
	case bit(month) | bit(day):
		what = year
	case dateMask:
		return d.concatenated(s, seen)
	}
	switch what {
	case year:
		d.year, d.twoDigits = val, len(s) <= 2
	case month:
		d.mon = val
	case day:
		d.mday = val
	default:
		return 0, badFormat
	}
	return bit(what), none
}

// concatenated reads a date or time whose fields have nothing between them (DecodeNumberField).
func (d *decoder) concatenated(s string, seen mask) (mask, fault) {
	if i := strings.IndexByte(s, '.'); i >= 0 {
		var f fault
		if d.micros, f = fractionMicros(s[i:]); f != none {
			return 0, f
		}
		s = s[:i]
	} else if n := len(s); seen&dateMask != dateMask && n >= 6 {
		d.year, d.mon, d.mday = atoi(s[:n-4]), atoi(s[n-4:n-2]), atoi(s[n-2:])
		if n == 6 {
			d.twoDigits = true
		}
		return dateMask, none
	}
	if seen&timeMask != timeMask {
		switch len(s) {
		case 6:
			d.hour, d.min, d.sec = atoi(s[:2]), atoi(s[2:4]), atoi(s[4:])
			return timeMask, none
		case 4:
			d.hour, d.min, d.sec = atoi(s[:2]), atoi(s[2:]), 0
			return timeMask, none
		}
	}
	return 0, badFormat
}

// clockTime reads hh:mm[:ss[.frac]] or mm:ss.frac (DecodeTimeCommon). swap reads hh:mm as mm:ss.
func (t *fields) clockTime(s string, swap bool) fault {
	var f fault
	var rest string
	// Hours of an interval may be many; a time of day is checked by the caller.
	if t.hour, rest, f = leadingIntBits(s, 64); f != none {
		return f
	}
	if rest == "" || rest[0] != ':' {
		return badFormat
	}
	if t.min, rest, f = leadingInt(rest[1:]); f != none {
		return f
	}
	t.sec, t.micros = 0, 0
	switch {
	case rest == "":
		if swap {
			t.sec, t.min, t.hour = t.min, t.hour, 0
		}
	case rest[0] == '.':
		if t.micros, f = fractionMicros(rest); f != none {
			return f
		}
		t.sec, t.min, t.hour = t.min, t.hour, 0
	case rest[0] == ':':
		if t.sec, rest, f = leadingInt(rest[1:]); f != none {
			return f
		}
		if rest != "" {
			if rest[0] != '.' {
				return badFormat
			}
			if t.micros, f = fractionMicros(rest); f != none {
				return f
			}
		}
	default:
		return badFormat
	}
	if t.hour < 0 || t.min < 0 || t.min > 59 || t.sec < 0 || t.sec > 60 || t.micros < 0 || t.micros > Second {
		return fieldOverflow
	}
	return none
}

// maxZoneHours bounds the hours of an offset.
const maxZoneHours = 15

// decodeZoneOffset reads +hh[:mm[:ss]] or +hhmm as seconds east of Greenwich (DecodeTimezone).
func decodeZoneOffset(s string) (east int, f fault) {
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0, badFormat
	}
	h, rest, f := leadingInt(s[1:])
	if f != none {
		return 0, zoneOverflow
	}
	var m, sec int
	if rest != "" && rest[0] == ':' {
		if m, rest, f = leadingInt(rest[1:]); f != none {
			return 0, zoneOverflow
		}
		if rest != "" && rest[0] == ':' {
			if sec, rest, f = leadingInt(rest[1:]); f != none {
				return 0, zoneOverflow
			}
		}
	} else if rest == "" && len(s) > 3 {
		h, m = h/100, h%100
	}
	if h < 0 || h > maxZoneHours || m < 0 || m > 59 || sec < 0 || sec > 59 {
		return 0, zoneOverflow
	}
	if rest != "" {
		return 0, badFormat
	}
	east = (h*60+m)*60 + sec
	if s[0] == '-' {
		east = -east
	}
	return east, none
}

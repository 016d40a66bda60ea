package datetime

import (
	"math"
	"strconv"
)

// isoInterval reads ISO 8601: P1Y2M3DT4H5M6S, P0001-02-03T04:05:06 or P00010203T040506 (DecodeISO8601Interval).
type isoInterval struct {
	*intervalParts
	s         string
	timePart  bool
	haveField bool
}

func (p *intervalParts) parseISO(s string) fault {
	if len(s) < 2 || s[0] != 'P' {
		return badFormat
	}
	r := isoInterval{intervalParts: p, s: s[1:]}
	for r.s != "" {
		if r.s[0] == 'T' {
			r.startTime()
			continue
		}
		done, f := r.field()
		if f != none || done {
			return f
		}
	}
	return none
}

func (r *isoInterval) startTime() {
	r.s, r.timePart, r.haveField = r.s[1:], true, false
}

// field reads a number and what follows it: a unit, or the rest of an alternative format.
func (r *isoInterval) field() (done bool, f fault) {
	width := leadingDigits(r.s)
	val, frac, f := r.number()
	if f != none {
		return false, f
	}
	unit := r.next()
	var ok bool
	switch {
	case !r.timePart && unit == 'Y':
		ok = r.addYears(val, frac, 1)
	case !r.timePart && unit == 'M':
		ok = r.addMonths(val, frac)
	case !r.timePart && unit == 'W':
		ok = r.addDays(val, 7) && r.addFracDays(frac, 7)
	case !r.timePart && unit == 'D':
		ok = r.addDays(val, 1) && r.addFracMicros(frac, Day)
	case !r.timePart && (unit == 'T' || unit == 0 || unit == '-'):
		return r.alternativeDate(unit, width, val, frac)
	case r.timePart && unit == 'H':
		ok = r.addMicros(val, frac, Hour)
	case r.timePart && unit == 'M':
		ok = r.addMicros(val, frac, Minute)
	case r.timePart && unit == 'S':
		ok = r.addMicros(val, frac, Second)
	case r.timePart && (unit == 0 || unit == ':'):
		return r.alternativeTime(unit, width, val, frac)
	default:
		return false, badFormat
	}
	r.haveField = true
	return false, overflowUnless(ok)
}

func overflowUnless(ok bool) fault {
	if ok {
		return none
	}
	return fieldOverflow
}

// next takes the next character; 0 at the end.
func (r *isoInterval) next() byte {
	if r.s == "" {
		return 0
	}
	c := r.s[0]
	r.s = r.s[1:]
	return c
}

// alternativeDate reads YYYYMMDD or YYYY-MM-DD; the first number and the character behind it have been read.
func (r *isoInterval) alternativeDate(unit byte, width int, val int64, frac float64) (done bool, f fault) {
	if unit != '-' && width == 8 && !r.haveField {
		ok := r.addYears(val/10000, 0, 1) && r.addMonths(val/100%100, 0) && r.addDays(val%100, 1) && r.addFracMicros(frac, Day)
		r.timePart, r.haveField = true, false
		return unit == 0, overflowUnless(ok)
	}
	if r.haveField {
		return false, badFormat
	}
	if !r.addYears(val, frac, 1) {
		return false, fieldOverflow
	}
	if unit == '-' {
		if done, f = r.part(func(v int64, fr float64) bool { return r.addMonths(v, fr) }, '-'); done || f != none {
			return done, f
		}
		if r.timePart {
			return false, none
		}
		if done, f = r.part(func(v int64, fr float64) bool { return r.addDays(v, 1) && r.addFracMicros(fr, Day) }, 0); done || f != none {
			return done, f
		}
		return false, none
	}
	r.timePart, r.haveField = true, false
	return unit == 0, none
}

// part reads a further number of an alternative date, and what follows: the end, T, or the separator.
func (r *isoInterval) part(add func(int64, float64) bool, separator byte) (done bool, f fault) {
	val, frac, f := r.number()
	if f != none {
		return false, f
	}
	if !add(val, frac) {
		return false, fieldOverflow
	}
	switch c := r.next(); {
	case c == 0:
		return true, none
	case c == 'T' && !r.timePart:
		r.timePart, r.haveField = true, false
		return false, none
	case separator != 0 && c == separator:
		return false, none
	}
	return false, badFormat
}

// alternativeTime reads HHMMSS or HH:MM:SS.
func (r *isoInterval) alternativeTime(unit byte, width int, val int64, frac float64) (done bool, f fault) {
	if unit == 0 && width == 6 && !r.haveField {
		ok := r.addMicros(val/10000, 0, Hour) && r.addMicros(val/100%100, 0, Minute) && r.addMicros(val%100, 0, Second) &&
			r.addFracMicros(frac, Second)
		return true, overflowUnless(ok)
	}
	if r.haveField {
		return false, badFormat
	}
	if !r.addMicros(val, frac, Hour) {
		return false, fieldOverflow
	}
	if unit == 0 {
		return true, none
	}
	done, f = r.part(func(v int64, fr float64) bool { return r.addMicros(v, fr, Minute) }, ':')
	if done || f != none {
		return done, f
	}
	_, f = r.part(func(v int64, fr float64) bool { return r.addMicros(v, fr, Second) }, 0)
	return true, f
}

func leadingDigits(s string) int {
	if s != "" && s[0] == '-' {
		s = s[1:]
	}
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// number reads a float and splits it at the point, towards zero.
func (r *isoInterval) number() (val int64, frac float64, f fault) {
	i := 0
	if i < len(r.s) && r.s[i] == '-' {
		i++
	}
	from := i
	for i < len(r.s) && (isDigit(r.s[i]) || r.s[i] == '.') {
		i++
	}
	if i == from {
		return 0, 0, badFormat
	}
	// strtod takes an exponent too.
	if j := i; j < len(r.s) && (r.s[j] == 'e' || r.s[j] == 'E') {
		j++
		if j < len(r.s) && (r.s[j] == '-' || r.s[j] == '+') {
			j++
		}
		for k := j; j < len(r.s) && isDigit(r.s[j]); j++ {
			i = max(k, j) + 1
		}
	}
	v, err := strconv.ParseFloat(r.s[:i], 64)
	if err != nil {
		return 0, 0, badFormat
	}
	if v < -1e15 || v > 1e15 {
		return 0, 0, fieldOverflow
	}
	r.s = r.s[i:]
	whole := math.Trunc(v)
	return int64(whole), v - whole, none
}

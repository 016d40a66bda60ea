package datetime

import (
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// ParseDate reads a date.
func ParseDate(s string, c Clock) (int32, error) {
	if d, ok := ISODate(s); ok {
		return d, nil
	}
	d, err := decode(s, "date", c, false)
	if err != nil {
		return 0, err
	}
	switch d.special {
	case wordLate:
		return DateInfinity, nil
	case wordEarly:
		return DateNegInfinity, nil
	case wordEpoch:
		return 0, nil
	}
	days := Days(d.year, d.mon, d.mday)
	if days < MinDate || days > MaxDate {
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, `date out of range: "%s"`, s)
	}
	return int32(days), nil
}

// ParseTimestamp reads a timestamp without time zone; a zone in the text is ignored, as the standard has it.
func ParseTimestamp(s string, c Clock) (int64, error) {
	if ts, n := ISOTimestamp(s); n > 0 && n == len(s) {
		return ts, nil
	}
	ts, _, err := parseTimestamp(s, "timestamp", c)
	return ts, err
}

// ParseTimestamptz reads a timestamp with time zone as the instant it is.
func ParseTimestamptz(s string, c Clock) (int64, error) {
	if ts, ok := ISOTimestamptz(s, c.Zone == nil || c.Zone == time.UTC); ok {
		return ts, nil
	}
	ts, east, err := parseTimestamp(s, "timestamp with time zone", c)
	if err != nil || !IsFinite(ts) {
		return ts, err
	}
	if ts -= int64(east) * Second; !ValidTimestamp(ts) {
		return 0, outOfRange(s)
	}
	return ts, nil
}

func outOfRange(s string) error {
	return sqlerr.New(sqlerr.DatetimeFieldOverflow, `timestamp out of range: "%s"`, s)
}

// parseTimestamp gives the local timestamp and its zone's offset.
func parseTimestamp(s, typeName string, c Clock) (ts int64, east int, err error) {
	d, err := decode(s, typeName, c, false)
	if err != nil {
		return 0, 0, err
	}
	switch d.special {
	case wordLate:
		return Infinity, 0, nil
	case wordEarly:
		return NegInfinity, 0, nil
	case wordEpoch:
		return 0, 0, nil
	}
	ts, ok := join(Days(d.year, d.mon, d.mday), d.timeOfDay())
	if !ok {
		return 0, 0, outOfRange(s)
	}
	return ts, d.east, nil
}

// ParseTime reads a time of day, in microseconds; 24:00 is allowed.
func ParseTime(s string, c Clock) (int64, error) {
	d, err := decode(s, "time", c, true)
	if err != nil {
		return 0, err
	}
	return d.timeOfDay(), nil
}

// maxText is how long a text may be: PostgreSQL's work buffer plus blanks.
const maxText = 1024

func decode(s, typeName string, c Clock, timeOnly bool) (*decoder, error) {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	d := &decoder{clock: c, timeOnly: timeOnly}
	f := badFormat
	if len(s) <= maxText {
		if d.toks, f = tokens(s); f == none {
			f = d.run()
		}
	}
	if d.badZone != "" {
		return nil, unknownZone(d.badZone)
	}
	return d, report(f, s, typeName)
}

// text is what the fast paths read: the two forms of bytes, so that none is copied into the other.
type text interface{ ~string | ~[]byte }

// digits reads n digits of s from i on; -1 if they are not all digits.
func digits[S text](s S, i, n int) int {
	v := 0
	for _, c := range []byte(s[i : i+n]) {
		if c -= '0'; c > 9 {
			return -1
		}
		v = v*10 + int(c)
	}
	return v
}

// ISODate reads YYYY-MM-DD and nothing else: the fast path of ParseDate. Not ok says nothing about the text.
func ISODate[S text](s S) (date int32, ok bool) {
	if len(s) != 10 {
		return 0, false
	}
	days, ok := isoDate(s)
	return int32(days), ok
}

// isoDate reads YYYY-MM-DD at the front of s.
func isoDate[S text](s S) (days int, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y, m, d := digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2)
	if y <= 0 || m < 1 || m > 12 || d < 1 || d > 28 && d > DaysIn(y, m) {
		return 0, false
	}
	return Days(y, m, d), true
}

// ISOTimestamp reads YYYY-MM-DD(blank | T)HH:MM:SS[.ffffff] at the front of s, and says how much of s that is: the fast
// path of the timestamp types. Zero says nothing about the text.
func ISOTimestamp[S text](s S) (ts int64, n int) {
	days, ok := isoDate(s)
	if !ok || len(s) < 19 || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0, 0
	}
	h, min, sec := digits(s, 11, 2), digits(s, 14, 2), digits(s, 17, 2)
	if h < 0 || h > 23 || min < 0 || min > 59 || sec < 0 || sec > 59 {
		return 0, 0
	}
	ts = int64(days)*Day + int64(h)*Hour + int64(min)*Minute + int64(sec)*Second
	if len(s) == 19 || s[19] != '.' {
		return ts, 19
	}
	unit := int64(Second)
	for n = 20; n < len(s) && isDigit(s[n]); n++ {
		if unit /= 10; unit == 0 {
			return 0, 0 // digits beyond microseconds are rounded, elsewhere
		}
		ts += int64(s[n]-'0') * unit
	}
	if n == 20 {
		return 0, 0
	}
	return ts, n
}

// ISOTimestamptz is ISOTimestamp for a whole text with an offset of zero, or none where the zone is UTC.
func ISOTimestamptz[S text](s S, utc bool) (ts int64, ok bool) {
	ts, n := ISOTimestamp(s)
	if n == 0 {
		return 0, false
	}
	switch rest := s[n:]; len(rest) {
	case 0:
		return ts, utc
	case 1:
		return ts, rest[0] == 'Z'
	case 3:
		return ts, rest[0] == '+' && rest[1] == '0' && rest[2] == '0'
	}
	return 0, false
}

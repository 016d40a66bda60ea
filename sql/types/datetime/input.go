package datetime

import (
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// ParseDate reads a date.
func ParseDate(s string, c Clock) (int32, error) {
	if y, m, d, n := isoDate(s); n == len(s) && validISO(y, m, d) {
		return int32(Days(y, m, d)), nil
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
	if ts, rest, ok := isoTimestamp(s); ok && rest == "" {
		return ts, nil
	}
	ts, _, err := parseTimestamp(s, "timestamp", c)
	return ts, err
}

// ParseTimestamptz reads a timestamp with time zone as the instant it is.
func ParseTimestamptz(s string, c Clock) (int64, error) {
	if ts, rest, ok := isoTimestamp(s); ok {
		if rest == "+00" || rest == "Z" || rest == "" && c.Zone == time.UTC {
			return ts, nil
		}
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

// digits reads n digits of s from i on; -1 if they are not all digits.
func digits(s string, i, n int) int {
	v := 0
	for _, c := range []byte(s[i : i+n]) {
		if c -= '0'; c > 9 {
			return -1
		}
		v = v*10 + int(c)
	}
	return v
}

// isoDate reads YYYY-MM-DD at the front of s; n is its length, 0 when there is none.
func isoDate(s string) (y, m, d, n int) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, 0, 0
	}
	y, m, d = digits(s, 0, 4), digits(s, 5, 2), digits(s, 8, 2)
	return y, m, d, 10
}

func validISO(y, m, d int) bool {
	return y > 0 && m >= 1 && m <= 12 && d >= 1 && (d <= 28 || d <= DaysIn(y, m))
}

// isoTimestamp is the fast path for YYYY-MM-DD(blank | T)HH:MM:SS[.ffffff]; rest is what stands behind it.
func isoTimestamp(s string) (ts int64, rest string, ok bool) {
	y, m, d, n := isoDate(s)
	if n == 0 || !validISO(y, m, d) || len(s) < 19 || s[10] != ' ' && s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return 0, "", false
	}
	h, min, sec := digits(s, 11, 2), digits(s, 14, 2), digits(s, 17, 2)
	if h < 0 || h > 23 || min < 0 || min > 59 || sec < 0 || sec > 59 {
		return 0, "", false
	}
	ts = int64(Days(y, m, d))*Day + int64(h)*Hour + int64(min)*Minute + int64(sec)*Second
	if rest = s[19:]; rest == "" || rest[0] != '.' {
		return ts, rest, true
	}
	unit := int64(Second)
	i := 1
	for ; i < len(rest) && isDigit(rest[i]); i++ {
		if unit /= 10; unit == 0 {
			return 0, "", false // digits beyond microseconds are rounded, elsewhere
		}
		ts += int64(rest[i]-'0') * unit
	}
	return ts, rest[i:], i > 1
}

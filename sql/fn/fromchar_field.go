package fn

import (
	"strings"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// field reads one keyword's field.
func (s *charScanner) field(n *templateNode) error {
	key := n.upper
	if err := s.calendar(key); err != nil {
		return err
	}
	if dst, width := s.number(key); dst != nil {
		v, _, err := s.int(n, width)
		if err != nil {
			return err
		}
		s.ordinal(n)
		return s.set(dst, v, n)
	}
	switch key {
	case "FX":
		s.fixed = true
	case "MS", "US", "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		return s.fraction(n, key)
	case "AM", "PM", "A.M.", "P.M.":
		words := []string{"AM", "PM"}
		if strings.Contains(key, ".") {
			words = []string{"A.M.", "P.M."}
		}
		k, err := s.word(n, words)
		s.pm, s.twelve = k == 1, true
		return err
	case "BC", "AD", "B.C.", "A.D.":
		words := []string{"AD", "BC"}
		if strings.Contains(key, ".") {
			words = []string{"A.D.", "B.C."}
		}
		k, err := s.word(n, words)
		s.bc = k == 1
		return err
	case "TZH":
		return s.zoneHours(n)
	case "TZ", "OF":
		return sqlerr.New(sqlerr.FeatureNotSupported, `formatting field "%s" is only supported in to_char`, n.key)
	default:
		return s.dateField(n, key)
	}
	return nil
}

// calendar refuses to mix Gregorian and ISO week fields.
func (s *charScanner) calendar(key string) error {
	switch {
	case key == "IYYY" || key == "IYY" || key == "IY" || key == "I" || key == "IW" || key == "ID" || key == "IDDD":
		s.iso = true
	case strings.HasPrefix(key, "Y") || key == "MM" || key == "MON" || key == "MONTH" || key == "DD" || key == "DDD" || key == "WW" || key == "W" || key == "RM" || key == "CC":
		s.gregorian = true
	}
	if s.iso && s.gregorian {
		return sqlerr.New(sqlerr.InvalidDatetimeFormat, "invalid combination of date conventions").
			WithHint("Do not mix Gregorian and ISO week date conventions in a formatting template.")
	}
	return nil
}

// number is where a plain number goes and its width; nil for other fields.
func (s *charScanner) number(key string) (dst *int, width int) {
	switch key {
	case "HH", "HH12":
		s.twelve = true
		return &s.hour, 2
	case "HH24":
		return &s.hour, 2
	case "MI":
		return &s.minute, 2
	case "SS":
		return &s.sec, 2
	case "SSSS", "SSSSS":
		return &s.ssss, len(key)
	case "MM":
		return &s.month, 2
	case "DD":
		return &s.day, 2
	case "DDD":
		return &s.yday, 3
	case "WW":
		return &s.week, 2
	case "W":
		return &s.weekOfMonth, 1
	case "CC":
		return &s.century, 2
	case "J":
		return &s.julian, 7
	case "IW":
		return &s.isoWeek, 2
	case "ID":
		return &s.isoDay, 1
	case "IDDD":
		return &s.isoYday, 3
	case "TZM":
		s.hasZone = true
		if s.zoneSign == 0 {
			s.zoneSign = 1
		}
		return &s.zoneMinute, 2
	}
	return nil, 0
}

// ordinal skips the two letters of TH.
func (s *charScanner) ordinal(n *templateNode) {
	if n.ordinal != "" && len(s.in) >= 2 {
		s.in = s.in[2:]
	}
}

// fraction reads digits of the second: .5 is 500 ms.
func (s *charScanner) fraction(n *templateNode, key string) error {
	width := map[string]int{"MS": 3, "US": 6}[key]
	if width == 0 {
		width = int(key[2] - '0')
	}
	v, used, err := s.int(n, width)
	if err != nil {
		return err
	}
	scale := 6
	if key == "MS" {
		scale = 3
	}
	for ; used < scale; used++ {
		v *= 10
	}
	for ; used > scale; used-- {
		v /= 10
	}
	if key == "MS" {
		return s.set(&s.ms, v, n)
	}
	return s.set(&s.us, v, n)
}

func (s *charScanner) zoneHours(n *templateNode) error {
	s.zoneSign, s.hasZone = 1, true
	if s.in != "" && (s.in[0] == '+' || s.in[0] == '-' || s.in[0] == ' ') {
		if s.in[0] == '-' {
			s.zoneSign = -1
		}
		s.in = s.in[1:]
	}
	v, _, err := s.int(n, 2)
	s.zoneHour = v
	return err
}

// dateField reads years, and names of months and days.
func (s *charScanner) dateField(n *templateNode, key string) error {
	switch key {
	case "Y,YYY":
		thousands, rest, ok := strings.Cut(s.in, ",")
		if !ok || len(rest) < 3 {
			return sqlerr.New(sqlerr.InvalidDatetimeFormat, `invalid input string for "Y,YYY"`)
		}
		s.in = thousands + rest
		v, _, err := s.int(&templateNode{key: n.key, upper: n.upper, fill: true}, 4)
		s.yearLen = 4
		return orSet(s, err, &s.year, v, n)
	case "YYYY", "YYY", "YY", "Y":
		v, used, err := s.int(n, len(key))
		if len(key) < 4 && used < 4 {
			v = fullYear(v, used)
		}
		s.yearLen = len(key)
		s.ordinal(n)
		return orSet(s, err, &s.year, v, n)
	case "IYYY", "IYY", "IY", "I":
		v, used, err := s.int(n, len(key))
		if len(key) < 4 && used < 4 {
			v = fullYear(v, used)
		}
		return orSet(s, err, &s.isoYear, v, n)
	case "MONTH", "MON":
		words := make([]string, 12)
		for m := range words {
			words[m] = time.Month(m + 1).String()
			if key == "MON" {
				words[m] = words[m][:3]
			}
		}
		k, err := s.word(n, words)
		return orSet(s, err, &s.month, k+1, n)
	case "RM":
		for m := 12; m > 0; m-- { // the longer of those that begin alike stand behind
			if r := romanMonths[m-1]; len(s.in) >= len(r) && strings.EqualFold(s.in[:len(r)], r) {
				s.in = s.in[len(r):]
				return s.set(&s.month, m, n)
			}
		}
		return invalidField(s.in, n)
	case "DAY", "DY":
		words := make([]string, 7)
		for d := range words {
			words[d] = time.Weekday(d).String()
			if key == "DY" {
				words[d] = words[d][:3]
			}
		}
		_, err := s.word(n, words)
		return err
	case "D", "Q":
		_, _, err := s.int(n, 1)
		return err
	}
	return nil
}

func orSet(s *charScanner, err error, dst *int, v int, n *templateNode) error {
	if err != nil {
		return err
	}
	return s.set(dst, v, n)
}

// fullYear is the year of 1, 2 or 3 digits that is nearest to 2020.
func fullYear(v, digits int) int {
	switch {
	case v < 0 || digits > 3:
		return v
	case v < 70:
		return v + 2000
	case v < 100:
		return v + 1900
	case v < 520:
		return v + 2000
	}
	return v + 1000
}

// date is the day that the fields give; what is missing is the first.
func (s *scanned) date() (int, error) {
	switch {
	case s.julian != 0:
		return s.julian - julianEpoch, nil
	case s.isoWeek != 0 || s.isoYday != 0:
		return s.isoDate()
	}
	year, month, day := s.fullDate(), max(s.month, 1), max(s.day, 1)
	if s.month == 0 && s.day == 0 {
		switch {
		case s.yday != 0:
			if year == 0 && s.year == 0 {
				return 0, sqlerr.New(sqlerr.InvalidDatetimeFormat, "cannot calculate day of year without year information")
			}
			if s.yday < 1 || s.yday > 366 || datetime.Days(year+1, 1, 1)-datetime.Days(year, 1, 1) < s.yday {
				return 0, s.outOfRange()
			}
			return datetime.Days(year, 1, 1) + s.yday - 1, nil
		case s.week != 0:
			return datetime.Days(year, 1, 1) + (s.week-1)*7, nil
		}
	} else if s.weekOfMonth != 0 && s.day == 0 {
		day = (s.weekOfMonth-1)*7 + 1
	}
	if month > 12 || month < 1 || day < 1 || day > datetime.DaysIn(year, month) {
		return 0, s.outOfRange()
	}
	return datetime.Days(year, month, day), nil
}

func (s *scanned) outOfRange() error {
	return sqlerr.New(sqlerr.DatetimeFieldOverflow, `date/time field value out of range: "%s"`, s.source)
}

// fullDate is the astronomical year: a BC year counts down, and none at all is 1 BC, as in PostgreSQL.
func (s *scanned) fullDate() int {
	year := s.year
	if s.century != 0 && s.yearLen <= 2 {
		year = (s.century-1)*100 + s.year%100
		if s.year%100 == 0 {
			year = s.century * 100
			if s.yearLen == 0 {
				year = (s.century-1)*100 + 1
			}
		}
	}
	if s.bc {
		return -year + 1
	}
	if year < 0 {
		return year + 1
	}
	return year
}

func (s *scanned) isoDate() (int, error) {
	if s.isoYear == 0 {
		return 0, sqlerr.New(sqlerr.InvalidDatetimeFormat, "cannot calculate day of year without year information")
	}
	jan4 := datetime.Days(s.isoYear, 1, 4)
	monday := jan4 - (datetime.Weekday(jan4)+6)%7
	if s.isoYday != 0 {
		return monday + s.isoYday - 1, nil
	}
	return monday + (s.isoWeek-1)*7 + max(s.isoDay, 1) - 1, nil
}

// timestamp is the date with the time of day.
func (s *scanned) timestamp() (int64, error) {
	days, err := s.date()
	if err != nil {
		return 0, err
	}
	us, err := s.clock()
	if err != nil {
		return 0, err
	}
	ts := int64(days)*datetime.Day + us
	if int64(days) > datetime.MaxTimestamp/datetime.Day || !datetime.ValidTimestamp(ts) {
		return 0, timestampOutOfRange()
	}
	return ts, nil
}

// clock is the time of day.
func (s *scanned) clock() (int64, error) {
	hour := s.hour
	if s.twelve {
		if hour < 1 || hour > 12 {
			return 0, sqlerr.New(sqlerr.InvalidDatetimeFormat, `hour "%d" is invalid for the 12-hour clock`, hour).
				WithHint("Use the 24-hour clock, or give an hour between 1 and 12.")
		}
		if hour %= 12; s.pm {
			hour += 12
		}
	}
	minute, sec := s.minute, s.sec
	if s.ssss != 0 {
		hour, minute, sec = s.ssss/3600, s.ssss/60%60, s.ssss%60
	}
	if hour < 0 || hour > 24 || minute < 0 || minute > 59 || sec < 0 || sec > 59 {
		return 0, s.outOfRange()
	}
	return int64(hour)*datetime.Hour + int64(minute)*datetime.Minute + int64(sec)*datetime.Second + int64(s.ms)*1000 + int64(s.us), nil
}

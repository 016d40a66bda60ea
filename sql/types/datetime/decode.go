package datetime

import (
	"strconv"
	"strings"
	"time"
)

// fields are the parts of a date and time as they are read.
type fields struct {
	year, mon, mday, yday int
	hour, min, sec        int
	micros                int64
}

// Clock is the now and the zone that a text may refer to.
type Clock struct {
	// Now is the start of the transaction; nil refuses words such as "today".
	Now func() int64
	// Zone is that of a timestamp with time zone that names none.
	Zone *time.Location
}

// decoder turns tokens into fields (DecodeDateTime, and with timeOnly DecodeTimeOnly).
type decoder struct {
	fields
	clock    Clock
	toks     []token
	timeOnly bool

	seen      mask
	prefix    kind // the label before an "ISO" field, as in y2001m02d04; reserved: none
	meridiem  int
	textMonth bool
	isJulian  bool
	twoDigits bool
	bc        bool
	named     *time.Location
	special   int // wordEpoch, wordLate or wordEarly, when it is one
	badZone   string
	east      int // offset in seconds, once zone is in seen or by default
}

func (d *decoder) run() fault {
	for i := range d.toks {
		m, skip, f := d.step(i)
		if f != none {
			return f
		}
		if skip {
			continue
		}
		if m&d.seen != 0 {
			return badFormat
		}
		d.seen |= m
	}
	if d.special != 0 {
		return none
	}
	return d.finish()
}

// step reads one token; m are the fields it filled.
func (d *decoder) step(i int) (m mask, skip bool, f fault) {
	t := d.toks[i]
	switch t.class {
	case classDate:
		m, f = d.dateToken(i)
	case classTime:
		if d.prefix != reserved && d.prefix != isoTime {
			return 0, false, badFormat
		}
		d.prefix = reserved
		m, f = timeMask, d.clockTime(t.text, false)
		if f == none && d.timeOverflows() {
			f = fieldOverflow
		}
	case classOffset:
		m = bit(zone)
		d.east, f = decodeZoneOffset(t.text)
	case classNumber:
		if d.prefix != reserved {
			m, f = d.prefixed(t.text)
		} else {
			m, f = d.bareNumber(i)
		}
	default:
		return d.wordToken(i)
	}
	return m, false, f
}

// timeOverflows reports a time beyond 24:00:00.
func (d *decoder) timeOverflows() bool {
	if d.hour < 0 || d.hour > 24 || d.min < 0 || d.min > 59 || d.sec < 0 || d.sec > 60 || d.micros < 0 || d.micros > Second {
		return true
	}
	return d.timeOfDay() > Day
}

func (d *decoder) timeOfDay() int64 {
	return int64(d.hour)*Hour + int64(d.min)*Minute + int64(d.sec)*Second + d.micros
}

// dateToken reads a token that looks like a date: a Julian day with an offset, a zone name, a concatenated time with an
// offset, or a date.
func (d *decoder) dateToken(i int) (mask, fault) {
	s := d.toks[i].text
	if d.prefix == julian {
		return d.julianWithZone(s)
	}
	monthAndDay := bit(month) | bit(day)
	laterPart := d.seen&monthAndDay == monthAndDay
	if d.timeOnly {
		n := len(d.toks)
		laterPart = !(i == 0 && n >= 2 && (d.toks[n-1].class == classDate || d.toks[1].class == classTime))
	}
	if d.prefix == reserved && !laterPart {
		return d.date(s)
	}
	if !isDigit(s[0]) && d.prefix == reserved {
		return d.zoneName(s)
	}
	if d.prefix != reserved && d.prefix != isoTime {
		return 0, badFormat
	}
	d.prefix = reserved
	at := strings.IndexByte(s, '-')
	if d.seen&timeMask == timeMask || at < 0 {
		return 0, badFormat
	}
	var f fault
	if d.east, f = decodeZoneOffset(s[at:]); f != none {
		return 0, f
	}
	seen := d.seen
	if d.timeOnly {
		seen |= dateMask
	}
	m, f := d.concatenated(s[:at], seen)
	return m | bit(zone), f
}

func (d *decoder) julianWithZone(s string) (mask, fault) {
	val, rest, f := leadingInt(s)
	if f != none || val < 0 {
		return 0, fieldOverflow
	}
	d.julianDay(val)
	d.prefix = reserved
	d.east, f = decodeZoneOffset(rest)
	return dateMask | timeMask | bit(zone), f
}

func (d *decoder) julianDay(n int) {
	d.year, d.mon, d.mday = Civil(n + MinDate)
	d.isJulian = true
}

func (d *decoder) zoneName(s string) (mask, fault) {
	loc, ok := LoadZone(s)
	if !ok {
		d.badZone = s
		return 0, badFormat
	}
	d.named = loc
	return bit(zone), none
}

// prefixed reads the number behind a label, as in y2001m02d04, j2451187 or t040506.
func (d *decoder) prefixed(s string) (mask, fault) {
	val, rest, f := leadingInt(s)
	if f != none {
		return 0, f
	}
	p := d.prefix
	d.prefix = reserved
	if rest != "" && (rest[0] != '.' || p != julian && p != isoTime && p != second) {
		return 0, badFormat
	}
	switch p {
	case year:
		d.year = val
	case month:
		if d.seen&bit(month) != 0 && d.seen&bit(hour) != 0 {
			d.min = val
			return bit(minute), none
		}
		d.mon = val
	case day:
		d.mday = val
	case hour:
		d.hour = val
	case minute:
		d.min = val
	case second:
		d.sec = val
		if rest != "" {
			d.micros, f = fractionMicros(rest)
			return secondsMask, f
		}
	case julian:
		return d.julianNumber(val, rest)
	case isoTime:
		m, f := d.concatenated(s, d.seen|dateMask)
		if f == none && m != timeMask {
			f = badFormat
		}
		return m, f
	default:
		return 0, badFormat
	}
	return bit(p), none
}

func (d *decoder) julianNumber(val int, rest string) (mask, fault) {
	if val < 0 {
		return 0, fieldOverflow
	}
	d.julianDay(val)
	if rest == "" {
		return dateMask, none
	}
	frac, err := strconv.ParseFloat(rest, 64)
	if err != nil {
		return 0, badFormat
	}
	t := int64(frac * Day)
	d.hour, d.min, d.sec, d.micros = int(t/Hour), int(t/Minute%60), int(t/Second%60), t%Second
	return dateMask | timeMask, none
}

// bareNumber reads a number without a label.
func (d *decoder) bareNumber(i int) (mask, fault) {
	s := d.toks[i].text
	point := strings.IndexByte(s, '.')
	seen := d.seen
	if d.timeOnly {
		seen |= dateMask
		n := len(d.toks)
		if point >= 0 && i == 0 && n >= 2 && d.toks[n-1].class == classDate {
			return d.date(s)
		}
		switch {
		case point > 2 || point < 0 && len(s) > 4:
			return d.concatenated(s, seen)
		case point >= 0:
			return 0, badFormat
		}
		return d.number(s, false, seen)
	}
	switch {
	case point >= 0 && seen&dateMask == 0:
		return d.date(s)
	case point > 2:
		return d.concatenated(s, seen)
	case len(s) >= 6 && (seen&dateMask == 0 || seen&timeMask == 0):
		return d.concatenated(s, seen)
	}
	return d.number(s, d.textMonth, seen)
}

// finish checks the fields and resolves the zone.
func (d *decoder) finish() fault {
	if f := d.validate(); f != none {
		return f
	}
	if d.meridiem != 0 {
		switch {
		case d.hour > 12:
			return fieldOverflow
		case d.meridiem == am && d.hour == 12:
			d.hour = 0
		case d.meridiem == pm && d.hour != 12:
			d.hour += 12
		}
	}
	if d.timeOnly {
		if d.timeOverflows() {
			return fieldOverflow
		}
		// Without a date a zone with more than one offset says nothing.
		if d.named != nil && d.seen&dateMask != dateMask && !fixed(d.named) {
			return badFormat
		}
		if d.seen&timeMask != timeMask {
			return badFormat
		}
		return none
	}
	if d.seen&dateMask != dateMask {
		return badFormat
	}
	loc := d.named
	if loc == nil && d.seen&bit(zone) == 0 {
		loc = d.clock.Zone
	}
	if loc != nil {
		if d.seen&bit(summerMod) != 0 {
			return badFormat
		}
		local := int64(Days(d.year, d.mon, d.mday))*secondsPerDay + d.timeOfDay()/Second
		d.east = localOffset(local, loc)
	}
	return none
}

// validate checks the date (ValidateDate).
func (d *decoder) validate() fault {
	if d.seen&bit(year) != 0 && !d.isJulian {
		switch {
		case d.bc:
			if d.year <= 0 {
				return fieldOverflow
			}
			d.year = 1 - d.year
		case d.twoDigits:
			if d.year < 0 {
				return fieldOverflow
			}
			if d.year < 70 {
				d.year += 2000
			} else if d.year < 100 {
				d.year += 1900
			}
		case d.year <= 0:
			return fieldOverflow
		}
	}
	if d.seen&bit(dayOfYear) != 0 {
		d.year, d.mon, d.mday = Civil(Days(d.year, 1, 1) + d.yday - 1)
	}
	if d.seen&bit(month) != 0 && (d.mon < 1 || d.mon > 12) || d.seen&bit(day) != 0 && (d.mday < 1 || d.mday > 31) {
		return monthDayOverflow
	}
	if d.seen&dateMask == dateMask && d.mday > DaysIn(d.year, d.mon) {
		return fieldOverflow
	}
	return none
}

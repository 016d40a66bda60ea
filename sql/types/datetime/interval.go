package datetime

import (
	"math"
	"strconv"
	"strings"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Fields are the parts of an interval that an interval type keeps, a bit each, at the positions of PostgreSQL's
// INTERVAL_MASK.
type Fields int32

// The fields, and all of them.
const (
	FieldMonth  Fields = 1 << month
	FieldYear   Fields = 1 << year
	FieldDay    Fields = 1 << day
	FieldHour   Fields = 1 << hour
	FieldMinute Fields = 1 << minute
	FieldSecond Fields = 1 << second
	AllFields   Fields = 0x7fff
)

// Interval is a span of months, days and microseconds, which are not converted into each other.
type Interval struct {
	Months, Days int32
	Micros       int64
}

// ParseInterval reads an interval in any of PostgreSQL's input styles: postgres, verbose, SQL standard and ISO 8601. keep
// decides what a number without a unit is.
func ParseInterval(s string, keep Fields) (Interval, error) {
	d := intervalDecoder{keep: keep}
	f := badFormat
	if len(s) <= maxText {
		var toks []token
		if toks, f = tokens(s); f == none {
			f = d.run(toks)
		}
	}
	if f == badFormat {
		iso := intervalParts{}
		if f = iso.parseISO(s); f == none {
			d.intervalParts = iso
		}
	}
	if f == fieldOverflow {
		f = intervalOverflow
	}
	if f != none {
		return Interval{}, report(f, s, "interval")
	}
	months := int64(d.years)*12 + int64(d.months)
	if months != int64(int32(months)) {
		return Interval{}, sqlerr.New(sqlerr.DatetimeFieldOverflow, "interval out of range")
	}
	return Interval{Months: int32(months), Days: d.days, Micros: d.micros}, nil
}

// intervalParts are the parts of an interval while it is read.
type intervalParts struct {
	years, months, days int32
	micros              int64
}

// addMicros adds (val + frac) × unit microseconds. Each of these functions reports whether there was no overflow.
func (p *intervalParts) addMicros(val int64, frac float64, unit int64) bool {
	prod := val * unit
	if val != 0 && (prod/val != unit || val == -1 && unit == math.MinInt64) {
		return false
	}
	return addInt64(&p.micros, prod) && p.addFracMicros(frac, float64(unit))
}

func (p *intervalParts) addFracMicros(frac, unit float64) bool {
	if frac == 0 {
		return true
	}
	frac *= unit
	us := int64(frac)
	if frac -= float64(us); frac > 0.5 {
		us++
	} else if frac < -0.5 {
		us--
	}
	return addInt64(&p.micros, us)
}

func (p *intervalParts) addDays(val int64, unit int64) bool {
	return mulAddInt32(&p.days, val, unit)
}

func (p *intervalParts) addFracDays(frac float64, unit float64) bool {
	if frac == 0 {
		return true
	}
	frac *= unit
	extra := int64(frac)
	return mulAddInt32(&p.days, extra, 1) && p.addFracMicros(frac-float64(extra), Day)
}

func (p *intervalParts) addYears(val int64, frac float64, unit int64) bool {
	return mulAddInt32(&p.years, val, unit) &&
		mulAddInt32(&p.months, int64(math.RoundToEven(frac*float64(unit)*12)), 1)
}

func (p *intervalParts) addMonths(val int64, frac float64) bool {
	return mulAddInt32(&p.months, val, 1) && p.addFracDays(frac, 30)
}

func addInt64(to *int64, x int64) bool {
	sum := *to + x
	if (sum > *to) != (x > 0) && x != 0 {
		return false
	}
	*to = sum
	return true
}

func mulAddInt32(to *int32, val, unit int64) bool {
	if val != int64(int32(val)) {
		return false
	}
	sum := int64(*to) + val*unit
	if val*unit != int64(int32(val*unit)) || sum != int64(int32(sum)) {
		return false
	}
	*to = int32(sum)
	return true
}

// intervalDecoder turns tokens into parts, from right to left so that the unit is known before its number (DecodeInterval).
type intervalDecoder struct {
	intervalParts
	keep   Fields
	unit   kind // of the number to come; ignored: not known yet
	before bool // "ago"
	seen   mask
}

func (d *intervalDecoder) run(toks []token) fault {
	d.unit = ignored
	for i := len(toks) - 1; i >= 0; i-- {
		m, f := d.step(toks[i])
		if f != none {
			return f
		}
		if m&d.seen != 0 {
			return badFormat
		}
		d.seen |= m
	}
	if d.seen == 0 {
		return badFormat
	}
	if !d.before {
		return none
	}
	if d.micros == math.MinInt64 || d.days == math.MinInt32 || d.months == math.MinInt32 || d.years == math.MinInt32 {
		return fieldOverflow
	}
	d.micros, d.days, d.months, d.years = -d.micros, -d.days, -d.months, -d.years
	return none
}

func (d *intervalDecoder) step(t token) (mask, fault) {
	switch t.class {
	case classTime:
		return d.clock(t.text, false)
	case classOffset:
		if strings.IndexByte(t.text, ':') >= 0 {
			saved := *d
			if m, f := d.clock(t.text[1:], t.text[0] == '-'); f == none {
				return m, none
			}
			*d = saved
		}
		return d.number(t.text)
	case classDate, classNumber:
		return d.number(t.text)
	}
	return d.word(t.text)
}

// clock reads hh:mm:ss; a number to its left without a unit is days.
func (d *intervalDecoder) clock(s string, negative bool) (mask, fault) {
	var t fields
	if f := t.clockTime(s, d.keep == FieldMinute|FieldSecond); f != none {
		return 0, f
	}
	d.micros = 0
	if !d.addMicros(int64(t.hour), 0, Hour) || !d.addMicros(int64(t.min), 0, Minute) ||
		!d.addMicros(int64(t.sec), 0, Second) || !addInt64(&d.micros, t.micros) {
		return 0, fieldOverflow
	}
	if negative {
		d.micros = -d.micros
	}
	d.unit = day
	return timeMask, none
}

func (d *intervalDecoder) word(s string) (mask, fault) {
	switch w := look(unitWords, s); w.kind {
	case ignored:
	case unit:
		d.unit = kind(w.value)
	case ago:
		d.before, d.unit = true, kind(w.value)
	default:
		return 0, badFormat
	}
	return 0, none
}

// lowest is the unit of a last number without one, by the fields that are kept.
func (d *intervalDecoder) lowest() kind {
	switch {
	case d.keep == AllFields || d.keep&FieldSecond != 0:
		return second
	case d.keep&FieldMinute != 0:
		return minute
	case d.keep&FieldHour != 0:
		return hour
	case d.keep&FieldDay != 0:
		return day
	case d.keep&FieldMonth != 0:
		return month
	case d.keep&FieldYear != 0:
		return year
	}
	return second
}

func (d *intervalDecoder) number(s string) (mask, fault) {
	if d.unit == ignored {
		d.unit = d.lowest()
	}
	val, frac, f := d.value(s)
	if f != none {
		return 0, f
	}
	return d.add(val, frac)
}

// value reads a number with sign and fraction, or the SQL standard's years-months, which it turns into months.
func (d *intervalDecoder) value(s string) (val int64, frac float64, f fault) {
	i := 0
	if s[0] == '-' || s[0] == '+' {
		i++
	}
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if digits := strings.TrimLeft(s[:i], "+-"); digits != "" {
		var err error
		if val, err = strconv.ParseInt(s[:i], 10, 64); err != nil {
			return 0, 0, fieldOverflow
		}
	}
	rest := s[i:]
	switch {
	case rest == "":
	case rest[0] == '-':
		months, tail, f := leadingInt(rest[1:])
		if f != none || months < 0 || months >= 12 {
			return 0, 0, fieldOverflow
		}
		if tail != "" {
			return 0, 0, badFormat
		}
		if s[0] == '-' {
			months = -months
		}
		d.unit = month
		if val > math.MaxInt64/12-1 || val < math.MinInt64/12+1 {
			return 0, 0, fieldOverflow
		}
		val = val*12 + int64(months)
	case rest[0] == '.':
		if frac, f = fraction(rest); f != none {
			return 0, 0, f
		}
		if s[0] == '-' {
			frac = -frac
		}
	default:
		return 0, 0, badFormat
	}
	return val, frac, none
}

// timeUnits are the units that are a number of microseconds, and yearUnits those that are a number of years.
var (
	timeUnits = map[kind]int64{microsecond: 1, millisecond: 1000, second: Second, minute: Minute, hour: Hour}
	yearUnits = map[kind]int64{year: 1, decade: 10, century: 100, millennium: 1000}
)

// add adds a number of the current unit.
func (d *intervalDecoder) add(val int64, frac float64) (mask, fault) {
	m := bit(d.unit)
	var ok bool
	switch d.unit {
	case microsecond, millisecond, second, minute, hour:
		ok = d.addMicros(val, frac, timeUnits[d.unit])
		if d.unit == second && frac != 0 {
			m = secondsMask
		}
		if d.unit == hour {
			d.unit = day // for the number to the left
		}
	case day:
		ok = d.addDays(val, 1) && d.addFracMicros(frac, Day)
	case week:
		ok = d.addDays(val, 7) && d.addFracDays(frac, 7)
	case month:
		ok = d.addMonths(val, frac)
	case year, decade, century, millennium:
		ok = d.addYears(val, frac, yearUnits[d.unit])
	default:
		return 0, badFormat
	}
	if !ok {
		return 0, fieldOverflow
	}
	return m, none
}

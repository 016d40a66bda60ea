package fn

import (
	"fmt"
	"strings"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// toCharFuncs print dates, intervals and numbers by a template.
var toCharFuncs = []*Func{
	{Name: "to_char", Args: args(timestampT, textT), Ret: textT, Vol: Stable, Doc: "The timestamp by a template.", Example: "to_char(timestamp '2002-04-20 17:31:12.66', 'HH12:MI:SS') → 05:31:12",
		Kernel: text2(func(_ *Ctx, dst []byte, ts int64, template []byte) ([]byte, error) {
			return charTimestamp(dst, ts, template, nil)
		})},
	{Name: "to_char", Args: args(timestamptzT, textT), Ret: textT, Vol: Stable, Doc: "The moment, in the session's zone, by a template.",
		Example: "to_char(timestamptz '2002-04-20 17:31:12Z', 'HH24 TZ') → 17 UTC",
		Kernel: text2(func(c *Ctx, dst []byte, ts int64, template []byte) ([]byte, error) {
			return charTimestamp(dst, ts, template, c.zone())
		})},
	{Name: "to_char", Args: args(intervalT, textT), Ret: textT, Vol: Stable, Doc: "The interval by a template.", Example: "to_char(interval '15h 2m 12s', 'HH24:MI:SS') → 15:02:12",
		Kernel: text2(charInterval)},
}

// charFields are what a template can print.
type charFields struct {
	interval          bool
	year, month, day  int
	hour, minute, sec int
	us                int
	days              int // since 1970
	yday              int
	zone              string
	offset            int
}

func charTimestamp(dst []byte, ts int64, template []byte, zone *time.Location) ([]byte, error) {
	if !datetime.IsFinite(ts) || len(template) == 0 {
		return dst, errNull
	}
	var f charFields
	if zone != nil {
		f.offset = datetime.Offset(ts, zone)
		f.zone, _ = time.UnixMicro(ts).In(zone).Zone()
		local, ok := datetime.FromUTC(ts, zone)
		if !ok {
			return dst, timestampOutOfRange()
		}
		ts = local
	}
	m := momentOf(ts)
	f.year, f.month, f.day, f.days = m.year, m.month, m.day, m.days
	f.hour, f.minute, f.sec, f.us = int(m.us/datetime.Hour), int(m.us/datetime.Minute%60), int(m.us/datetime.Second%60), int(m.us%datetime.Second)
	f.yday = m.days - datetime.Days(m.year, 1, 1) + 1
	return f.format(dst, template)
}

func charInterval(_ *Ctx, dst []byte, w types.Wide, template []byte) ([]byte, error) {
	if len(template) == 0 {
		return dst, errNull
	}
	months, days, us := w.Interval()
	f := charFields{interval: true, year: int(months) / 12, month: int(months) % 12, day: int(days)}
	f.hour, f.minute, f.sec, f.us = int(us/datetime.Hour), int(us/datetime.Minute%60), int(us/datetime.Second%60), int(us%datetime.Second)
	f.yday = int(months)*30 + int(days)
	return f.format(dst, template)
}

func (f *charFields) format(dst, template []byte) ([]byte, error) {
	nodes, _ := dateTemplates.get(template, false)
	for i := range nodes {
		n := &nodes[i]
		if n.key == "" {
			dst = append(dst, n.literal...)
			continue
		}
		from := len(dst)
		var err error
		if dst, err = f.keyword(dst, n); err != nil {
			return dst, err
		}
		if n.ordinal != "" && len(dst) > from && dst[len(dst)-1] >= '0' && dst[len(dst)-1] <= '9' {
			dst = append(dst, ordinalOf(dst[from:], n.ordinal)...)
		}
	}
	return dst, nil
}

// number prints n with zeros up to width, one more for a minus sign, or without under FM.
func (n *templateNode) number(dst []byte, v, width int) []byte {
	if n.fill {
		width = 0
	} else if v < 0 {
		width++
	}
	return appendPadded(dst, v, width)
}

// days is number for days, where PostgreSQL lets the sign of a negative interval take the place of a digit.
func (n *templateNode) days(dst []byte, v, width int) []byte {
	if n.fill {
		width = 0
	}
	return appendPadded(dst, v, width)
}

// appendPadded prints v in decimal, with zeros after the sign up to a width that counts the sign: the verb %0*d of package fmt, of
// which the parsing would take longer than all else that a date's template needs.
func appendPadded(dst []byte, v, width int) []byte {
	if v < 0 {
		dst, v, width = append(dst, '-'), -v, width-1
	}
	var digits [20]byte
	at := len(digits)
	for ; v != 0 || at == len(digits) || len(digits)-at < width && at > 0; v /= 10 {
		at--
		digits[at] = byte('0' + v%10)
	}
	return append(dst, digits[at:]...)
}

// name prints a word in the keyword's case, padded to width unless FM.
func (n *templateNode) name(dst []byte, s string, width int) []byte {
	switch {
	case n.key == n.upper:
		s = strings.ToUpper(s)
	case n.key == strings.ToLower(n.key):
		s = strings.ToLower(s)
	}
	if n.fill || n.local {
		width = 0
	}
	return fmt.Appendf(dst, "%-*s", width, s)
}

// keyword prints one keyword.
func (f *charFields) keyword(dst []byte, n *templateNode) ([]byte, error) {
	if out, ok := f.clock(dst, n); ok {
		return out, nil
	}
	if out, ok := f.yearField(dst, n); ok {
		return out, nil
	}
	switch n.upper {
	case "MM":
		return n.number(dst, f.month, 2), nil
	case "DDD":
		return n.days(dst, f.yday, 3), nil
	case "DD":
		return n.days(dst, f.day, 2), nil
	case "WW":
		return n.number(dst, (f.yday-1)/7+1, 2), nil
	case "W":
		return n.number(dst, (f.day-1)/7+1, 1), nil
	case "Q":
		if f.month == 0 {
			return dst, nil
		}
		return n.number(dst, (f.month-1)/3+1, 1), nil
	case "RM":
		return f.romanMonth(dst, n), nil
	}
	if f.interval {
		return f.intervalField(dst, n)
	}
	return f.dayField(dst, n), nil
}

// clock prints what is within a day.
func (f *charFields) clock(dst []byte, n *templateNode) ([]byte, bool) {
	switch key := n.upper; key {
	case "A.M.", "P.M.", "AM", "PM":
		half := "AM"
		if f.hour%24 >= 12 {
			half = "PM"
		}
		if strings.Contains(key, ".") {
			half = half[:1] + "." + half[1:] + "."
		}
		return n.name(dst, half, 0), true
	case "HH", "HH12":
		h := f.hour % 12
		if h == 0 {
			h = 12
		}
		return n.number(dst, h, 2), true
	case "HH24":
		return n.number(dst, f.hour, 2), true
	case "MI":
		return n.number(dst, f.minute, 2), true
	case "SS":
		return n.number(dst, f.sec, 2), true
	case "MS":
		return appendPadded(dst, f.us/1000, 3), true
	case "US":
		return appendPadded(dst, f.us, 6), true
	case "FF1", "FF2", "FF3", "FF4", "FF5", "FF6":
		digits := int(key[2] - '0')
		v := f.us
		for range 6 - digits {
			v /= 10
		}
		return appendPadded(dst, v, digits), true
	case "SSSS", "SSSSS":
		return appendPadded(dst, f.hour*3600+f.minute*60+f.sec, 0), true
	case "FX":
		return dst, true
	}
	return dst, false
}

// shown is a year as printed: BC years are positive, beside BC.
func (f *charFields) shown(year int) int {
	if !f.interval && year <= 0 {
		return -(year - 1)
	}
	return year
}

func (f *charFields) yearField(dst []byte, n *templateNode) ([]byte, bool) {
	key := n.upper
	year := f.shown(f.year)
	if strings.HasPrefix(key, "I") {
		isoYear, _ := isoWeek(moment{days: f.days})
		year = f.shown(isoYear)
		if f.interval {
			year = f.year
		}
	}
	switch key {
	case "CC":
		c := century(f.year, 100)
		if f.interval {
			c = f.year / 100
		}
		return n.number(dst, c, 2), true
	case "Y,YYY":
		return fmt.Appendf(dst, "%d,%03d", year/1000, year%1000), true
	case "YYYY", "IYYY":
		return n.number(dst, year, 4), true
	case "YYY", "IYY":
		return n.number(dst, year%1000, 3), true
	case "YY", "IY":
		return n.number(dst, year%100, 2), true
	case "Y", "I":
		return n.number(dst, year%10, 1), true
	}
	return dst, false
}

// intervalField: an interval is tied to no calendar date.
func (f *charFields) intervalField(dst []byte, n *templateNode) ([]byte, error) {
	if strings.EqualFold(n.key, "J") {
		return fmt.Appendf(dst, "%d", f.julianOfFields()), nil
	}
	return dst, sqlerr.New(sqlerr.InvalidDatetimeFormat, "invalid format specification for an interval value").
		WithHint("Intervals are not tied to specific calendar dates.")
}

// julianOfFields is PostgreSQL's date2j, which takes any month and day.
func (f *charFields) julianOfFields() int {
	year, month := f.year+4800, f.month+1
	if f.month <= 2 {
		year, month = f.year+4799, f.month+13
	}
	century := year / 100
	return year*365 - 32167 + year/4 - century + century/4 + 7834*month/256 + f.day
}

// dayField prints what needs a calendar date.
func (f *charFields) dayField(dst []byte, n *templateNode) []byte {
	weekday := datetime.Weekday(f.days)
	switch key := n.upper; key {
	case "MONTH":
		return n.name(dst, time.Month(f.month).String(), 9)
	case "MON":
		return n.name(dst, time.Month(f.month).String()[:3], 0)
	case "DAY":
		return n.name(dst, time.Weekday(weekday).String(), 9)
	case "DY":
		return n.name(dst, time.Weekday(weekday).String()[:3], 0)
	case "D":
		return n.number(dst, weekday+1, 1)
	case "ID":
		return n.number(dst, (weekday+6)%7+1, 1)
	case "IDDD":
		_, week := isoWeek(moment{days: f.days})
		return n.number(dst, (week-1)*7+(weekday+6)%7+1, 3)
	case "IW":
		_, week := isoWeek(moment{days: f.days})
		return n.number(dst, week, 2)
	case "J":
		return fmt.Appendf(dst, "%d", f.days+julianEpoch)
	case "BC", "AD", "B.C.", "A.D.":
		era := "AD"
		if f.year <= 0 {
			era = "BC"
		}
		if strings.Contains(key, ".") {
			era = era[:1] + "." + era[1:] + "."
		}
		return n.name(dst, era, 0)
	}
	return f.zoneField(dst, n)
}

func (f *charFields) zoneField(dst []byte, n *templateNode) []byte {
	sign, off := byte('+'), f.offset
	if off < 0 {
		sign, off = '-', -off
	}
	switch n.upper {
	case "TZ":
		return n.name(dst, f.zone, 0)
	case "TZH":
		return fmt.Appendf(dst, "%c%02d", sign, off/3600)
	case "TZM":
		return fmt.Appendf(dst, "%02d", off/60%60)
	}
	width := 2
	if n.fill {
		width = 0
	}
	dst = fmt.Appendf(dst, "%c%0*d", sign, width, off/3600)
	if m := off / 60 % 60; m != 0 {
		dst = fmt.Appendf(dst, ":%02d", m)
	}
	return dst
}

var romanMonths = [...]string{"I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"}

func (f *charFields) romanMonth(dst []byte, n *templateNode) []byte {
	m := f.month
	switch {
	case m == 0 && f.year == 0:
		return dst
	case m == 0:
		m = 12 // the last month of the year before
		if f.year < 0 {
			m = 1
		}
	case m < 0:
		m += 13
	}
	return n.name(dst, romanMonths[m-1], 4)
}

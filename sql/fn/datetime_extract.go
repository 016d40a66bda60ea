package fn

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/streamdb/streamdb/sql/types/decimal"
	"github.com/streamdb/streamdb/sql/vec"
)

// field is the value of a unit: an exact decimal, and its float8 for date_part, or infinity, or null.
type field struct {
	coefficient int64
	scale       int
	// big is set instead where 64 bits may not do (julian, epoch of far dates).
	big    decimal.Decimal
	isBig  bool
	null   bool
	infSig int // -1 or 1
}

func whole(i int) field           { return field{coefficient: int64(i)} }
func scaled(i int64, s int) field { return field{coefficient: i, scale: s} }

// write puts the field in row i of out: numeric for extract, float8 for date_part.
func (f field) write(out *vec.Vector, i int32) error {
	if f.null {
		return errNull
	}
	if !f.isBig && f.infSig == 0 && out.Kind() == types.KindBytes {
		start := len(out.Data)
		out.Data = decimal.AppendSmall(out.Data, f.coefficient, f.scale)
		out.SetEnd(int(i), start)
		return nil
	}
	d := f.big
	switch {
	case f.infSig > 0:
		d = decimal.Inf
	case f.infSig < 0:
		d = decimal.NegInf
	case !f.isBig:
		d = decimal.New(f.coefficient, f.scale)
	}
	if out.Kind() == types.KindFloat {
		r, _ := d.Float(64)
		out.F64[i] = r
		return nil
	}
	start := len(out.Data)
	out.Data = d.Append(out.Data)
	out.SetEnd(int(i), start)
	return nil
}

// moment is a timestamp taken apart.
type moment struct {
	year, month, day int
	days             int   // since 1970
	us               int64 // since midnight
}

func momentOf(ts int64) moment {
	var m moment
	m.days, m.us = datetime.Split(ts)
	m.year, m.month, m.day = datetime.Civil(m.days)
	return m
}

// extractFuncs are extract, which is exact, and date_part, its older form in float8.
var extractFuncs = concat(
	extractPair(dateT, "extract(year FROM date '2001-02-16') → 2001", unitSteps[int32]{t: dateT, wrong: hasOnly(dateHas), step: extractDate}.kernel(),
		unitSteps[int32]{t: timestampT, wrong: hasOnly(anyUnitOfTimestamp), infinite: infiniteDateField, step: partOfDate}.kernel()),
	extractPair(timestampT, "extract(hour FROM timestamp '2001-02-16 20:38:40') → 20", unitSteps[int64]{t: timestampT, wrong: hasOnly(anyUnitOfTimestamp), infinite: infiniteTimestampField, step: extractTimestamp}.kernel(), nil),
	extractPair(timestamptzT, "extract(epoch FROM timestamptz '1970-01-02 00:00Z') → 86400.000000", unitSteps[int64]{t: timestamptzT, wrong: hasOnly(anyUnit), infinite: infiniteTimestampField, step: extractTimestamptz}.kernel(), nil),
	extractPair(intervalT, "extract(hour FROM interval '5 hours') → 5", unitSteps[types.Wide]{t: intervalT, wrong: hasOnly(intervalHas), step: extractInterval}.kernel(),
		unitSteps[types.Wide]{t: intervalT, wrong: hasOnly(intervalHas), step: partOfInterval}.kernel()),
	extractPair(timeT, "extract(minute FROM time '10:20') → 20", unitSteps[int64]{t: timeT, wrong: hasOnly(timeHas), step: extractTime}.kernel(), nil))

// extractPair are both functions of a type; a nil part uses the kernel of extract.
func extractPair(t types.Type, example string, extract, part Kernel) []*Func {
	vol := Immutable
	if t == timestamptzT {
		vol = Stable
	}
	if part == nil {
		part = extract
	}
	return []*Func{
		{Name: "extract", Args: args(textT, t), Ret: numericT, Vol: vol, Doc: "A field of the date or time.", Example: example, Kernel: extract},
		{Name: "date_part", Args: args(textT, t), Ret: float8T, Vol: vol, Doc: "A field of the date or time, as a float.", Example: example, Kernel: part},
	}
}

func anyUnit(unit) bool { return true }

func anyUnitOfTimestamp(u unit) bool { return u < unitTimezone }

func dateHas(u unit) bool { return u >= unitDay && u < unitTimezone }

func timeHas(u unit) bool { return u <= unitHour || u == unitEpoch }

func intervalHas(u unit) bool { return u <= unitMillennium && u != unitWeek || u == unitEpoch }

func extractDate(_ *Ctx, u unit, d int32, out *vec.Vector, i int32) error {
	if infiniteDate(d) {
		return infiniteField(u, d > 0).write(out, i)
	}
	switch u {
	case unitEpoch:
		return scaled(int64(d)*86400, 0).write(out, i)
	case unitJulian:
		return whole(int(d)+julianEpoch).write(out, i)
	}
	return timestampField(u, moment{days: int(d)}.withDate()).write(out, i)
}

func (m moment) withDate() moment {
	m.year, m.month, m.day = datetime.Civil(m.days)
	return m
}

func partOfDate(c *Ctx, u unit, d int32, out *vec.Vector, i int32) error {
	ts, err := dateToTimestamp(d)
	if err != nil {
		return err
	}
	return extractTimestamp(c, u, ts, out, i)
}

func extractTimestamp(_ *Ctx, u unit, ts int64, out *vec.Vector, i int32) error {
	if u == unitEpoch {
		return scaled(ts, 6).write(out, i)
	}
	return timestampField(u, momentOf(ts)).write(out, i)
}

func extractTimestamptz(c *Ctx, u unit, ts int64, out *vec.Vector, i int32) error {
	switch {
	case u == unitEpoch:
		return scaled(ts, 6).write(out, i)
	case u >= unitTimezone:
		off := datetime.Offset(ts, c.zone())
		switch u {
		case unitTimezoneHour:
			off /= 3600
		case unitTimezoneMinute:
			off = off / 60 % 60
		}
		return whole(off).write(out, i)
	}
	local, ok := datetime.FromUTC(ts, c.zone())
	if !ok {
		return timestampOutOfRange()
	}
	return timestampField(u, momentOf(local)).write(out, i)
}

func infiniteDateField(u unit, d int32, out *vec.Vector, i int32) (bool, error) {
	if u == 0 || !infiniteDate(d) {
		return false, nil
	}
	return true, infiniteField(u, d > 0).write(out, i)
}

func infiniteTimestampField(u unit, ts int64, out *vec.Vector, i int32) (bool, error) {
	if u == 0 || datetime.IsFinite(ts) {
		return false, nil
	}
	return true, infiniteField(u, ts > 0).write(out, i)
}

// infiniteField: what only grows with time is infinite, what comes round again is null.
func infiniteField(u unit, positive bool) field {
	switch u {
	case unitYear, unitDecade, unitCentury, unitMillennium, unitJulian, unitISOYear, unitEpoch:
		if positive {
			return field{infSig: 1}
		}
		return field{infSig: -1}
	}
	return field{null: true}
}

// julianEpoch is the Julian day of 1970-01-01.
const julianEpoch = 2440588

func timestampField(u unit, m moment) field {
	if f, ok := clockField(u, m.us); ok {
		return f
	}
	switch u {
	case unitDay:
		return whole(m.day)
	case unitMonth:
		return whole(m.month)
	case unitQuarter:
		return whole((m.month-1)/3 + 1)
	case unitWeek:
		_, week := isoWeek(m)
		return whole(week)
	case unitYear:
		return whole(shownYear(m.year))
	case unitISOYear:
		year, _ := isoWeek(m)
		return whole(shownYear(year))
	case unitDecade:
		return whole(floorDiv(m.year, 10))
	case unitCentury:
		return whole(century(m.year, 100))
	case unitMillennium:
		return whole(century(m.year, 1000))
	case unitDOW:
		return whole(datetime.Weekday(m.days))
	case unitISODOW:
		return whole((datetime.Weekday(m.days)+6)%7 + 1)
	case unitDOY:
		return whole(m.days - datetime.Days(m.year, 1, 1) + 1)
	}
	return julian(m)
}

// shownYear has no year 0: 1 BC is -1.
func shownYear(year int) int {
	if year > 0 {
		return year
	}
	return year - 1
}

// century counts from year 1: the centuries before have negative numbers and there is no 0.
func century(year, length int) int {
	if year > 0 {
		return (year + length - 1) / length
	}
	return -((length - 1 - (year - 1)) / length)
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// clockField are the units within a day.
func clockField(u unit, us int64) (field, bool) {
	switch u {
	case unitMicrosecond:
		return scaled(us%datetime.Minute, 0), true
	case unitMillisecond:
		return scaled(us%datetime.Minute, 3), true
	case unitSecond:
		return scaled(us%datetime.Minute, 6), true
	case unitMinute:
		return scaled(us/datetime.Minute%60, 0), true
	case unitHour:
		return scaled(us/datetime.Hour, 0), true
	}
	return field{}, false
}

// julian is the Julian day with the fraction of the day, divided as PostgreSQL divides numerics.
func julian(m moment) field {
	fraction, err := decimal.FromInt(m.us).Div(decimal.FromInt(datetime.Day))
	if err == nil {
		fraction, err = fraction.Add(decimal.FromInt(int64(m.days + julianEpoch)))
	}
	return field{big: fraction, isBig: true, null: err != nil}
}

// isoWeek is the ISO 8601 year and week.
func isoWeek(m moment) (year, week int) {
	// The week belongs to the year of its Thursday.
	thursday := m.days - (datetime.Weekday(m.days)+6)%7 + 3
	year, _, _ = datetime.Civil(thursday)
	return year, (thursday-datetime.Days(year, 1, 1))/7 + 1
}

func extractTime(_ *Ctx, u unit, us int64, out *vec.Vector, i int32) error {
	if u == unitEpoch {
		return scaled(us, 6).write(out, i)
	}
	f, _ := clockField(u, us)
	return f.write(out, i)
}

func extractInterval(_ *Ctx, u unit, w types.Wide, out *vec.Vector, i int32) error {
	months, days, us := w.Interval()
	year, month := int(months)/12, int(months)%12
	var f field
	switch u {
	case unitDay:
		f = whole(int(days))
	case unitMonth:
		f = whole(month)
	case unitQuarter:
		f = whole(month/3 + 1)
	case unitYear:
		f = whole(year)
	case unitDecade:
		f = whole(year / 10)
	case unitCentury:
		f = whole(year / 100)
	case unitMillennium:
		f = whole(year / 1000)
	case unitEpoch:
		f = intervalEpoch(year, month, int(days), us)
	default:
		f, _ = clockField(u, us)
	}
	return f.write(out, i)
}

// partOfInterval is extractInterval but for the epoch, which PostgreSQL adds up in floats.
func partOfInterval(c *Ctx, u unit, w types.Wide, out *vec.Vector, i int32) error {
	if u != unitEpoch {
		return extractInterval(c, u, w, out, i)
	}
	months, days, us := w.Interval()
	f := float64(us) / datetime.Second
	f += 365.25 * 86400 * float64(months/12)
	f += 30 * 86400 * float64(months%12)
	out.F64[i] = f + float64(86400*float64(days))
	return nil
}

// intervalEpoch counts 365.25 days to a year and 30 to a month.
func intervalEpoch(year, month, days int, us int64) field {
	quarterDays := int64(4*365.25)*int64(year) + 4*30*int64(month) + 4*int64(days)
	secs := decimal.FromInt(quarterDays * (86400 / 4))
	d, err := secs.Mul(decimal.New(1_000_000, 6))
	if err == nil {
		d, err = d.Add(decimal.New(us, 6))
	}
	return field{big: d, isBig: true, null: err != nil}
}

package fn

import (
	"math"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// makeFuncs make dates, times and intervals out of numbers and of each other.
var makeFuncs = []*Func{
	{Name: "age", Args: args(timestampT, timestampT), Ret: intervalT, Doc: "The difference in years, months and days.",
		Example: "age(timestamp '2001-04-10', timestamp '1957-06-13') → 43 years 9 mons 27 days", Kernel: map2(fallible2(age))},
	{Name: "age", Args: args(timestampT), Ret: intervalT, Vol: Stable, Doc: "The age at midnight of today.", Example: "age(current_date::timestamp) → 00:00:00",
		Kernel: map1(func(c *Ctx, ts int64) (types.Wide, error) { return age(midnight(c, c.zone()), ts) })},
	{Name: "age", Args: args(timestamptzT, timestamptzT), Ret: intervalT, Vol: Stable, Doc: "The difference in years, months and days.",
		Example: "age(timestamptz '2001-04-10', timestamptz '1957-06-13') → 43 years 9 mons 27 days", Kernel: map2(func(c *Ctx, a, b int64) (types.Wide, error) {
			x, ok1 := datetime.FromUTC(a, c.zone())
			y, ok2 := datetime.FromUTC(b, c.zone())
			if !ok1 || !ok2 {
				return types.Wide{}, timestampOutOfRange()
			}
			return age(x, y)
		})},
	{Name: "age", Args: args(timestamptzT), Ret: intervalT, Vol: Stable, Doc: "The age at midnight of today.", Example: "age(current_date::timestamptz) → 00:00:00",
		Kernel: map1(func(c *Ctx, ts int64) (types.Wide, error) {
			local, ok := datetime.FromUTC(ts, c.zone())
			if !ok {
				return types.Wide{}, timestampOutOfRange()
			}
			return age(midnight(c, c.zone()), local)
		})},
	{Name: "make_date", Args: args(int4T, int4T, int4T), Ret: dateT, Doc: "The date of year, month and day; a negative year is BC.", Example: "make_date(2013, 7, 15) → 2013-07-15",
		Kernel: map3(func(_ *Ctx, y, m, d int32) (int32, error) { return makeDate(y, m, d) })},
	{Name: "make_time", Args: args(int4T, int4T, float8T), Ret: timeT, Doc: "The time of hour, minute and seconds.", Example: "make_time(8, 15, 23.5) → 08:15:23.5",
		Kernel: map3(func(_ *Ctx, h, m int32, s float64) (int64, error) { return makeTime(h, m, s) })},
	{Name: "make_timestamp", Args: args(int4T, int4T, int4T, int4T, int4T, float8T), Ret: timestampT, Doc: "The timestamp of its fields.",
		Example: "make_timestamp(2013, 7, 15, 8, 15, 23.5) → 2013-07-15 08:15:23.5", Kernel: rowwise(func(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
			ts, err := makeTimestamp(a)
			return types.NewInt(ts), err
		})},
	{Name: "make_timestamptz", Args: args(int4T, int4T, int4T, int4T, int4T, float8T, textT), Optional: 1, Ret: timestamptzT, Vol: Stable,
		Doc: "The moment of fields in a time zone, the session's if none is given.", Example: "make_timestamptz(2013, 7, 15, 8, 15, 23.5, 'UTC') → 2013-07-15 08:15:23.5+00",
		Kernel: rowwise(makeTimestamptz)},
	{Name: "make_interval", Args: args(int4T, int4T, int4T, int4T, int4T, int4T, float8T), Optional: 7, Ret: intervalT,
		Doc: "The interval of years, months, weeks, days, hours, minutes and seconds.", Example: "make_interval(0, 0, 0, 10) → 10 days", Kernel: rowwise(makeInterval)},
	{Name: "justify_days", Args: args(intervalT), Ret: intervalT, Doc: "The interval with 30 days made a month.", Example: "justify_days(interval '35 days') → 1 mon 5 days",
		Kernel: map1(fallible(justifyDays))},
	{Name: "justify_hours", Args: args(intervalT), Ret: intervalT, Doc: "The interval with 24 hours made a day.", Example: "justify_hours(interval '27 hours') → 1 day 03:00:00",
		Kernel: map1(fallible(justifyHours))},
	{Name: "justify_interval", Args: args(intervalT), Ret: intervalT, Doc: "justify_days and justify_hours, with equal signs.",
		Example: "justify_interval(interval '1 mon -1 hour') → 29 days 23:00:00", Kernel: map1(fallible(justifyInterval))},
	{Name: "isfinite", Args: args(dateT), Ret: boolT, Doc: "Whether the date is not infinite.", Example: "isfinite(date '2001-02-16') → true",
		Kernel: test1(func(d int32) bool { return !infiniteDate(d) })},
	{Name: "isfinite", Args: args(timestampT), Ret: boolT, Doc: "Whether the timestamp is not infinite.", Example: "isfinite(timestamp 'infinity') → false",
		Kernel: test1(datetime.IsFinite)},
	{Name: "isfinite", Args: args(timestamptzT), Ret: boolT, Doc: "Whether the timestamp is not infinite.", Example: "isfinite(timestamptz 'infinity') → false",
		Kernel: test1(datetime.IsFinite)},
	{Name: "isfinite", Args: args(intervalT), Ret: boolT, Doc: "Always true.", Example: "isfinite(interval '4 hours') → true", Kernel: test1(func(types.Wide) bool { return true })},
	{Name: "timezone", Args: args(textT, timestampT), Ret: timestamptzT, Vol: Immutable, Doc: "The moment at which clocks in the zone show the timestamp (AT TIME ZONE).",
		Example: "timestamp '2001-02-16 20:38:40' AT TIME ZONE 'America/Denver' → 2001-02-17 03:38:40+00", Kernel: map2(zoneConversion(datetime.ToUTC))},
	{Name: "timezone", Args: args(textT, timestamptzT), Ret: timestampT, Vol: Immutable, Doc: "What clocks in the zone show at the moment (AT TIME ZONE).",
		Example: "timestamptz '2001-02-16 20:38:40-05' AT TIME ZONE 'America/Denver' → 2001-02-16 18:38:40", Kernel: map2(zoneConversion(datetime.FromUTC))},
	{Name: "timezone", Args: args(intervalT, timestampT), Ret: timestamptzT, Doc: "The moment at which clocks so far east of Greenwich show the timestamp.",
		Example: "timezone(interval '2 hours', timestamp '2001-02-16 20:38:40') → 2001-02-16 18:38:40+00", Kernel: map2(offsetConversion(-1))},
	{Name: "timezone", Args: args(intervalT, timestamptzT), Ret: timestampT, Doc: "What clocks so far east of Greenwich show at the moment.",
		Example: "timezone(interval '2 hours', timestamptz '2001-02-16 20:38:40Z') → 2001-02-16 22:38:40", Kernel: map2(offsetConversion(1))},
}

// midnight is the local midnight of the transaction's day.
func midnight(c *Ctx, zone *time.Location) int64 {
	local, _ := datetime.FromUTC(c.now(), zone)
	day, _ := datetime.Split(local)
	return int64(day) * datetime.Day
}

// zoneNamed is the zone that an expression names. A bare offset has POSIX's sign there: +03 is west of Greenwich (in SET
// TIME ZONE it is east).
func zoneNamed(name []byte) (*time.Location, error) {
	if len(name) > 1 && (name[0] == '+' || name[0] == '-') {
		flipped := append([]byte{'+' + '-' - name[0]}, name[1:]...)
		return datetime.Zone(string(flipped))
	}
	return datetime.Zone(string(name))
}

func zoneConversion(convert func(int64, *time.Location) (int64, bool)) func(*Ctx, []byte, int64) (int64, error) {
	return func(_ *Ctx, zone []byte, ts int64) (int64, error) {
		loc, err := zoneNamed(zone)
		if err != nil {
			return 0, err
		}
		r, ok := convert(ts, loc)
		if !ok {
			return 0, timestampOutOfRange()
		}
		return r, nil
	}
}

func offsetConversion(sign int64) func(*Ctx, types.Wide, int64) (int64, error) {
	return func(_ *Ctx, zone types.Wide, ts int64) (int64, error) {
		months, days, us := zone.Interval()
		if months != 0 || days != 0 {
			return 0, sqlerr.New(sqlerr.InvalidParameterValue, `interval time zone "%s" must not include months or days`, types.String(intervalT, types.Datum{W: zone}))
		}
		if !datetime.IsFinite(ts) {
			return ts, nil
		}
		if ts += sign * (us / datetime.Second * datetime.Second); !datetime.ValidTimestamp(ts) {
			return 0, timestampOutOfRange()
		}
		return ts, nil
	}
}

// age is PostgreSQL's timestamp_age: the difference field by field, borrowing by the months of the earlier date.
func age(a, b int64) (types.Wide, error) {
	if !datetime.IsFinite(a) || !datetime.IsFinite(b) {
		return types.Wide{}, timestampOutOfRange()
	}
	negative := a < b
	x, y := momentOf(a), momentOf(b)
	if negative {
		x, y = y, x
	}
	us, days, months, years := x.us-y.us, x.day-y.day, x.month-y.month, x.year-y.year
	if us < 0 {
		us, days = us+datetime.Day, days-1
	}
	for days < 0 {
		days, months = days+datetime.DaysIn(y.year, y.month), months-1
	}
	for months < 0 {
		months, years = months+12, years-1
	}
	total := int64(years)*12 + int64(months)
	if negative {
		total, days, us = -total, -days, -us
	}
	return packInterval(total, int64(days), us, false)
}

func makeDate(y, m, d int32) (int32, error) {
	year := int(y)
	if y < 0 {
		year++
	}
	if y == 0 || m < 1 || m > 12 || d < 1 || int(d) > datetime.DaysIn(year, int(m)) {
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "date field value out of range: %d-%02d-%02d", y, m, d)
	}
	days := datetime.Days(year, int(m), int(d))
	if days < datetime.MinDate || days > datetime.MaxDate {
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "date out of range: %d-%02d-%02d", y, m, d)
	}
	return int32(days), nil
}

func makeTime(h, m int32, s float64) (int64, error) {
	us := math.RoundToEven(s * datetime.Second)
	if h < 0 || m < 0 || m > 59 || !(s >= 0) || us > datetime.Minute || h > 24 || h == 24 && (m > 0 || s > 0) {
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "time field value out of range: %d:%02d:%02g", h, m, s)
	}
	return int64(h)*datetime.Hour + int64(m)*datetime.Minute + int64(us), nil
}

func makeTimestamp(a []types.Datum) (int64, error) {
	d, err := makeDate(int32(a[0].I), int32(a[1].I), int32(a[2].I))
	if err != nil {
		return 0, err
	}
	t, err := makeTime(int32(a[3].I), int32(a[4].I), a[5].F)
	if err != nil {
		return 0, err
	}
	return dateAddTime(d, t)
}

func makeTimestamptz(c *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	ts, err := makeTimestamp(a)
	if err != nil {
		return types.Null, err
	}
	loc := c.zone()
	if len(a) == 7 {
		if loc, err = zoneNamed(a[6].B); err != nil {
			return types.Null, err
		}
	}
	utc, ok := datetime.ToUTC(ts, loc)
	if !ok {
		return types.Null, timestampOutOfRange()
	}
	return types.NewInt(utc), nil
}

func makeInterval(_ *Ctx, a []types.Datum, _ []types.Type) (types.Datum, error) {
	var f [6]int64
	secs := 0.0
	for k, d := range a {
		if k < 6 {
			f[k] = d.I
		} else {
			secs = d.F
		}
	}
	if math.IsInf(secs, 0) || secs != secs {
		return types.Null, intervalOutOfRange()
	}
	us := f[4]*datetime.Hour + f[5]*datetime.Minute + int64(math.RoundToEven(secs*datetime.Second))
	w, err := packInterval(f[0]*12+f[1], f[2]*7+f[3], us, false)
	return types.Datum{W: w}, err
}

func justifyHours(w types.Wide) (types.Wide, error) {
	months, days, us := w.Interval()
	whole := us / datetime.Day
	d, us := int64(days)+whole, us%datetime.Day
	if d > 0 && us < 0 {
		d, us = d-1, us+datetime.Day
	} else if d < 0 && us > 0 {
		d, us = d+1, us-datetime.Day
	}
	return packInterval(int64(months), d, us, false)
}

func justifyDays(w types.Wide) (types.Wide, error) {
	months, days, us := w.Interval()
	m, d := int64(months)+int64(days)/30, int64(days)%30
	if m > 0 && d < 0 {
		m, d = m-1, d+30
	} else if m < 0 && d > 0 {
		m, d = m+1, d-30
	}
	return packInterval(m, d, us, false)
}

func justifyInterval(w types.Wide) (types.Wide, error) {
	months, days, us := w.Interval()
	m, d := int64(months), int64(days)+us/datetime.Day
	us %= datetime.Day
	m, d = m+d/30, d%30
	if m > 0 && (d < 0 || d == 0 && us < 0) {
		m, d = m-1, d+30
	} else if m < 0 && (d > 0 || d == 0 && us > 0) {
		m, d = m+1, d-30
	}
	if d > 0 && us < 0 {
		d, us = d-1, us+datetime.Day
	} else if d < 0 && us > 0 {
		d, us = d+1, us-datetime.Day
	}
	return packInterval(m, d, us, false)
}

package fn

import (
	"math"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

var (
	dateT        = types.T(types.Date)
	timeT        = types.T(types.Time)
	timestampT   = types.T(types.Timestamp)
	timestamptzT = types.T(types.Timestamptz)
	intervalT    = types.T(types.Interval)
)

func args(ts ...types.Type) []types.Type { return ts }

// datetimeOperators are + and - between dates, times, timestamps and intervals, and intervals times numbers.
var datetimeOperators = []*Func{
	{Name: "+", Args: args(dateT, int4T), Ret: dateT, Doc: "The date so many days later.", Example: "date '2001-09-28' + 7 → 2001-10-05", Kernel: map2(fallible2(addDays))},
	{Name: "+", Args: args(int4T, dateT), Ret: dateT, Doc: "The date so many days later.", Example: "7 + date '2001-09-28' → 2001-10-05", Kernel: map2(flip(addDays))},
	{Name: "-", Args: args(dateT, int4T), Ret: dateT, Doc: "The date so many days earlier.", Example: "date '2001-10-01' - 7 → 2001-09-24",
		Kernel: map2(fallible2(func(d, n int32) (int32, error) { return shiftDate(d, -int64(n)) }))},
	{Name: "-", Args: args(dateT, dateT), Ret: int4T, Doc: "Number of days between.", Example: "date '2001-10-01' - date '2001-09-28' → 3", Kernel: map2(fallible2(subDates))},
	{Name: "+", Args: args(dateT, intervalT), Ret: timestampT, Doc: "The moment an interval later.", Example: "date '2001-09-28' + interval '1 hour' → 2001-09-28 01:00:00",
		Kernel: map2(fallible2(dateAddInterval))},
	{Name: "+", Args: args(intervalT, dateT), Ret: timestampT, Doc: "The moment an interval later.", Example: "interval '1 hour' + date '2001-09-28' → 2001-09-28 01:00:00",
		Kernel: map2(flip(dateAddInterval))},
	{Name: "-", Args: args(dateT, intervalT), Ret: timestampT, Doc: "The moment an interval earlier.", Example: "date '2001-09-28' - interval '1 hour' → 2001-09-27 23:00:00",
		Kernel: map2(fallible2(func(d int32, i types.Wide) (int64, error) {
			return withNegated(i, func(i types.Wide) (int64, error) { return dateAddInterval(d, i) })
		}))},
	{Name: "+", Args: args(dateT, timeT), Ret: timestampT, Doc: "The moment of a date at a time.", Example: "date '2001-09-28' + time '03:00' → 2001-09-28 03:00:00",
		Kernel: map2(fallible2(dateAddTime))},
	{Name: "+", Args: args(timeT, dateT), Ret: timestampT, Doc: "The moment of a date at a time.", Example: "time '03:00' + date '2001-09-28' → 2001-09-28 03:00:00",
		Kernel: map2(flip(dateAddTime))},
	{Name: "+", Args: args(timestampT, intervalT), Ret: timestampT, Doc: "The moment an interval later.",
		Example: "timestamp '2001-09-28 01:00' + interval '23 hours' → 2001-09-29 00:00:00", Kernel: map2(fallible2(addInterval))},
	{Name: "+", Args: args(intervalT, timestampT), Ret: timestampT, Doc: "The moment an interval later.",
		Example: "interval '23 hours' + timestamp '2001-09-28 01:00' → 2001-09-29 00:00:00", Kernel: map2(flip(addInterval))},
	{Name: "-", Args: args(timestampT, intervalT), Ret: timestampT, Doc: "The moment an interval earlier.",
		Example: "timestamp '2001-09-28 23:00' - interval '23 hours' → 2001-09-28 00:00:00", Kernel: map2(fallible2(func(t int64, i types.Wide) (int64, error) {
			return withNegated(i, func(i types.Wide) (int64, error) { return addInterval(t, i) })
		}))},
	{Name: "-", Args: args(timestampT, timestampT), Ret: intervalT, Doc: "The interval between, in days and smaller units.",
		Example: "timestamp '2001-09-29 03:00' - timestamp '2001-07-27 12:00' → 63 days 15:00:00", Kernel: map2(fallible2(subTimestamps))},
	{Name: "+", Args: args(timestamptzT, intervalT), Ret: timestamptzT, Vol: Stable, Doc: "The moment an interval later, days and months in the session's time zone.",
		Example: "timestamptz '2001-09-28 01:00Z' + interval '23 hours' → 2001-09-29 00:00:00+00", Kernel: map2(addIntervalZoned)},
	{Name: "+", Args: args(intervalT, timestamptzT), Ret: timestamptzT, Vol: Stable, Doc: "The moment an interval later, days and months in the session's time zone.",
		Example: "interval '23 hours' + timestamptz '2001-09-28 01:00Z' → 2001-09-29 00:00:00+00",
		Kernel:  map2(func(c *Ctx, i types.Wide, t int64) (int64, error) { return addIntervalZoned(c, t, i) })},
	{Name: "-", Args: args(timestamptzT, intervalT), Ret: timestamptzT, Vol: Stable, Doc: "The moment an interval earlier, days and months in the session's time zone.",
		Example: "timestamptz '2001-09-28 23:00Z' - interval '23 hours' → 2001-09-28 00:00:00+00", Kernel: map2(func(c *Ctx, t int64, i types.Wide) (int64, error) {
			return withNegated(i, func(i types.Wide) (int64, error) { return addIntervalZoned(c, t, i) })
		})},
	{Name: "-", Args: args(timestamptzT, timestamptzT), Ret: intervalT, Doc: "The interval between, in days and smaller units.",
		Example: "timestamptz '2001-09-29 03:00Z' - timestamptz '2001-07-27 12:00Z' → 63 days 15:00:00", Kernel: map2(fallible2(subTimestamps))},
	{Name: "+", Args: args(timeT, intervalT), Ret: timeT, Doc: "The time of day an interval later.", Example: "time '01:00' + interval '3 hours' → 04:00:00",
		Kernel: map2(pure2(timeAddInterval))},
	{Name: "+", Args: args(intervalT, timeT), Ret: timeT, Doc: "The time of day an interval later.", Example: "interval '3 hours' + time '01:00' → 04:00:00",
		Kernel: map2(pure2(func(i types.Wide, t int64) int64 { return timeAddInterval(t, i) }))},
	{Name: "-", Args: args(timeT, intervalT), Ret: timeT, Doc: "The time of day an interval earlier.", Example: "time '05:00' - interval '2 hours' → 03:00:00",
		Kernel: map2(pure2(func(t int64, i types.Wide) int64 {
			_, _, us := i.Interval()
			return wrapDay(t - us%datetime.Day)
		}))},
	{Name: "-", Args: args(timeT, timeT), Ret: intervalT, Doc: "The interval between.", Example: "time '05:00' - time '03:00' → 02:00:00",
		Kernel: map2(pure2(func(a, b int64) types.Wide { return types.IntervalWide(0, 0, a-b) }))},
	{Name: "+", Args: args(intervalT, intervalT), Ret: intervalT, Doc: "Addition.", Example: "interval '1 day' + interval '1 hour' → 1 day 01:00:00", Kernel: map2(fallible2(addIntervals))},
	{Name: "-", Args: args(intervalT, intervalT), Ret: intervalT, Doc: "Subtraction.", Example: "interval '1 day' - interval '1 hour' → 1 day -01:00:00",
		Kernel: map2(fallible2(subIntervals))},
	{Name: "-", Args: args(intervalT), Ret: intervalT, Doc: "Negation.", Example: "- interval '23 hours' → -23:00:00", Kernel: map1(fallible(negInterval))},
	{Name: "*", Args: args(intervalT, float8T), Ret: intervalT, Doc: "The interval so many times.", Example: "interval '1 hour' * 3.5 → 03:30:00", Kernel: map2(fallible2(mulInterval))},
	{Name: "*", Args: args(float8T, intervalT), Ret: intervalT, Doc: "The interval so many times.", Example: "900 * interval '1 second' → 00:15:00", Kernel: map2(flip(mulInterval))},
	{Name: "/", Args: args(intervalT, float8T), Ret: intervalT, Doc: "The interval divided.", Example: "interval '1 hour' / 1.5 → 00:40:00", Kernel: map2(fallible2(divInterval))},
}

// flip exchanges a function's arguments.
func flip[A, B, R any](f func(A, B) (R, error)) func(*Ctx, B, A) (R, error) {
	return func(_ *Ctx, b B, a A) (R, error) { return f(a, b) }
}

func dateOutOfRange() error { return sqlerr.New(sqlerr.DatetimeFieldOverflow, "date out of range") }

func timestampOutOfRange() error {
	return sqlerr.New(sqlerr.DatetimeFieldOverflow, "timestamp out of range")
}

func intervalOutOfRange() error {
	return sqlerr.New(sqlerr.DatetimeFieldOverflow, "interval out of range")
}

func addDays(d, n int32) (int32, error) { return shiftDate(d, int64(n)) }

func infiniteDate(d int32) bool { return d == datetime.DateInfinity || d == datetime.DateNegInfinity }

func shiftDate(d int32, n int64) (int32, error) {
	if infiniteDate(d) {
		return d, nil
	}
	r := int64(d) + n
	if r < datetime.MinDate || r > datetime.MaxDate {
		return 0, dateOutOfRange()
	}
	return int32(r), nil
}

func subDates(a, b int32) (int32, error) {
	if infiniteDate(a) || infiniteDate(b) {
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "cannot subtract infinite dates")
	}
	return a - b, nil
}

// dateToTimestamp is the midnight that a date begins with.
func dateToTimestamp(d int32) (int64, error) {
	switch {
	case d == datetime.DateInfinity:
		return datetime.Infinity, nil
	case d == datetime.DateNegInfinity:
		return datetime.NegInfinity, nil
	case int64(d) > datetime.MaxTimestamp/datetime.Day:
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "date out of range for timestamp")
	}
	return int64(d) * datetime.Day, nil
}

func dateAddInterval(d int32, i types.Wide) (int64, error) {
	t, err := dateToTimestamp(d)
	if err != nil {
		return 0, err
	}
	return addInterval(t, i)
}

func dateAddTime(d int32, t int64) (int64, error) {
	ts, err := dateToTimestamp(d)
	if err != nil || !datetime.IsFinite(ts) {
		return ts, err
	}
	if ts += t; !datetime.ValidTimestamp(ts) {
		return 0, timestampOutOfRange()
	}
	return ts, nil
}

func addInterval(t int64, i types.Wide) (int64, error) {
	months, days, us := i.Interval()
	r, ok := datetime.Add(t, int(months), int(days), us)
	if !ok {
		return 0, timestampOutOfRange()
	}
	return r, nil
}

// addIntervalZoned adds months and days by the calendar of the session's zone, and the rest by the clock.
func addIntervalZoned(c *Ctx, t int64, i types.Wide) (int64, error) {
	months, days, us := i.Interval()
	zone := c.zone()
	for _, step := range [2][2]int{{int(months), 0}, {0, int(days)}} {
		if step == [2]int{} || !datetime.IsFinite(t) {
			continue
		}
		local, ok := datetime.FromUTC(t, zone)
		if ok {
			local, ok = datetime.Add(local, step[0], step[1], 0)
		}
		if ok {
			t, ok = datetime.ToUTC(local, zone)
		}
		if !ok {
			return 0, timestampOutOfRange()
		}
	}
	t, ok := datetime.Add(t, 0, 0, us)
	if !ok {
		return 0, timestampOutOfRange()
	}
	return t, nil
}

// withNegated calls f with -i.
func withNegated(i types.Wide, f func(types.Wide) (int64, error)) (int64, error) {
	n, err := negInterval(i)
	if err != nil {
		return 0, err
	}
	return f(n)
}

// subTimestamps gives days and the rest: PostgreSQL justifies hours, but makes no months.
func subTimestamps(a, b int64) (types.Wide, error) {
	if !datetime.IsFinite(a) || !datetime.IsFinite(b) {
		return types.Wide{}, sqlerr.New(sqlerr.DatetimeFieldOverflow, "cannot subtract infinite timestamps")
	}
	us := a - b
	if (a^b)&(a^us) < 0 {
		return types.Wide{}, intervalOutOfRange()
	}
	return types.IntervalWide(0, int32(us/datetime.Day), us%datetime.Day), nil
}

func wrapDay(us int64) int64 {
	if us %= datetime.Day; us < 0 {
		us += datetime.Day
	}
	return us
}

func timeAddInterval(t int64, i types.Wide) int64 {
	_, _, us := i.Interval()
	return wrapDay(t + us%datetime.Day)
}

// packInterval checks the fields, given as wide integers.
func packInterval(months, days, us int64, overflow bool) (types.Wide, error) {
	if overflow || int64(int32(months)) != months || int64(int32(days)) != days {
		return types.Wide{}, intervalOutOfRange()
	}
	return types.IntervalWide(int32(months), int32(days), us), nil
}

func addIntervals(a, b types.Wide) (types.Wide, error) {
	am, ad, au := a.Interval()
	bm, bd, bu := b.Interval()
	us := au + bu
	return packInterval(int64(am)+int64(bm), int64(ad)+int64(bd), us, (au^us)&(bu^us) < 0)
}

func subIntervals(a, b types.Wide) (types.Wide, error) {
	am, ad, au := a.Interval()
	bm, bd, bu := b.Interval()
	us := au - bu
	return packInterval(int64(am)-int64(bm), int64(ad)-int64(bd), us, (au^bu)&(au^us) < 0)
}

func negInterval(i types.Wide) (types.Wide, error) { return subIntervals(types.Wide{}, i) }

func mulInterval(i types.Wide, f float64) (types.Wide, error) {
	return scaleInterval(i, func(x float64) float64 { return x * f })
}

func divInterval(i types.Wide, f float64) (types.Wide, error) {
	if f == 0 {
		return types.Wide{}, divisionByZero()
	}
	return scaleInterval(i, func(x float64) float64 { return x / f })
}

// tsRound rounds seconds to the microseconds that an interval keeps.
func tsRound(x float64) float64 { return math.RoundToEven(x*1e6) / 1e6 }

// scaleInterval is interval_mul and interval_div: fractions of months become days of 30 to a month, fractions of days
// become time. The conversions to float64 keep the compiler from fusing operations, so that all machines agree.
func scaleInterval(i types.Wide, scale func(float64) float64) (types.Wide, error) {
	months, days, us := i.Interval()
	m, d := scale(float64(months)), scale(float64(days))
	if !(math.Abs(m) <= math.MaxInt32) || !(math.Abs(d) <= math.MaxInt32) {
		return types.Wide{}, intervalOutOfRange()
	}
	wholeMonths, wholeDays := math.Trunc(m), math.Trunc(d)
	monthDays := tsRound(float64((m - wholeMonths) * 30))
	secs := tsRound(float64((d - wholeDays + monthDays - math.Trunc(monthDays)) * 86400))
	if math.Abs(secs) >= 86400 {
		carry := math.Trunc(secs / 86400)
		wholeDays += carry
		secs -= float64(carry * 86400)
	}
	wholeDays += math.Trunc(monthDays)
	t := math.RoundToEven(scale(float64(us)) + float64(secs*1e6))
	if t != t || !width8.fitsFloat(t) {
		return types.Wide{}, intervalOutOfRange()
	}
	return packInterval(int64(wholeMonths), int64(wholeDays), int64(t), false)
}

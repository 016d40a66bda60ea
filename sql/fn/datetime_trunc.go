package fn

import (
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/streamdb/streamdb/sql/vec"
)

// truncFuncs are date_trunc and date_bin.
var truncFuncs = []*Func{
	{Name: "date_trunc", Args: args(textT, timestampT), Ret: timestampT, Doc: "The moment at which the unit began.",
		Example: "date_trunc('hour', timestamp '2001-02-16 20:38:40') → 2001-02-16 20:00:00", Kernel: unitSteps[int64]{t: timestampT, wrong: wrongToTruncate, infinite: keepInfinite,
			step: func(_ *Ctx, u unit, ts int64, out *vec.Vector, i int32) (err error) {
				out.I64[i], err = truncTimestamp(u, ts)
				return err
			}}.kernel()},
	{Name: "date_trunc", Args: args(textT, timestamptzT), Ret: timestamptzT, Vol: Stable, Doc: "The moment at which the unit began in the session's time zone.",
		Example: "date_trunc('day', timestamptz '2001-02-16 20:38:40Z') → 2001-02-16 00:00:00+00", Kernel: unitSteps[int64]{t: timestamptzT, wrong: wrongToTruncate, infinite: keepInfinite,
			step: func(c *Ctx, u unit, ts int64, out *vec.Vector, i int32) (err error) {
				out.I64[i], err = truncZoned(u, ts, c.zone())
				return err
			}}.kernel()},
	{Name: "date_trunc", Args: args(textT, timestamptzT, textT), Ret: timestamptzT, Vol: Stable, Doc: "The moment at which the unit began in a time zone.",
		Example: "date_trunc('day', timestamptz '2001-02-16 20:38:40Z', 'Australia/Sydney') → 2001-02-16 13:00:00+00",
		Kernel: map3(func(_ *Ctx, name []byte, ts int64, zone []byte) (int64, error) {
			u, _ := lookUnit(name)
			loc, err := zoneNamed(zone)
			if err == nil && datetime.IsFinite(ts) {
				err = wrongToTruncate(name, u, timestamptzT)
			}
			if err != nil {
				return 0, err
			}
			return truncZoned(u, ts, loc)
		})},
	{Name: "date_trunc", Args: args(textT, intervalT), Ret: intervalT, Doc: "The interval without what is smaller than the unit.",
		Example: "date_trunc('hour', interval '2 days 3 hours 40 minutes') → 2 days 03:00:00", Kernel: unitSteps[types.Wide]{t: intervalT, wrong: wrongToTruncate,
			step: func(_ *Ctx, u unit, w types.Wide, out *vec.Vector, i int32) (err error) {
				out.Wide[i], err = truncInterval(u, w)
				return err
			}}.kernel()},
	{Name: "date_bin", Args: args(intervalT, timestampT, timestampT), Ret: timestampT, Doc: "The start of the bin of a width, aligned to an origin, that the moment is in.",
		Example: "date_bin('15 minutes', timestamp '2001-02-16 20:38:40', timestamp '2001-02-16 20:05:00') → 2001-02-16 20:35:00", Kernel: map3(dateBin)},
	{Name: "date_bin", Args: args(intervalT, timestamptzT, timestamptzT), Ret: timestamptzT, Doc: "The start of the bin of a width, aligned to an origin, that the moment is in.",
		Example: "date_bin('15 minutes', timestamptz '2001-02-16 20:38:40Z', timestamptz '2001-02-16 20:05:00Z') → 2001-02-16 20:35:00+00", Kernel: map3(dateBin)},
}

// wrongToTruncate: the units of extract alone are unknown here, the time zone's are known but not to be truncated to.
func wrongToTruncate(name []byte, u unit, t types.Type) error {
	switch {
	case u == 0 || u > unitMillennium && u < unitTimezone:
		return unknownUnit(name, t)
	case u >= unitTimezone:
		return unsupportedUnit(name, t)
	}
	return nil
}

func keepInfinite(_ unit, ts int64, out *vec.Vector, i int32) (bool, error) {
	out.I64[i] = ts
	return !datetime.IsFinite(ts), nil
}

// clockUnits are the lengths of the units up to a day.
var clockUnits = [...]int64{unitMicrosecond: 1, unitMillisecond: 1000, unitSecond: datetime.Second, unitMinute: datetime.Minute,
	unitHour: datetime.Hour, unitDay: datetime.Day}

func truncTimestamp(u unit, ts int64) (int64, error) {
	if !datetime.IsFinite(ts) {
		return ts, nil
	}
	if int(u) < len(clockUnits) {
		r := ts % clockUnits[u]
		if r < 0 {
			r += clockUnits[u]
		}
		ts -= r
	} else {
		days, _ := datetime.Split(ts)
		ts = int64(truncDate(u, days)) * datetime.Day
	}
	if !datetime.ValidTimestamp(ts) {
		return 0, timestampOutOfRange()
	}
	return ts, nil
}

// truncDate is the first day of the week, month or longer unit that a day is in.
func truncDate(u unit, days int) int {
	if u == unitWeek {
		return days - (datetime.Weekday(days)+6)%7
	}
	year, month, _ := datetime.Civil(days)
	switch u {
	case unitMonth:
		return datetime.Days(year, month, 1)
	case unitQuarter:
		return datetime.Days(year, (month-1)/3*3+1, 1)
	case unitDecade:
		// As in PostgreSQL decades of years BC count backwards from the year's last digit.
		if year > 0 {
			year = year / 10 * 10
		} else {
			year = -((8 - (year - 1)) / 10) * 10
		}
	case unitCentury:
		year = firstYear(year, 100)
	case unitMillennium:
		year = firstYear(year, 1000)
	}
	return datetime.Days(year, 1, 1)
}

// firstYear is the year that a century or millennium begins with: 1, 101, …
func firstYear(year, length int) int {
	if year > 0 {
		return (year+length-1)/length*length - (length - 1)
	}
	return -((length-1-(year-1))/length)*length + 1
}

// truncZoned truncates by the calendar of a zone. Units below a day keep the zone's offset, so that an hour that the clock
// shows twice stays the one it was.
func truncZoned(u unit, ts int64, loc *time.Location) (int64, error) {
	if !datetime.IsFinite(ts) {
		return ts, nil
	}
	local, ok := datetime.FromUTC(ts, loc)
	if !ok {
		return 0, timestampOutOfRange()
	}
	cut, err := truncTimestamp(u, local)
	if err != nil {
		return 0, err
	}
	if u <= unitHour {
		return ts - (local - cut), nil
	}
	ts, ok = datetime.ToUTC(cut, loc)
	if !ok {
		return 0, timestampOutOfRange()
	}
	return ts, nil
}

func truncInterval(u unit, w types.Wide) (types.Wide, error) {
	months, days, us := w.Interval()
	switch {
	case u == unitWeek:
		return w, sqlerr.New(sqlerr.FeatureNotSupported, `unit "week" not supported for type interval`).
			WithDetail("Months usually have fractional weeks.")
	case u <= unitHour:
		return types.IntervalWide(months, days, us/clockUnits[u]*clockUnits[u]), nil
	case u == unitDay:
		return types.IntervalWide(months, days, 0), nil
	}
	length := map[unit]int32{unitMonth: 1, unitQuarter: 3, unitYear: 12, unitDecade: 120, unitCentury: 1200, unitMillennium: 12000}[u]
	return types.IntervalWide(months/length*length, 0, 0), nil
}

func dateBin(_ *Ctx, stride types.Wide, ts, origin int64) (int64, error) {
	if !datetime.IsFinite(ts) {
		return ts, nil
	}
	months, days, us := stride.Interval()
	switch {
	case !datetime.IsFinite(origin):
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "origin out of range")
	case months != 0:
		return 0, sqlerr.New(sqlerr.FeatureNotSupported, "timestamps cannot be binned into intervals containing months or years")
	}
	width := int64(days)*datetime.Day + us
	if width <= 0 {
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "stride must be greater than zero")
	}
	diff := ts - origin
	if (ts^origin)&(ts^diff) < 0 {
		return 0, intervalOutOfRange()
	}
	r := diff % width
	if r < 0 {
		r += width
	}
	if ts -= r; !datetime.ValidTimestamp(ts) {
		return 0, timestampOutOfRange()
	}
	return ts, nil
}

package fn

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// unit is a field of a date or time, as extract and date_trunc name them.
type unit uint8

const (
	unitMicrosecond unit = iota + 1
	unitMillisecond
	unitSecond
	unitMinute
	unitHour
	unitDay
	unitWeek
	unitMonth
	unitQuarter
	unitYear
	unitDecade
	unitCentury
	unitMillennium
	unitISOYear
	unitDOW
	unitISODOW
	unitDOY
	unitJulian
	unitEpoch
	unitTimezone
	unitTimezoneHour
	unitTimezoneMinute
)

// units are PostgreSQL's spellings. Only the first ten letters of a word count.
var units = map[string]unit{
	"microsecon": unitMicrosecond, "us": unitMicrosecond, "usec": unitMicrosecond, "usecs": unitMicrosecond, "usecond": unitMicrosecond, "useconds": unitMicrosecond,
	"millisecon": unitMillisecond, "ms": unitMillisecond, "msec": unitMillisecond, "msecs": unitMillisecond, "msecond": unitMillisecond, "mseconds": unitMillisecond,
	"second": unitSecond, "seconds": unitSecond, "s": unitSecond, "sec": unitSecond, "secs": unitSecond,
	"minute": unitMinute, "minutes": unitMinute, "m": unitMinute, "min": unitMinute, "mins": unitMinute,
	"hour": unitHour, "hours": unitHour, "h": unitHour, "hr": unitHour, "hrs": unitHour,
	"day": unitDay, "days": unitDay, "d": unitDay,
	"week": unitWeek, "weeks": unitWeek, "w": unitWeek,
	"month": unitMonth, "months": unitMonth, "mon": unitMonth, "mons": unitMonth,
	"quarter": unitQuarter, "qtr": unitQuarter,
	"year": unitYear, "years": unitYear, "y": unitYear, "yr": unitYear, "yrs": unitYear,
	"decade": unitDecade, "decades": unitDecade, "dec": unitDecade, "decs": unitDecade,
	"century": unitCentury, "centuries": unitCentury, "c": unitCentury, "cent": unitCentury,
	"millennium": unitMillennium, "millennia": unitMillennium, "mil": unitMillennium, "mils": unitMillennium,
	"isoyear": unitISOYear, "dow": unitDOW, "isodow": unitISODOW, "doy": unitDOY,
	"julian": unitJulian, "jd": unitJulian, "j": unitJulian, "epoch": unitEpoch,
	"timezone": unitTimezone, "timezone_h": unitTimezoneHour, "timezone_m": unitTimezoneMinute,
}

func lookUnit(name []byte) (unit, bool) {
	low := lowerString(name)
	if len(low) > 10 {
		low = low[:10]
	}
	u, ok := units[low]
	return u, ok
}

func unknownUnit(name []byte, t types.Type) error {
	return sqlerr.New(sqlerr.InvalidParameterValue, `unit "%s" not recognized for type %v`, lowerString(name), t)
}

func unsupportedUnit(name []byte, t types.Type) error {
	return sqlerr.New(sqlerr.FeatureNotSupported, `unit "%s" not supported for type %v`, lowerString(name), t)
}

// unitKernel runs step over the rows, given the unit that the first argument names, which is looked up once if constant,
// and the second argument, of type t. supported are the units that t has. step writes row i of out, or says errNull.
func unitKernel[A elem](t types.Type, supported func(unit) bool, step func(c *Ctx, u unit, a A, out *vec.Vector, i int32) error) Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		var u unit
		var unitErr error
		a := column[A](args[1], sel)
		for k, i := range sel {
			if k == 0 || !args[0].Const {
				u, unitErr = unitOf(args[0].Bytes(int(i)&mask(args[0])), t, supported)
			}
			err := unitErr
			if err == nil {
				err = step(c, u, a.at(i), out, i)
			}
			if err != nil {
				failRow(c, out, i, err)
			}
		}
	}
}

func unitOf(name []byte, t types.Type, supported func(unit) bool) (unit, error) {
	u, ok := lookUnit(name)
	if !ok {
		return 0, unknownUnit(name, t)
	}
	if !supported(u) {
		return 0, unsupportedUnit(name, t)
	}
	return u, nil
}

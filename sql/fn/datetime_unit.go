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

// unitSteps are how a function of a unit and a value of type t treats a row; each writes row i of out, or says errNull.
type unitSteps[A elem] struct {
	t types.Type
	// wrong is the error of a unit that t has not; nil for one that it has.
	wrong func(name []byte, u unit, t types.Type) error
	// infinite handles infinities, before the unit is judged; nil for types that have none, false where it does not.
	infinite func(u unit, a A, out *vec.Vector, i int32) (bool, error)
	step     func(c *Ctx, u unit, a A, out *vec.Vector, i int32) error
}

// kernel looks the unit, the first argument, up once if it is constant.
func (s unitSteps[A]) kernel() Kernel {
	return func(c *Ctx, args []*vec.Vector, sel []int32, out *vec.Vector) {
		var u unit
		var unitErr error
		a := column[A](args[1], sel)
		for k, i := range sel {
			if k == 0 || !args[0].Const {
				name := args[0].Bytes(int(i) & mask(args[0]))
				u, _ = lookUnit(name)
				unitErr = s.wrong(name, u, s.t)
			}
			if err := s.row(c, u, unitErr, a.at(i), out, i); err != nil {
				failRow(c, out, i, err)
			}
		}
	}
}

func (s unitSteps[A]) row(c *Ctx, u unit, unitErr error, a A, out *vec.Vector, i int32) error {
	if s.infinite != nil {
		if done, err := s.infinite(u, a, out, i); done {
			return err
		}
	}
	if unitErr != nil {
		return unitErr
	}
	return s.step(c, u, a, out, i)
}

// hasOnly makes the judge of a type that has the units for which has is true.
func hasOnly(has func(unit) bool) func([]byte, unit, types.Type) error {
	return func(name []byte, u unit, t types.Type) error {
		switch {
		case u == 0:
			return unknownUnit(name, t)
		case !has(u):
			return unsupportedUnit(name, t)
		}
		return nil
	}
}

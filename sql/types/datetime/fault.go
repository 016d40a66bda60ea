package datetime

import "github.com/streamdb/streamdb/sql/sqlerr"

// fault is why a text cannot be read; none when it can.
type fault uint8

const (
	none fault = iota
	badFormat
	fieldOverflow
	monthDayOverflow // a field overflow that another order of fields might explain
	intervalOverflow
	zoneOverflow
	noClock // a word such as "now", where there is no clock
)

// report words a fault of a text of the type named, as DateTimeParseError does.
func report(f fault, text, typeName string) error {
	switch f {
	case none:
		return nil
	case fieldOverflow, monthDayOverflow:
		e := sqlerr.New(sqlerr.DatetimeFieldOverflow, `date/time field value out of range: "%s"`, text)
		if f == monthDayOverflow {
			e.Hint = `Perhaps you need a different "datestyle" setting.`
		}
		return e
	case intervalOverflow:
		return sqlerr.New(sqlerr.IntervalFieldOverflow, `interval field value out of range: "%s"`, text)
	case zoneOverflow:
		return sqlerr.New(sqlerr.InvalidTimeZoneDisplacement, `time zone displacement out of range: "%s"`, text)
	case noClock:
		return sqlerr.Unsupported(`relative date/time value "`+text+`" here`, "Write the date out, or call now().")
	}
	return sqlerr.New(sqlerr.InvalidDatetimeFormat, `invalid input syntax for type %s: "%s"`, typeName, text)
}

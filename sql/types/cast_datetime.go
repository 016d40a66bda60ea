package types

import (
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// DateToTimestamp is midnight of a date; not ok beyond the timestamps' range.
func DateToTimestamp(date int32) (ts int64, ok bool) {
	switch date {
	case DateInfinity:
		return TimestampInfinity, true
	case DateNegInfinity:
		return TimestampNegInfinity, true
	}
	if int64(date) > datetime.MaxTimestamp/datetime.Day {
		return 0, false
	}
	return int64(date) * datetime.Day, true
}

// TimestampToDate is the day of a timestamp.
func TimestampToDate(ts int64) int32 {
	switch ts {
	case TimestampInfinity:
		return DateInfinity
	case TimestampNegInfinity:
		return DateNegInfinity
	}
	day, _ := datetime.Split(ts)
	return int32(day)
}

// toUTC and fromUTC shift by the session's zone.
func (e *Env) toUTC(ts int64) (Datum, error) {
	utc, ok := datetime.ToUTC(ts, e.Location())
	if !ok {
		return Datum{}, TimestampOutOfRange()
	}
	return NewInt(utc), nil
}

func (e *Env) fromUTC(ts int64) (Datum, error) {
	local, ok := datetime.FromUTC(ts, e.Location())
	if !ok {
		return Datum{}, TimestampOutOfRange()
	}
	return NewInt(local), nil
}

func dateToTimestamp(e *Env, _, to Type, d Datum) (Datum, error) {
	ts, ok := DateToTimestamp(int32(d.I))
	if !ok {
		return Datum{}, sqlerr.New(sqlerr.DatetimeFieldOverflow, "date out of range for timestamp")
	}
	if to.ID == Timestamptz {
		return e.toUTC(ts)
	}
	return NewInt(ts), nil
}

func timestampToTimestamptz(e *Env, _, _ Type, d Datum) (Datum, error) { return e.toUTC(d.I) }

func timestamptzToTimestamp(e *Env, _, _ Type, d Datum) (Datum, error) { return e.fromUTC(d.I) }

// timestampToDate also takes a timestamp with time zone, whose day is the session's.
func timestampToDate(e *Env, from, _ Type, d Datum) (Datum, error) {
	if from.ID == Timestamptz {
		var err error
		if d, err = e.fromUTC(d.I); err != nil {
			return Datum{}, err
		}
	}
	return NewInt(int64(TimestampToDate(d.I))), nil
}

// timestampToTime is null for an infinity, as in PostgreSQL.
func timestampToTime(e *Env, from, _ Type, d Datum) (Datum, error) {
	if !datetime.IsFinite(d.I) {
		return Null, nil
	}
	if from.ID == Timestamptz {
		var err error
		if d, err = e.fromUTC(d.I); err != nil {
			return Datum{}, err
		}
	}
	_, micros := datetime.Split(d.I)
	return NewInt(micros), nil
}

func timeToInterval(_ *Env, _, _ Type, d Datum) (Datum, error) { return NewInterval(0, 0, d.I), nil }

// intervalToTime drops months and days, and whole days of the rest.
func intervalToTime(_ *Env, _, _ Type, d Datum) (Datum, error) {
	_, _, micros := d.W.Interval()
	_, tod := datetime.Split(micros)
	return NewInt(tod), nil
}

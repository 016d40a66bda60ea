package fn

import (
	"math"
	"time"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types/datetime"
)

// nowFuncs tell the time: the transaction's, in a view the epoch's; clock_timestamp alone moves on.
var nowFuncs = []*Func{
	nowFunc("now", "The transaction's time."),
	nowFunc("transaction_timestamp", "The transaction's time."),
	nowFunc("statement_timestamp", "The transaction's time."),
	nowFunc("current_timestamp", "The transaction's time."),
	{Name: "current_timestamp", Args: args(int4T), Ret: timestamptzT, Vol: Stable, Doc: "The transaction's time, rounded to digits of the second.",
		Example: "current_timestamp(0) = date_trunc('second', current_timestamp(0)) → true", Kernel: map1(func(c *Ctx, p int32) (int64, error) { return roundTo(c.now(), p), nil })},
	{Name: "clock_timestamp", Ret: timestamptzT, Vol: Volatile, Doc: "The time at this moment.", Example: "clock_timestamp() >= now() → true",
		Kernel: map0(func(*Ctx) (int64, error) { return time.Now().UnixMicro(), nil })},
	{Name: "timeofday", Ret: textT, Vol: Volatile, Doc: "The time at this moment as a text.", Example: "length(timeofday()) > 0 → true",
		Kernel: text0(func(c *Ctx, dst []byte) ([]byte, error) {
			return time.Now().In(c.zone()).AppendFormat(dst, "Mon Jan 02 15:04:05.000000 2006 MST"), nil
		})},
	{Name: "localtimestamp", Ret: timestampT, Vol: Stable, Doc: "The transaction's time without zone.", Example: "localtimestamp = now()::timestamp → true",
		Kernel: map0(func(c *Ctx) (int64, error) { return c.localNow(), nil })},
	{Name: "localtimestamp", Args: args(int4T), Ret: timestampT, Vol: Stable, Doc: "The transaction's time without zone, rounded.",
		Example: "localtimestamp(6) = localtimestamp → true", Kernel: map1(func(c *Ctx, p int32) (int64, error) { return roundTo(c.localNow(), p), nil })},
	{Name: "current_date", Ret: dateT, Vol: Stable, Doc: "The transaction's date.", Example: "current_date = now()::date → true",
		Kernel: map0(func(c *Ctx) (int32, error) {
			day, _ := datetime.Split(c.localNow())
			return int32(day), nil
		})},
	{Name: "localtime", Ret: timeT, Vol: Stable, Doc: "The transaction's time of day.", Example: "localtime = now()::time → true",
		Kernel: map0(func(c *Ctx) (int64, error) {
			_, us := datetime.Split(c.localNow())
			return us, nil
		})},
	{Name: "localtime", Args: args(int4T), Ret: timeT, Vol: Stable, Doc: "The transaction's time of day, rounded.", Example: "localtime(6) = localtime → true",
		Kernel: map1(func(c *Ctx, p int32) (int64, error) {
			_, us := datetime.Split(roundTo(c.localNow(), p))
			return us, nil
		})},
	{Name: "to_timestamp", Args: args(float8T), Ret: timestamptzT, Doc: "The moment so many seconds after 1970-01-01 00:00 UTC.",
		Example: "to_timestamp(1284352323) → 2010-09-13 04:32:03+00", Kernel: map1(fallible(fromEpoch))},
}

func nowFunc(name, doc string) *Func {
	example := name + "() = now() → true"
	if name == "current_timestamp" { // a keyword
		example = name + " = now() → true"
	}
	return &Func{Name: name, Ret: timestamptzT, Vol: Stable, Doc: doc, Example: example, Kernel: map0(func(c *Ctx) (int64, error) { return c.now(), nil })}
}

func (c *Ctx) now() int64 { return c.env().Now() }

func (c *Ctx) localNow() int64 {
	local, _ := datetime.FromUTC(c.now(), c.zone())
	return local
}

// roundTo rounds to p digits of the second.
func roundTo(ts int64, p int32) int64 {
	step := int64(1)
	for range 6 - min(max(p, 0), 6) {
		step *= 10
	}
	half := ts + step/2
	r := half % step
	if r < 0 {
		r += step
	}
	return half - r
}

// fromEpoch is float8_timestamptz.
func fromEpoch(secs float64) (int64, error) {
	switch {
	case secs != secs:
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, "timestamp cannot be NaN")
	case math.IsInf(secs, 1):
		return datetime.Infinity, nil
	case math.IsInf(secs, -1):
		return datetime.NegInfinity, nil
	}
	us := math.RoundToEven(secs * datetime.Second)
	if !width8.fitsFloat(us) || !datetime.ValidTimestamp(int64(us)) {
		return 0, sqlerr.New(sqlerr.DatetimeFieldOverflow, `timestamp out of range: "%g"`, secs)
	}
	return int64(us), nil
}

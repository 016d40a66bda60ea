package datetime

import "math"

// Lengths in microseconds, and in seconds where the name says so.
const (
	Second = 1_000_000
	Minute = 60 * Second
	Hour   = 60 * Minute
	Day    = 24 * Hour

	secondsPerDay = 86400
)

// Infinities of timestamps and dates.
const (
	Infinity        = math.MaxInt64
	NegInfinity     = math.MinInt64
	DateInfinity    = math.MaxInt32
	DateNegInfinity = math.MinInt32
)

// The ranges of finite values: from 4713-11-24 BC (Julian day 0) on.
const (
	// MinDate and MaxDate bound dates: 4713-11-24 BC and 5874897-12-31.
	MinDate = -2440588
	MaxDate = 2145042905
	// MinTimestamp is the first timestamp, MaxTimestamp the last: what fits an int64.
	MinTimestamp = MinDate * Day
	MaxTimestamp = math.MaxInt64 - 1
	// Epoch2000 is 2000-01-01, PostgreSQL's own zero, in days.
	Epoch2000 = 10957
)

// Days is the day number of a date of the proleptic Gregorian calendar; year 0 is 1 BC. Month and day may be out of range
// as far as they are counted on from a valid date.
func Days(year, month, day int) int {
	year, month = year+floorDiv(month-1, 12), floorMod(month-1, 12)
	// Years begin in March, so that the leap day is the last (Hinnant, chrono-compatible low-level date algorithms).
	if month < 2 {
		year--
		month += 12
	}
	era := floorDiv(year, 400)
	yoe := year - era*400
	doy := (153*(month-2)+2)/5 + day - 1
	return era*146097 + yoe*365 + yoe/4 - yoe/100 + doy - 719468
}

// Civil is the date of a day number.
func Civil(days int) (year, month, day int) {
	days += 719468
	era := floorDiv(days, 146097)
	doe := days - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	day = doy - (153*mp+2)/5 + 1
	year = yoe + era*400
	if mp < 10 {
		return year, mp + 3, day
	}
	return year + 1, mp - 9, day
}

// Split takes a finite timestamp apart into a day and the microseconds since its midnight.
func Split(ts int64) (day int, micros int64) {
	d := ts / Day
	m := ts - d*Day
	if m < 0 {
		d, m = d-1, m+Day
	}
	return int(d), m
}

// DaysIn is the length of a month.
func DaysIn(year, month int) int {
	if month == 2 {
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (month+month>>3)&1
}

// Weekday is the day of the week, Sunday being 0.
func Weekday(days int) int { return floorMod(days+4, 7) }

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int) int { return a - floorDiv(a, b)*b }

// IsFinite reports whether a timestamp is no infinity.
func IsFinite(ts int64) bool { return ts != Infinity && ts != NegInfinity }

// Add is a timestamp plus an interval: months first (the day clipped to the month's length), then days, then
// microseconds, as PostgreSQL's timestamp_pl_interval. Not ok when the result is out of range.
func Add(ts int64, months, days int, micros int64) (int64, bool) {
	if !IsFinite(ts) {
		return ts, true
	}
	if months != 0 || days != 0 {
		d, m := Split(ts)
		var ok bool
		if ts, ok = join(AddToDate(d, months, days), m); !ok {
			return 0, false
		}
	}
	sum := ts + micros
	return sum, (sum > ts) == (micros > 0) && ValidTimestamp(sum)
}

// AddToDate is a day number plus months (the day clipped to the month's length) and days.
func AddToDate(date, months, days int) int {
	if months != 0 {
		y, m, d := Civil(date)
		y, m = y+floorDiv(m-1+months, 12), floorMod(m-1+months, 12)+1
		date = Days(y, m, min(d, DaysIn(y, m)))
	}
	return date + days
}

// join is the timestamp of a day and microseconds since its midnight.
func join(day int, micros int64) (int64, bool) {
	if day < MinDate || day > MaxTimestamp/Day {
		return 0, false
	}
	ts := int64(day)*Day + micros
	// The last day does not fit whole.
	return ts, ts >= int64(day)*Day == (micros >= 0) && ValidTimestamp(ts)
}

// ValidTimestamp reports whether ts is finite and in range.
func ValidTimestamp(ts int64) bool { return ts >= MinTimestamp && ts <= MaxTimestamp }

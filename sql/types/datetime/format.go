package datetime

import (
	"strconv"
	"time"
)

// AppendDate adds a date in ISO form: 2015-07-15, 0044-03-15 BC, infinity.
func AppendDate(dst []byte, date int32) []byte {
	switch date {
	case DateInfinity:
		return append(dst, "infinity"...)
	case DateNegInfinity:
		return append(dst, "-infinity"...)
	}
	dst, bc := appendCivil(dst, int(date))
	return appendEra(dst, bc)
}

func appendCivil(dst []byte, days int) (out []byte, bc bool) {
	y, m, d := Civil(days)
	if y <= 0 {
		y, bc = 1-y, true
	}
	if y > 9999 {
		dst = strconv.AppendInt(dst, int64(y), 10)
	} else {
		dst = append2(append2(dst, y/100), y%100)
	}
	dst = append2(append(dst, '-'), m)
	return append2(append(dst, '-'), d), bc
}

func appendEra(dst []byte, bc bool) []byte {
	if bc {
		return append(dst, " BC"...)
	}
	return dst
}

func append2(dst []byte, n int) []byte { return append(dst, '0'+byte(n/10), '0'+byte(n%10)) }

// AppendTime adds a time of day: 23:59:59.5.
func AppendTime(dst []byte, micros int64) []byte {
	dst = append2(dst, int(micros/Hour))
	dst = append2(append(dst, ':'), int(micros/Minute%60))
	dst = append2(append(dst, ':'), int(micros/Second%60))
	return appendFraction(dst, micros%Second)
}

// appendFraction adds a fraction of a second without trailing zeros, and nothing for zero.
func appendFraction(dst []byte, micros int64) []byte {
	if micros == 0 {
		return dst
	}
	dst = append(dst, '.')
	for unit := int64(Second / 10); micros > 0; unit /= 10 {
		dst = append(dst, '0'+byte(micros/unit))
		micros %= unit
	}
	return dst
}

// AppendTimestamp adds a timestamp without time zone: 2015-07-15 00:00:00.
func AppendTimestamp(dst []byte, ts int64) []byte {
	if !IsFinite(ts) {
		return appendInfinity(dst, ts)
	}
	dst, bc := appendLocal(dst, ts)
	return appendEra(dst, bc)
}

func appendLocal(dst []byte, ts int64) (out []byte, bc bool) {
	day, micros := Split(ts)
	dst, bc = appendCivil(dst, day)
	return AppendTime(append(dst, ' '), micros), bc
}

func appendInfinity(dst []byte, ts int64) []byte {
	if ts == Infinity {
		return append(dst, "infinity"...)
	}
	return append(dst, "-infinity"...)
}

// AppendTimestamptz adds an instant as clocks in loc show it, with the offset: 2015-07-15 02:00:00+02.
func AppendTimestamptz(dst []byte, ts int64, loc *time.Location) []byte {
	if !IsFinite(ts) {
		return appendInfinity(dst, ts)
	}
	east := Offset(ts, loc)
	dst, bc := appendLocal(dst, ts+int64(east)*Second)
	return appendEra(appendOffset(dst, east), bc)
}

// appendOffset adds an offset: +02, -03:30, -04:56:02.
func appendOffset(dst []byte, east int) []byte {
	sign := byte('+')
	if east < 0 {
		sign, east = '-', -east
	}
	dst = append2(append(dst, sign), east/3600)
	if east%3600 != 0 {
		dst = append2(append(dst, ':'), east/60%60)
	}
	if east%60 != 0 {
		dst = append2(append(dst, ':'), east%60)
	}
	return dst
}

// RoundMicros rounds a number of microseconds to digits of a second, half away from zero.
func RoundMicros(micros int64, digits int) int64 {
	if digits >= 6 {
		return micros
	}
	unit := int64(Second)
	for range digits {
		unit /= 10
	}
	if micros < 0 {
		return -((-micros + unit/2) / unit * unit)
	}
	return (micros + unit/2) / unit * unit
}

// RoundTimestamp rounds a timestamp to digits of a second. Half goes away from 2000-01-01, PostgreSQL's zero. Not ok when
// the result is out of range.
func RoundTimestamp(ts int64, digits int) (int64, bool) {
	if !IsFinite(ts) || digits >= 6 {
		return ts, true
	}
	const zero = Epoch2000 * Day
	r := RoundMicros(ts-zero, digits) + zero
	return r, ValidTimestamp(r)
}

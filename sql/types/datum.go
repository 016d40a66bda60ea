package types

import "math"

// Datum is one value of some type, off the hot path: a constant, a parameter, a default. Which field holds it is the
// type's Kind: I for KindBool (0 or 1), KindInt32 and KindInt64, F for KindFloat, W for KindWide, B for KindBytes. B is
// never written through.
type Datum struct {
	Null bool
	I    int64
	F    float64
	W    Wide
	B    []byte
}

// Wide is a value of KindWide. A uuid is big-endian in Hi and Lo; an interval has its months in the upper half of Hi, its
// days in the lower half, and its microseconds in Lo.
type Wide struct{ Hi, Lo uint64 }

// The values that timestamps and dates use for infinity, as PostgreSQL does.
const (
	TimestampInfinity    = math.MaxInt64
	TimestampNegInfinity = math.MinInt64
	DateInfinity         = math.MaxInt32
	DateNegInfinity      = math.MinInt32
)

// Null is the null of any type.
var Null = Datum{Null: true}

// NewBool is a boolean value.
func NewBool(b bool) Datum {
	if b {
		return Datum{I: 1}
	}
	return Datum{}
}

// NewInt is a value of KindInt32 or KindInt64.
func NewInt(i int64) Datum { return Datum{I: i} }

// NewFloat is a value of KindFloat.
func NewFloat(f float64) Datum { return Datum{F: f} }

// NewText is a value of KindBytes.
func NewText(s string) Datum { return Datum{B: []byte(s)} }

// NewBytes is a value of KindBytes that keeps b.
func NewBytes(b []byte) Datum { return Datum{B: b} }

// NewInterval is an interval of months, days and microseconds.
func NewInterval(months, days int32, micros int64) Datum {
	return Datum{W: IntervalWide(months, days, micros)}
}

// IntervalWide packs an interval.
func IntervalWide(months, days int32, micros int64) Wide {
	return Wide{Hi: uint64(uint32(months))<<32 | uint64(uint32(days)), Lo: uint64(micros)}
}

// Interval unpacks an interval.
func (w Wide) Interval() (months, days int32, micros int64) {
	return int32(w.Hi >> 32), int32(w.Hi), int64(w.Lo)
}

// Bool is the value of a boolean.
func (d Datum) Bool() bool { return d.I != 0 }

// Package datetime reads, writes and computes dates, times, timestamps and intervals as PostgreSQL 15 does, with DateStyle
// ISO, MDY and IntervalStyle postgres.
//
// Units: a date is days since 1970-01-01, a timestamp microseconds since then (with time zone: in UTC), a time
// microseconds since midnight. The ends of the integer ranges are infinities.
//
// Invariants:
//   - The heuristics of input (which number is the year?) are those of src/backend/utils/adt/datetime.c, step by step: the
//     words and the masks in decode.go and number.go are named as there.
//   - Nothing here reads the machine's clock or zone; a Clock is given where a text may mean "now".
//   - The last 30 years of PostgreSQL's range (from 294247-01-10) do not fit microseconds since 1970 and are out of range.
package datetime

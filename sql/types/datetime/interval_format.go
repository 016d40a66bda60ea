package datetime

import "strconv"

// AppendInterval adds an interval in style postgres: 1 year 2 mons 3 days 04:05:06.7.
func AppendInterval(dst []byte, v Interval) []byte {
	w := intervalWriter{dst: dst, zero: true}
	w.part(int64(v.Months/12), "year")
	w.part(int64(v.Months%12), "mon")
	w.part(int64(v.Days), "day")
	if !w.zero && v.Micros == 0 {
		return w.dst
	}
	if !w.zero {
		w.dst = append(w.dst, ' ')
	}
	us := uint64(v.Micros)
	if v.Micros < 0 {
		w.dst = append(w.dst, '-')
		us = -us
	} else if w.negative {
		w.dst = append(w.dst, '+')
	}
	if h := us / Hour; h > 99 {
		w.dst = strconv.AppendUint(w.dst, h, 10)
	} else {
		w.dst = append2(w.dst, int(h))
	}
	w.dst = append2(append(w.dst, ':'), int(us/Minute%60))
	w.dst = append2(append(w.dst, ':'), int(us/Second%60))
	return appendFraction(w.dst, int64(us%Second))
}

// intervalWriter remembers what a part's form depends on: whether one was written, and whether the last was negative (then
// a positive one shows its sign).
type intervalWriter struct {
	dst            []byte
	zero, negative bool
}

func (w *intervalWriter) part(n int64, unit string) {
	if n == 0 {
		return
	}
	if !w.zero {
		w.dst = append(w.dst, ' ')
	}
	if w.negative && n > 0 {
		w.dst = append(w.dst, '+')
	}
	w.dst = strconv.AppendInt(w.dst, n, 10)
	w.dst = append(append(w.dst, ' '), unit...)
	if n != 1 {
		w.dst = append(w.dst, 's')
	}
	w.zero, w.negative = false, n < 0
}

// Fit drops what an interval type does not keep and rounds the seconds to digits (6: all).
func (v Interval) Fit(keep Fields, digits int) Interval {
	if keep != AllFields {
		v = v.lowest(keep)
	}
	v.Micros = RoundMicros(v.Micros, digits)
	return v
}

// lowest cuts an interval below the lowest field kept; higher ones stay whatever the type.
func (v Interval) lowest(keep Fields) Interval {
	switch {
	case keep&FieldSecond != 0:
	case keep&FieldMinute != 0:
		v.Micros = v.Micros / Minute * Minute
	case keep&FieldHour != 0:
		v.Micros = v.Micros / Hour * Hour
	case keep&FieldDay != 0:
		v.Micros = 0
	case keep&FieldMonth != 0:
		v.Days, v.Micros = 0, 0
	case keep&FieldYear != 0:
		v.Months, v.Days, v.Micros = v.Months/12*12, 0, 0
	}
	return v
}

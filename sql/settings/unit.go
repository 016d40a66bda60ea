package settings

import "time"

// unit is what a number of a unit is in the base of its dimension: microseconds, or bytes.
type unit struct {
	name   string
	memory bool
	size   float64
}

var units = []unit{
	{"us", false, 1}, {"ms", false, 1e3}, {"s", false, 1e6}, {"min", false, 60e6}, {"h", false, 3600e6}, {"d", false, 86400e6},
	{"B", true, 1}, {"kB", true, 1 << 10}, {"8kB", true, 8 << 10}, {"MB", true, 1 << 20}, {"GB", true, 1 << 30}, {"TB", true, 1 << 40},
}

func findUnit(name string) (unit, bool) {
	for _, u := range units {
		if u.name == name {
			return u, true
		}
	}
	return unit{}, false
}

// convert is how many of unit to make one of unit from.
func convert(from, to string) (factor float64, ok bool) {
	f, ok1 := findUnit(from)
	t, ok2 := findUnit(to)
	if !ok1 || !ok2 || f.memory != t.memory {
		return 0, false
	}
	return f.size / t.size, true
}

func validUnits(of string) string {
	if u, ok := findUnit(of); ok && u.memory {
		return `"B", "kB", "MB", "GB", and "TB"`
	}
	return `"us", "ms", "s", "min", "h", and "d"`
}

// format writes a number in the largest unit that divides it, as SHOW does.
func (s *Setting) format(n float64) string {
	u, ok := findUnit(s.Unit)
	if !ok || n <= 0 {
		return trim(n)
	}
	base := n * u.size
	best, name := n, s.Unit
	for _, x := range units {
		if x.memory != u.memory || x.name == "8kB" || x.size < u.size && x.name != "B" {
			continue
		}
		if q := base / x.size; q >= 1 && q == float64(int64(q)) && (q < best || name == "8kB") {
			best, name = q, x.name
		}
	}
	return trim(best) + name
}

// shown is a number, which is in the setting's unit unless it says otherwise, as SHOW gives it; other values are as they are.
func (s *Setting) shown(value string) string {
	if s.Kind != Int && s.Kind != Real {
		return value
	}
	n, err := s.number(value)
	if err != nil {
		return value
	}
	return s.format(n)
}

// Initial is the default as SHOW gives it.
func (s *Setting) Initial() string { return s.initial }

// Plain is a value as pg_settings has it: a number is in the setting's unit, without naming it.
func (s *Setting) Plain(value string) string {
	if s.Kind != Int && s.Kind != Real {
		return value
	}
	n, err := s.number(value)
	if err != nil {
		return value
	}
	return trim(n)
}

// Duration is the value of a setting of time.
func Duration(s *Setting, value string) time.Duration {
	n, err := s.number(value)
	u, ok := findUnit(s.Unit)
	if err != nil || !ok {
		return 0
	}
	return time.Duration(n * u.size * float64(time.Microsecond))
}

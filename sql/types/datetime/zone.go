package datetime

import (
	_ "embed"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones must not depend on the machine

	"github.com/streamdb/streamdb/sql/sqlerr"
)

//go:embed zones.txt
var zoneList string

// ZoneNames are the names of the time zones, as pg_timezone_names lists them.
func ZoneNames() []string { return strings.Fields(zoneList) }

// zoneNames gives the true spelling of a name in lower case.
var zoneNames = sync.OnceValue(func() map[string]string {
	m := map[string]string{}
	for _, name := range ZoneNames() {
		m[strings.ToLower(name)] = name
	}
	return m
})

// zones keeps the zones loaded.
var zones sync.Map // lower-case name → *time.Location

// LoadZone finds a time zone by its IANA name in any case, or by a POSIX specification without summer time.
func LoadZone(name string) (*time.Location, bool) {
	key := strings.ToLower(name)
	if key == "utc" {
		return time.UTC, true
	}
	if loc, ok := zones.Load(key); ok {
		return loc.(*time.Location), true
	}
	spelled, ok := zoneNames()[key]
	if !ok {
		return posixZone(key)
	}
	loc, err := time.LoadLocation(spelled)
	if err != nil {
		return nil, false
	}
	zones.Store(key, loc)
	return loc, true
}

// posixZone reads a specification such as UTC+3, GMT-03:00 (which the JDBC driver sends) or <+03>-3: a name and an offset,
// whose sign counts west of Greenwich.
func posixZone(spec string) (*time.Location, bool) {
	n := 0
	if strings.HasPrefix(spec, "<") {
		n = strings.IndexByte(spec, '>') + 1
	} else {
		for n < len(spec) && !isDigit(spec[n]) && strings.IndexByte("+-,", spec[n]) < 0 {
			n++
		}
	}
	if n == 0 || n == len(spec) {
		return nil, false
	}
	name, offset := strings.Trim(spec[:n], "<>"), spec[n:]
	if isDigit(offset[0]) {
		offset = "+" + offset
	}
	if len(offset) == 1 || len(offset) > 3 && strings.IndexByte(offset, ':') < 0 {
		return nil, false // +hhmm is no POSIX offset
	}
	west, f := decodeZoneOffset(offset)
	if f != none {
		return nil, false
	}
	return time.FixedZone(strings.ToUpper(name), -west), true
}

// Zone finds a time zone as AT TIME ZONE and SET TIME ZONE name it: an abbreviation (EST), an IANA name, or an offset
// such as +02, -03:30. The error is 22023.
func Zone(name string) (*time.Location, error) {
	key := strings.ToLower(strings.TrimSpace(name))
	if a, ok := abbreviations[key]; ok && a.offset != 0 {
		return time.FixedZone(strings.ToUpper(key), a.offset), nil
	}
	if key == "z" || key == "zulu" {
		return time.UTC, nil
	}
	if loc, ok := LoadZone(key); ok {
		return loc, nil
	}
	if east, f := decodeZoneOffset(key); f == none {
		return time.FixedZone(key, east), nil
	}
	return nil, unknownZone(name)
}

// ZoneSetting is the name of the zone that SET TIME ZONE means: an IANA name in its true spelling, a POSIX specification, or for hours
// east of Greenwich and INTERVAL '…' the specification of that offset. A bare offset in quotes is a POSIX one, so it counts west.
func ZoneSetting(value string) (name string, ok bool) {
	value = strings.TrimSpace(value)
	if text, ok := strings.CutPrefix(value, "INTERVAL '"); ok {
		text = strings.TrimSuffix(text, "'")
		if text != "" && isDigit(text[0]) {
			text = "+" + text
		}
		east, f := decodeZoneOffset(text)
		return offsetName(east), f == none
	}
	if hours, err := strconv.ParseFloat(value, 64); err == nil {
		return offsetName(int(hours * 3600)), math.Abs(hours) <= maxZoneHours
	}
	if west, f := decodeZoneOffset(value); f == none {
		return offsetName(-west), true
	}
	key := strings.ToLower(value)
	if spelled, ok := zoneNames()[key]; ok {
		return spelled, true
	}
	_, ok = LoadZone(key)
	return strings.ToUpper(value), ok
}

// offsetName is the POSIX specification of a zone of so many seconds east of Greenwich: <+05:30>-05:30.
func offsetName(east int) string {
	sign, back, s := "+", "-", east
	if east < 0 {
		sign, back, s = "-", "+", -east
	}
	text := fmt.Sprintf("%02d", s/3600)
	if s%3600 != 0 {
		text += fmt.Sprintf(":%02d", s/60%60)
	}
	if s%60 != 0 {
		text += fmt.Sprintf(":%02d", s%60)
	}
	return "<" + sign + text + ">" + back + text
}

func unknownZone(name string) error {
	return sqlerr.New(sqlerr.InvalidParameterValue, `time zone "%s" not recognized`, name)
}

// fixed reports whether a zone has always had one offset.
func fixed(loc *time.Location) bool {
	start, end := time.Unix(0, 0).In(loc).ZoneBounds()
	return start.IsZero() && end.IsZero()
}

// ToUTC is the instant at which clocks in loc show the local timestamp ts. In a gap the offset before it is used, in an
// overlap the offset after it, as PostgreSQL's DetermineTimeZoneOffset does. Infinities stay.
func ToUTC(ts int64, loc *time.Location) (utc int64, ok bool) {
	if loc == time.UTC || !IsFinite(ts) {
		return ts, true
	}
	utc = ts - int64(localOffset(floorSeconds(ts), loc))*Second
	return utc, ValidTimestamp(utc)
}

// FromUTC is what clocks in loc show at the instant ts. Infinities stay.
func FromUTC(ts int64, loc *time.Location) (local int64, ok bool) {
	if loc == time.UTC || !IsFinite(ts) {
		return ts, true
	}
	local = ts + int64(Offset(ts, loc))*Second
	return local, ValidTimestamp(local)
}

// Offset is how many seconds east of Greenwich clocks in loc are at the instant ts.
func Offset(ts int64, loc *time.Location) int {
	if loc == time.UTC {
		return 0
	}
	_, off := time.Unix(floorSeconds(ts), 0).In(loc).Zone()
	return off
}

func floorSeconds(ts int64) int64 {
	s := ts / Second
	if ts%Second < 0 {
		s--
	}
	return s
}

// localOffset is the offset of loc at a local time in seconds.
func localOffset(local int64, loc *time.Location) int {
	if loc == time.UTC {
		return 0
	}
	prev := time.Unix(local-secondsPerDay, 0).In(loc)
	_, before := prev.Zone()
	_, end := prev.ZoneBounds()
	if end.IsZero() {
		return before
	}
	_, after := end.Zone()
	boundary := end.Unix()
	tb, ta := local-int64(before), local-int64(after)
	switch {
	case tb < boundary && ta < boundary:
		return before
	case tb > boundary && ta >= boundary:
		return after
	case tb > ta: // clocks were set forward: a time that does not exist
		return before
	}
	return after
}

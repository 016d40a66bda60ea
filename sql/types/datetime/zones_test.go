package datetime_test

import (
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/streamdb/streamdb/sql/types/internal/golden"
	"github.com/stretchr/testify/require"
)

// TestZones compares zone conversions and interval arithmetic with PostgreSQL 15. A section says what is done to a
// timestamp: "local zone" is what instant it is there, "instant zone" what clocks there show then, "add interval".
func TestZones(t *testing.T) {
	for _, c := range golden.Read(t, "testdata/zones.golden", query) {
		if got := apply(t, c); got != c.Want {
			t.Errorf("%s %s\n got %s\nwant %s", c.Section, c.Input, got, c.Want)
		}
	}
}

func query(c golden.Case) golden.Query {
	op, arg, _ := strings.Cut(c.Section, " ")
	in, by := golden.Literal(c.Input), golden.Literal(arg)
	switch op {
	case "local":
		return golden.Query{SQL: "SELECT " + in + "::timestamp AT TIME ZONE " + by}
	case "instant":
		return golden.Query{SQL: "SELECT (" + in + "::timestamp AT TIME ZONE 'UTC') AT TIME ZONE " + by}
	}
	return golden.Query{SQL: "SELECT " + in + "::timestamp + " + by + "::interval"}
}

func apply(t *testing.T, c golden.Case) string {
	op, arg, _ := strings.Cut(c.Section, " ")
	ts, err := datetime.ParseTimestamp(c.Input, datetime.Clock{})
	require.NoError(t, err)
	if op == "add" {
		v, err := datetime.ParseInterval(arg, datetime.AllFields)
		require.NoError(t, err)
		sum, ok := datetime.Add(ts, int(v.Months), int(v.Days), v.Micros)
		if !ok {
			return golden.Error("22008", "timestamp out of range", "")
		}
		return string(datetime.AppendTimestamp(nil, sum))
	}
	zone, err := datetime.Zone(arg)
	require.NoError(t, err)
	if op == "local" {
		utc, ok := datetime.ToUTC(ts, zone)
		require.True(t, ok)
		utcZone, err := datetime.Zone("UTC")
		require.NoError(t, err)
		return string(datetime.AppendTimestamptz(nil, utc, utcZone))
	}
	local, ok := datetime.FromUTC(ts, zone)
	require.True(t, ok)
	return string(datetime.AppendTimestamp(nil, local))
}

func TestCivilRoundTrip(t *testing.T) {
	for days := datetime.MinDate; days < 3_000_000; days += 97 {
		y, m, d := datetime.Civil(days)
		require.Equal(t, days, datetime.Days(y, m, d))
		require.LessOrEqual(t, d, datetime.DaysIn(y, m))
	}
	require.Equal(t, 4, datetime.Weekday(0)) // 1970-01-01 was a Thursday
}

func TestUnknownZone(t *testing.T) {
	_, err := datetime.Zone("Nowhere/City")
	require.ErrorContains(t, err, `time zone "Nowhere/City" not recognized`)
}

func TestClockWords(t *testing.T) {
	now := int64(1_436_961_600_000_000) // 2015-07-15 12:00:00
	clock := datetime.Clock{Now: func() int64 { return now }}
	for text, want := range map[string]string{
		"now": "2015-07-15 12:00:00", "today": "2015-07-15 00:00:00", "yesterday": "2015-07-14 00:00:00",
		"tomorrow 14:00": "2015-07-16 14:00:00",
	} {
		ts, err := datetime.ParseTimestamp(text, clock)
		require.NoError(t, err)
		require.Equal(t, want, string(datetime.AppendTimestamp(nil, ts)))
		_, err = datetime.ParseTimestamp(text, datetime.Clock{})
		require.ErrorContains(t, err, "0A000")
	}
}

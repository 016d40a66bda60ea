package types_test

import (
	"testing"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/datetime"
	"github.com/stretchr/testify/require"
)

type fakeNames struct{}

func (fakeNames) OIDOf(id types.ID, name string) (uint32, error) {
	if id == types.Regclass && name == "item" {
		return 16384, nil
	}
	return 0, sqlerr.New(sqlerr.UndefinedTable, `relation "%s" does not exist`, name)
}

func (fakeNames) NameOf(_ types.ID, oid uint32) (string, bool) { return "item", oid == 16384 }

// TestEnv: what a text means in a session with a zone, a clock and a catalog.
func TestEnv(t *testing.T) {
	zone, err := datetime.Zone("America/New_York")
	require.NoError(t, err)
	const now = 1_436_961_600_000_000 // 2015-07-15 12:00:00 UTC
	for _, c := range []struct {
		typ, in, want string
		relative      bool
	}{
		{"timestamptz", "2015-07-15 12:00:00", "2015-07-15 12:00:00-04", false},
		{"timestamptz", "2015-01-15 12:00:00+00", "2015-01-15 07:00:00-05", false},
		{"timestamptz", "now", "2015-07-15 08:00:00-04", true},
		{"timestamp", "now", "2015-07-15 08:00:00", true},
		{"date", "today", "2015-07-15", true},
		{"date", "2015-07-15", "2015-07-15", false},
		{"time", "now", "08:00:00", true},
		{"timestamptz[]", "{today}", `{"2015-07-15 00:00:00-04"}`, true},
		{"regclass", "item", "item", false},
		{"regclass", "16384", "item", false},
		{"regclass", "42", "42", false},
		{"regclass", "-", "-", false},
		{"regtype", "int", "integer", false},
	} {
		env := &types.Env{Zone: zone, Now: now, Names: fakeNames{}}
		typ := mustType(t, c.typ)
		d, err := env.ParseText(typ, []byte(c.in))
		require.NoError(t, err, c.in)
		require.Equal(t, c.want, string(env.AppendText(nil, typ, d)), "%s %s", c.typ, c.in)
		require.Equal(t, c.relative, env.Relative, "%s %s", c.typ, c.in)
	}
	_, err = types.ParseText(types.T(types.Date), []byte("today"))
	require.Equal(t, sqlerr.FeatureNotSupported, sqlerr.CodeOf(err), "without a clock")
	_, err = (&types.Env{Names: fakeNames{}}).ParseText(types.T(types.Regclass), []byte("nope"))
	require.Equal(t, sqlerr.UndefinedTable, sqlerr.CodeOf(err))
}

// TestCastsReadTheZone: a cast between timestamps is made in the session's zone.
func TestCastsReadTheZone(t *testing.T) {
	zone, err := datetime.Zone("Europe/Berlin")
	require.NoError(t, err)
	env := &types.Env{Zone: zone}
	local, err := types.ParseText(types.T(types.Timestamp), []byte("2015-07-15 12:00:00"))
	require.NoError(t, err)
	instant, err := env.Cast(types.T(types.Timestamp), types.T(types.Timestamptz), true, local)
	require.NoError(t, err)
	require.Equal(t, "2015-07-15 10:00:00+00", types.String(types.T(types.Timestamptz), instant))
	back, err := env.Cast(types.T(types.Timestamptz), types.T(types.Timestamp), true, instant)
	require.NoError(t, err)
	require.Equal(t, local, back)
}

// TestLiteralCast: an untyped literal is read by the type's input function, and then cut as its context allows.
func TestLiteralCast(t *testing.T) {
	unknown, short := types.T(types.Unknown), mustType(t, "varchar(2)")
	d, err := (*types.Env)(nil).Cast(unknown, short, true, types.NewText("abcd"))
	require.NoError(t, err)
	require.Equal(t, "ab", string(d.B))
	_, err = (*types.Env)(nil).Cast(unknown, short, false, types.NewText("abcd"))
	require.Equal(t, sqlerr.StringDataRightTruncation, sqlerr.CodeOf(err))
	_, err = (*types.Env)(nil).Cast(types.T(types.UUID), types.T(types.Int4), true, types.Datum{})
	require.Equal(t, sqlerr.CannotCoerce, sqlerr.CodeOf(err))
}

// TestValueTooLarge: a short text must not grow without limit.
func TestValueTooLarge(t *testing.T) {
	_, err := types.ParseText(types.T(types.Numeric), []byte("1e131072"))
	require.Equal(t, sqlerr.NumericValueOutOfRange, sqlerr.CodeOf(err))
}

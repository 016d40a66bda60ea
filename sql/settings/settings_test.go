package settings_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/settings"
	"github.com/streamdb/streamdb/sql/sqlerr"
)

func TestList(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range settings.All() {
		name := strings.ToLower(s.Name)
		require.False(t, seen[name], "%s is there twice", s.Name)
		seen[name] = true
		require.NotEmpty(t, s.Doc, s.Name)
		require.NotEmpty(t, s.Category, s.Name)
		require.NotEmpty(t, s.Context, s.Name)
		v, ok := settings.NewValues().Get(s.Name)
		require.True(t, ok)
		if s.Context == settings.User || s.Context == settings.Superuser {
			again, err := s.Check(v)
			require.NoError(t, err, s.Name)
			require.Equal(t, v, again, "%s: SHOW gives what SET takes", s.Name)
		}
	}
	require.Greater(t, len(seen), 340)
}

// TestValues runs testdata/values: "set", "reset", "begin", "rollback", "commit", "savepoint", "rollback-to" (the last savepoint) and
// "show" on one session's values. Whatever changes a value changes the version.
func TestValues(t *testing.T) {
	v := settings.NewValues()
	last := 0
	values := map[string]string{}
	version := v.Version()
	datadriven.RunTest(t, "testdata/values", func(t *testing.T, d *datadriven.TestData) string {
		var out strings.Builder
		for line := range strings.Lines(d.Input) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), " = ")
			var err error
			switch d.Cmd {
			case "set":
				err = v.Set(name, value, d.HasArg("local"))
			case "init":
				err = v.Init(name, value)
			case "reset":
				err = v.Reset(name)
			}
			if err != nil {
				out.WriteString(string(sqlerr.From(err).Code) + ": " + sqlerr.From(err).Message + "\n")
				continue
			}
			shown, ok := v.Get(name)
			if !ok {
				shown = "(unknown)"
			}
			out.WriteString(name + " = " + shown)
			if s, known := settings.Find(name); known && s.Unit != "" {
				out.WriteString(" (" + s.Plain(shown) + " " + s.Unit + ")")
			}
			out.WriteString("\n")
		}
		switch d.Cmd {
		case "begin":
			v.Begin()
		case "rollback":
			v.End(false)
		case "commit":
			v.End(true)
		case "savepoint":
			last = v.Save()
		case "rollback-to":
			v.RollbackTo(last)
		}
		now := map[string]string{}
		for _, s := range settings.All() {
			now[s.Name], _ = v.Get(s.Name)
		}
		if len(values) > 0 && !maps.Equal(values, now) {
			require.NotEqual(t, version, v.Version(), d.Pos)
		}
		values, version = now, v.Version()
		return out.String()
	})
}

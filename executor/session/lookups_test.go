package session

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNameParts(t *testing.T) {
	for _, c := range []struct {
		text  string
		parts []string
	}{
		{"t", []string{"t"}},
		{" Public . T ", []string{"public", "t"}},
		{`"Public"."a.""b"`, []string{"Public", `a."b`}},
		{`db.s."T"`, []string{"db", "s", "T"}},
		{"", nil}, {".", nil}, {"a.", nil}, {".a", nil}, {`"a`, nil}, {`"a"b`, nil}, {`""`, nil},
	} {
		parts, ok := nameParts(c.text)
		require.Equal(t, c.parts != nil, ok, c.text)
		if ok {
			require.Equal(t, c.parts, parts, c.text)
		}
	}
}

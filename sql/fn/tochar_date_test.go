package fn

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// TestAppendPadded: it prints as %0*d does.
func TestAppendPadded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, width := rapid.IntRange(-1e7, 1e7).Draw(t, "v"), rapid.IntRange(0, 9).Draw(t, "width")
		require.Equal(t, fmt.Sprintf("x%0*d", width, v), string(appendPadded([]byte("x"), v, width)))
	})
}

// BenchmarkCharTimestamp prints a timestamp by the templates of days and of minutes.
func BenchmarkCharTimestamp(b *testing.B) {
	for _, template := range []string{"YYYY-MM-DD", "HH24:MI"} {
		b.Run(template, func(b *testing.B) {
			var dst []byte
			ts := int64(813244863123456)
			for b.Loop() {
				dst, _ = charTimestamp(dst[:0], ts, []byte(template), nil)
				ts += 1e6
			}
		})
	}
}

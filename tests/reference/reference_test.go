package reference

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

var rewrite = flag.Bool("rewrite", false, "write the pages")

// TestPages: the pages say what the lists say.
func TestPages(t *testing.T) {
	for name, text := range map[string]string{"functions.md": functions(), "settings.md": settingsPage(), "connectors.md": connectors()} {
		path := filepath.Join("..", "..", "docs", "reference", name)
		if *rewrite {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
		}
		got, err := os.ReadFile(path)
		require.NoError(t, err)
		require.Equal(t, text, string(got), "go test ./tests/reference -rewrite writes the page anew")
	}
}

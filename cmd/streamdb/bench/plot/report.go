package plot

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// WriteReport writes a benchmark's report to a folder, which it makes: README.md with the text, results.json with all figures, and plots as SVG,
// by file name.
func WriteReport(folder, text string, figures any, plots map[string]*Plot) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	all, err := json.MarshalIndent(figures, "", " ")
	if err != nil {
		return err
	}
	files := map[string]string{"results.json": string(all) + "\n", "README.md": text}
	for name, p := range plots {
		files[name] = p.SVG()
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

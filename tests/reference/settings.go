package reference

import (
	"cmp"
	"slices"
	"strings"

	"github.com/streamdb/streamdb/sql/settings"
)

// settingsPage is the page of settings that do something.
func settingsPage() string {
	var p page
	p.text.WriteString("# Settings\n")
	p.paragraph("`SET name = value`, `SHOW name`, or a parameter of the connection's start-up. `go test ./tests/reference -rewrite` writes this page from `sql/settings`.\n" +
		"Settings of PostgreSQL that have nothing to act upon here are there for clients' sake: `SELECT * FROM pg_settings`.")
	list := slices.Clone(settings.Effective)
	slices.SortFunc(list, func(a, b settings.Setting) int {
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	var rows [][]string
	for _, s := range list {
		value := string(s.Kind)
		if len(s.Values) > 0 {
			value = strings.Join(s.Values, ", ")
		}
		rows = append(rows, []string{code(s.Name), prose(value), code(strings.TrimSpace(s.Default + " " + s.Unit)), prose(s.Doc)})
	}
	p.table([]string{"setting", "value", "default", ""}, rows)
	return p.text.String()
}

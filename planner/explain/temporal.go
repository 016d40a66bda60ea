package explain

import "github.com/streamdb/streamdb/planner/physical"

// temporal says between which times of a row the clock stands while the row is there.
func temporal(x *physical.Temporal, in []string) []string {
	text := "now()"
	if x.From != physical.NoColumn {
		text = in[x.From] + " <= " + text
	}
	if x.To != physical.NoColumn {
		text += " < " + in[x.To]
	}
	return []string{"While: " + text}
}

package planner_test

import (
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/planner"
	"github.com/streamdb/streamdb/planner/explain"
	"github.com/streamdb/streamdb/sql/ast"
)

// bounds gives, for each line of input, which is a condition of a join of the streams a and b, what EXPLAIN says of its times.
func (s *schema) bounds(t *testing.T, d *datadriven.TestData) string {
	from := "a JOIN b"
	d.MaybeScanArgs(t, "from", &from)
	var out strings.Builder
	for _, cond := range strings.Split(strings.TrimSpace(d.Input), "\n") {
		sql := "SELECT a.k, a.at, b.at FROM " + strings.ReplaceAll(from, "_", " ") + " ON " + cond
		v, err := planner.View(s.context(), statements(t, sql)[0].Statement.(*ast.Select), planner.Options{Tasks: 1})
		require.NoError(t, err, cond)
		checkPlan(t, v.Plan, 1)
		var said []string
		for _, line := range explain.Plan(v.Plan, nil) {
			line = strings.TrimSpace(line)
			for _, of := range []string{"Time Bound: ", "Window: ", "Watermark: ", "Watermark ends here: ", "State: "} {
				if strings.HasPrefix(line, of) {
					said = append(said, strings.TrimPrefix(line, "Time Bound: "))
				}
			}
		}
		out.WriteString(strings.Join(said, "; ") + "\n")
	}
	return out.String()
}

package bind

import (
	"fmt"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// missingItem fails for a qualifier that names no FROM item, with PostgreSQL's explanation of why it might have been expected to.
func (x *exprContext) missingItem(qualifier []string, pos int) {
	name := qualifier[len(qualifier)-1]
	for s := x.scope; s != nil; s = s.outerScope() {
		if len(findItems(s.unreachable, qualifier)) > 0 {
			panic(sqlerr.New(sqlerr.UndefinedTable, "invalid reference to FROM-clause entry for table %q", name).
				WithHint("There is an entry for table %q, but it cannot be referenced from this part of the query.", name).At(pos))
		}
		if len(findItems(s.wrongJoin, qualifier)) > 0 {
			panic(sqlerr.New(sqlerr.InvalidColumnReference, "invalid reference to FROM-clause entry for table %q", name).
				WithDetail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.").At(pos))
		}
		for _, it := range s.items {
			if it.table != nil && it.name != name && it.table.Name == name {
				panic(sqlerr.New(sqlerr.UndefinedTable, "invalid reference to FROM-clause entry for table %q", name).
					WithHint("Perhaps you meant to reference the table alias %q.", it.name).At(pos))
			}
		}
	}
	fail(pos, sqlerr.UndefinedTable, "missing FROM-clause entry for table %q", name)
}

// hintColumn adds PostgreSQL's hint to an error about a column that does not exist: a column of another level that cannot be
// reached, or the nearest spelling.
func (x *exprContext) hintColumn(e *sqlerr.Error, qualifier, name string) {
	best, second, found := "", "", maxDistance(name)+1
	for s := x.scope; s != nil; s = s.outerScope() {
		for _, it := range s.unreachable {
			for _, c := range it.cols {
				if qualifier == "" && c.name == name && it.name != "" {
					e.Hint = fmt.Sprintf("There is a column named %q in table %q, but it cannot be referenced from this part of the query.", name, it.name)
					return
				}
			}
		}
		for _, it := range s.items {
			if it.name == "" {
				continue
			}
			penalty := 0
			if qualifier != "" {
				penalty = distance(qualifier, it.name)
			}
			for _, c := range it.cols {
				d := distance(name, c.name) + penalty
				switch full := it.name + "." + c.name; {
				case d < found:
					best, second, found = full, "", d
				case d == found && best != "" && second == "" && full != best:
					second = full
				}
			}
		}
	}
	switch {
	case best == "" || found > maxDistance(name):
	case second != "":
		e.Hint = fmt.Sprintf("Perhaps you meant to reference the column %q or the column %q.", best, second)
	default:
		e.Hint = fmt.Sprintf("Perhaps you meant to reference the column %q.", best)
	}
}

// maxDistance is how far a name may be from what was written to be worth a hint: half of it, and at most 3, as in PostgreSQL.
func maxDistance(name string) int { return min(len(name)/2, 3) }

// distance is the edit distance of two names.
func distance(a, b string) int {
	if len(a) > 63 || len(b) > 63 {
		return 64
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

package optest

import (
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
)

// Compare orders two rows by some of their columns, of types ts, as ORDER BY does: what naive models of ordered operators sort by.
func Compare(ts []types.Type, order []physical.SortKey, a, b []types.Datum) int {
	for _, k := range order {
		if r := types.CompareBy(ts[k.Column], k.Desc, k.NullsFirst, a[k.Column], b[k.Column]); r != 0 {
			return r
		}
	}
	return 0
}

// Ascending are the keys of an order by columns, each ascending with NULLs last.
func Ascending(columns ...int) (keys []physical.SortKey) {
	for _, c := range columns {
		keys = append(keys, physical.SortKey{Column: c})
	}
	return keys
}

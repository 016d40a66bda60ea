package types_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/types/internal/golden"
	"github.com/stretchr/testify/require"
)

const orderFile = "testdata/order.ranks"

// TestOrder reads texts with the rank that PostgreSQL 15 gives to their values among those of the same section, which is a
// type. All pairs must compare as their ranks do, and keys of values are equal exactly when their ranks are.
func TestOrder(t *testing.T) {
	sections := map[string][]golden.Case{}
	for _, c := range golden.Read(t, orderFile, rankQuery(t)) {
		sections[c.Section] = append(sections[c.Section], c)
	}
	for name, cases := range sections {
		typ := mustType(t, name)
		values, ranks := make([]types.Datum, len(cases)), make([]int, len(cases))
		for i, c := range cases {
			var err error
			values[i], err = types.ParseText(typ, []byte(c.Input))
			require.NoError(t, err)
			_, err = fmt.Sscan(c.Want, &ranks[i])
			require.NoError(t, err)
		}
		for i := range cases {
			for j := range cases {
				got := types.Compare(typ, values[i], values[j])
				require.Equal(t, cmp.Compare(ranks[i], ranks[j]), got, "%s: %s and %s", name, cases[i].Input, cases[j].Input)
				same := fmt.Sprintf("%#v", types.Key(typ, values[i])) == fmt.Sprintf("%#v", types.Key(typ, values[j]))
				require.Equal(t, ranks[i] == ranks[j], same, "keys of %s: %s and %s", name, cases[i].Input, cases[j].Input)
			}
		}
	}
}

// rankQuery counts the distinct values of a case's section that are not greater.
func rankQuery(t *testing.T) func(golden.Case) golden.Query {
	return func(c golden.Case) golden.Query {
		var rows []string
		for _, o := range golden.Parse(t, orderFile) {
			if o.Section == c.Section {
				rows = append(rows, fmt.Sprintf("(%s::%s)", golden.Literal(o.Input), c.Section))
			}
		}
		return golden.Query{SQL: fmt.Sprintf("SELECT count(DISTINCT v) FROM (VALUES %s) x(v) WHERE v <= %s::%s",
			strings.Join(rows, ","), golden.Literal(c.Input), c.Section)}
	}
}

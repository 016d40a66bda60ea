package pg

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
)

func TestPattern(t *testing.T) {
	for _, x := range []struct {
		sql, pattern string // the pattern is "" if there is none
		types        []uint32
	}{
		{"SELECT a FROM t WHERE k = 17", "SELECT a FROM t WHERE k = $1", []uint32{oidInt4}},
		{"select a from t where k=17;", "select a from t where k=$1;", []uint32{oidInt4}},
		{"SELECT a FROM t WHERE k >= 2147483647 AND k<2147483648", "SELECT a FROM t WHERE k >= $1 AND k<$2", []uint32{oidInt4, oidInt8}},
		{"SELECT a FROM t WHERE s = 'it' AND d<>'' LIMIT 10", "SELECT a FROM t WHERE s = $1 AND d<>$2 LIMIT 10", []uint32{0, 0}},
		{"SELECT 1, 'x' FROM t WHERE k = 5 ORDER BY 1", "SELECT 1, 'x' FROM t WHERE k = $1 ORDER BY 1", []uint32{oidInt4}},
		{"SELECT a FROM t WHERE k BETWEEN 5 AND 7 AND n = 9", "SELECT a FROM t WHERE k BETWEEN $1 AND $2 AND n = $3", []uint32{oidInt4, oidInt4, oidInt4}},
		{"SELECT a FROM t WHERE k between 5 and 5 + 7", "SELECT a FROM t WHERE k between $1 and $2 + 7", []uint32{oidInt4, oidInt4}},
		{"SELECT a FROM t WHERE k BETWEEN n AND 7 OR k = 1", "SELECT a FROM t WHERE k BETWEEN n AND 7 OR k = $1", []uint32{oidInt4}},
		{"SELECT a FROM t WHERE d = '2020-01-01'::date", "SELECT a FROM t WHERE d = $1::date", []uint32{0}},
		{"SELECT \"= 5\", '= 5' FROM t WHERE \"k\" = 5", "SELECT \"= 5\", '= 5' FROM t WHERE \"k\" = $1", []uint32{oidInt4}},
		{"SELECT a FROM t WHERE é = 5", "SELECT a FROM t WHERE é = $1", []uint32{oidInt4}},
		// not behind a comparison
		{"SELECT a FROM t WHERE k = -5 AND n = 1", "SELECT a FROM t WHERE k = -5 AND n = $1", []uint32{oidInt4}},
		{"SELECT a FROM t WHERE k =- 5 AND n = 1", "SELECT a FROM t WHERE k =- 5 AND n = $1", []uint32{oidInt4}},
		{"SELECT a FROM t WHERE j ->> 'a' = 'b'", "SELECT a FROM t WHERE j ->> 'a' = $1", []uint32{0}},
		{"SELECT a FROM t WHERE k = (5) AND n = 1", "SELECT a FROM t WHERE k = (5) AND n = $1", []uint32{oidInt4}},
		{"SELECT f(x => 5) FROM t", "", nil},
		{"SELECT a FROM t WHERE k IN (1, 2)", "", nil},
		{"SELECT 5", "", nil},
		// other than they look
		{"SELECT a FROM t WHERE k = 5.5", "", nil},
		{"SELECT a FROM t WHERE k = 5e1", "", nil},
		{"SELECT a FROM t WHERE k = .5 AND n = 1", "", nil},
		{"SELECT a FROM t WHERE k = 9223372036854775808", "", nil},
		{"SELECT a FROM t WHERE k = 5 -- AND n = 6", "", nil},
		{"SELECT a FROM t WHERE k =/* 5 */ 6", "", nil},
		{"SELECT a FROM t WHERE s = E'5' AND k = 5", "", nil},
		{"SELECT a FROM t WHERE s = 'it''s' AND k = 5", "", nil},
		{"SELECT a FROM t WHERE s = 'a' \n 'b' AND k = 5", "", nil},
		{"SELECT a FROM t WHERE s = '\\' AND k = 5", "", nil},
		{"SELECT a FROM t WHERE s = '5", "", nil},
		{"SELECT a FROM t WHERE s = $$ = 5 $$ AND k = 5", "", nil},
		{"SELECT a FROM t WHERE s = $1 AND k = 5", "", nil},
		{"SELECT a FROM t WHERE U&\"x\" = 5", "", nil},
		{"SELECT row_number() OVER () = 5 FROM t", "", nil},
		{"DELETE FROM t WHERE k = 17", "", nil},
		{"SELECT 1=1 AND 2=2 AND 3=3 AND 4=4 AND 5=5 AND 6=6 AND 7=7 AND 8=8 AND 9=9", "", nil},
	} {
		var p pattern
		require.Equal(t, x.pattern != "", p.read(x.sql), x.sql)
		if x.pattern == "" {
			continue
		}
		require.Equal(t, x.pattern, string(p.text))
		require.Equal(t, x.types, p.types(nil), x.sql)
		for i := range len(p.text) { // a place outside of the constants is the same byte in both
			if at := p.origin(i); p.text[i] != '$' && p.text[max(i, 1)-1] != '$' {
				require.Equal(t, p.text[i], x.sql[at], "%s at %d", x.sql, i)
			}
		}
	}
}

func TestPatternArguments(t *testing.T) {
	var p pattern
	sql := "SELECT a FROM t WHERE k = 17 AND s = 'x y' AND d > '2020-01-01'"
	require.True(t, p.read(sql))
	args, ok := p.arguments(sql, []types.Type{types.T(types.Int4), types.T(types.Text), types.T(types.Date)}, nil)
	require.True(t, ok)
	require.Equal(t, int64(17), args[0].I)
	require.Equal(t, "x y", string(args[1].B))
	require.Equal(t, int64(18262), args[2].I)
	_, ok = p.arguments(sql, []types.Type{types.T(types.Int4), types.T(types.Int4), types.T(types.Date)}, nil)
	require.False(t, ok, "the query itself has the error")
	env := &types.Env{}
	sql = "SELECT a FROM t WHERE d > 'today'"
	require.True(t, p.read(sql))
	_, ok = p.arguments(sql, []types.Type{types.T(types.Date)}, env)
	require.False(t, ok, "it is another one each day")
}

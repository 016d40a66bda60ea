package state

import (
	"fmt"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// The models of these tests are Go maps from a row's text to its weight.

var (
	bigint = types.T(types.Int8)
	text   = types.T(types.Text)
)

// genRow draws a row of spec: few distinct values, nulls, now and then a string larger than a page.
func genRow(t *rapid.T, ts []types.Type, keys int) []types.Datum {
	row := make([]types.Datum, len(ts))
	for c, typ := range ts {
		if rapid.IntRange(0, 9).Draw(t, "null") == 0 {
			row[c] = types.Null
			continue
		}
		x := rapid.Int64Range(0, int64(keys)).Draw(t, "value")
		switch typ.Kind() {
		case types.KindBytes:
			n := int(x) % 40
			if rapid.IntRange(0, 300).Draw(t, "large") == 0 {
				n = 17000
			}
			row[c] = types.NewText(fmt.Sprintf("%d:%s", x, strings.Repeat("x", n)))
		case types.KindFloat:
			row[c] = types.NewFloat(float64(x) / 2)
		case types.KindWide:
			row[c] = types.Datum{W: types.Wide{Hi: uint64(x), Lo: 7}}
		case types.KindBool:
			row[c] = types.NewBool(x%2 == 0)
		default:
			row[c] = types.NewInt(x)
		}
	}
	return row
}

func rowText(b *vec.Batch, i int, cols int) string {
	var s strings.Builder
	for c := range cols {
		d := b.Cols[c].Datum(i)
		switch {
		case d.Null:
			s.WriteString("null|")
		case b.Cols[c].Kind() == types.KindBytes:
			fmt.Fprintf(&s, "%s|", d.B)
		default:
			fmt.Fprintf(&s, "%v %v %v|", d.I, d.F, d.W)
		}
	}
	return s.String()
}

func hashesOf(b *vec.Batch, key int) []uint64 {
	out := make([]uint64, b.Rows())
	vec.HashRows(b.Cols[:key], b.Sel, b.N, out)
	return out
}

// drain reads a scan to its end.
func drain(t require.TestingT, s *Scan, into map[string]int64) {
	for {
		ok, err := s.Next()
		require.NoError(t, err)
		if !ok {
			return
		}
		require.LessOrEqual(t, s.Batch.N, vec.BatchSize)
		for i := range s.Batch.N {
			into[rowText(s.Batch, i, len(s.Batch.Cols))] += s.Batch.Weight(i)
		}
	}
}

func contents(t require.TestingT, r *HashedReader) map[string]int64 {
	var s Scan
	got := map[string]int64{}
	r.Scan(&s, -1)
	drain(t, &s, got)
	require.Equal(t, int64(len(got)), r.Rows())
	return got
}

// checkGroups scans group by group.
func checkGroups(t require.TestingT, r *HashedReader) {
	for g := range Groups {
		var s Scan
		rows := map[string]int64{}
		r.Scan(&s, g)
		drain(t, &s, rows)
		require.Equal(t, int64(len(rows)), r.v.GroupRows(g))
	}
}

func clone(m map[string]int64) map[string]int64 {
	c := make(map[string]int64, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}

// checkBytes compares what the arrangement believes its pages take, and their strings, with what they do.
func checkBytes(t require.TestingT, v *view) {
	total := int64(0)
	var walk func(n *node)
	walk = func(n *node) {
		if n == nil {
			return
		}
		total += n.bytes()
		if n.mem != nil {
			live := 0
			for _, c := range v.lay.bytesCols {
				col := v.lay.column(&n.shape, n.mem, c)
				for row := range int(n.n) {
					live += col.strLen(row)
				}
			}
			require.Equal(t, live, v.lay.liveStrings(&n.shape))
		}
		if n.in != nil {
			for i, kid := range n.in.kids {
				if i == 0 || kid != n.in.kids[i-1] {
					walk(kid)
				}
			}
		}
	}
	walk(v.root)
	require.Equal(t, total, v.Bytes())
}

func requireNothingLeft(t require.TestingT, mem *Memory) {
	pages, nodes := mem.Live()
	require.Zero(t, pages)
	require.Zero(t, nodes)
	require.Zero(t, mem.Bytes())
}

func TestSizeClasses(t *testing.T) {
	for c := range numClasses {
		require.Equal(t, c, classOf(classSize(c)))
		require.Equal(t, min(c+1, numClasses), classOf(classSize(c)+1))
	}
	require.Equal(t, maxPage, classSize(numClasses-1))
}

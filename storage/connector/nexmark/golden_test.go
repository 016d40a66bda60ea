package nexmark

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/events.txt anew (it is a contract with ports: it should never differ)")

const goldenFile = "testdata/events.txt"

// goldenHeader explains the file to those who port the generator.
const goldenHeader = `# Events of the generator, for ports: docs/nexmark-generator.md. A line is
# seed|event_rate|event number|table|columns in the table's order
`

// goldenRanges are the events in the file.
var goldenRanges = []struct {
	seed, eventRate int64
	from, until     uint64
}{
	{0, 10_000, 0, 200},
	{7, 10_000, 0, 200},
	{0, 10_000, 5_000, 5_006},
	{0, 10_000, 1_000_000, 1_000_010},
	{7, 10_000_000, 4_294_967_290, 4_294_967_310},
	{-1, 3, 12_345, 12_360},
	{7, 10_000, 999_999_999_999_990, 1_000_000_000_000_000},
}

func TestGolden(t *testing.T) {
	var b strings.Builder
	b.WriteString(goldenHeader)
	for _, g := range goldenRanges {
		for n := g.from; n < g.until; n++ {
			table := tableOf(n)
			s := open(t, table, nil, option("seed", g.seed), option("event_rate", g.eventRate))
			fmt.Fprintf(&b, "%d|%d|%d|%s|%s\n", g.seed, g.eventRate, n, table, strings.Join(eventRows(t, s, n, n+1, 1)[0], "|"))
		}
	}
	if *rewrite {
		require.NoError(t, os.WriteFile(goldenFile, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(goldenFile)
	require.NoError(t, err)
	require.Equal(t, strings.Split(string(want), "\n"), strings.Split(b.String(), "\n"))
}

// tableOf is which table event n belongs to.
func tableOf(n uint64) string {
	switch o := n % eventsPerGroup; {
	case o < personsPerGroup:
		return "person"
	case o < personsPerGroup+auctionsPerGroup:
		return "auction"
	default:
		return "bid"
	}
}

// eventRows reads a range in batches of at most size rows.
func eventRows(t require.TestingT, s connector.Source, from, until uint64, size int) [][]string {
	wanted, b := all(s)
	return readRows(t, s, b, wanted, from, until, size)
}

func readRows(t require.TestingT, s connector.Source, b *vec.Batch, wanted []int, from, until uint64, size int) [][]string {
	r, err := s.Open(splitName, connector.Position(from), wanted)
	require.NoError(t, err)
	var rows [][]string
	for done := false; !done; {
		var at connector.Position
		at, done, err = r.Poll(b, size, connector.Position(until))
		require.NoError(t, err)
		require.LessOrEqual(t, b.N, size)
		require.LessOrEqual(t, at, connector.Position(until))
		for i := range b.N {
			row := make([]string, len(b.Cols))
			for c, v := range b.Cols {
				row[c] = spell(v, i)
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// spell is a value as the golden file has it.
func spell(v *vec.Vector, i int) string {
	switch v.Type.ID {
	case types.Int8:
		return fmt.Sprint(v.I64[i])
	case types.Timestamp:
		return time.UnixMicro(v.I64[i]).UTC().Format("2006-01-02 15:04:05.000")
	default:
		return string(v.Bytes(i))
	}
}

package match

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

type discard struct{}

func (discard) Batch(*vec.Batch) error { return nil }
func (discard) Watermark(int64) error  { return nil }

// BenchmarkMatch reports ns/row of PATTERN (strt down+ up+): once over everything, with conditions on the row before and on rows matched
// before; then every 1,000 rows a step: by EMIT ON WINDOW CLOSE with a watermark, and by EMIT CHANGES without.
func BenchmarkMatch(b *testing.B) {
	column := func(of []int, offset, shift int) physical.MatchSlot {
		return physical.MatchSlot{Kind: physical.SlotColumn, Type: int8T, Column: colValue, Of: of, Offset: offset, Shift: shift}
	}
	compare := func(left, right physical.MatchSlot, name string) test {
		return test{left: left, op: name, right: &right}
	}
	plus := func(v int) physical.Pattern {
		return physical.Pattern{Kind: physical.PatternRepeat, Items: []physical.Pattern{{Kind: physical.PatternVariable, Variable: v}}, Min: 1, Max: -1}
	}
	average := physical.MatchSlot{Kind: physical.SlotAggregate, Type: int8T, Of: []int{1}, Name: "max", ArgTypes: []types.Type{int8T},
		Args: []physical.Expr{valueExpr}}
	for _, bench := range []struct {
		name     string
		down, up test
		settles  bool
		steps    bool
	}{
		{"local", compare(column(nil, 0, 0), column(nil, 0, -1), "<"), compare(column(nil, 0, 0), column(nil, 0, -1), ">="), false, false},
		{"history", compare(column(nil, 0, 0), column([]int{0}, 0, 0), "<"), compare(column(nil, 0, 0), column([]int{1}, 0, 0), ">="), false, false},
		{"aggregate", compare(column(nil, 0, 0), column(nil, 0, -1), "<"), compare(column(nil, 0, 0), average, ">="), false, false},
		{"settling", compare(column(nil, 0, 0), column(nil, 0, -1), "<"), compare(column(nil, 0, 0), column(nil, 0, -1), ">="), true, true},
		{"changing", compare(column(nil, 0, 0), column(nil, 0, -1), "<"), compare(column(nil, 0, 0), column(nil, 0, -1), ">="), false, true},
	} {
		b.Run(bench.name, func(b *testing.B) {
			c := &matchCase{node: &physical.Match{PartitionBy: []int{colPart}, OrderBy: orderByTime, Variables: []string{"strt", "down", "up"}, Within: physical.NoWithin,
				Watermark: bench.settles, EmitOnClose: bench.settles,
				Pattern: physical.Pattern{Kind: physical.PatternSequence, Items: []physical.Pattern{{Kind: physical.PatternVariable}, plus(1), plus(2)}}}}
			c.measure(column([]int{2}, 0, 0))
			c.define()
			c.define(bench.down)
			c.define(bench.up)
			benchmark(b, c, bench.steps)
		})
	}
}

func benchmark(b *testing.B, c *matchCase, steps bool) {
	const rows, parts = 100_000, 10
	for b.Loop() {
		m, err := New(c.node, inTypes, c.output(), state.NewMemory(nil))
		require.NoError(b, err)
		require.NoError(b, m.Open(&op.Context{Faults: &op.Faults{}, Once: !steps}))
		in := vec.NewBatch(inTypes, 0)
		for i := range rows {
			in.AppendRow(1, types.NewText(string(rune('a'+i%parts))), types.NewInt(int64(i)), types.NewInt(int64(i*7919%1009)))
			if in.N < 1000 {
				continue
			}
			require.NoError(b, m.Push(0, in, discard{}))
			in = vec.NewBatch(inTypes, 0)
			if steps {
				require.NoError(b, m.Watermark(0, int64(i)-500, discard{}))
				require.NoError(b, m.EndStep(discard{}))
			}
		}
		require.NoError(b, m.EndStep(discard{}))
		m.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}

package window

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var benchTypes = []types.Type{int8T, int8T, int8T}

// benchRows are n rows (i mod keys, i, i) from row from on.
func benchRows(from, n, keys int, weight int64) (out []*vec.Batch) {
	for start := from; start < from+n; start += vec.BatchSize {
		b := vec.NewBatch(benchTypes, vec.BatchSize)
		for i := start; i < min(start+vec.BatchSize, from+n); i++ {
			x := types.NewInt(int64(i))
			b.AppendRow(weight, types.NewInt(int64(i%keys)), x, x)
		}
		out = append(out, b)
	}
	return out
}

type counter struct{ rows int }

func (c *counter) Batch(b *vec.Batch) error { c.rows += b.Rows(); return nil }
func (c *counter) Watermark(int64) error    { return nil }

func run(b *testing.B, o op.Operator, batches []*vec.Batch) {
	var out counter
	for _, x := range batches {
		if err := o.Push(0, x, &out); err != nil {
			b.Fatal(err)
		}
	}
	if err := o.EndStep(&out); err != nil {
		b.Fatal(err)
	}
}

func newOver(b *testing.B, c physical.WindowCall) op.Operator {
	n := &physical.Over{PartitionBy: []int{0}, OrderBy: []physical.SortKey{{Column: 1}}, Calls: []physical.WindowCall{c}}
	o, err := NewOver(n, benchTypes, state.NewMemory(nil))
	if err == nil {
		err = o.Open(&op.Context{Faults: &op.Faults{}})
	}
	if err != nil {
		b.Fatal(err)
	}
	return o
}

var benchCalls = []struct {
	name string
	call physical.WindowCall
}{
	{"row_number", physical.WindowCall{Name: "row_number", Type: int8T}},
	{"lag", physical.WindowCall{Name: "lag", Type: int8T, Args: []int{2}}},
	{"running_sum", sumOver(physical.Bound{Bound: physical.UnboundedPreceding})},
	{"range_sum", rangeSum},
	{"sliding_sum", sumOver(physical.Bound{Bound: physical.Preceding, Offset: offset(9)})},
}

var rangeSum = func() physical.WindowCall {
	c := sumOver(physical.Bound{Bound: physical.Preceding, Offset: offset(9)})
	c.Frame.Unit = physical.Range
	return c
}()

func sumOver(start physical.Bound) physical.WindowCall {
	return physical.WindowCall{Name: "count", ArgTypes: []types.Type{types.T(types.Any)}, Type: int8T, Args: []int{2}, Aggregate: true,
		Filter: physical.NoColumn, Frame: physical.Frame{Unit: physical.Rows, Start: start, End: physical.Bound{Bound: physical.CurrentRow}}}
}

// BenchmarkOnce computes 100,000 rows in one step, in one partition and in 10,000.
func BenchmarkOnce(b *testing.B) {
	for _, c := range benchCalls {
		for name, keys := range map[string]int{"one": 1, "many": 10_000} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				batches := benchRows(0, 100_000, keys, 1)
				b.ReportAllocs()
				for b.Loop() {
					o := newOver(b, c.call)
					run(b, o, batches)
					o.Close()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100_000, "ns/row")
			})
		}
	}
}

// BenchmarkSteps changes one row of a partition of 100,000 in a step: the last one or the one in the middle.
func BenchmarkSteps(b *testing.B) {
	for _, c := range benchCalls {
		for name, at := range map[string]int{"last": 99_999, "middle": 50_000} {
			b.Run(c.name+"/"+name, func(b *testing.B) {
				o := newOver(b, c.call)
				run(b, o, benchRows(0, 100_000, 1, 1))
				change := [2][]*vec.Batch{benchRows(at, 1, 1, -1), benchRows(at, 1, 1, 1)}
				i := 0
				b.ReportAllocs()
				for b.Loop() {
					run(b, o, change[i%2])
					i++
				}
				o.Close()
			})
		}
	}
}

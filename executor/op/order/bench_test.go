package order

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var benchTypes = []types.Type{int8T, int8T, int8T}

// scores are rows (key, score, id) in batches.
func scores(n, keys int, weight int64) (out []*vec.Batch) {
	x := uint64(1)
	for from := 0; from < n; from += vec.BatchSize {
		b := vec.NewBatch(benchTypes, vec.BatchSize)
		for i := from; i < min(from+vec.BatchSize, n); i++ {
			x = x*6364136223846793005 + 1442695040888963407
			b.AppendRow(weight, types.NewInt(int64(i%keys)), types.NewInt(int64(x>>33)), types.NewInt(int64(i)))
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

func newTop(b *testing.B, n physical.TopN, once bool) op.Operator {
	n.OrderBy, n.Limit = []physical.SortKey{{Column: 1, Desc: true}}, number(10)
	o, err := NewTopN(&n, benchTypes, state.NewMemory(nil))
	if err == nil {
		err = o.Open(&op.Context{Faults: &op.Faults{}, Once: once})
	}
	if err != nil {
		b.Fatal(err)
	}
	return o
}

// BenchmarkTopOnce takes the first ten of 200,000 rows, of each key or of all, in one step.
func BenchmarkTopOnce(b *testing.B) {
	for _, keys := range []int{1, 100, 10_000} {
		for _, appends := range []bool{true, false} {
			b.Run(fmt.Sprintf("keys=%d/appends=%v", keys, appends), func(b *testing.B) {
				batches := scores(200_000, keys, 1)
				n := physical.TopN{AppendOnly: appends}
				if keys > 1 {
					n.PartitionBy = []int{0}
				}
				b.ReportAllocs()
				for b.Loop() {
					o := newTop(b, n, true)
					run(b, o, batches)
					o.Close()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/200_000, "ns/row")
			})
		}
	}
}

// BenchmarkTopSteps takes away and puts back ten rows of a million in a step, the first ten per key being kept.
func BenchmarkTopSteps(b *testing.B) {
	for _, keys := range []int{1, 1_000} {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			o := newTop(b, physical.TopN{PartitionBy: []int{0}}, false)
			run(b, o, scores(1_000_000, keys, 1))
			change := [2][]*vec.Batch{scores(10, keys, -1), scores(10, keys, 1)}
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

// BenchmarkFirst appends, in steps of 8,000 rows, to keys that are busy for some steps each: what keeps the first rows by hash against what keeps
// an order.
func BenchmarkFirst(b *testing.B) {
	for _, limit := range []int{1, 10} {
		for _, hashed := range []bool{true, false} {
			b.Run(fmt.Sprintf("limit=%d/hashed=%v", limit, hashed), func(b *testing.B) {
				const rows, steps = 8_000, 50
				batches := make([][]*vec.Batch, steps)
				for s := range batches {
					batches[s] = scores(rows, 1_000, 1)
					for _, x := range batches[s] {
						for i := range x.Cols[0].I64 {
							x.Cols[0].I64[i] += int64(200 * s)
						}
					}
				}
				by := []physical.SortKey{{Column: 1, Desc: true}}
				b.ReportAllocs()
				for b.Loop() {
					var o op.Operator
					if mem := state.NewMemory(nil); hashed {
						o = NewFirstRows(&physical.FirstRows{PartitionBy: []int{0}, OrderBy: by, Limit: limit}, benchTypes, mem)
					} else {
						o, _ = NewTopN(&physical.TopN{PartitionBy: []int{0}, OrderBy: by, Limit: number(int64(limit)), AppendOnly: true}, benchTypes, mem)
					}
					if err := o.Open(&op.Context{Faults: &op.Faults{}}); err != nil {
						b.Fatal(err)
					}
					for _, x := range batches {
						run(b, o, x)
					}
					o.Close()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows/steps, "ns/row")
			})
		}
	}
}

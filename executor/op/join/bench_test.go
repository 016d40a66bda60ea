package join

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var benchTypes = []types.Type{int8T, int8T}

// benchBatches are n rows (i mod keys, i) in batches.
func benchBatches(n, keys int, weight int64) []*vec.Batch {
	var out []*vec.Batch
	for from := 0; from < n; from += vec.BatchSize {
		b := vec.NewBatch(benchTypes, vec.BatchSize)
		for i := from; i < min(from+vec.BatchSize, n); i++ {
			b.AppendRow(weight, types.NewInt(int64(i%keys)), types.NewInt(int64(i)))
		}
		out = append(out, b)
	}
	return out
}

// counter counts output rows.
type counter struct{ rows int }

func (c *counter) Batch(b *vec.Batch) error { c.rows += b.Rows(); return nil }
func (c *counter) Watermark(int64) error    { return nil }

func benchJoin(b *testing.B, n *physical.Join, once bool) op.Operator {
	o, err := New(n, benchTypes, benchTypes, state.NewMemory(nil))
	if err == nil {
		err = o.Open(&op.Context{Faults: &op.Faults{}, Once: once})
	}
	if err != nil {
		b.Fatal(err)
	}
	return o
}

func pushAll(b *testing.B, o op.Operator, port int, batches []*vec.Batch, out op.Output) {
	for _, x := range batches {
		if err := o.Push(port, x, out); err != nil {
			b.Fatal(err)
		}
	}
}

func node(kind physical.JoinKind) *physical.Join {
	return &physical.Join{Join: kind, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false}, Output: []int{1, 3}}
}

// BenchmarkAdHoc joins everything in one step: 200,000 left rows with 10,000 right ones, one or ten of which have a key.
func BenchmarkAdHoc(b *testing.B) {
	for _, kind := range []physical.JoinKind{physical.InnerJoin, physical.LeftJoin, physical.SemiJoin} {
		for _, keys := range []int{10_000, 1_000} {
			for _, once := range []bool{true, false} {
				b.Run(fmt.Sprintf("%s/partners=%d/once=%v", kind, 10_000/keys, once), func(b *testing.B) {
					l, r := benchBatches(200_000, keys, 1), benchBatches(10_000, keys, 1)
					n := node(kind)
					if kind == physical.SemiJoin {
						n.Output = []int{1}
					}
					var out counter
					b.ReportAllocs()
					for b.Loop() {
						o := benchJoin(b, n, once)
						pushAll(b, o, right, r, &out)
						pushAll(b, o, left, l, &out)
						if err := o.EndStep(&out); err != nil {
							b.Fatal(err)
						}
						o.Close()
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/200_000, "ns/left-row")
				})
			}
		}
	}
}

// BenchmarkSteps runs small steps over a state of a million left rows: each takes a right row away and puts it back.
func BenchmarkSteps(b *testing.B) {
	for _, kind := range []physical.JoinKind{physical.InnerJoin, physical.LeftJoin, physical.FullJoin, physical.AntiJoin} {
		b.Run(string(kind), func(b *testing.B) {
			n := node(kind)
			if kind == physical.AntiJoin {
				n.Output = []int{1}
			}
			o := benchJoin(b, n, false)
			var out counter
			pushAll(b, o, left, benchBatches(1_000_000, 100_000, 1), &out)
			pushAll(b, o, right, benchBatches(100_000, 100_000, 1), &out)
			if err := o.EndStep(&out); err != nil {
				b.Fatal(err)
			}
			change := [2][]*vec.Batch{benchBatches(10, 100_000, -1), benchBatches(10, 100_000, 1)}
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				pushAll(b, o, right, change[i%2], &out)
				if err := o.EndStep(&out); err != nil {
					b.Fatal(err)
				}
				i++
			}
			o.Close()
		})
	}
}

// BenchmarkCross is a join on an inequality, of 2,000 by 2,000 rows.
func BenchmarkCross(b *testing.B) {
	n := &physical.Join{Join: physical.InnerJoin, Output: []int{1, 3}}
	n.Residual = physical.E(call("<", expr.NewColumn(0, int8T, ""), expr.NewColumn(2, int8T, "")))
	l, r := benchBatches(2_000, 2_000, 1), benchBatches(2_000, 2_000, 1)
	var out counter
	for b.Loop() {
		o := benchJoin(b, n, true)
		pushAll(b, o, left, l, &out)
		pushAll(b, o, right, r, &out)
		if err := o.EndStep(&out); err != nil {
			b.Fatal(err)
		}
		o.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4e6, "ns/pair")
}

// BenchmarkInterval streams rows of both sides, a thousand keys and a thousand rows a second in order, through joins of ten seconds.
func BenchmarkInterval(b *testing.B) {
	for _, name := range []string{"interval inner close=false", "interval left close=false", "interval left close=true", "window inner close=false", "window left close=true", "asof close=false"} {
		b.Run(name, func(b *testing.B) {
			o, err := flat()[name](state.NewMemory(nil))
			if err == nil {
				err = o.Open(&op.Context{Faults: &op.Faults{}})
			}
			if err != nil {
				b.Fatal(err)
			}
			windows := name[0] == 'w'
			out, batch := &counter{}, vec.NewBatch(timedTypes, 1000)
			second := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				second++
				at := second * 1_000_000
				if windows {
					at = (second/10 + 1) * 10_000_000
				}
				for port := range 2 {
					batch.Reset()
					for i := range int64(1000) {
						batch.AppendRow(1, types.NewInt((i*7919+second)%1000), types.NewInt(at), types.NewInt(i))
					}
					batch.Weights = nil
					if o.Push(port, batch, out) != nil || o.Watermark(port, (second-2)*1_000_000, out) != nil {
						b.Fatal("failed")
					}
				}
				if err := o.EndStep(out); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/2000, "ns/row")
			b.ReportMetric(float64(out.rows)/float64(b.N)/2000, "out/row")
		})
	}
}

// BenchmarkAsofAdHoc joins everything in one step: 200,000 rows of each side, of a thousand keys.
func BenchmarkAsofAdHoc(b *testing.B) {
	var batches []*vec.Batch
	for from := int64(0); from < 200_000; from += vec.BatchSize {
		x := vec.NewBatch(timedTypes, vec.BatchSize)
		for i := from; i < min(from+vec.BatchSize, 200_000); i++ {
			x.AppendRow(1, types.NewInt(i*7919%1000), types.NewInt(i*1000), types.NewInt(i))
		}
		x.Weights = nil
		batches = append(batches, x)
	}
	b.ReportAllocs()
	for b.Loop() {
		o, err := NewAsof(&physical.Asof{Outer: true, Compare: ">=", LeftTime: 1, RightTime: 1, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false},
			Output: []int{0, 1, 2, 5}}, timedTypes, timedTypes, state.NewMemory(nil))
		if err == nil {
			err = o.Open(&op.Context{Faults: &op.Faults{}, Once: true})
		}
		if err != nil {
			b.Fatal(err)
		}
		out := &counter{}
		pushAll(b, o, 0, batches, out)
		pushAll(b, o, 1, batches, out)
		if err := o.EndStep(out); err != nil || out.rows != 200_000 {
			b.Fatal(err, out.rows)
		}
		o.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/200_000, "ns/left-row")
}

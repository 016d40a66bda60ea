package agg

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

var benchTypes = []types.Type{int8T, int8T}

// benchBatches are batches of random keys of so many, with a value each.
func benchBatches(keys, batches int) []*vec.Batch {
	out := make([]*vec.Batch, batches)
	x := uint64(1)
	for k := range out {
		b := vec.NewBatch(benchTypes, vec.BatchSize)
		for range vec.BatchSize {
			x = x*6364136223846793005 + 1442695040888963407
			b.Cols[0].AppendInt64(int64((x >> 33) % uint64(keys)))
			b.Cols[1].AppendInt64(int64(x >> 40))
		}
		b.N = vec.BatchSize
		out[k] = b
	}
	return out
}

func countAndMax(distinct bool) *physical.Aggregate {
	n := &physical.Aggregate{Keys: []int{0}, AppendOnly: true, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn}
	n.Calls = []physical.AggCall{
		{Name: "count", Filter: physical.NoColumn, Type: int8T},
		{Name: "max", ArgTypes: []types.Type{int8T}, Args: []int{1}, Filter: physical.NoColumn, Type: int8T},
	}
	if distinct {
		n.Calls[1] = physical.AggCall{Name: "count", ArgTypes: []types.Type{types.T(types.Any)}, Args: []int{1}, Filter: physical.NoColumn, Type: int8T, Distinct: true}
	}
	return n
}

type discard struct{}

func (discard) Batch(*vec.Batch) error { return nil }
func (discard) Watermark(int64) error  { return nil }

func benchAgg(b *testing.B, n *physical.Aggregate, once bool) *Aggregate {
	a, err := New(n, benchTypes, state.NewMemory(nil))
	if err != nil {
		b.Fatal(err)
	}
	if err := a.Open(&op.Context{Faults: &op.Faults{}, Once: once}); err != nil {
		b.Fatal(err)
	}
	return a
}

func runStep(b *testing.B, a op.Operator, batches []*vec.Batch) {
	for _, x := range batches {
		if err := a.Push(0, x, discard{}); err != nil {
			b.Fatal(err)
		}
	}
	if err := a.EndStep(discard{}); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkAggregate is count and max by an integer key: in steps of so many batches over state that has all keys.
func BenchmarkAggregate(b *testing.B) {
	for _, keys := range []int{1e2, 1e4, 1e6} {
		for _, step := range []int{1, 64, 1024} {
			b.Run(fmt.Sprintf("keys=%d/batches=%d", keys, step), func(b *testing.B) {
				a := benchAgg(b, countAndMax(false), false)
				defer a.Close()
				all := benchBatches(keys, 2048)
				runStep(b, a, all)
				b.ReportAllocs()
				at := 0
				for b.Loop() {
					runStep(b, a, all[at:at+step])
					at = (at + step) % len(all)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(step*vec.BatchSize), "ns/row")
			})
		}
	}
}

// BenchmarkAdHoc is the only step of a query over a million rows.
func BenchmarkAdHoc(b *testing.B) {
	for _, keys := range []int{1e2, 1e6} {
		for _, distinct := range []bool{false, true} {
			b.Run(fmt.Sprintf("keys=%d/distinct=%v", keys, distinct), func(b *testing.B) {
				all := benchBatches(keys, 1024)
				b.ReportAllocs()
				for b.Loop() {
					a := benchAgg(b, countAndMax(distinct), true)
					runStep(b, a, all)
					a.Close()
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(all)*vec.BatchSize), "ns/row")
			})
		}
	}
}

// BenchmarkOrdered is min and max where rows are retracted: each step takes a batch back and adds another.
func BenchmarkOrdered(b *testing.B) {
	n := countAndMax(false)
	n.AppendOnly = false
	a := benchAgg(b, n, false)
	defer a.Close()
	all := benchBatches(1e4, 256)
	runStep(b, a, all)
	b.ReportAllocs()
	at := 0
	minus := make([]int64, vec.BatchSize)
	for i := range minus {
		minus[i] = -1
	}
	for b.Loop() {
		old := *all[at]
		old.Weights = minus
		runStep(b, a, []*vec.Batch{&old})
		runStep(b, a, all[at:at+1])
		at = (at + 1) % len(all)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(2*vec.BatchSize), "ns/row")
}

// BenchmarkPartial is BenchmarkAggregate over partial aggregates, in steps of 64 batches: of few groups, and of as many as rows, where it
// must cost next to nothing.
func BenchmarkPartial(b *testing.B) {
	for _, keys := range []int{1e2, 1e4, 1e6} {
		b.Run(fmt.Sprintf("keys=%d", keys), func(b *testing.B) {
			n := countAndMax(false)
			below := &physical.PartialAggregate{Keys: n.Keys, Calls: n.Calls, AppendOnly: true}
			calls, mid, _ := split(below, benchTypes)
			a, err := New(&physical.Aggregate{Keys: n.Keys, Calls: calls, AppendOnly: true, WindowEnd: n.WindowEnd, WindowStart: n.WindowStart,
				Partial: &physical.Partial{Count: 1}}, mid, state.NewMemory(nil))
			if err != nil {
				b.Fatal(err)
			}
			p, err := NewPartial(below, benchTypes, a.mem)
			if err != nil {
				b.Fatal(err)
			}
			o := &twoPhase{Operator: a, below: []*Partial{p}}
			if err := o.Open(&op.Context{Faults: &op.Faults{}}); err != nil {
				b.Fatal(err)
			}
			defer o.Close()
			all := benchBatches(keys, 2048)
			runStep(b, o, all)
			b.ReportAllocs()
			const step = 64
			at := 0
			for b.Loop() {
				runStep(b, o, all[at:at+step])
				at = (at + step) % len(all)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(step*vec.BatchSize), "ns/row")
		})
	}
}

// BenchmarkGather is a partial aggregate alone, over keys as Nexmark's bids have them: half are one key, the others some hundred that move on;
// with the keys of a window, with a day as text, and with two keys that differ.
func BenchmarkGather(b *testing.B) {
	for _, x := range []struct {
		name string
		keys []int
	}{{"one", []int{0}}, {"window", []int{0, 1, 2}}, {"day", []int{0, 5}}, {"general", []int{0, 3}}} {
		b.Run(x.name, func(b *testing.B) {
			in := []types.Type{int8T, int8T, int8T, int8T, int8T, text}
			batches := benchBatches(1<<40, 1024)
			for i, v := range batches {
				key, constant, day := vec.New(int8T, v.N), vec.New(int8T, v.N), vec.New(text, v.N)
				for k := range v.N {
					at := int64(i*vec.BatchSize+k) / 15
					if r := v.Cols[1].I64[k]; r%2 == 0 {
						at -= r / 2 % 100
					} else {
						at -= at % 100
					}
					key.AppendInt64(at)
					constant.AppendInt64(7)
					day.AppendBytes([]byte("2026-11-24"))
				}
				v.Cols = []*vec.Vector{key, constant, constant, key, v.Cols[1], day}
			}
			max := physical.AggCall{Name: "max", ArgTypes: []types.Type{int8T}, Args: []int{4}, Filter: physical.NoColumn, Type: int8T}
			p, err := NewPartial(&physical.PartialAggregate{Keys: x.keys, Calls: []physical.AggCall{max}, AppendOnly: true}, in, state.NewMemory(nil))
			if err != nil {
				b.Fatal(err)
			}
			if err := p.Open(&op.Context{Faults: &op.Faults{}}); err != nil {
				b.Fatal(err)
			}
			defer p.Close()
			b.ReportAllocs()
			for b.Loop() {
				runStep(b, p, batches)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(batches)*vec.BatchSize), "ns/row")
		})
	}
}

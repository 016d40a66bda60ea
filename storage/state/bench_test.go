package state

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// counters is an arrangement of n keys with two states, as an aggregate has it, and a batch for its keys.
func counters(b *testing.B, n int) (*Hashed, *vec.Batch, []uint64) {
	spec := Spec{Types: []types.Type{bigint, bigint, bigint}, Key: 1, Unique: true}
	h := NewHashed(NewMemory(nil), spec)
	batch := vec.NewBatch(spec.Types, vec.BatchSize)
	for _, c := range batch.Cols {
		c.I64 = c.I64[:vec.BatchSize]
	}
	batch.N = vec.BatchSize
	hashes := make([]uint64, vec.BatchSize)
	for from := 0; from < n; from += vec.BatchSize {
		batch.N = min(vec.BatchSize, n-from)
		for i := range batch.N {
			batch.Cols[0].I64[i] = int64(from + i)
		}
		vec.HashRows(batch.Cols[:1], nil, batch.N, hashes[:batch.N])
		if err := h.Put(batch, hashes[:batch.N], nil); err != nil {
			b.Fatal(err)
		}
	}
	batch.N = vec.BatchSize
	return h, batch, hashes
}

// BenchmarkKeyed is a step of an aggregate: look up a batch of random keys, gather two states, put them back.
func BenchmarkKeyed(b *testing.B) {
	for _, n := range []int{1e4, 1e6, 1e7} {
		b.Run(fmt.Sprintf("keys=%d", n), func(b *testing.B) {
			h, batch, hashes := counters(b, n)
			var refs Refs
			var s1, s2 vec.Vector
			x := uint64(1)
			b.ResetTimer()
			for b.Loop() {
				for i := range batch.Cols[0].I64 {
					x = x*6364136223846793005 + 1442695040888963407
					batch.Cols[0].I64[i] = int64((x >> 33) % uint64(n))
				}
				vec.HashRows(batch.Cols[:1], nil, batch.N, hashes)
				if err := h.Lookup(batch.Cols[:1], hashes, nil, batch.N, &refs); err != nil {
					b.Fatal(err)
				}
				h.Gather(&refs, 1, &s1)
				h.Gather(&refs, 2, &s2)
				for i := range s1.I64 {
					batch.Cols[1].I64[i] = s1.I64[i] + 1
					batch.Cols[2].I64[i] = s2.I64[i] + int64(i)
				}
				if err := h.Put(batch, hashes, &refs); err != nil {
					b.Fatal(err)
				}
			}
			rate(b, vec.BatchSize)
			b.ReportMetric(float64(h.Bytes())/float64(n), "bytes/row")
		})
	}
}

func rate(b *testing.B, rows int) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

// BenchmarkBuild inserts n keys.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1e4, 1e6} {
		b.Run(fmt.Sprintf("keys=%d", n), func(b *testing.B) {
			for b.Loop() {
				h, _, _ := counters(b, n)
				h.Release()
			}
			rate(b, n)
		})
	}
}

// BenchmarkZSet applies batches of random rows of two integers and their retractions, in turn.
func BenchmarkZSet(b *testing.B) {
	for _, n := range []int{1e4, 1e6} {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			h := joinSide(b, n)
			batch := vec.NewBatch(h.lay.spec.Types, vec.BatchSize)
			hashes := make([]uint64, vec.BatchSize)
			for range vec.BatchSize {
				batch.AppendRow(-1, types.NewInt(0), types.NewInt(0))
			}
			x := uint64(1)
			b.ResetTimer()
			for b.Loop() {
				for i := range vec.BatchSize {
					x = x*6364136223846793005 + 1442695040888963407
					r := int64((x >> 33) % uint64(n))
					batch.Cols[0].I64[i], batch.Cols[1].I64[i] = r/4, r
				}
				vec.HashRows(batch.Cols[:1], nil, batch.N, hashes)
				for _, w := range []int64{-1, 1} {
					for i := range batch.Weights {
						batch.Weights[i] = w
					}
					if err := h.Apply(batch, hashes, nil); err != nil {
						b.Fatal(err)
					}
				}
			}
			rate(b, 2*vec.BatchSize)
			b.ReportMetric(float64(h.Bytes())/float64(n), "bytes/row")
		})
	}
}

// joinSide has n rows, four to a key.
func joinSide(b *testing.B, n int) *Hashed {
	spec := Spec{Types: []types.Type{bigint, bigint}, Key: 1}
	h := NewHashed(NewMemory(nil), spec)
	batch := vec.NewBatch(spec.Types, vec.BatchSize)
	for from := 0; from < n; from += vec.BatchSize {
		batch.Reset()
		for i := from; i < min(n, from+vec.BatchSize); i++ {
			batch.AppendRow(1, types.NewInt(int64(i/4)), types.NewInt(int64(i)))
		}
		if err := h.Apply(batch, hashesOf(batch, 1), nil); err != nil {
			b.Fatal(err)
		}
	}
	return h
}

// BenchmarkProbe joins batches of random keys with four rows each.
func BenchmarkProbe(b *testing.B) {
	for _, n := range []int{1e4, 1e6} {
		b.Run(fmt.Sprintf("rows=%d", n), func(b *testing.B) {
			h := joinSide(b, n)
			keys := &vec.Vector{}
			keys.Resize(bigint, vec.BatchSize)
			hashes := make([]uint64, vec.BatchSize)
			var p Probe
			rows, x := 0, uint64(1)
			b.ResetTimer()
			for b.Loop() {
				for i := range keys.I64 {
					x = x*6364136223846793005 + 1442695040888963407
					keys.I64[i] = int64((x >> 33) % uint64(n/4))
				}
				vec.HashRows([]*vec.Vector{keys}, nil, vec.BatchSize, hashes)
				if err := h.Probe(&p, []*vec.Vector{keys}, hashes, nil, vec.BatchSize); err != nil {
					b.Fatal(err)
				}
				for {
					ok, err := p.Next()
					if err != nil {
						b.Fatal(err)
					}
					if !ok {
						break
					}
					rows += p.Batch.N
				}
			}
			if rows != b.N*vec.BatchSize*4 {
				b.Fatal("wrong number of matches")
			}
			rate(b, 4*vec.BatchSize)
		})
	}
}

func BenchmarkScan(b *testing.B) {
	h, _, _ := counters(b, 1e6)
	var s Scan
	for b.Loop() {
		n := 0
		h.Scan(&s, -1)
		for {
			ok, err := s.Next()
			if err != nil {
				b.Fatal(err)
			}
			if !ok {
				break
			}
			n += s.Batch.N
		}
		if n != 1e6 {
			b.Fatal("wrong number of rows")
		}
	}
	rate(b, 1e6)
}

// BenchmarkOrdered is a step of min and max under retraction: batches of random rows come and go among n rows of n/100 keys,
// and the first row of each key is read.
func BenchmarkOrdered(b *testing.B) {
	for _, n := range []int{1e4, 1e6} {
		spec := Spec{Types: []types.Type{bigint, bigint}, Key: 1, Order: []Order{{Col: 1}}}
		o := NewOrdered(NewMemory(nil), spec)
		batch := vec.NewBatch(spec.Types, vec.BatchSize)
		hashes := make([]uint64, vec.BatchSize)
		x := uint64(1)
		fill := func(from, rows int, weight int64) {
			batch.Reset()
			for i := from; i < from+rows; i++ {
				batch.AppendRow(weight, types.NewInt(int64(i*7919%(n/100))), types.NewInt(int64(i)))
			}
			vec.HashRows(batch.Cols[:1], nil, rows, hashes[:rows])
		}
		for from := 0; from < n; from += 1000 {
			fill(from, 1000, 1)
			if err := o.Apply(batch, hashes[:1000], nil); err != nil {
				b.Fatal(err)
			}
		}
		b.Run(fmt.Sprintf("apply/rows=%d", n), func(b *testing.B) {
			for b.Loop() {
				x = x*6364136223846793005 + 1442695040888963407
				from := int(x>>33) % (n - 1000)
				for _, w := range []int64{-1, 1} {
					fill(from, 1000, w)
					if err := o.Apply(batch, hashes[:1000], nil); err != nil {
						b.Fatal(err)
					}
				}
			}
			rate(b, 2000)
			b.ReportMetric(float64(o.Bytes())/float64(n), "bytes/row")
		})
		b.Run(fmt.Sprintf("first/rows=%d", n), func(b *testing.B) {
			var c Cursor
			fill(0, 100, 1)
			for b.Loop() {
				for i := range 100 {
					if err := o.Open(&c, batch.Cols[:1], i, hashes[i]); err != nil {
						b.Fatal(err)
					}
					if ok, err := c.Next(1); err != nil || !ok {
						b.Fatal(ok, err)
					}
				}
			}
			rate(b, 100)
		})
	}
}

func BenchmarkList(b *testing.B) {
	l := NewList(NewMemory(nil), []types.Type{bigint, bigint})
	batch := vec.NewBatch(l.lay.spec.Types, vec.BatchSize)
	for i := range int64(vec.BatchSize) {
		batch.AppendRow(1, types.NewInt(i), types.NewInt(i))
	}
	for b.Loop() {
		if err := l.Append(batch); err != nil {
			b.Fatal(err)
		}
		if first, end := l.Bounds(); end-first > 1e6 {
			if err := l.DropPrefix(end - 1e5); err != nil {
				b.Fatal(err)
			}
		}
	}
	rate(b, vec.BatchSize)
}

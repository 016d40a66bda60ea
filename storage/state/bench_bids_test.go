package state

import (
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// bids are the rows of a join's side that is kept for good: integers and strings, sixteen rows a key.
type bids struct {
	spec  Spec
	batch *vec.Batch
	x     uint64
}

func newBids() *bids {
	text := types.Type{ID: types.Text}
	spec := Spec{Types: []types.Type{bigint, bigint, bigint, text, text, text}, Key: 1}
	return &bids{spec: spec, batch: vec.NewBatch(spec.Types, vec.BatchSize), x: 1}
}

// fill makes the batch rows from to to, and gives the hashes of their keys.
func (r *bids) fill(from, to int) []uint64 {
	filler := strings.Repeat("x", 100)
	r.batch.Reset()
	for i := from; i < to; i++ {
		r.x = r.x*6364136223846793005 + 1442695040888963407
		r.batch.AppendRow(1, types.NewInt(int64(i/16)+int64(r.x>>59)), types.NewInt(int64(r.x>>40)), types.NewInt(int64(i)),
			types.NewText("channel"), types.NewText(filler[:60]), types.NewText(filler[:30+r.x>>58]))
	}
	return hashesOf(r.batch, 1)
}

// BenchmarkBids inserts bids, each of them new.
func BenchmarkBids(b *testing.B) {
	const n = 300_000
	bytes := int64(0)
	for b.Loop() {
		r := newBids()
		h := NewHashed(NewMemory(nil), r.spec)
		for from := 0; from < n; from += vec.BatchSize {
			b.StopTimer()
			hashes := r.fill(from, min(n, from+vec.BatchSize))
			b.StartTimer()
			if err := h.Apply(r.batch, hashes, nil); err != nil {
				b.Fatal(err)
			}
		}
		bytes = h.Bytes()
		h.Release()
	}
	rate(b, n)
	b.ReportMetric(float64(bytes)/n, "bytes/row")
}

// BenchmarkBidsLogged is BenchmarkBids with all but the key in a log, of which the Hashed has the places.
func BenchmarkBidsLogged(b *testing.B) {
	const n = 300_000
	bytes := int64(0)
	for b.Loop() {
		r := newBids()
		l := newLoggedBids(r)
		for from := 0; from < n; from += vec.BatchSize {
			b.StopTimer()
			hashes := r.fill(from, min(n, from+vec.BatchSize))
			b.StartTimer()
			if err := l.insert(r.batch, hashes); err != nil {
				b.Fatal(err)
			}
		}
		bytes = l.index.Bytes() + l.log.Bytes()
		l.index.Release()
		l.log.Release()
	}
	rate(b, n)
	b.ReportMetric(float64(bytes)/n, "bytes/row")
}

// loggedBids are bids of which the rest beside the key is in a log.
type loggedBids struct {
	log    *Log
	index  *Hashed
	key    int
	places vec.Vector
}

func newLoggedBids(r *bids) *loggedBids {
	mem, key := NewMemory(nil), r.spec.Key
	return &loggedBids{log: NewLog(mem, r.spec.Types[key:]), index: NewHashed(mem, IndexSpec(r.spec.Types[:key], false)), key: key}
}

func (l *loggedBids) insert(b *vec.Batch, hashes []uint64) error {
	l.places.Resize(PlaceType, b.N)
	rest, keys := *b, *b
	rest.Cols, keys.Cols = b.Cols[l.key:], append(b.Cols[:l.key:l.key], &l.places)
	if err := l.log.Append(&rest, hashes, l.places.I64); err != nil {
		return err
	}
	return l.index.Insert(&keys, hashes)
}

// BenchmarkProbeBidsLogged is BenchmarkProbeBids with all but the key in a log.
func BenchmarkProbeBidsLogged(b *testing.B) {
	r := newBids()
	l := newLoggedBids(r)
	for from := 0; from < 100_000; from += vec.BatchSize {
		if err := l.insert(r.batch, r.fill(from, from+vec.BatchSize)); err != nil {
			b.Fatal(err)
		}
	}
	hashes := r.fill(50_000, 50_000+vec.BatchSize)
	var cols []int
	for c := range r.spec.Types[l.key:] {
		cols = append(cols, c)
	}
	var p Probe
	var f Fetch
	rows := 0
	for b.Loop() {
		if err := l.index.Probe(&p, r.batch.Cols[:l.key], hashes, nil, r.batch.N); err != nil {
			b.Fatal(err)
		}
		for rows = 0; ; rows += p.Batch.N {
			ok, err := p.Next()
			if err != nil {
				b.Fatal(err)
			}
			if !ok {
				break
			}
			if err := f.Rows(&l.log.LogReader, p.Batch.Cols[l.key].I64[:p.Batch.N], cols); err != nil {
				b.Fatal(err)
			}
		}
	}
	rate(b, rows)
}

// BenchmarkProbeBids gives all columns of the bids of a batch of keys.
func BenchmarkProbeBids(b *testing.B) {
	r := newBids()
	h := NewHashed(NewMemory(nil), r.spec)
	for from := 0; from < 100_000; from += vec.BatchSize {
		if err := h.Apply(r.batch, r.fill(from, from+vec.BatchSize), nil); err != nil {
			b.Fatal(err)
		}
	}
	hashes := r.fill(50_000, 50_000+vec.BatchSize)
	var p Probe
	rows := 0
	for b.Loop() {
		if err := h.Probe(&p, r.batch.Cols[:1], hashes, nil, r.batch.N); err != nil {
			b.Fatal(err)
		}
		for rows = 0; ; rows += p.Batch.N {
			ok, err := p.Next()
			if err != nil {
				b.Fatal(err)
			}
			if !ok {
				break
			}
		}
	}
	rate(b, rows)
}

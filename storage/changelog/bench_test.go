package changelog

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/kv"
)

// bid is a batch of n rows like Nexmark's bids: five numbers and two short texts.
func bid(n int) *vec.Batch {
	int8, text := types.T(types.Int8), types.T(types.Text)
	b := vec.NewBatch([]types.Type{int8, int8, int8, int8, int8, text, text}, n)
	for i := range n {
		x := int64(i) * 2654435761
		b.AppendRow(1, types.NewInt(int64(i)), types.NewInt(x%1000), types.NewInt(x%100_000), types.NewInt(x), types.NewInt(1436918400000000+int64(i)),
			types.NewText(fmt.Sprintf("channel-%d", x%1000)), types.NewText(fmt.Sprintf("https://www.nexmark.com/item/%d", x%10_000)))
	}
	return b
}

func openFolder(b *testing.B) (kv.Store, *Log) {
	store, err := kv.OpenFolder(b.TempDir(), kv.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, store.Close()) })
	l, err := Open(store)
	require.NoError(b, err)
	return store, l
}

// BenchmarkAppend is one row an epoch: what an INSERT costs, with and without waiting for the disk.
func BenchmarkAppend(b *testing.B) {
	for _, sync := range []bool{true, false} {
		b.Run(fmt.Sprintf("sync=%t", sync), func(b *testing.B) {
			_, l := openFolder(b)
			data := []RelationData{{Relation: 1, Batches: []*vec.Batch{bid(1)}}}
			b.ReportAllocs()
			for epoch := uint64(1); b.Loop(); epoch++ {
				require.NoError(b, l.Append(&Record{Epoch: epoch, Time: int64(epoch)}, data, AppendOptions{Sync: sync}))
			}
		})
	}
}

// BenchmarkStage is a COPY of a million rows, durable at the end.
func BenchmarkStage(b *testing.B) {
	const rows = 1_000_000
	batch := bid(vec.BatchSize)
	_, l := openFolder(b)
	for epoch := uint64(1); b.Loop(); epoch++ {
		st := l.Stage(1)
		for range rows / batch.N {
			require.NoError(b, st.Write(batch))
		}
		data := []RelationData{{Relation: 1, Stages: []*Stage{st}}}
		require.NoError(b, l.Append(&Record{Epoch: epoch, Time: int64(epoch)}, data, AppendOptions{Sync: true}))
	}
	disk, err := l.DiskBytes(1)
	require.NoError(b, err)
	done := float64(b.N) * rows
	b.ReportMetric(done/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(disk)/done, "disk-bytes/row")
}

// BenchmarkBlocks reads two million rows: those of large appends, and those of appends of 100 rows.
func BenchmarkBlocks(b *testing.B) {
	for _, of := range []int{1 << 20, 100} {
		b.Run(fmt.Sprintf("append=%d", of), func(b *testing.B) {
			_, l := openFolder(b)
			batch := bid(min(of, vec.BatchSize))
			total := 2 << 20 / of
			if of == 100 {
				total = 5000
			}
			for epoch := 1; epoch <= total; epoch++ {
				d := RelationData{Relation: 1}
				for n := 0; n < of; n += batch.N {
					d.Batches = append(d.Batches, batch)
				}
				require.NoError(b, l.Append(&Record{Epoch: uint64(epoch)}, []RelationData{d}, AppendOptions{}))
			}
			rows, bytes := 0, 0
			for b.Loop() {
				it, err := l.Blocks(1, 0, math.MaxUint64)
				require.NoError(b, err)
				rows, bytes = 0, 0
				for it.Next() {
					rows += it.Batch().N
					bytes += it.Batch().Bytes()
				}
				require.NoError(b, it.Err())
				require.NoError(b, it.Close())
			}
			require.Equal(b, of*total, rows)
			b.SetBytes(int64(bytes))
			b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

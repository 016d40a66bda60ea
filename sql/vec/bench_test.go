package vec_test

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
)

// benchColumn is a column of BatchSize values.
func benchColumn(b *testing.B, typ types.Type) *vec.Vector {
	v := vec.New(typ, vec.BatchSize)
	texts := map[types.ID]string{types.Int4: "%d", types.Int8: "%d", types.Float8: "%d.5", types.Text: "value number %d", types.Numeric: "%d.25",
		types.UUID: "a0eebc99-9c0b-4ef8-bb6d-6bb9bd38%04d", types.Interval: "%d days", types.Bool: "%d"}
	decode := vec.TextDecoder(typ, nil)
	for i := range vec.BatchSize {
		if typ.ID == types.Bool {
			i %= 2
		}
		require.NoError(b, decode(v, fmt.Appendf(nil, texts[typ.ID], i)))
	}
	return v
}

var benchTypes = []types.Type{types.T(types.Int4), types.T(types.Int8), types.T(types.Float8), types.T(types.Text), types.T(types.Numeric),
	types.NumericType(12, 2), types.T(types.UUID), types.T(types.Interval), types.T(types.Bool)}

func perValue(b *testing.B) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/vec.BatchSize, "ns/value")
}

func BenchmarkHash(b *testing.B) {
	out := make([]uint64, vec.BatchSize)
	for _, typ := range benchTypes {
		b.Run(typ.String(), func(b *testing.B) {
			cols := []*vec.Vector{benchColumn(b, typ)}
			b.ReportAllocs()
			for b.Loop() {
				vec.HashRows(cols, nil, vec.BatchSize, out)
			}
			perValue(b)
		})
	}
}

func BenchmarkEqualRows(b *testing.B) {
	eq, idx := make([]bool, vec.BatchSize), make([]int32, vec.BatchSize)
	for i := range idx {
		idx[i] = int32(i)
	}
	for _, typ := range benchTypes {
		b.Run(typ.String(), func(b *testing.B) {
			cols := []*vec.Vector{benchColumn(b, typ)}
			b.ReportAllocs()
			for b.Loop() {
				vec.EqualRows(cols, idx, cols, idx, eq)
			}
			perValue(b)
		})
	}
}

func BenchmarkBlock(b *testing.B) {
	for _, typ := range benchTypes {
		batch := &vec.Batch{Cols: []*vec.Vector{benchColumn(b, typ)}, N: vec.BatchSize}
		data, err := vec.AppendBlock(nil, batch, vec.Uncompressed)
		require.NoError(b, err)
		b.Run("encode/"+typ.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				data, _ = vec.AppendBlock(data[:0], batch, vec.Uncompressed)
			}
			perValue(b)
		})
		b.Run("decode/"+typ.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _, err = vec.DecodeBlock(data)
			}
			perValue(b)
		})
	}
}

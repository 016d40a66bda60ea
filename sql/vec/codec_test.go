package vec_test

import (
	"encoding/binary"
	"testing"

	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"
	"pgregory.net/rapid"
)

func TestBlockRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ts := rapid.SliceOfN(rapid.SampledFrom(columnTypes), 0, 4).Draw(t, "types")
		b := drawBatch(t, ts)
		c := rapid.SampledFrom([]vec.Compression{vec.Uncompressed, vec.Zstd}).Draw(t, "compression")
		data, err := vec.AppendBlock([]byte("front"), b, c)
		require.NoError(t, err)
		got, rest, err := vec.DecodeBlock(append(data[5:], "behind"...))
		require.NoError(t, err)
		require.Equal(t, "behind", string(rest))
		require.Equal(t, b.Rows(), got.N)
		require.Equal(t, b.Types(), got.Types())
		for k := range got.N {
			require.Equal(t, b.Weight(b.Row(k)), got.Weight(k))
			for c := range ts {
				require.True(t, vec.Identical(b.Cols[c], b.Row(k), got.Cols[c], k))
			}
		}
		again, err := vec.AppendBlock(nil, got, c)
		require.NoError(t, err)
		require.Equal(t, data[5:], again, "equal batches make equal blocks")
	})
}

func TestBlockDamage(t *testing.T) {
	b := vec.NewBatch([]types.Type{types.T(types.Int4), types.T(types.Text)}, 0)
	b.AppendRow(-1, types.NewInt(1), types.NewText("one"))
	data, err := vec.AppendBlock(nil, b, vec.Uncompressed)
	require.NoError(t, err)
	for i := range data {
		_, _, err := vec.DecodeBlock(data[:i])
		require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
		bad := append([]byte(nil), data...)
		bad[i] ^= 0x10
		_, _, err = vec.DecodeBlock(bad)
		require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err), "byte %d", i)
	}
}

// FuzzDecodeBlock mends the checksum of each input, so that the fuzzer gets past it.
func FuzzDecodeBlock(f *testing.F) {
	b := vec.NewBatch(columnTypes, 0)
	b.AppendRow(1, make([]types.Datum, len(columnTypes))...)
	b.Cols[7].SetNull(0)
	for _, c := range []vec.Compression{vec.Uncompressed, vec.Zstd} {
		data, err := vec.AppendBlock(nil, b, c)
		require.NoError(f, err)
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) >= 24 {
			data = append([]byte(nil), data...)
			binary.LittleEndian.PutUint32(data[8:], uint32(len(data)-24))
			binary.LittleEndian.PutUint64(data[16:], xxh3.HashSeed(data[24:], xxh3.Hash(data[:16])))
		}
		got, _, err := vec.DecodeBlock(data)
		if err != nil {
			require.Equal(t, sqlerr.DataCorrupted, sqlerr.CodeOf(err))
			return
		}
		out := make([]uint64, got.N%1000)
		vec.HashRows(got.Cols, nil, len(out), out)
	})
}

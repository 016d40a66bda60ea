package vec_test

import (
	"encoding/binary"
	"math"
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

// TestBlockPacks: integers take as many bytes as their differences need, whatever they are.
func TestBlockPacks(t *testing.T) {
	size := func(typ types.ID, values ...int64) int {
		b := vec.NewBatch([]types.Type{types.T(typ)}, 0)
		for _, x := range values {
			b.AppendRow(1, types.NewInt(x))
		}
		data, err := vec.AppendBlock(nil, b, vec.Uncompressed)
		require.NoError(t, err)
		got, _, err := vec.DecodeBlock(data)
		require.NoError(t, err)
		for i, x := range values {
			require.Equal(t, x, got.Cols[0].Datum(i).I)
		}
		return len(data)
	}
	const head = 24 + 6 + 1 // of the block, the column, the packing
	for _, typ := range []types.ID{types.Int8, types.Int4} {
		least := int64(math.MinInt32)
		require.Equal(t, head+8+3, size(typ, least, least+1, least+255))
		require.Equal(t, head+8+3*2, size(typ, least+256, least, least+1))
		require.Equal(t, head+8+3*2, size(typ, least, least+1, least+1<<16-1))
		require.Equal(t, head+8+3*4, size(typ, least, least+1, least+1<<16))
		require.Equal(t, head+8+3*4, size(typ, least, -1, math.MaxInt32))
		require.Equal(t, head+2*8, size(typ, 5, -5))
		require.Equal(t, head, size(typ))
	}
	require.Equal(t, head+3*8, size(types.Int8, math.MinInt64, 0, math.MaxInt64))
	require.Equal(t, head+3*8, size(types.Int8, -1, 0, math.MaxUint32))
	require.Equal(t, head+8+3, size(types.Int8, math.MaxInt64, math.MaxInt64, math.MaxInt64-9))
}

// TestBlockVersion1: blocks with raw integers and lengths stay readable.
func TestBlockVersion1(t *testing.T) {
	le := binary.LittleEndian
	body := []byte{byte(types.Int8), 0}
	body = le.AppendUint64(le.AppendUint64(le.AppendUint32(body, 0), 7), math.MaxUint64)
	body = le.AppendUint32(append(body, byte(types.Int4), 0), 0)
	body = le.AppendUint32(le.AppendUint32(body, 3), 1<<31)
	body = le.AppendUint32(append(body, byte(types.Text), 0), 0)
	body = append(le.AppendUint32(le.AppendUint32(body, 3), 1), "abcd"...)
	data := le.AppendUint32(le.AppendUint16([]byte{1, 0}, 3), 2)
	data = le.AppendUint32(le.AppendUint32(data, uint32(len(body))), uint32(len(body)))
	data = append(le.AppendUint64(data, xxh3.HashSeed(body, xxh3.Hash(data))), body...)
	b, rest, err := vec.DecodeBlock(data)
	require.NoError(t, err)
	require.Empty(t, rest)
	require.Equal(t, []int64{7, -1}, b.Cols[0].I64)
	require.Equal(t, []int32{3, math.MinInt32}, b.Cols[1].I32)
	require.Equal(t, "abc", string(b.Cols[2].Bytes(0)))
	require.Equal(t, "d", string(b.Cols[2].Bytes(1)))
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

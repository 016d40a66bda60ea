package state

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// TestHashOrder: the order is that of a stable sort, whether hashes differ early, late or not at all.
func TestHashOrder(t *testing.T) {
	var order HashOrder
	rapid.Check(t, func(t *rapid.T) {
		mask := rapid.SampledFrom([]uint64{^uint64(0), 0xff << 56, 0xff << 48, 0xffff, 3}).Draw(t, "mask")
		x := rapid.Uint64().Draw(t, "seed")
		hashes := make([]uint64, rapid.SampledFrom([]int{0, 1, fewRows, fewRows + 1, 5000}).Draw(t, "rows"))
		want := make([]int32, len(hashes))
		for i := range hashes {
			x = x*6364136223846793005 + 1442695040888963407
			hashes[i], want[i] = (x^x>>29)&mask, int32(i)
		}
		slices.SortStableFunc(want, func(a, b int32) int {
			if hashes[a] < hashes[b] {
				return -1
			}
			if hashes[a] > hashes[b] {
				return 1
			}
			return 0
		})
		require.Equal(t, want, append([]int32{}, order.Of(hashes)...))
	})
}

// TestInsertMany: batches of more rows than a page holds, of few keys and of many, with rows that are there twice and strings, some of which fill
// a page alone.
func TestInsertMany(t *testing.T) {
	for _, keys := range []int{1, 7, 100_000} {
		mem := NewMemory(nil)
		h := NewHashed(mem, Spec{Types: []types.Type{bigint, text}, Key: 1})
		model := map[string]int64{}
		x := uint64(keys)
		for step := range 8 {
			b := vec.NewBatch(h.lay.spec.Types, 0)
			for i := range 3000 {
				x = x*6364136223846793005 + 1442695040888963407
				row := []types.Datum{types.NewInt(int64(x>>33) % int64(keys)), types.NewText(string(make([]byte, x>>59)) + string(rune('a'+i%997)))}
				if i == 1500 {
					row[1] = types.NewText(string(make([]byte, 20_000+step)))
				}
				if i%100 == 0 {
					row[1] = types.Null
				}
				b.AppendRow(int64(x>>20%3), row...)
			}
			var ch Changes
			require.NoError(t, h.Apply(b, hashesOf(b, 1), &ch))
			for i := range b.N {
				row := rowText(b, i, 2)
				require.Equal(t, model[row], ch.Old[i])
				model[row] += b.Weight(i)
				require.Equal(t, model[row], ch.New[i])
				if model[row] == 0 {
					delete(model, row)
				}
			}
			require.Equal(t, model, contents(t, &h.HashedReader))
			checkBytes(t, &h.view)
		}
		checkGroups(t, &h.HashedReader)
		h.Release()
		requireNothingLeft(t, mem)
	}
}

// TestInsertApart: what is inserted twice is there twice, is met twice, and goes when it is taken back twice.
func TestInsertApart(t *testing.T) {
	mem := NewMemory(nil)
	h := NewHashed(mem, Spec{Types: []types.Type{bigint, text}, Key: 1})
	b := vec.NewBatch(h.lay.spec.Types, 0)
	for i := range int64(2000) {
		b.AppendRow(1+i%2, types.NewInt(i%40), types.NewText(string(rune('a'+i%26))+string(rune('a'+i%19))))
	}
	hashes := hashesOf(b, 1)
	probe := func() (weight int64) {
		var p Probe
		require.NoError(t, h.Probe(&p, []*vec.Vector{b.Cols[0]}, hashes[:40], nil, 40))
		for {
			ok, err := p.Next()
			require.NoError(t, err)
			if !ok {
				return weight
			}
			for i := range p.Batch.N {
				weight += p.Batch.Weight(i)
			}
		}
	}
	weigh := func(f func(w int64) int64) {
		for i, w := range b.Weights {
			b.Weights[i] = f(w)
		}
	}
	for times := range int64(3) {
		require.Equal(t, times*3000, probe())
		require.NoError(t, h.Insert(b, hashes))
		checkBytes(t, &h.view)
		weigh(func(w int64) int64 { return 3 - w })
	}
	weigh(func(w int64) int64 { return -w }) // the last, now, with the weights of the second
	for left := int64(2); left >= 0; left-- {
		require.NoError(t, h.Apply(b, hashes, nil))
		require.Equal(t, left*3000, probe())
		if left == 2 {
			weigh(func(w int64) int64 { return -3 - w })
		}
	}
	require.Empty(t, contents(t, &h.HashedReader))
	checkGroups(t, &h.HashedReader)
	h.Release()
	requireNothingLeft(t, mem)
}

package state

import (
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var zsetSpecs = []Spec{
	{Types: []types.Type{bigint, bigint}, Key: 1},
	{Types: []types.Type{bigint, text, types.T(types.Bool)}, Key: 1},
	{Types: []types.Type{text, types.T(types.Int4), types.T(types.UUID), types.T(types.Float8)}, Key: 2},
	{Types: []types.Type{bigint}, Key: 1},
	{Types: []types.Type{bigint, text}, Key: 0},
}

// frozen is a version with what it must hold.
type frozen struct {
	v    *Version
	want map[string]int64
}

func TestZSetModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := zsetSpecs[rapid.IntRange(0, len(zsetSpecs)-1).Draw(t, "spec")]
		mem := NewMemory(nil)
		h := NewHashed(mem, spec)
		model := map[string]int64{}
		var versions []frozen
		var ch Changes
		keys := rapid.SampledFrom([]int{3, 50, 100000}).Draw(t, "keys")
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			switch rapid.IntRange(0, 7).Draw(t, "step") {
			case 0:
				versions = append(versions, frozen{h.Freeze(), clone(model)})
			case 1:
				if n := len(versions); n > 0 {
					require.NoError(t, h.Adopt(versions[n-1].v))
					model = clone(versions[n-1].want)
				}
			case 2:
				if n := len(versions); n > 0 {
					k := rapid.IntRange(0, n-1).Draw(t, "version")
					require.Equal(t, versions[k].want, contents(t, versions[k].v.Hashed()))
					versions[k].v.Release()
					versions = append(versions[:k], versions[k+1:]...)
				}
			default:
				b := genDelta(t, spec, model, keys)
				require.NoError(t, h.Apply(b, hashesOf(b, spec.Key), &ch))
				for k := range b.Rows() {
					i := b.Row(k)
					row := rowText(b, i, len(b.Cols))
					require.Equal(t, model[row], ch.Old[k])
					model[row] += b.Weight(i)
					require.Equal(t, model[row], ch.New[k])
					if model[row] == 0 {
						delete(model, row)
					}
				}
			}
			require.Equal(t, model, contents(t, &h.HashedReader))
			checkBytes(t, &h.view)
		}
		checkGroups(t, &h.HashedReader)
		checkProbe(t, h, model, spec, keys)
		for _, f := range versions {
			require.Equal(t, f.want, contents(t, f.v.Hashed()))
			f.v.Release()
		}
		h.Release()
		requireNothingLeft(t, mem)
	})
}

// genDelta draws new rows and retractions of old ones, some of them not selected.
func genDelta(t *rapid.T, spec Spec, model map[string]int64, keys int) *vec.Batch {
	b := vec.NewBatch(spec.Types, 16)
	n := rapid.SampledFrom([]int{1, 10, 100, 700}).Draw(t, "rows")
	// Drawing each of many rows is slow: a few are drawn, and the others follow from them by arithmetic.
	drawn := min(n, 8)
	for range drawn {
		w := rapid.SampledFrom([]int64{1, 1, 1, 2, -1, 0}).Draw(t, "weight")
		b.AppendRow(w, genRow(t, spec.Types, keys)...)
	}
	seed := rapid.Int64().Draw(t, "seed")
	for k := drawn; k < n; k++ {
		seed = seed*6364136223846793005 + 1442695040888963407
		row := make([]types.Datum, len(spec.Types))
		for c := range row {
			row[c] = b.Cols[c].Datum(int(uint64(seed)>>40) % drawn)
			if spec.Types[c].Kind() == types.KindInt64 && !row[c].Null {
				row[c].I += (seed >> 33) % int64(keys)
			}
		}
		b.AppendRow([]int64{1, 1, -1}[uint64(seed)>>60%3], row...)
	}
	if rapid.Bool().Draw(t, "select") {
		for i := 0; i < b.N; i += 2 {
			b.Sel = append(b.Sel, int32(i))
		}
	}
	return b
}

func checkProbe(t *rapid.T, h *Hashed, model map[string]int64, spec Spec, keys int) {
	b := genDelta(t, spec, model, keys)
	want := map[string]int64{}
	for k := range b.Rows() {
		key := rowText(b, b.Row(k), spec.Key)
		for row, w := range model {
			if len(row) >= len(key) && row[:len(key)] == key {
				want[row] += w
			}
		}
	}
	got := map[string]int64{}
	var p Probe
	require.NoError(t, h.Probe(&p, b.Cols[:spec.Key], hashesOf(b, spec.Key), b.Sel, b.N))
	last := int32(-1)
	for {
		ok, err := p.Next()
		require.NoError(t, err)
		if !ok {
			break
		}
		require.Len(t, p.Rows, p.Batch.N)
		for k := range p.Batch.N {
			require.GreaterOrEqual(t, p.Rows[k], last)
			last = p.Rows[k]
			require.Equal(t, rowText(b, int(last), spec.Key), rowText(p.Batch, k, spec.Key))
			got[rowText(p.Batch, k, len(spec.Types))] += p.Batch.Weight(k)
		}
	}
	require.Equal(t, want, got)
}

// TestHotKey puts 200,000 rows under one key and then takes them out again.
func TestHotKey(t *testing.T) {
	mem := NewMemory(nil)
	spec := Spec{Types: []types.Type{bigint, bigint}, Key: 1}
	h := NewHashed(mem, spec)
	const n = 200_000
	apply := func(weight int64) {
		for from := 0; from < n; from += vec.BatchSize {
			b := vec.NewBatch(spec.Types, vec.BatchSize)
			for i := from; i < min(n, from+vec.BatchSize); i++ {
				b.AppendRow(weight, types.NewInt(42), types.NewInt(int64(i)))
			}
			require.NoError(t, h.Apply(b, hashesOf(b, 1), nil))
		}
	}
	apply(1)
	require.EqualValues(t, n, h.Rows())
	key := vec.NewBatch(spec.Types[:1], 1)
	key.AppendRow(1, types.NewInt(42))
	var p Probe
	require.NoError(t, h.Probe(&p, key.Cols, hashesOf(key, 1), nil, 1))
	seen := make([]bool, n)
	for {
		ok, err := p.Next()
		require.NoError(t, err)
		if !ok {
			break
		}
		for _, x := range p.Batch.Cols[1].I64 {
			require.False(t, seen[x])
			seen[x] = true
		}
	}
	require.NotContains(t, seen, false)
	apply(-1)
	require.Zero(t, h.Bytes()-h.root.bytes())
	h.Release()
	requireNothingLeft(t, mem)
}

package state

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var keyedSpecs = []Spec{
	{Types: []types.Type{bigint, bigint, bigint}, Key: 1, Unique: true},
	{Types: []types.Type{bigint, text, types.T(types.Bool)}, Key: 1, Unique: true},
	{Types: []types.Type{text, types.T(types.Int4), types.T(types.UUID), text}, Key: 2, Unique: true},
	{Types: []types.Type{bigint, types.T(types.Float8)}, Key: 0, Unique: true},
}

func TestKeyedModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := keyedSpecs[rapid.IntRange(0, len(keyedSpecs)-1).Draw(t, "spec")]
		mem := NewMemory(nil)
		h := NewHashed(mem, spec)
		model := map[string]string{}
		type frozen struct {
			v    *Version
			want map[string]string
		}
		copyOf := func(m map[string]string) map[string]string {
			c := make(map[string]string, len(m))
			for k, v := range m {
				c[k] = v
			}
			return c
		}
		var versions []frozen
		var refs Refs
		keys := rapid.SampledFrom([]int{3, 50, 100000}).Draw(t, "keys")
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			step := rapid.IntRange(0, 7).Draw(t, "step")
			switch {
			case step == 0:
				versions = append(versions, frozen{h.Freeze(), copyOf(model)})
			case step == 1 && len(versions) > 0:
				f := versions[len(versions)-1]
				versions = versions[:len(versions)-1]
				checkKeyed(t, f.v.Hashed(), f.want, spec)
				if rapid.Bool().Draw(t, "adopt") {
					require.NoError(t, h.Adopt(f.v))
					model = f.want
				}
				f.v.Release()
			case step == 2:
				b := genDelta(t, spec, nil, keys)
				want := 0
				for k := range b.Rows() {
					key := rowText(b, b.Row(k), spec.Key)
					if _, ok := model[key]; ok {
						delete(model, key)
						want++
					}
				}
				n, err := h.Delete(b.Cols[:spec.Key], hashesOf(b, spec.Key), b.Sel, b.N)
				require.NoError(t, err)
				require.Equal(t, want, n)
			default:
				b := genDelta(t, spec, nil, keys)
				hashes := hashesOf(b, spec.Key)
				require.NoError(t, h.Lookup(b.Cols[:spec.Key], hashes, b.Sel, b.N, &refs))
				checkLookup(t, h, &refs, b, model, spec)
				if rapid.Bool().Draw(t, "refs") {
					require.NoError(t, h.Put(b, hashes, &refs))
				} else {
					require.NoError(t, h.Put(b, hashes, nil))
				}
				for k := range b.Rows() {
					i := b.Row(k)
					model[rowText(b, i, spec.Key)] = rowText(b, i, len(b.Cols))
				}
			}
			checkKeyed(t, &h.HashedReader, model, spec)
			checkBytes(t, &h.view)
		}
		for _, f := range versions {
			checkKeyed(t, f.v.Hashed(), f.want, spec)
			f.v.Release()
		}
		h.Release()
		requireNothingLeft(t, mem)
	})
}

func checkKeyed(t *rapid.T, r *HashedReader, model map[string]string, spec Spec) {
	want := map[string]int64{}
	for _, row := range model {
		want[row] = 1
	}
	require.Equal(t, want, contents(t, r))
}

// checkLookup compares found rows, gathered column by column.
func checkLookup(t *rapid.T, h *Hashed, refs *Refs, b *vec.Batch, model map[string]string, spec Spec) {
	got := &vec.Batch{N: refs.Len()}
	for c := range spec.Types {
		v := &vec.Vector{}
		h.Gather(refs, c, v)
		got.Cols = append(got.Cols, v)
	}
	missing := 0
	for k := range b.Rows() {
		want, ok := model[rowText(b, b.Row(k), spec.Key)]
		require.Equal(t, ok, refs.Found(k))
		if ok {
			require.Equal(t, want, rowText(got, k, len(spec.Types)))
		} else {
			missing++
		}
	}
	require.Len(t, refs.Missing(nil), missing)
}

// TestCollisions gives thousands of keys one hash, as an attacker might: the page they share grows, and stays right.
func TestCollisions(t *testing.T) {
	mem := NewMemory(nil)
	spec := Spec{Types: []types.Type{text, bigint}, Key: 1, Unique: true}
	h := NewHashed(mem, spec)
	const n = 3000
	b := vec.NewBatch(spec.Types, n)
	for i := range int64(n) {
		b.AppendRow(1, types.NewText(fmt.Sprint("key ", i)), types.NewInt(i))
	}
	hashes := make([]uint64, n)
	for k := range hashes {
		hashes[k] = 12345
	}
	require.NoError(t, h.Put(b, hashes, nil))
	require.EqualValues(t, n, h.Rows())
	var refs Refs
	var got vec.Vector
	require.NoError(t, h.Lookup(b.Cols[:1], hashes, nil, n, &refs))
	h.Gather(&refs, 1, &got)
	require.Equal(t, b.Cols[1].I64, got.I64)
	deleted, err := h.Delete(b.Cols[:1], hashes, nil, n)
	require.NoError(t, err)
	require.Equal(t, n, deleted)
	require.Zero(t, h.Rows())
	h.Release()
	requireNothingLeft(t, mem)
}

package state

import (
	"testing"

	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// slicedRows are all rows of a version by slice.
func slicedRows(t require.TestingT, v *Version) map[int64]map[string]int64 {
	rows := map[int64]map[string]int64{}
	for i := range v.Slices() {
		start, r := v.Slice(i)
		if got := contents(t, r); len(got) > 0 {
			rows[start] = got
		}
	}
	return rows
}

func cloneSlices(m map[int64]map[string]int64) map[int64]map[string]int64 {
	c := map[int64]map[string]int64{}
	for start, rows := range m {
		c[start] = clone(rows)
	}
	return c
}

// TestSlicedModel writes to slices, drops old ones, moves groups away and back, and stores and restores all.
func TestSlicedModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		disk := newMemStore()
		mem := NewMemory(disk)
		spec := zsetSpecs[0]
		s, other := NewSliced(mem, spec), NewSliced(mem, spec)
		model := map[int64]map[string]int64{}
		type frozen struct {
			v        *Version
			manifest []byte
			want     map[int64]map[string]int64
		}
		var versions []frozen
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			start := rapid.Int64Range(-3, 3).Draw(t, "start")
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				v := s.Freeze()
				versions = append(versions, frozen{v, disk.save(t, v), cloneSlices(model)})
			case 1:
				s.DropBefore(start)
				for x := range model {
					if x < start {
						delete(model, x)
					}
				}
			case 2:
				g, err := s.DetachGroup(int(start + 3))
				require.NoError(t, err)
				require.NoError(t, other.AttachGroup(g))
				g, err = other.DetachGroup(int(start + 3))
				require.NoError(t, err)
				require.NoError(t, s.AttachGroup(g))
			case 3:
				if n := len(versions); n > 0 {
					require.NoError(t, s.Adopt(versions[n-1].v))
					model = cloneSlices(versions[n-1].want)
				}
			default:
				b := genDelta(t, spec, nil, 100)
				require.NoError(t, s.Ensure(start).Apply(b, hashesOf(b, spec.Key), nil))
				addToModel(model, start, b)
			}
			s.Evict(rapid.Int64Range(0, 5000).Draw(t, "evict"))
			v := s.Freeze()
			require.Equal(t, model, slicedRows(t, v))
			v.Release()
		}
		for _, f := range versions {
			restored := NewMemory(disk)
			v, err := Open(restored, spec, f.manifest)
			require.NoError(t, err)
			require.Equal(t, f.want, slicedRows(t, v))
			require.Equal(t, f.want, slicedRows(t, f.v))
			require.Equal(t, f.v.Bytes(), v.Bytes())
			v.Release()
			requireNothingLeft(t, restored)
			f.v.Release()
		}
		s.Release()
		other.Release()
		requireNothingLeft(t, mem)
	})
}

func addToModel(model map[int64]map[string]int64, start int64, b *vec.Batch) {
	if model[start] == nil {
		model[start] = map[string]int64{}
	}
	for k := range b.Rows() {
		row := rowText(b, b.Row(k), len(b.Cols))
		if model[start][row] += b.Weight(b.Row(k)); model[start][row] == 0 {
			delete(model[start], row)
		}
	}
	if len(model[start]) == 0 {
		delete(model, start)
	}
}

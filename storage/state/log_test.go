package state

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

var logTypes = []types.Type{bigint, types.T(types.Text), types.T(types.Bool)}

// logModel is what a log should have: the text of the row at each place.
type logModel map[int64]string

func (m logModel) clone() logModel {
	c := logModel{}
	for place, row := range m {
		c[place] = row
	}
	return c
}

// logBatch are rows of logTypes with consecutive numbers, some of them with nulls and some with long strings, and hashes of their keys.
func logBatch(t *rapid.T, first int) (*vec.Batch, []uint64) {
	n := rapid.SampledFrom([]int{1, 3, 100, vec.BatchSize}).Draw(t, "rows")
	nulls, length := rapid.IntRange(0, 3).Draw(t, "nulls") == 0, rapid.SampledFrom([]int{0, 10, 200, 9000, 40000}).Draw(t, "length")
	if length > 200 {
		n = min(n, 3)
	}
	b := vec.NewBatch(logTypes, n)
	for i := range n {
		row := []types.Datum{types.NewInt(int64(first + i)), types.NewText(strings.Repeat("x", (first+i)*7%(length+1))), types.NewBool(i%2 == 0)}
		if nulls && i%3 == 0 {
			row[i%len(row)] = types.Null
		}
		b.AppendRow(1, row...)
	}
	if rapid.Bool().Draw(t, "selected") {
		b.Sel = []int32{}
		for i := 0; i < n; i += rapid.IntRange(1, 2).Draw(t, "step") {
			b.Sel = append(b.Sel, int32(i))
		}
	}
	group := rapid.IntRange(-1, Groups-1).Draw(t, "group")
	hashes := make([]uint64, b.Rows())
	for k := range hashes {
		hashes[k] = uint64(first+k) * 0x9e3779b97f4a7c15
		if group >= 0 {
			hashes[k] = InGroup(hashes[k], group)
		}
	}
	return b, hashes
}

// appendLogged appends a batch and adds it to the model.
func appendLogged(t *rapid.T, l *Log, m logModel, b *vec.Batch, hashes []uint64) {
	places := make([]int64, b.N)
	require.NoError(t, l.Append(b, hashes, places))
	for k := range hashes {
		i := b.Row(k)
		require.NotContains(t, m, places[i])
		require.EqualValues(t, GroupOf(hashes[k]), places[i]>>placeGroup)
		m[places[i]] = rowText(b, i, len(b.Cols))
	}
}

// requireLogged finds all rows of the model, those of neighbouring places together and apart.
func requireLogged(t require.TestingT, r *LogReader, m logModel) {
	require.EqualValues(t, len(m), r.Rows())
	var places []int64
	for place := range m {
		places = append(places, place)
	}
	var f Fetch
	for from := 0; from < len(places); from += 1000 {
		part := places[from:min(from+1000, len(places))]
		require.NoError(t, f.Rows(r, part, []int{0, 1, 2}))
		b := &vec.Batch{Cols: f.Cols, N: len(part)}
		for k, place := range part {
			if got := rowText(b, k, len(b.Cols)); got != m[place] { // compared by hand, as there are many
				require.Equal(t, m[place], got)
			}
		}
	}
}

// TestLogModel appends to a log, moves key groups away and back, goes back to versions, evicts, stores and restores.
func TestLogModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		disk := newMemStore()
		mem := NewMemory(disk)
		l, other := NewLog(mem, logTypes), NewLog(mem, logTypes)
		model := logModel{}
		type frozen struct {
			v        *Version
			manifest []byte
			want     logModel
		}
		var versions []frozen
		number := 0
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 6).Draw(t, "step") {
			case 0:
				v := l.Freeze()
				versions = append(versions, frozen{v, disk.save(t, v), model.clone()})
			case 1:
				group := rapid.IntRange(0, Groups-1).Draw(t, "moved")
				g, err := l.DetachGroup(group)
				require.NoError(t, err)
				require.NoError(t, other.AttachGroup(g))
				g, err = other.DetachGroup(group)
				require.NoError(t, err)
				require.NoError(t, l.AttachGroup(g))
			case 2:
				if n := len(versions); n > 0 {
					require.NoError(t, l.Adopt(versions[n-1].v))
					model = versions[n-1].want.clone()
				}
			default:
				b, hashes := logBatch(t, number)
				number += b.N
				appendLogged(t, l, model, b, hashes)
			}
			l.Evict(rapid.Int64Range(0, 50000).Draw(t, "evict"))
			checkBytes(t, &l.view)
			requireLogged(t, &l.LogReader, model)
		}
		for _, f := range versions {
			restored := NewMemory(disk)
			v, err := Open(restored, Spec{Types: logTypes}, f.manifest)
			require.NoError(t, err)
			requireLogged(t, v.Log(), f.want)
			requireLogged(t, f.v.Log(), f.want)
			require.Equal(t, f.v.Bytes(), v.Bytes())
			v.Release()
			requireNothingLeft(t, restored)
			f.v.Release()
		}
		l.Release()
		other.Release()
		requireNothingLeft(t, mem)
	})
}

// TestLogIsFull fills a key group with pages until its rope has three levels, and finds the first and the last row of each page.
func TestLogIsFull(t *testing.T) {
	mem := NewMemory(nil)
	l := NewLog(mem, logTypes)
	m, long := logModel{}, strings.Repeat("y", maxPage/2)
	b := vec.NewBatch(logTypes, 64)
	for i := range 64 {
		b.AppendRow(1, types.NewInt(int64(i)), types.NewText(long), types.NewBool(true))
	}
	places, hashes := make([]int64, b.N), make([]uint64, b.N)
	for range 1 + maxKids*maxKids/64 {
		require.NoError(t, l.Append(b, hashes, places))
		for i, place := range places {
			m[place] = rowText(b, i, len(b.Cols))
		}
	}
	require.Greater(t, lastNumber(l.root.in.kids[0]), int64(maxKids*maxKids))
	requireLogged(t, &l.LogReader, m)
	l.Release()
	requireNothingLeft(t, mem)
}

// TestLogLacks: a place that a log does not have is damage, as the index has it.
func TestLogLacks(t *testing.T) {
	l := NewLog(NewMemory(nil), logTypes)
	b := vec.NewBatch(logTypes, 1)
	b.AppendRow(1, types.NewInt(1), types.NewText("a"), types.NewBool(true))
	var f Fetch
	require.ErrorIs(t, f.Rows(&l.LogReader, []int64{0}, nil), errPlace)
	places := make([]int64, 1)
	require.NoError(t, l.Append(b, []uint64{0}, places))
	require.NoError(t, f.Rows(&l.LogReader, places, nil))
	for _, place := range []int64{-1, 1, 1 << rowBits, 1 << placeGroup, 1 << (rowBits + ropeBits)} {
		require.ErrorIs(t, f.Rows(&l.LogReader, []int64{places[0], place}, nil), errPlace, place)
	}
	l.Release()
}

package relation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// Test relations have columns (note text, id int8, unit int8), and the key, where there is one, is not at the front.
var (
	columns = []types.Type{types.T(types.Text), types.T(types.Int8), types.T(types.Int8)}
	byID    = []int{1}
	byUnit  = []int{2}
)

// row is a row of a test relation; unit < 0 stands for null.
type row struct {
	note     string
	id, unit int64
}

// zset is the naive model of a relation.
type zset map[row]int64

func (z zset) add(r row, w int64) {
	if z[r] += w; z[r] == 0 {
		delete(z, r)
	}
}

func (r row) appendTo(b *vec.Batch, w int64) {
	unit := types.NewInt(r.unit)
	if r.unit < 0 {
		unit = types.Null
	}
	b.AppendRow(w, types.NewText(r.note), types.NewInt(r.id), unit)
}

// rowAt reads a row of a batch with all columns.
func rowAt(b *vec.Batch, i int) row {
	r := row{note: string(b.Cols[0].Bytes(i)), id: b.Cols[1].Datum(i).I, unit: -1}
	if !b.Cols[2].IsNull(i) {
		r.unit = b.Cols[2].Datum(i).I
	}
	return r
}

func drawRow(t *rapid.T) row {
	return row{rapid.SampledFrom([]string{"", "a", "a longer note, past any inline limit"}).Draw(t, "note"),
		rapid.Int64Range(0, 7).Draw(t, "id"), rapid.Int64Range(-1, 5).Draw(t, "unit")}
}

// kind is a way to keep a relation's rows.
type kind struct {
	name       string
	key        []int
	appendOnly bool
	index      bool // UNIQUE (unit)
}

var kinds = []kind{{name: "bag"}, {name: "keyed", key: byID}, {name: "indexed", key: byID, index: true}, {name: "list", appendOnly: true}}

func (k kind) make(mem *state.Memory) *Relation {
	if k.appendOnly {
		return NewAppendOnly(1, "r", columns, mem)
	}
	r := New(1, "r", columns, k.key, mem)
	if k.index {
		r.AddIndex(byUnit, mem)
	}
	return r
}

// drawDelta draws consolidated changes that a relation of this kind can have: what goes was there, and keys stay unique.
func (k kind) drawDelta(t *rapid.T, now zset) zset {
	delta, after := zset{}, maps.Clone(now)
	for range rapid.IntRange(1, 8).Draw(t, "changes") {
		r := drawRow(t)
		for old := range after {
			if k.key != nil && (old.id == r.id || k.index && old.unit == r.unit && r.unit >= 0) {
				after.add(old, -1)
				delta.add(old, -1)
			}
		}
		if !k.appendOnly && k.key == nil && after[r] > 0 && rapid.Bool().Draw(t, "take back") {
			after.add(r, -1)
			delta.add(r, -1)
		} else if k.key == nil || rapid.IntRange(0, 3).Draw(t, "put") > 0 {
			after.add(r, 1)
			delta.add(r, 1)
		}
	}
	return delta
}

// block puts changes into batches in random order, so that the +1 of an update may come before its -1.
func block(t *rapid.T, epoch uint64, delta zset) Block {
	b := Block{Epoch: epoch, Time: int64(epoch) * 10}
	rows := make([]row, 0, len(delta))
	for r := range delta {
		rows = append(rows, r)
	}
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) }) // so that a seed replays
	rows = rapid.Permutation(rows).Draw(t, "order")
	for len(rows) > 0 {
		n := rapid.IntRange(1, len(rows)).Draw(t, "batch")
		x := vec.NewBatch(columns, n)
		for _, r := range rows[:n] {
			r.appendTo(x, delta[r])
		}
		b.Batches = append(b.Batches, x)
		rows = rows[n:]
	}
	if rapid.IntRange(0, 3).Draw(t, "stored") == 0 { // as if they were too many to be kept
		kept := b.Batches
		b.Batches, b.Stored = nil, func(emit func(*vec.Batch) error) error {
			for _, x := range kept {
				if err := emit(x); err != nil {
					return err
				}
			}
			return nil
		}
	}
	return b
}

// scan sums up what a reading emits.
func scan(t require.TestingT, x *Reading) zset {
	z := zset{}
	require.NoError(t, x.Scan([]int{0, 1, 2}, func(b *vec.Batch) error {
		for k := range b.Rows() {
			i := b.Row(k)
			if x.Consolidated() {
				require.Positive(t, b.Weight(i))
			}
			z.add(rowAt(b, i), b.Weight(i))
		}
		return nil
	}))
	return z
}

// TestRelation publishes random blocks and compares each epoch that is still kept with the model as of then, read now and
// through readings that were taken earlier.
func TestRelation(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { checkRelation(t, k) }) })
	}
}

// asOf is the model at an epoch.
type asOf struct {
	epoch uint64
	rows  zset
}

func checkRelation(t *rapid.T, k kind) {
	mem := state.NewMemory(nil)
	r := k.make(mem)
	past := []asOf{{0, zset{}}}
	type held struct {
		reading *Reading
		rows    zset
	}
	var readings []held
	trimmed, arrived := uint64(0), 0
	now := func() asOf { return past[len(past)-1] }
	t.Repeat(map[string]func(*rapid.T){
		"publish": func(t *rapid.T) {
			epoch := now().epoch + uint64(rapid.IntRange(1, 3).Draw(t, "epochs"))
			delta := k.drawDelta(t, now().rows)
			if len(delta) == 0 {
				return
			}
			require.NoError(t, r.Publish(block(t, epoch, delta)))
			arrived += len(delta)
			after := maps.Clone(now().rows)
			for x, w := range delta {
				after.add(x, w)
			}
			past = append(past, asOf{epoch, after})
		},
		"hold": func(t *rapid.T) {
			x, err := r.Read()
			require.NoError(t, err)
			readings = append(readings, held{x, now().rows})
		},
		"trim": func(t *rapid.T) {
			to := rapid.Uint64Range(0, now().epoch).Draw(t, "to")
			r.Trim(to)
			for _, p := range past {
				if p.epoch <= to && p.epoch > trimmed {
					trimmed = p.epoch
				}
			}
		},
		"": func(t *rapid.T) {
			require.Equal(t, now().epoch, r.Cut())
			if k.appendOnly { // it does not look for rows that are there already
				require.Equal(t, int64(arrived), r.Rows())
			} else {
				require.Equal(t, int64(len(now().rows)), r.Rows())
			}
			for range 2 {
				p := rapid.SampledFrom(past).Draw(t, "as of")
				x, err := r.Read()
				require.NoError(t, err)
				ok := r.Rewind(x, p.epoch)
				require.Equal(t, p.epoch >= trimmed, ok, "epoch %d, trimmed %d", p.epoch, trimmed)
				if ok {
					require.Equal(t, p.rows, scan(t, x), "as of %d", p.epoch)
				}
				x.Release()
			}
			for _, h := range readings {
				require.Equal(t, h.rows, scan(t, h.reading))
			}
			if k.key != nil {
				checkFind(t, r, byID, now().rows, func(x row) int64 { return x.id })
			}
			if k.index {
				checkFind(t, r, byUnit, now().rows, func(x row) int64 { return x.unit })
			}
			if !k.appendOnly {
				checkContains(t, r, now().rows)
			}
		},
	})
	for _, h := range readings {
		h.reading.Release()
	}
	r.Release()
	pages, nodes := mem.Live()
	require.Zero(t, pages+nodes, "a page leaks")
}

// checkFind looks up every value that a key might have.
func checkFind(t *rapid.T, r *Relation, key []int, rows zset, of func(row) int64) {
	want := map[int64]row{}
	for x := range rows {
		if of(x) >= 0 {
			want[of(x)] = x
		}
	}
	probe := vec.NewBatch([]types.Type{columns[key[0]]}, 0)
	for i := range int64(9) {
		probe.AppendRow(1, types.NewInt(i))
	}
	require.True(t, r.HasKey(key))
	f, cut, err := r.Find(key, probe.Cols, probe.N)
	require.NoError(t, err)
	require.Equal(t, r.Cut(), cut)
	for i := range probe.N {
		x, ok := want[int64(i)]
		require.Equal(t, ok, f.Has(i), "key %d", i)
		if ok {
			require.Equal(t, x, rowAt(f.Rows, i))
		} else {
			require.True(t, f.Rows.Cols[0].IsNull(i))
		}
	}
}

// checkContains asks for rows that may be there, under a selection.
func checkContains(t *rapid.T, r *Relation, rows zset) {
	b := vec.NewBatch(columns, 0)
	for range 6 {
		drawRow(t).appendTo(b, 1)
	}
	b.Sel = []int32{5, 0, 3}
	has, err := r.Contains(b)
	require.NoError(t, err)
	for k, ok := range has {
		require.Equal(t, rows[rowAt(b, b.Row(k))] > 0, ok)
	}
}

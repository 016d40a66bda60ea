package relation

import (
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// sortings are the columns that test indexes are sorted by.
var sortings = [][]int{{2}, {2, 1}, {0}, {0, 2, 1}, {1, 0}}

// value is a column of a model's row.
func (r row) value(column int) types.Datum {
	switch {
	case column == 0:
		return types.NewText(r.note)
	case column == 1:
		return types.NewInt(r.id)
	case r.unit < 0:
		return types.Null
	}
	return types.NewInt(r.unit)
}

func single(column int, d types.Datum) *vec.Vector {
	v := vec.New(columns[column], 1)
	v.Append(d)
	return v
}

// drawBounds draws bounds of an index over columns: values of some of them, and perhaps a range of the next.
func drawBounds(t *rapid.T, sorted []int) *Bounds {
	value := func(column int, label string) *vec.Vector {
		x := drawRow(t)
		if column == 2 && x.unit < 0 {
			x.unit = 3
		}
		return single(column, x.value(column))
	}
	n := rapid.IntRange(0, len(sorted)).Draw(t, "equal")
	g := &Bounds{Columns: slices.Clone(sorted[:n])}
	for _, c := range g.Columns {
		g.Equal = append(g.Equal, value(c, "equal"))
	}
	ends := rapid.IntRange(0, 3).Draw(t, "ends")
	if n == len(sorted) || ends == 0 {
		return g
	}
	g.Columns = append(g.Columns, sorted[n])
	if ends&1 != 0 {
		g.Low, g.LowOpen = value(sorted[n], "low"), rapid.Bool().Draw(t, "low open")
	}
	if ends&2 != 0 {
		g.High, g.HighOpen = value(sorted[n], "high"), rapid.Bool().Draw(t, "high open")
	}
	return g
}

// holds is the naive meaning of bounds.
func (g *Bounds) holds(r row) bool {
	compare := func(column int, v *vec.Vector) (order int, ok bool) {
		d := r.value(column)
		return types.Compare(columns[column], d, v.Datum(0)), !d.Null
	}
	for k, v := range g.Equal {
		if order, ok := compare(g.Columns[k], v); !ok || order != 0 {
			return false
		}
	}
	if g.Low != nil {
		if order, ok := compare(g.Columns[len(g.Equal)], g.Low); !ok || order < 0 || order == 0 && g.LowOpen {
			return false
		}
	}
	if g.High != nil {
		if order, ok := compare(g.Columns[len(g.Equal)], g.High); !ok || order > 0 || order == 0 && g.HighOpen {
			return false
		}
	}
	return true
}

// within are the rows within bounds.
func (z zset) within(g *Bounds) zset {
	out := zset{}
	for r, w := range z {
		if g.holds(r) {
			out[r] = w
		}
	}
	return out
}

// sum adds up what a selection gives.
func sum(t require.TestingT, x *Selection) zset {
	z := zset{}
	require.NoError(t, x.Scan(func(b *vec.Batch) error {
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

// TestIndexes makes and drops indexes while random blocks are published, with builders that lag behind them, and compares what they find
// at each epoch that is still kept with the model as of then.
func TestIndexes(t *testing.T) {
	for _, k := range kinds {
		t.Run(k.name, func(t *testing.T) { rapid.Check(t, func(t *rapid.T) { checkIndexes(t, k) }) })
	}
}

func checkIndexes(t *rapid.T, k kind) {
	mem := state.NewMemory(nil)
	r := k.make(mem)
	past := []asOf{{0, zset{}}}
	now := func() asOf { return past[len(past)-1] }
	builds := map[uint32]*IndexBuild{}
	sorted := map[uint32][]int{}
	last, trimmed := uint32(0), uint64(0)
	oid := func(t *rapid.T) uint32 {
		if len(sorted) == 0 {
			t.Skip("no index") // rapid takes another action instead; the test itself goes on
		}
		return rapid.SampledFrom(slices.Sorted(maps.Keys(sorted))).Draw(t, "index")
	}
	publish := func(t *rapid.T) {
		delta := k.drawDelta(t, now().rows)
		if len(delta) == 0 {
			return
		}
		after := maps.Clone(now().rows)
		for x, w := range delta {
			after.add(x, w)
		}
		past = append(past, asOf{now().epoch + 1, after})
		require.NoError(t, r.Publish(block(t, now().epoch, delta)))
	}
	step := func(t *rapid.T) {
		id := oid(t)
		if b := builds[id]; b != nil {
			done, err := b.Step()
			require.NoError(t, err)
			require.Equal(t, done, r.IndexReady(id))
			if done {
				delete(builds, id)
			}
		}
	}
	t.Repeat(map[string]func(*rapid.T){
		"publish": publish, "publish again": publish,
		"create": func(t *rapid.T) {
			last++
			sorted[last] = rapid.SampledFrom(sortings).Draw(t, "columns")
			builds[last] = r.AddSortedIndex(last, sorted[last], mem)
			require.False(t, r.IndexReady(last))
		},
		"drop": func(t *rapid.T) {
			id := oid(t)
			r.DropIndex(id)
			if b := builds[id]; b != nil {
				done, err := b.Step()
				require.NoError(t, err)
				require.True(t, done, "the builder of a dropped index ends")
			}
			delete(builds, id)
			delete(sorted, id)
		},
		"step": step,
		"build": func(t *rapid.T) {
			id := oid(t)
			for b := builds[id]; b != nil; b = builds[id] {
				done, err := b.Step()
				require.NoError(t, err)
				if done {
					delete(builds, id)
				}
			}
		},
		"trim": func(t *rapid.T) {
			trimmed = max(trimmed, rapid.Uint64Range(0, now().epoch).Draw(t, "to"))
			r.Trim(trimmed)
		},
		"": func(t *rapid.T) {
			for _, id := range slices.Sorted(maps.Keys(sorted)) {
				p := rapid.SampledFrom(past).Draw(t, "as of")
				g := drawBounds(t, sorted[id])
				x, err := r.Select(id, g, []int{0, 1, 2}, p.epoch)
				require.NoError(t, err)
				require.Equal(t, builds[id] == nil && p.epoch >= trimmed, x != nil)
				if x == nil {
					continue
				}
				require.Equal(t, p.rows.within(g), sum(t, x))
				x.Release()
			}
			for _, key := range [][]int{byID, byUnit} {
				p := rapid.SampledFrom(past).Draw(t, "as of")
				g := &Bounds{Columns: key, Equal: []*vec.Vector{single(key[0], types.NewInt(rapid.Int64Range(0, 8).Draw(t, "key")))}}
				x, err := r.SelectKey(g, []int{0, 1, 2}, p.epoch)
				require.NoError(t, err)
				require.Equal(t, r.HasKey(key) && p.epoch >= trimmed, x != nil)
				if x != nil {
					require.Equal(t, p.rows.within(g), sum(t, x))
				}
			}
		},
	})
	r.Release()
	for _, b := range builds {
		done, err := b.Step()
		require.NoError(t, err)
		require.True(t, done)
	}
	pages, nodes := mem.Live()
	require.Zero(t, pages+nodes, "a page leaks")
}

// TestSelectMany shows that a selection of more than a batch stands still while the relation goes on, and that an index which has been
// dropped serves it to the end.
func TestSelectMany(t *testing.T) {
	mem := state.NewMemory(nil)
	r := New(1, "r", columns, byID, mem)
	const n = 5*vec.BatchSize + 7
	many := func(from int64, weight int64) Block {
		b := vec.NewBatch(columns, n)
		for i := range int64(n) {
			row{"x", from + i, i % 2}.appendTo(b, weight)
		}
		return Block{Epoch: r.Cut() + 1, Batches: []*vec.Batch{b}}
	}
	require.NoError(t, r.Publish(many(0, 1)))
	build := r.AddSortedIndex(7, byUnit, mem)
	require.NoError(t, r.Publish(many(n, 1)))
	for done := false; !done; {
		var err error
		done, err = build.Step()
		require.NoError(t, err)
	}
	g := &Bounds{Columns: byUnit, Equal: []*vec.Vector{single(2, types.NewInt(1))}}
	count := func(x *Selection) (rows int64) {
		require.NoError(t, x.Scan(func(b *vec.Batch) error {
			require.Len(t, b.Cols, 1)
			for k := range b.Rows() {
				rows += b.Weight(b.Row(k))
			}
			return nil
		}))
		return rows
	}
	x, err := r.Select(7, g, []int{1}, r.Cut())
	require.NoError(t, err)
	require.NoError(t, r.Publish(many(n, -1)))
	old, err := r.Select(7, g, []int{1}, r.Cut()-1)
	require.NoError(t, err)
	first, err := r.Select(7, g, []int{1}, 1)
	require.NoError(t, err)
	with := r.Bytes()
	r.DropIndex(7)
	require.Less(t, r.Bytes(), with, "the index's memory is counted")
	half := int64(n / 2)
	require.Equal(t, 2*half, count(x))
	require.Equal(t, 2*half, count(old))
	require.False(t, old.Consolidated())
	require.Equal(t, half, count(first))
	for _, s := range []*Selection{x, old, first} {
		s.Release()
	}
	gone, err := r.Select(7, g, []int{1}, r.Cut())
	require.NoError(t, err)
	require.Nil(t, gone)
	r.Release()
	pages, nodes := mem.Live()
	require.Zero(t, pages+nodes)
}

// TestIndexConcurrently builds, reads and drops indexes while rows move from one value to another: every read as of an epoch finds all of
// them. It is for the race detector.
func TestIndexConcurrently(t *testing.T) {
	mem := state.NewMemory(nil)
	r := New(1, "r", columns, byID, mem)
	const rows, epochs = 3 * vec.BatchSize, 12
	publish := func(weight int64, unit func(int64) int64, b *vec.Batch) {
		for i := range int64(rows) {
			row{"x", i, unit(i)}.appendTo(b, weight)
		}
	}
	place := func(epoch uint64) func(int64) int64 { return func(i int64) int64 { return (i + int64(epoch)) % 2 } }
	first := vec.NewBatch(columns, rows)
	publish(1, place(1), first)
	require.NoError(t, r.Publish(Block{Epoch: 1, Batches: []*vec.Batch{first}}))
	var wg sync.WaitGroup
	wg.Go(func() {
		for e := uint64(2); e <= epochs; e++ {
			b := vec.NewBatch(columns, 2*rows)
			publish(-1, place(e-1), b)
			publish(1, place(e), b)
			if !assert.NoError(t, r.Publish(Block{Epoch: e, Batches: []*vec.Batch{b}})) {
				return
			}
		}
	})
	wg.Go(func() {
		for oid := uint32(1); r.Cut() < epochs; oid++ {
			build := r.AddSortedIndex(oid, byUnit, mem)
			for done := false; !done; {
				var err error
				if done, err = build.Step(); !assert.NoError(t, err) {
					return
				}
			}
			g := &Bounds{Columns: byUnit, Equal: []*vec.Vector{single(2, types.NewInt(0))}}
			for range 3 {
				x, err := r.Select(oid, g, []int{0, 1, 2}, max(r.Cut(), 2)-1)
				if !assert.NoError(t, err) || !assert.NotNil(t, x) {
					return
				}
				assert.Len(t, sum(t, x), rows/2)
				x.Release()
			}
			r.DropIndex(oid)
		}
	})
	wg.Wait()
	r.Release()
	pages, nodes := mem.Live()
	require.Zero(t, pages+nodes)
}

package state

import (
	"math/rand/v2"
	"sort"
	"strings"
	"testing"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var orderedSpecs = []Spec{
	{Types: []types.Type{bigint, bigint}, Key: 1, Order: []Order{{Col: 1, Order: vec.Order{Desc: true, NullsFirst: true}}}},
	{Types: []types.Type{bigint, text, types.T(types.Float8)}, Key: 1, Order: []Order{{Col: 2}}},
	{Types: []types.Type{bigint, text}, Key: 0, Order: []Order{{Col: 1, Order: vec.Order{NullsFirst: true}}, {Col: 0, Order: vec.Order{Desc: true}}}},
	{Types: []types.Type{text, types.T(types.Bool), types.T(types.Int4)}, Key: 1},
}

// sortedRow is a row of the model: a batch of one row, which vec's comparators order.
type sortedRow struct {
	row    *vec.Batch
	weight int64
}

// rowOrder is the order of a spec, by vec's comparators.
func rowOrder(spec Spec) func(a, b *vec.Batch) int {
	all := vec.RowComparator(spec.Types)
	return func(a, b *vec.Batch) int {
		for _, s := range sortColumns(&spec) {
			f := vec.OrderComparator(spec.Types[s.col], vec.Order{Desc: s.desc, NullsFirst: s.nullsFirst})
			if r := f(a.Cols[s.col], 0, b.Cols[s.col], 0); r != 0 {
				return r
			}
		}
		return all(a.Cols, 0, b.Cols, 0)
	}
}

func TestOrderedModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		spec := orderedSpecs[rapid.IntRange(0, len(orderedSpecs)-1).Draw(t, "spec")]
		mem := NewMemory(nil)
		o := NewOrdered(mem, spec)
		model := map[string]sortedRow{}
		type frozen struct {
			v    *Version
			want map[string]sortedRow
		}
		copyOf := func() map[string]sortedRow {
			c := map[string]sortedRow{}
			for k, v := range model {
				c[k] = v
			}
			return c
		}
		var versions []frozen
		var ch Changes
		keys := rapid.SampledFrom([]int{3, 50, 100000}).Draw(t, "keys")
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			switch step := rapid.IntRange(0, 6).Draw(t, "step"); {
			case step == 0:
				versions = append(versions, frozen{o.Freeze(), copyOf()})
			case step == 1 && len(versions) > 0:
				f := versions[len(versions)-1]
				versions = versions[:len(versions)-1]
				checkOrdered(t, f.v.Ordered(), f.want, spec)
				if rapid.Bool().Draw(t, "adopt") {
					require.NoError(t, o.Adopt(f.v))
					model = f.want
				}
				f.v.Release()
			default:
				b := genDelta(t, spec, nil, keys)
				require.NoError(t, o.Apply(b, hashesOf(b, spec.Key), &ch))
				for k := range b.Rows() {
					i := b.Row(k)
					id := rowText(b, i, len(b.Cols))
					row := model[id]
					require.Equal(t, row.weight, ch.Old[k])
					row.row = vec.NewBatch(spec.Types, 1)
					row.row.AppendRows(b, []int32{int32(i)})
					row.weight += b.Weight(i)
					require.Equal(t, row.weight, ch.New[k])
					if model[id] = row; row.weight == 0 {
						delete(model, id)
					}
				}
			}
			checkOrdered(t, &o.OrderedReader, model, spec)
			checkBytes(t, &o.view)
		}
		checkRanges(t, o, model, spec, keys)
		for _, f := range versions {
			checkOrdered(t, f.v.Ordered(), f.want, spec)
			f.v.Release()
		}
		o.Release()
		requireNothingLeft(t, mem)
	})
}

// byGroup are the rows of the model of each group, in order.
func byGroup(model map[string]sortedRow, spec Spec) [Groups][]sortedRow {
	var groups [Groups][]sortedRow
	order := rowOrder(spec)
	for _, r := range model {
		g := GroupOf(hashesOf(r.row, spec.Key)[0])
		groups[g] = append(groups[g], r)
	}
	for _, rows := range groups {
		sort.Slice(rows, func(i, j int) bool { return order(rows[i].row, rows[j].row) < 0 })
	}
	return groups
}

func checkOrdered(t *rapid.T, r *OrderedReader, model map[string]sortedRow, spec Spec) {
	require.EqualValues(t, len(model), r.v.Rows())
	for g, rows := range byGroup(model, spec) {
		var c Cursor
		require.NoError(t, r.Scan(&c, g))
		requireRows(t, &c, rows, spec)
	}
}

// requireRows reads a cursor forward and backward.
func requireRows(t *rapid.T, c *Cursor, rows []sortedRow, spec Spec) {
	total, k := int64(0), 0
	for {
		require.Equal(t, total, c.Position())
		ok, err := c.Next(300)
		require.NoError(t, err)
		if !ok {
			break
		}
		for i := range c.Batch.N {
			require.Less(t, k, len(rows))
			require.Equal(t, rowText(rows[k].row, 0, len(spec.Types)), rowText(c.Batch, i, len(spec.Types)))
			require.Equal(t, rows[k].weight, c.Batch.Weight(i))
			total += rows[k].weight
			k++
		}
	}
	require.Equal(t, len(rows), k)
	require.Equal(t, total, c.Weight())
	for {
		ok, err := c.Prev(200)
		require.NoError(t, err)
		if !ok {
			break
		}
		for i := range c.Batch.N {
			k--
			require.Equal(t, rowText(rows[k].row, 0, len(spec.Types)), rowText(c.Batch, i, len(spec.Types)))
		}
	}
	require.Zero(t, k)
	require.Zero(t, c.Position())
}

// checkRanges opens cursors on keys, and seeks rows and positions in them.
func checkRanges(t *rapid.T, o *Ordered, model map[string]sortedRow, spec Spec, keys int) {
	order, sorts := rowOrder(spec), sortColumns(&spec)
	groups := byGroup(model, spec)
	var c Cursor
	for range 5 {
		b := vec.NewBatch(spec.Types, 1)
		b.AppendRow(1, genRow(t, spec.Types, keys)...)
		if all := groups[GroupOf(hashesOf(b, spec.Key)[0])]; len(all) > 0 && rapid.Bool().Draw(t, "hit") {
			b = all[rapid.IntRange(0, len(all)-1).Draw(t, "row")].row
		}
		hash := hashesOf(b, spec.Key)[0]
		var rows []sortedRow
		before, at := 0, int64(0)
		for _, r := range groups[GroupOf(hash)] {
			if rowText(r.row, 0, spec.Key) == rowText(b, 0, spec.Key) {
				rows = append(rows, r)
				if order(r.row, b) < 0 {
					before++
					at += r.weight
				}
			}
		}
		require.NoError(t, o.Open(&c, b.Cols[:spec.Key], 0, hash))
		requireRows(t, &c, rows, spec)
		var whole []*vec.Vector
		for _, s := range sorts {
			whole = append(whole, b.Cols[s.col])
		}
		require.NoError(t, c.Seek(whole, 0, false))
		require.Equal(t, at, c.Position())
		checkPositions(t, &c, rows, spec)
	}
}

// checkPositions seeks by weight, where there are no negative ones.
func checkPositions(t *rapid.T, c *Cursor, rows []sortedRow, spec Spec) {
	for _, r := range rows {
		if r.weight < 0 {
			return
		}
	}
	pos := rapid.Int64Range(0, c.Weight()+2).Draw(t, "position")
	into, err := c.SeekWeight(pos)
	require.NoError(t, err)
	if pos >= c.Weight() {
		require.Equal(t, c.Weight(), c.Position())
		return
	}
	require.Equal(t, pos, c.Position()+into)
	ok, err := c.Next(1)
	require.NoError(t, err)
	require.True(t, ok)
	for _, r := range rows {
		if pos < r.weight {
			require.Equal(t, rowText(r.row, 0, len(spec.Types)), rowText(c.Batch, 0, len(spec.Types)))
			return
		}
		pos -= r.weight
	}
}

// TestOrderedBulk builds a deep tree in random order, and takes it down in another.
func TestOrderedBulk(t *testing.T) {
	mem := NewMemory(nil)
	spec := Spec{Types: []types.Type{bigint, bigint}, Key: 1, Order: []Order{{Col: 1}}}
	o := NewOrdered(mem, spec)
	const n = 150_000
	apply := func(weight, step int64) {
		for from := int64(0); from < n; from += vec.BatchSize {
			b := vec.NewBatch(spec.Types, vec.BatchSize)
			for i := from; i < min(n, from+vec.BatchSize); i++ {
				b.AppendRow(weight, types.NewInt(7), types.NewInt(i*step%n))
			}
			require.NoError(t, o.Apply(b, hashesOf(b, 1), nil))
		}
	}
	apply(1, 7919)
	key := vec.NewBatch(spec.Types[:1], 1)
	key.AppendRow(1, types.NewInt(7))
	var c Cursor
	require.NoError(t, o.Open(&c, key.Cols, 0, hashesOf(key, 1)[0]))
	require.EqualValues(t, n, c.Weight())
	_, err := c.SeekWeight(100_000)
	require.NoError(t, err)
	want := int64(100_000)
	for {
		ok, err := c.Next(1024)
		require.NoError(t, err)
		if !ok {
			break
		}
		for _, x := range c.Batch.Cols[1].I64 {
			require.Equal(t, want, x)
			want++
		}
	}
	require.EqualValues(t, n, want)
	apply(-1, 104729)
	require.Zero(t, o.Rows())
	o.Release()
	requireNothingLeft(t, mem)
}

// TestOrderedRanges takes ranges of large rows out of a tree of three levels and puts others in, so that inner nodes split,
// lose their first children, and join.
func TestOrderedRanges(t *testing.T) {
	spec := Spec{Types: []types.Type{bigint, text}, Key: 0, Order: []Order{{Col: 0}}}
	mem := NewMemory(nil)
	o := NewOrdered(mem, spec)
	const n = 6000
	present := make([]bool, n)
	pad := types.NewText(strings.Repeat("x", 2500))
	rng := rand.New(rand.NewPCG(1, 2))
	toggle := func(from, end, step int) {
		b := vec.NewBatch(spec.Types, n)
		for i := from; i < end; i += step {
			w := int64(1)
			if present[i] {
				w = -1
			}
			present[i] = !present[i]
			b.AppendRow(w, types.NewInt(int64(i)), pad)
		}
		var ch Changes
		require.NoError(t, o.Apply(b, hashesOf(b, 0), &ch))
		for k, w := range b.Weights {
			require.Equal(t, w, ch.New[k]-ch.Old[k])
			require.Contains(t, []int64{0, 1}, ch.New[k])
		}
	}
	toggle(0, n, 1)
	for range 120 {
		from := rng.IntN(n)
		toggle(from, min(n, from+rng.IntN(1200)+1), 1+rng.IntN(3))
		var got, want []int64
		c := Cursor{Cols: []int{0}}
		require.NoError(t, o.Scan(&c, GroupOf(0)))
		for {
			ok, err := c.Next(vec.BatchSize)
			require.NoError(t, err)
			if !ok {
				break
			}
			got = append(got, c.Batch.Cols[0].I64...)
		}
		for i, p := range present {
			if p {
				want = append(want, int64(i))
			}
		}
		require.Equal(t, want, got)
	}
	o.Release()
	requireNothingLeft(t, mem)
}

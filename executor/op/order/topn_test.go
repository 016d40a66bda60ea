package order

import (
	"slices"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	int8T   = types.T(types.Int8)
	inTypes = []types.Type{types.T(types.Text), types.T(types.Float8), types.T(types.Int4), types.T(types.Numeric)}
)

func subject(n *physical.TopN) optest.Subject {
	return optest.Subject{Inputs: [][]types.Type{inTypes}, Output: inTypes,
		New: func(mem *state.Memory) (op.Operator, error) { return NewTopN(n, inTypes, mem) }}
}

func number(n int64) physical.Expr { return physical.E(expr.NewConst(int8T, types.NewInt(n))) }

// model computes a TopN from scratch, one row at a time.
func model(n *physical.TopN, in *optest.ZSet, offset, limit int64) *optest.ZSet {
	out := optest.NewZSet(inTypes)
	var partitions [][][]types.Datum
	byPartition := optest.Ascending(n.PartitionBy...)
	for _, c := range in.Rows() {
		p := slices.IndexFunc(partitions, func(rows [][]types.Datum) bool { return optest.Compare(inTypes, byPartition, rows[0], c.Row) == 0 })
		if p < 0 {
			p = len(partitions)
			partitions = append(partitions, nil)
		}
		for range c.Weight {
			partitions[p] = append(partitions[p], c.Row)
		}
	}
	for _, rows := range partitions {
		slices.SortStableFunc(rows, func(a, b []types.Datum) int {
			if r := optest.Compare(inTypes, n.OrderBy, a, b); r != 0 {
				return r
			}
			return optest.Compare(inTypes, optest.Ascending(0, 1, 2, 3), a, b)
		})
		from := min(offset, int64(len(rows)))
		to := int64(len(rows))
		if limit >= 0 {
			to = min(offset+limit, to)
			for n.WithTies && limit > 0 && to > from && to < int64(len(rows)) && optest.Compare(inTypes, n.OrderBy, rows[to-1], rows[to]) == 0 {
				to++
			}
		}
		for _, row := range rows[from:to] {
			out.Add(row, 1)
		}
	}
	return out
}

func drawRow(t *rapid.T) []types.Datum {
	row := []types.Datum{
		optest.Value(nil, inTypes[0], rapid.SampledFrom([]string{"a", "b"}).Draw(t, "text")),
		optest.Value(nil, inTypes[1], rapid.SampledFrom([]string{"0", "1", "2", "3", "NaN", "Infinity"}).Draw(t, "float")),
		types.NewInt(rapid.Int64Range(-3, 3).Draw(t, "int")),
		optest.Value(nil, inTypes[3], rapid.SampledFrom([]string{"1", "2", "10", "-1.5"}).Draw(t, "numeric")),
	}
	if c := rapid.IntRange(0, 7).Draw(t, "null"); c < len(row) {
		row[c] = types.Null
	}
	return row
}

// TestTopN compares random steps with the windows computed from scratch.
func TestTopN(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		column := rapid.IntRange(0, len(inTypes)-1)
		n := &physical.TopN{AppendOnly: rapid.Bool().Draw(t, "appends"), WithTies: rapid.Bool().Draw(t, "ties"),
			PartitionBy: rapid.SliceOfN(column, 0, 1).Draw(t, "partition")}
		for range rapid.IntRange(0, 2).Draw(t, "keys") {
			n.OrderBy = append(n.OrderBy, physical.SortKey{Column: column.Draw(t, "key"),
				Desc: rapid.Bool().Draw(t, "desc"), NullsFirst: rapid.Bool().Draw(t, "nullsFirst")})
		}
		offset, limit := rapid.Int64Range(0, 4).Draw(t, "offset"), rapid.Int64Range(-1, 5).Draw(t, "limit")
		if limit < 0 {
			offset++ // else everything is passed through as it comes: TestPass
		}
		if offset > 0 {
			n.Offset = number(offset)
		}
		if limit >= 0 {
			n.Limit = number(limit)
		}
		return optest.Property{
			Subject:    subject(n),
			Row:        func(t *rapid.T, _ int) []types.Datum { return drawRow(t) },
			AppendOnly: []bool{n.AppendOnly},
			Model:      func(in []*optest.ZSet) *optest.ZSet { return model(n, in[0], offset, limit) },
		}
	})
}

// TestPass: without limit and offset there is nothing to do.
func TestPass(t *testing.T) {
	h := optest.NewHarness(t, subject(&physical.TopN{OrderBy: optest.Ascending(0)}), false)
	row := optest.Change{Row: drawRow1(), Weight: 2}
	h.Push(0, row)
	require.EqualValues(t, 2, h.Out.All.Weight(row.Row))
	h.EndStep()
	h.Close()
}

func drawRow1() []types.Datum { return rapid.Custom(drawRow).Example(1) }

// TestAbsorb: a step of more rows than are held, append-only by the plan or, in an only step, by chance.
func TestAbsorb(t *testing.T) {
	for _, partition := range [][]int{nil, {2}} {
		testAbsorb(t, partition, false)
		testAbsorb(t, partition, true)
	}
}

func testAbsorb(t *testing.T, partition []int, once bool) {
	n := &physical.TopN{AppendOnly: !once, PartitionBy: partition, OrderBy: []physical.SortKey{{Column: 3, Desc: true}}, Limit: number(3)}
	h := optest.NewHarness(t, subject(n), once)
	in := optest.NewZSet(inTypes)
	x := uint64(1)
	steps := 3
	if once {
		steps = 1
	}
	for range steps {
		h.BeginStep()
		for range 20 {
			var rows []optest.Change
			for range 2_000 {
				x = x*6364136223846793005 + 1442695040888963407
				row := []types.Datum{types.NewText("x"), types.NewFloat(1), types.NewInt(int64(x >> 60)), types.NewInt(0)}
				row[3] = optest.Value(t, inTypes[3], "1."+string('0'+rune(x>>40%10))+string('0'+rune(x>>50%10)))
				rows = append(rows, optest.Change{Row: row, Weight: 1})
				in.Add(row, 1)
			}
			h.Push(0, rows...)
		}
		h.EndStep()
		require.Equal(t, model(n, in, 0, 3).String(), h.Out.All.String())
	}
	require.LessOrEqual(t, h.Op.(*TopN).arr.Rows(), int64(3*16))
	h.Close()
}

// TestLimits: what LIMIT and OFFSET may be.
func TestLimits(t *testing.T) {
	open := func(n *physical.TopN) error {
		o, err := NewTopN(n, inTypes, state.NewMemory(nil))
		require.NoError(t, err)
		return o.Open(&op.Context{Params: []types.Datum{types.NewInt(-1), types.Null}})
	}
	param := func(i int) physical.Expr { return physical.E(expr.NewParam(i, int8T)) }
	require.Equal(t, sqlerr.InvalidRowCountInLimit, sqlerr.CodeOf(open(&physical.TopN{Limit: param(0)})))
	require.Equal(t, sqlerr.InvalidRowCountInOffset, sqlerr.CodeOf(open(&physical.TopN{Offset: param(0)})))
	require.NoError(t, open(&physical.TopN{Limit: param(1), Offset: param(1)}))
	require.NoError(t, open(&physical.TopN{Limit: number(1<<63 - 1), Offset: number(5)}))
}

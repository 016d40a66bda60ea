package set

import (
	"strings"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	text, numeric = types.T(types.Text), types.T(types.Numeric)
	plain         = []types.Type{int8T, text}
	forms         = []types.Type{int8T, text, numeric, numeric}
)

// rows counts a Z-set's rows by what SQL tells apart, and has the least form of each column.
type rows map[string]*optest.Change

func rowsOf(z *optest.ZSet) rows {
	out := rows{}
	for _, c := range z.Rows() {
		k := keyText(z.Types, c.Row)
		if out[k] == nil {
			out[k] = &optest.Change{Row: append([]types.Datum(nil), c.Row...)}
		}
		out[k].Weight += c.Weight
		for i, d := range c.Row {
			if least := &out[k].Row[i]; z.Types[i] == numeric && !d.Null && string(d.B) < string(least.B) {
				*least = d
			}
		}
	}
	return out
}

func keyText(ts []types.Type, row []types.Datum) string {
	var sb strings.Builder
	for i, d := range row {
		if ts[i] == numeric && !d.Null {
			d.B = types.BytesKey(numeric)(nil, d.B)
			sb.Write(d.B)
		} else {
			sb.WriteString(optest.RowText(ts[i:i+1], row[i:i+1]))
		}
		sb.WriteByte('|')
	}
	return sb.String()
}

func drawRow(ts []types.Type) func(t *rapid.T, port int) []types.Datum {
	texts := map[types.Type][]string{int8T: {"1", "2", "null"}, text: {"a", "", "null"}, numeric: {"1", "1.0", "1.00", "null"}}
	return func(t *rapid.T, _ int) (row []types.Datum) {
		for _, typ := range ts {
			s := rapid.SampledFrom(texts[typ]).Draw(t, "value")
			if s == "null" {
				row = append(row, types.Null)
				continue
			}
			d, err := types.ParseText(typ, []byte(s))
			require.NoError(t, err)
			row = append(row, d)
		}
		return row
	}
}

func drawTypes(t *rapid.T) []types.Type {
	return rapid.SampledFrom([][]types.Type{plain, forms, {int8T}, {numeric}, {}}).Draw(t, "types")
}

func TestDistinct(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		ts := drawTypes(t)
		n := &physical.Distinct{AppendOnly: rapid.Bool().Draw(t, "appendOnly")}
		return optest.Property{
			Subject: optest.Subject{Inputs: [][]types.Type{ts}, Output: ts,
				New: func(mem *state.Memory) (op.Operator, error) { return NewDistinct(n, ts, mem) }},
			Row: drawRow(ts), AppendOnly: []bool{n.AppendOnly},
			Model: func(in []*optest.ZSet) *optest.ZSet {
				out := optest.NewZSet(ts)
				for _, c := range rowsOf(in[0]) {
					out.Add(c.Row, 1)
				}
				return out
			},
		}
	})
}

func TestSetOp(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		ts := drawTypes(t)
		n := &physical.SetOp{Set: rapid.SampledFrom([]physical.SetOpKind{physical.Intersect, physical.Except}).Draw(t, "set"), All: rapid.Bool().Draw(t, "all")}
		return optest.Property{
			Subject: optest.Subject{Inputs: [][]types.Type{ts, ts}, Output: ts,
				New: func(mem *state.Memory) (op.Operator, error) { return NewSetOp(n, ts, mem) }},
			Row: drawRow(ts),
			Model: func(in []*optest.ZSet) *optest.ZSet {
				out, right := optest.NewZSet(ts), rowsOf(in[1])
				for key, l := range rowsOf(in[0]) {
					var r int64
					if c := right[key]; c != nil {
						r = c.Weight
					}
					out.Add(l.Row, setModel(n, l.Weight, r))
				}
				return out
			},
		}
	})
}

func setModel(n *physical.SetOp, l, r int64) int64 {
	switch {
	case n.All && n.Set == physical.Intersect:
		return min(l, r)
	case n.All:
		return max(l-r, 0)
	case (r > 0) == (n.Set == physical.Intersect):
		return 1
	}
	return 0
}

// TestMaxOneRow: the input passes; two rows of one key at a cut are a fault, whatever happened before it.
func TestMaxOneRow(t *testing.T) {
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{plain}, Output: plain,
		New: func(mem *state.Memory) (op.Operator, error) {
			return NewMaxOneRow(&physical.MaxOneRow{Keys: []int{0}}, plain, mem)
		}}, false)
	row := func(key int64, s string, weight int64) optest.Change {
		return optest.Change{Row: []types.Datum{types.NewInt(key), types.NewText(s)}, Weight: weight}
	}
	h.Push(0, row(1, "a", 1), row(2, "a", 1), row(2, "b", 1))
	h.Push(0, row(2, "b", -1))
	h.EndStep()
	require.NoError(t, h.Ctx.Faults.Err())
	require.Equal(t, "+1 1 | a\n+1 2 | a\n", h.Out.Step.String())
	h.Restore()
	h.BeginStep()
	h.Push(0, row(2, "a", 1))
	h.EndStep()
	require.ErrorContains(t, h.Ctx.Faults.Err(), "more than one row returned by a subquery used as an expression")
	h.Close()
}

// TestMaxOneRowWithoutKeys: there is one row in all.
func TestMaxOneRowWithoutKeys(t *testing.T) {
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{plain}, Output: plain,
		New: func(mem *state.Memory) (op.Operator, error) { return NewMaxOneRow(&physical.MaxOneRow{}, plain, mem) }}, true)
	h.EndStep()
	require.NoError(t, h.Ctx.Faults.Err())
	h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(1), types.Null}, Weight: 2})
	h.EndStep()
	require.Error(t, h.Ctx.Faults.Err())
	h.Close()
}

type discard struct{}

func (discard) Batch(*vec.Batch) error { return nil }
func (discard) Watermark(int64) error  { return nil }

// BenchmarkDistinct is DISTINCT over two integer columns, in steps of 64 batches; a row in ten is new.
func BenchmarkDistinct(b *testing.B) {
	ts := []types.Type{int8T, int8T}
	for _, appendOnly := range []bool{true, false} {
		b.Run(map[bool]string{true: "append-only", false: "retracting"}[appendOnly], func(b *testing.B) {
			o, err := NewDistinct(&physical.Distinct{AppendOnly: appendOnly}, ts, state.NewMemory(nil))
			require.NoError(b, err)
			require.NoError(b, o.Open(&op.Context{Faults: &op.Faults{}}))
			batch := vec.NewBatch(ts, vec.BatchSize)
			for i := range vec.BatchSize {
				batch.Cols[0].AppendInt64(int64(i))
				batch.Cols[1].AppendInt64(int64(i % 7))
			}
			batch.N = vec.BatchSize
			next := int64(0)
			b.ReportAllocs()
			for b.Loop() {
				for range 64 {
					for i := next % 10; i < vec.BatchSize; i += 10 {
						batch.Cols[0].I64[i] = next
						next++
					}
					require.NoError(b, o.Push(0, batch, discard{}))
				}
				require.NoError(b, o.EndStep(discard{}))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(64*vec.BatchSize), "ns/row")
		})
	}
}

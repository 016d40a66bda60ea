package agg

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var (
	int4, float8, text, boolean, numeric = types.T(types.Int4), types.T(types.Float8), types.T(types.Text), types.T(types.Bool), types.T(types.Numeric)

	inTypes = []types.Type{int8T, numeric, int4, text, boolean, float8, numeric, boolean}
)

// The input's columns.
const (
	colKey = iota
	colForms
	colInt
	colText
	colFlag
	colFloat
	colNumeric
	colOther
)

// calls are aggregates of each kind, with their arguments.
var calls = []struct {
	name  string
	types []types.Type
	args  []int
}{
	{"count", nil, nil},
	{"count", []types.Type{types.T(types.Any)}, []int{colText}},
	{"count", []types.Type{types.T(types.Any)}, []int{colForms}},
	{"sum", []types.Type{int4}, []int{colInt}},
	{"sum", []types.Type{int8T}, []int{colKey}},
	{"sum", []types.Type{numeric}, []int{colNumeric}},
	{"sum", []types.Type{float8}, []int{colFloat}},
	{"avg", []types.Type{int4}, []int{colInt}},
	{"min", []types.Type{int4}, []int{colInt}},
	{"max", []types.Type{int4}, []int{colInt}},
	{"min", []types.Type{text}, []int{colText}},
	{"max", []types.Type{float8}, []int{colFloat}},
	{"min", []types.Type{float8}, []int{colFloat}},
	{"max", []types.Type{numeric}, []int{colNumeric}},
	{"bool_and", []types.Type{boolean}, []int{colFlag}},
	{"bit_and", []types.Type{int4}, []int{colInt}},
	{"string_agg", []types.Type{text, text}, []int{colText, colText}},
	{"array_agg", []types.Type{types.T(types.AnyElement)}, []int{colInt}},
}

func drawCall(t *rapid.T) physical.AggCall {
	c := rapid.SampledFrom(calls).Draw(t, "call")
	args := make([]types.Type, len(c.args))
	for i, a := range c.args {
		args[i] = inTypes[a]
	}
	f := fn.FindAggregate(c.name, c.types)
	call := physical.AggCall{Name: c.name, ArgTypes: c.types, Args: c.args, Filter: physical.NoColumn, Type: f.ResultType(args)}
	if rapid.IntRange(0, 2).Draw(t, "filter") == 0 {
		call.Filter = drawFilter(t)
	}
	// Which of several forms stays among distinct values depends on what came first.
	call.Distinct = len(args) > 0 && (args[0] != numeric || c.name == "count") && args[0] != float8 && rapid.IntRange(0, 2).Draw(t, "distinct") == 0
	if f.OrderSensitive && rapid.Bool().Draw(t, "ordered") {
		key := physical.SortKey{Column: c.args[0], Desc: rapid.Bool().Draw(t, "desc"), NullsFirst: rapid.Bool().Draw(t, "nullsFirst")}
		if !call.Distinct {
			key.Column = rapid.IntRange(0, len(inTypes)-1).Draw(t, "by")
		}
		call.OrderBy = []physical.SortKey{key}
	}
	return call
}

func drawFilter(t *rapid.T) int {
	return rapid.SampledFrom([]int{physical.NoColumn, colFlag, colOther}).Draw(t, "by")
}

func drawNode(t *rapid.T) (*physical.Aggregate, []types.Type) {
	n := &physical.Aggregate{WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn, AppendOnly: rapid.Bool().Draw(t, "appendOnly")}
	n.Keys = rapid.SampledFrom([][]int{nil, {colKey}, {colForms}, {colText}, {colForms, colKey}, {colFloat}, {colText, colInt}, {colInt}, {colInt, colKey}}).Draw(t, "keys")
	n.Global = n.Keys == nil && rapid.IntRange(0, 3).Draw(t, "global") > 0
	var out []types.Type
	for _, k := range n.Keys {
		out = append(out, inTypes[k])
	}
	for range rapid.IntRange(0, 4).Draw(t, "calls") {
		call := drawCall(t)
		n.Calls, out = append(n.Calls, call), append(out, call.Type)
		for call.Distinct && rapid.Bool().Draw(t, "again") { // calls that share what they know of the values
			call.Filter = drawFilter(t)
			n.Calls, out = append(n.Calls, call), append(out, call.Type)
		}
	}
	return n, out
}

func drawRow(t *rapid.T, _ int) []types.Datum {
	value := func(col int, texts ...string) types.Datum {
		s := rapid.SampledFrom(append(texts, "null")).Draw(t, "value")
		if s == "null" {
			return types.Null
		}
		d, err := types.ParseText(inTypes[col], []byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	return []types.Datum{
		value(colKey, "1", "2", "9223372036854775807"), value(colForms, "1", "1.0", "1.00", "2"), value(colInt, "-3", "5", "7"),
		value(colText, "a", "bb", ""), value(colFlag, "t", "f"), value(colFloat, "0", "-0", "1.5", "NaN"),
		value(colNumeric, "1", "1.0", "-2.50", "123456789012345678901234567890"), value(colOther, "t", "f"),
	}
}

// TestAggregate compares random aggregations, over random changes, with the model.
func TestAggregate(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		n, out := drawNode(t)
		return optest.Property{
			Subject:    optest.Subject{Inputs: [][]types.Type{inTypes}, Output: out, New: phases(t, n, inTypes)},
			Row:        drawRow,
			AppendOnly: []bool{n.AppendOnly},
			Model:      func(in []*optest.ZSet) *optest.ZSet { return model(n, in[0], out) },
		}
	})
}

// TestClosedWindowsAreFreed: no row is left of windows that have closed, in any arrangement.
func TestClosedWindowsAreFreed(t *testing.T) {
	for _, emit := range []bool{false, true} {
		n := &physical.Aggregate{Keys: []int{0, 1}, WindowEnd: 1, WindowStart: physical.NoColumn, EmitOnClose: emit}
		n.Calls = []physical.AggCall{
			{Name: "min", ArgTypes: []types.Type{int8T}, Args: []int{2}, Filter: physical.NoColumn, Type: int8T},
			{Name: "sum", ArgTypes: []types.Type{int8T}, Args: []int{2}, Filter: physical.NoColumn, Type: numeric, Distinct: true},
		}
		in := []types.Type{int8T, int8T, int8T}
		h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: append(in[:2:2], int8T, numeric),
			New: func(mem *state.Memory) (op.Operator, error) { return New(n, in, mem) }}, false)
		for i := range int64(1000) {
			h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(i % 3), types.NewInt(10 + i%4*10), types.NewInt(i)}, Weight: 1})
		}
		h.EndStep()
		for _, c := range []struct{ watermark, windows int64 }{{9, 4}, {10, 3}, {35, 1}, {op.EndOfTime, 0}} {
			h.BeginStep()
			h.Watermark(0, c.watermark)
			h.EndStep()
			var rows []int64
			for _, s := range h.Op.(op.Stateful).State() {
				v := s.Freeze()
				rows = append(rows, v.Rows())
				v.Release()
			}
			require.Equal(t, []int64{c.windows * 3, c.windows * 250, c.windows * 250}, rows)
		}
		require.Equal(t, 12, h.Out.All.Len())
		h.Close()
	}
}

// TestFaults: a row that a function cannot take, and a group whose result cannot be computed, are faults of the step.
func TestFaults(t *testing.T) {
	percentile := physical.AggCall{Name: "percentile_cont", ArgTypes: []types.Type{float8, float8}, Args: []int{1, 2}, Filter: physical.NoColumn, Type: float8}
	n := &physical.Aggregate{Keys: []int{0}, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn, Calls: []physical.AggCall{percentile}}
	in := []types.Type{int8T, float8, float8}
	h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: []types.Type{int8T, float8},
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, in, mem) }}, false)
	row := func(key int64, fraction float64, weight int64) optest.Change {
		return optest.Change{Row: []types.Datum{types.NewInt(key), types.NewFloat(fraction), types.NewFloat(4)}, Weight: weight}
	}
	h.Push(0, row(1, 0.5, 1), row(2, 1.5, 1))
	h.EndStep()
	require.Equal(t, "+1 1 | 4\n", h.Out.Step.String())
	require.ErrorContains(t, h.Ctx.Faults.Err(), "percentile value 1.5 is not between 0 and 1")
	h.Close()

	h = optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{in}, Output: []types.Type{int8T, float8},
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, in, mem) }}, false)
	h.Push(0, row(2, 1.5, 1))
	h.Push(0, row(2, 1.5, -1))
	h.EndStep()
	require.NoError(t, h.Ctx.Faults.Err())
	require.Empty(t, h.Out.Step.String())
	h.Close()
}

// TestManyGroups: a first step with more groups than the scratch is to hold is emitted once, at the cut.
func TestManyGroups(t *testing.T) {
	n := &physical.Aggregate{Keys: []int{0}, AppendOnly: true, WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn}
	n.Calls = []physical.AggCall{{Name: "count", Filter: physical.NoColumn, Type: int8T}, {Name: "max", ArgTypes: []types.Type{int8T}, Args: []int{1}, Filter: physical.NoColumn, Type: int8T}}
	a, err := New(n, []types.Type{int8T, int8T}, state.NewMemory(nil))
	require.NoError(t, err)
	require.NoError(t, a.Open(&op.Context{Faults: &op.Faults{}}))
	const groups = 3*keepGroups + 5
	for round := range int64(2) {
		b := vec.NewBatch([]types.Type{int8T, int8T}, vec.BatchSize)
		for i := range int64(groups) {
			b.AppendRow(1, types.NewInt(i), types.NewInt(i+round))
			if b.N == vec.BatchSize || i == groups-1 {
				require.NoError(t, a.Push(0, b, nil)) // nothing is emitted before the cut
				b.Reset()
			}
		}
	}
	out := &sum{}
	require.NoError(t, a.EndStep(out))
	require.Equal(t, sum{rows: groups, count: 2 * groups, max: groups * (groups + 1) / 2}, *out)
	*out = sum{}
	require.NoError(t, a.EndStep(out))
	require.Zero(t, *out)
	a.Close()
}

type sum struct{ rows, count, max int64 }

func (s *sum) Batch(b *vec.Batch) error {
	for i := range b.N {
		s.rows += b.Weight(i)
		s.count += b.Weight(i) * b.Cols[1].I64[i]
		s.max += b.Weight(i) * b.Cols[2].I64[i]
	}
	return nil
}

func (s *sum) Watermark(int64) error { return nil }

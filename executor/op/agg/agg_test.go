package agg

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"pgregory.net/rapid"
)

var (
	int4, float8, text, boolean, numeric = types.T(types.Int4), types.T(types.Float8), types.T(types.Text), types.T(types.Bool), types.T(types.Numeric)

	inTypes = []types.Type{int8T, numeric, int4, text, boolean, float8, numeric}
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
		call.Filter = colFlag
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

func drawNode(t *rapid.T) (*physical.Aggregate, []types.Type) {
	n := &physical.Aggregate{WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn, AppendOnly: rapid.Bool().Draw(t, "appendOnly")}
	n.Keys = rapid.SampledFrom([][]int{nil, {colKey}, {colForms}, {colText}, {colForms, colKey}, {colFloat}, {colText, colInt}}).Draw(t, "keys")
	n.Global = n.Keys == nil && rapid.IntRange(0, 3).Draw(t, "global") > 0
	var out []types.Type
	for _, k := range n.Keys {
		out = append(out, inTypes[k])
	}
	for range rapid.IntRange(0, 4).Draw(t, "calls") {
		n.Calls = append(n.Calls, drawCall(t))
		out = append(out, n.Calls[len(n.Calls)-1].Type)
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
		value(colNumeric, "1", "1.0", "-2.50", "123456789012345678901234567890"),
	}
}

// TestAggregate compares random aggregations, over random changes, with the model.
func TestAggregate(t *testing.T) {
	optest.Check(t, func(t *rapid.T) optest.Property {
		n, out := drawNode(t)
		return optest.Property{
			Subject: optest.Subject{Inputs: [][]types.Type{inTypes}, Output: out,
				New: func(mem *state.Memory) (op.Operator, error) { return New(n, inTypes, 0, mem) }},
			Row:        drawRow,
			AppendOnly: []bool{n.AppendOnly},
			Model:      func(in []*optest.ZSet) *optest.ZSet { return model(n, in[0], out) },
		}
	})
}

package agg

import (
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/fn"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

// The columns of scripts: a window's bounds, a key, and values.
var scriptTypes = []types.Type{int8T, int8T, text, int4, numeric}

var scriptColumns = map[string]int{"start": 0, "end": 1, "k": 2, "v": 3, "n": 4}

// TestScripts runs testdata. An operator's line has keys=(…) and calls, as sum(v), distinct where it begins with one; a windowed one
// has end among its keys.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) { optest.Script(t, path, scriptOperator) })
}

func scriptOperator(t *testing.T, d *datadriven.TestData) optest.Subject {
	n := &physical.Aggregate{WindowEnd: physical.NoColumn, WindowStart: physical.NoColumn, AppendOnly: d.HasArg("append-only"),
		EmitOnClose: d.HasArg("emit-on-close"), Global: d.HasArg("global")}
	var out []types.Type
	for _, a := range d.CmdArgs {
		if a.Key != "keys" {
			continue
		}
		for _, k := range a.Vals {
			if k == "end" {
				n.WindowEnd = len(n.Keys)
			}
			n.Keys, out = append(n.Keys, scriptColumns[k]), append(out, scriptTypes[scriptColumns[k]])
		}
	}
	for _, line := range strings.Fields(d.Input) {
		c := scriptCall(t, line)
		n.Calls, out = append(n.Calls, c), append(out, c.Type)
	}
	return optest.Subject{Inputs: [][]types.Type{scriptTypes}, Output: out,
		New: func(mem *state.Memory) (op.Operator, error) { return New(n, scriptTypes, mem) }}
}

// scriptCall reads a call, as sum(v) or count(distinct:v).
func scriptCall(t *testing.T, s string) physical.AggCall {
	name, rest, _ := strings.Cut(s, "(")
	c := physical.AggCall{Name: name, Filter: physical.NoColumn}
	var arg string
	arg, c.Distinct = strings.CutPrefix(strings.TrimSuffix(rest, ")"), "distinct:")
	var in []types.Type
	if arg != "" {
		col := scriptColumns[arg]
		c.Args, in = []int{col}, []types.Type{scriptTypes[col]}
		c.ArgTypes = in
		for _, pseudo := range []types.Type{types.T(types.Any), types.T(types.AnyElement)} {
			if fn.FindAggregate(name, c.ArgTypes) == nil {
				c.ArgTypes = []types.Type{pseudo}
			}
		}
	}
	f := fn.FindAggregate(name, c.ArgTypes)
	if f == nil {
		t.Fatalf("no aggregate %s", s)
	}
	c.Type = f.ResultType(in)
	return c
}

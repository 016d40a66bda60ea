package join

import (
	"fmt"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/expr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
)

// flat are joins with bounds of ten seconds.
func flat() map[string]func(mem *state.Memory) (op.Operator, error) {
	out := map[string]func(mem *state.Memory) (op.Operator, error){}
	add := func(name string, n *physical.Join) {
		n.LeftAppendOnly, n.RightAppendOnly = true, true
		out[name] = func(mem *state.Memory) (op.Operator, error) { return New(n, timedTypes, timedTypes, mem) }
	}
	column := func(c int) expr.Node { return expr.NewColumn(c, timedTypes[1], "") }
	ten := expr.NewConst(types.T(types.Interval), types.NewInterval(0, 0, 10*second))
	within := physical.E(expr.NewAnd(call(">=", column(4), column(1)), call("<=", column(4), call("+", column(1), ten))))
	for _, kind := range []physical.JoinKind{physical.InnerJoin, physical.LeftJoin, physical.FullJoin, physical.SemiJoin, physical.AntiJoin} {
		output := []int{0, 1, 2, 3, 4, 5}
		if kind == physical.SemiJoin || kind == physical.AntiJoin {
			output = output[:3]
		}
		for _, close := range []bool{false, true} {
			add(fmt.Sprintf("interval %s close=%v", kind, close), &physical.Join{Join: kind, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false},
				Residual: within, Output: output, Bound: &physical.JoinBound{Left: 1, Right: 1, After: 10 * second, HoldBack: 10*second + 1, OnClose: close}})
			add(fmt.Sprintf("window %s close=%v", kind, close), &physical.Join{Join: kind, LeftKeys: []int{0, 1}, RightKeys: []int{0, 1}, NullsEqual: []bool{false, false},
				Output: output, Bound: &physical.JoinBound{Left: 1, Right: 1, Windows: true, LeftEnds: true, RightEnds: true, OnClose: close}})
		}
	}
	for _, close := range []bool{false, true} {
		out[fmt.Sprintf("asof close=%v", close)] = func(mem *state.Memory) (op.Operator, error) {
			return NewAsof(&physical.Asof{Outer: true, Compare: ">=", LeftTime: 1, RightTime: 1, LeftKeys: []int{0}, RightKeys: []int{0}, NullsEqual: []bool{false},
				Output: []int{0, 1, 2, 3, 4, 5}, Frees: true, OnClose: close}, timedTypes, timedTypes, mem)
		}
	}
	return out
}

// TestStateStaysFlat: after an hour of event time a join with a bound of ten seconds has no more state than after a minute.
func TestStateStaysFlat(t *testing.T) {
	for name, open := range flat() {
		t.Run(name, func(t *testing.T) {
			out := append(append([]types.Type{}, timedTypes...), timedTypes...)
			h := optest.NewHarness(t, optest.Subject{Inputs: [][]types.Type{timedTypes, timedTypes}, Output: out, New: open}, false)
			var minute int64
			sink := &counter{}
			for s := int64(0); s < 3600; s += 2 {
				for port := range 2 {
					b := rows(s*second, 8, int64(port))
					require.NoError(t, h.Op.Push(port, b, sink))
					require.NoError(t, h.Op.Watermark(port, (s-5)*second, sink))
				}
				require.NoError(t, h.Op.EndStep(sink))
				if s == 60 {
					minute = stateBytes(h.Op)
				}
			}
			require.NotZero(t, sink.rows)
			require.NotZero(t, minute)
			require.LessOrEqual(t, stateBytes(h.Op), minute+minute/4)
			h.Close()
		})
	}
}

func stateBytes(o op.Operator) (n int64) {
	for _, s := range o.(op.Stateful).State() {
		n += s.Bytes()
	}
	return n
}

// rows are n rows of different keys, every other one of which the other port has too.
func rows(at int64, n int, port int64) *vec.Batch {
	b := vec.NewBatch(timedTypes, n)
	for i := range int64(n) {
		b.AppendRow(1, types.NewInt(i+i%2*port*100), types.NewInt(at), types.NewInt(i))
	}
	return b
}

package optest

import (
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/row"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var oneInt = []types.Type{types.T(types.Int8)}

// TestCheck holds the harness to an operator that is surely right.
func TestCheck(t *testing.T) {
	Check(t, func(*rapid.T) Property {
		return Property{
			Subject: Subject{Inputs: [][]types.Type{oneInt, oneInt}, Output: oneInt,
				New: func(*state.Memory) (op.Operator, error) { return row.NewUnion(2), nil }},
			Row: func(t *rapid.T, _ int) []types.Datum {
				return []types.Datum{types.NewInt(rapid.Int64Range(0, 9).Draw(t, "x"))}
			},
			AppendOnly: []bool{true, true},
			Model: func(in []*ZSet) *ZSet {
				out := NewZSet(oneInt)
				for _, z := range in {
					for _, c := range z.Rows() {
						out.Add(c.Row, c.Weight)
					}
				}
				return out
			},
		}
	})
}

// TestSink: what breaks the contract is noticed.
func TestSink(t *testing.T) {
	one := func(weights ...int64) *Sink {
		s := NewSink(oneInt)
		for _, w := range weights {
			h := &Harness{t: t, subject: Subject{Inputs: [][]types.Type{oneInt}}, Out: s, Op: row.NewUnion(1)}
			h.Push(0, Change{Row: []types.Datum{types.NewInt(1)}, Weight: w})
		}
		return s
	}
	require.Empty(t, one(1, 1).faultOfStep(true))
	require.NotEmpty(t, one(1, -1).faultOfStep(true))
	require.NotEmpty(t, one(0).faultOfStep(true))
	s := one()
	require.NoError(t, s.Watermark(5))
	require.NoError(t, s.Watermark(4))
	require.NotEmpty(t, s.faultOfStep(true))
}

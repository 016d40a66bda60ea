package temporal

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/optest"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/storage/state"
)

var pairTypes = []types.Type{types.T(types.Int8), types.T(types.Float8)}

// expiries are the nodes by whole rows, by a part of them, and over what is only added.
var expiries = map[string]*physical.Expiry{
	"rows":        {After: 7, Keys: []int{0, 1}},
	"keys":        {After: 7, Keys: []int{0}},
	"append only": {After: 7, Keys: []int{1}, AppendOnly: true},
}

func expirySubject(n *physical.Expiry) optest.Subject {
	return optest.Subject{Inputs: [][]types.Type{pairTypes}, Output: pairTypes,
		New: func(mem *state.Memory) (op.Operator, error) { return NewExpiry(n, pairTypes, mem), nil }}
}

// copyOf is a copy of a row, and when it goes.
type copyOf struct {
	row  []types.Datum
	text string
	goes int64
}

// naiveExpiry is the definition, a copy at a time, those that came first first.
type naiveExpiry struct{ copies []copyOf }

// step changes a cut's rows, whose weights are those of the whole cut.
func (m *naiveExpiry) step(n *physical.Expiry, changes *optest.ZSet, now int64) {
	m.copies = slices.DeleteFunc(m.copies, func(c copyOf) bool { return c.goes <= now })
	for _, c := range changes.Rows() {
		text := optest.RowText(pairTypes, c.Row)
		for range c.Weight {
			m.copies = append(m.copies, copyOf{c.Row, text, now + n.After})
		}
		for range -c.Weight {
			if i := slices.IndexFunc(m.copies, func(x copyOf) bool { return x.text == text }); i >= 0 {
				m.copies = slices.Delete(m.copies, i, i+1)
			}
		}
	}
}

// TestExpiry: after every step the output is the copies whose time is not over, in whatever batches the changes come and whatever state is
// restored; and nothing changes before Due.
func TestExpiry(t *testing.T) {
	for name, n := range expiries {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				h := optest.NewHarness(t, expirySubject(n), false)
				defer h.Close()
				var naive naiveExpiry
				in, out := optest.NewZSet(pairTypes), optest.NewZSet(pairTypes)
				for range rapid.IntRange(1, 15).Draw(t, "steps") {
					h.BeginStep()
					due, before := h.Op.(op.Clocked).Due(), h.Ctx.Time
					h.Ctx.Time += rapid.Int64Range(0, 5).Draw(t, "passes")
					changes := optest.NewZSet(pairTypes)
					for range rapid.IntRange(0, 5).Draw(t, "changes") {
						c := drawPair(t, in, n.AppendOnly)
						h.Push(0, c)
						in.Add(c.Row, c.Weight)
						changes.Add(c.Row, c.Weight)
					}
					h.EndStep()
					if changes.Len() == 0 && before > 0 && h.Ctx.Time < due {
						require.Zero(t, h.Out.Step.Len(), "it was due at %d, and the clock shows %d", due, h.Ctx.Time)
					}
					for _, c := range h.Out.Step.Rows() {
						out.Add(c.Row, c.Weight)
					}
					naive.step(n, changes, h.Ctx.Time)
					want := optest.NewZSet(pairTypes)
					for _, c := range naive.copies {
						want.Add(c.row, 1)
					}
					require.Equal(t, want.String(), out.String())
					if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
						restore(t, h)
					}
				}
			})
		})
	}
}

// drawPair draws a row that comes, or one of those that are there and goes. Zeros of either sign are one key and two rows.
func drawPair(t *rapid.T, in *optest.ZSet, appendOnly bool) optest.Change {
	if rows := in.Rows(); !appendOnly && len(rows) > 0 && rapid.IntRange(0, 2).Draw(t, "goes") == 0 {
		return optest.Change{Row: rapid.SampledFrom(rows).Draw(t, "gone").Row, Weight: -1}
	}
	zeros := []types.Datum{types.NewFloat(0), types.NewFloat(math.Copysign(0, -1)), types.NewFloat(1), types.Null}
	row := []types.Datum{types.NewInt(rapid.Int64Range(0, 2).Draw(t, "k")), rapid.SampledFrom(zeros).Draw(t, "v")}
	return optest.Change{Row: row, Weight: rapid.Int64Range(1, 2).Draw(t, "copies")}
}

// TestExpiryFreesState: what has gone is kept nowhere.
func TestExpiryFreesState(t *testing.T) {
	h := optest.NewHarness(t, expirySubject(expiries["keys"]), false)
	defer h.Close()
	for i := range int64(5000) {
		h.Push(0, optest.Change{Row: []types.Datum{types.NewInt(i), types.NewFloat(1)}, Weight: 1})
	}
	h.Ctx.Time = 5
	h.EndStep()
	require.Equal(t, int64(12), h.Op.(op.Clocked).Due())
	h.BeginStep()
	h.Ctx.Time = 12
	h.EndStep()
	require.Equal(t, int64(op.EndOfTime), h.Op.(op.Clocked).Due())
	for _, s := range h.Op.(op.Stateful).State() {
		require.Zero(t, s.(*state.Ordered).Rows())
	}
}

package optest

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
	"github.com/stretchr/testify/require"
)

// Subject is an operator to be tested.
type Subject struct {
	// Inputs are the types of each port's columns, Output those of the result.
	Inputs [][]types.Type
	Output []types.Type
	// New makes the operator; the harness opens it.
	New func(mem *state.Memory) (op.Operator, error)
}

// Harness drives one operator. Its methods fail the test if the operator gives an error, or breaks the contract.
type Harness struct {
	// Ctx is what the operator was opened with.
	Ctx op.Context
	// Out is the operator's output.
	Out *Sink
	// Op is the operator at hand; Restore replaces it.
	Op op.Operator
	// Mem is where its state lives.
	Mem *state.Memory

	t       require.TestingT
	subject Subject
	pushes  int
}

// NewHarness makes a harness with an open operator. once says that there will be one step only (op.Context.Once).
func NewHarness(t require.TestingT, s Subject, once bool) *Harness {
	h := &Harness{t: t, subject: s, Out: NewSink(s.Output), Mem: state.NewMemory(nil)}
	h.Ctx = op.Context{Faults: &op.Faults{}, Once: once}
	h.Op = h.open()
	return h
}

func (h *Harness) open() op.Operator {
	o, err := h.subject.New(h.Mem)
	require.NoError(h.t, err)
	require.NoError(h.t, o.Open(&h.Ctx))
	return o
}

// Push gives the operator rows of one port as one batch. Between them lie rows that are not selected; in each other batch,
// columns with one value are constant.
func (h *Harness) Push(port int, rows ...Change) {
	b := vec.NewBatch(h.subject.Inputs[port], 0)
	b.Sel = []int32{}
	for _, c := range rows {
		b.AppendRow(c.Weight, c.Row...)
		b.AppendRow(7, c.Row...)
		b.Sel = append(b.Sel, int32(b.N-2))
	}
	if onlyOnes(rows) {
		b.Weights = nil
	}
	if h.pushes++; h.pushes%2 == 0 {
		constants(b)
	}
	require.NoError(h.t, h.Op.Push(port, b, h.Out))
}

func onlyOnes(rows []Change) bool {
	for _, c := range rows {
		if c.Weight != 1 {
			return false
		}
	}
	return true
}

// constants makes columns with one value constant.
func constants(b *vec.Batch) {
	for c, v := range b.Cols {
		same := b.N > 0
		for i := 1; i < b.N && same; i++ {
			same = vec.Identical(v, 0, v, i)
		}
		if same {
			b.Cols[c] = vec.NewConst(v.Type, v.Datum(0))
		}
	}
}

// Watermark moves a port's watermark.
func (h *Harness) Watermark(port int, t int64) {
	require.NoError(h.t, h.Op.Watermark(port, t, h.Out))
}

// EndStep ends the step and checks its output, which Out.Step has until the next Push. Faults are left for the caller to look at;
// BeginStep forgets them.
func (h *Harness) EndStep() {
	require.NoError(h.t, h.Op.EndStep(h.Out))
	_, stateful := h.Op.(op.Stateful)
	require.Empty(h.t, h.Out.faultOfStep(stateful), "output of a step:\n%s", h.Out.Step)
}

// BeginStep forgets the faults and the output of the step before.
func (h *Harness) BeginStep() {
	h.Out.BeginStep()
	h.Ctx.Faults.Reset()
	h.Ctx.LateRows = 0
}

// Restore moves the state to a new operator, as drivers do: frozen, and attached a key group at a time. It is for the time
// between two steps.
func (h *Harness) Restore() {
	old := h.Op
	h.Op = h.open()
	if from, ok := old.(op.Stateful); ok {
		to := h.Op.(op.Stateful).State()
		require.Len(h.t, to, len(from.State()))
		for i, s := range from.State() {
			v := s.Freeze()
			for g := range state.Groups {
				if v.GroupRows(g) > 0 {
					require.NoError(h.t, to[i].AttachGroup(v.Group(g)))
				}
			}
			v.Release()
		}
	}
	h.release(old)
}

// Close closes the operator and checks that it leaves no page behind.
func (h *Harness) Close() {
	h.release(h.Op)
	pages, nodes := h.Mem.Live()
	require.Zero(h.t, pages+nodes, "pages and nodes that were not released")
}

func (h *Harness) release(o op.Operator) {
	if s, ok := o.(op.Stateful); ok {
		for _, st := range s.State() {
			st.Release()
		}
	}
	o.Close()
}

package optest

import (
	"slices"
	"testing"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// Property is what Check checks.
type Property struct {
	Subject
	// Row draws a row for a port.
	Row func(t *rapid.T, port int) []types.Datum
	// AppendOnly says for each port that no row of it may be retracted; nil: all may be.
	AppendOnly []bool
	// Model computes the output from the inputs.
	Model func(inputs []*ZSet) *ZSet
	// Closing says that the first column of each row is the end of a window, from 1 to 9: the watermark moves between steps, rows of windows
	// that have closed neither come nor go, and when all have closed no state may be left.
	Closing bool
	// watermark is how far it has moved.
	watermark int64
}

// Check draws operators with draw, and for each random steps of changes to its inputs in random batches. After each step the
// accumulated output must be that of the model, whether or not the state was moved to another operator in between. A
// quarter of the runs are one step only, under op.Context.Once.
func Check(t *testing.T, draw func(t *rapid.T) Property) {
	rapid.Check(t, func(t *rapid.T) {
		p := draw(t)
		once := rapid.IntRange(0, 3).Draw(t, "once") == 0
		steps := 1
		if !once {
			steps = rapid.IntRange(1, 6).Draw(t, "steps")
		}
		h := NewHarness(t, p.Subject, once)
		inputs := make([]*ZSet, len(p.Inputs))
		for port, ts := range p.Inputs {
			inputs[port] = NewZSet(ts)
		}
		for range steps {
			if rapid.IntRange(0, 3).Draw(t, "restore") == 0 {
				h.Restore()
				p.tell(h)
			}
			h.BeginStep()
			p.step(t, h, inputs)
			require.NoError(t, h.Ctx.Faults.Err())
			require.Equal(t, p.Model(inputs).String(), h.Out.All.String())
		}
		if p.Closing {
			p.closeAll(t, h)
		}
		h.Close()
	})
}

// step pushes changes and ends the step. What makes up a step is a set: what is retracted may come before it was inserted.
func (p *Property) step(t *rapid.T, h *Harness, inputs []*ZSet) {
	changes := rapid.Permutation(p.changes(t, inputs)).Draw(t, "order")
	for len(changes) > 0 {
		n, most := 1, rapid.IntRange(1, 8).Draw(t, "batch")
		for n < min(most, len(changes)) && changes[n].port == changes[0].port {
			n++
		}
		batch := make([]Change, n)
		for i := range batch {
			batch[i] = changes[i].Change
		}
		h.Push(changes[0].port, batch...)
		changes = changes[n:]
	}
	if p.Closing {
		p.watermark = max(p.watermark, rapid.Int64Range(0, 10).Draw(t, "watermark"))
		p.tell(h)
	}
	h.EndStep()
}

// tell tells the operator the watermark.
func (p *Property) tell(h *Harness) {
	for port := range p.Inputs {
		if p.watermark > 0 {
			h.Watermark(port, p.watermark)
		}
	}
}

// closeAll closes all windows and looks for state that is left.
func (p *Property) closeAll(t *rapid.T, h *Harness) {
	h.BeginStep()
	p.watermark = op.EndOfTime
	p.tell(h)
	h.EndStep()
	require.Empty(t, h.Out.Step.Rows(), "rows that come when windows close")
	if s, ok := h.Op.(op.Stateful); ok {
		for _, st := range s.State() {
			require.Zero(t, st.Bytes(), "state of windows that have closed")
		}
	}
}

type portChange struct {
	port int
	Change
}

// changes draws a step's changes and applies them to the inputs.
func (p *Property) changes(t *rapid.T, inputs []*ZSet) (out []portChange) {
	for range rapid.IntRange(0, 16).Draw(t, "changes") {
		port := rapid.IntRange(0, len(inputs)-1).Draw(t, "port")
		c := Change{Weight: rapid.Int64Range(1, 2).Draw(t, "weight")}
		retract := p.AppendOnly == nil || !p.AppendOnly[port]
		if old := p.open(inputs[port].Rows()); retract && len(old) > 0 && rapid.IntRange(0, 2).Draw(t, "retract") == 0 {
			o := rapid.SampledFrom(old).Draw(t, "old")
			c.Row, c.Weight = o.Row, -rapid.Int64Range(1, o.Weight).Draw(t, "less")
		} else {
			c.Row = p.Row(t, port)
			if p.Closing && c.Row[0].I <= p.watermark {
				continue
			}
		}
		inputs[port].Add(c.Row, c.Weight)
		out = append(out, portChange{port, c})
	}
	return out
}

// open are the rows that may still be taken back.
func (p *Property) open(rows []Change) []Change {
	if !p.Closing {
		return rows
	}
	return slices.DeleteFunc(rows, func(c Change) bool { return c.Row[0].I <= p.watermark })
}

package optest

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Sink is an operator's output, accumulated.
type Sink struct {
	// All is the sum of everything that was emitted, Step of what was since the step began.
	All, Step *ZSet
	// Passed is the last watermark that was passed on.
	Passed int64
	// Watch, if not nil, is shown every batch.
	Watch func(b *vec.Batch)

	times    map[string]int // how often a row has come in this step
	retracts bool
	zero     bool
	fault    string
}

// NewSink makes an empty sink.
func NewSink(ts []types.Type) *Sink {
	s := &Sink{All: NewZSet(ts), Passed: op.NoWatermark}
	s.BeginStep()
	return s
}

// BeginStep forgets the step before.
func (s *Sink) BeginStep() {
	s.Step, s.times = NewZSet(s.All.Types), map[string]int{}
	s.retracts, s.zero = false, false
}

// Batch implements op.Output.
func (s *Sink) Batch(b *vec.Batch) error {
	if len(b.Cols) != len(s.All.Types) {
		s.fault = "a batch with another number of columns"
		return nil
	}
	for c, v := range b.Cols {
		if v.Type != s.All.Types[c] {
			s.fault = "a column of type " + v.Type.String() + ", not " + s.All.Types[c].String()
		}
		if !v.Const && v.Len() < b.N {
			s.fault = "a column that is shorter than its batch"
			return nil
		}
	}
	for k := range b.Rows() {
		i := b.Row(k)
		s.times[RowText(s.All.Types, copyRow(b, i))]++
		s.zero = s.zero || b.Weight(i) == 0
		s.retracts = s.retracts || b.Weight(i) < 0
	}
	if s.Watch != nil {
		s.Watch(b)
	}
	s.All.AddBatch(b)
	s.Step.AddBatch(b)
	return nil
}

// Watermark implements op.Output.
func (s *Sink) Watermark(t int64) error {
	if t < s.Passed {
		s.fault = "a watermark that falls"
	}
	s.Passed = t
	return nil
}

// faultOfStep is what the output of a step breaks of the contract, if anything. Only what comes at the cut is consolidated: not
// insertions alone, which may have been emitted in Push, nor anything of an operator without state.
func (s *Sink) faultOfStep(stateful bool) string {
	switch {
	case s.fault != "":
		return s.fault
	case !s.retracts && !s.zero || !stateful:
		return ""
	case s.zero:
		return "a row of weight zero"
	}
	for row, n := range s.times {
		if n > 1 {
			return "a row that comes twice in a step with retractions: " + row
		}
	}
	return ""
}

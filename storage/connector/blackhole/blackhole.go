// Package blackhole is the sink that counts rows and keeps none: for benchmarks, and for views that are run for their cost.
//
// Invariant: it remembers nothing over a restart, so the job goes on from its own records; its counts are of this process.
package blackhole

import (
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Connector is the blackhole connector.
var Connector = connector.Connector{
	Name:    "blackhole",
	Doc:     "Takes changes, counts them and drops them.",
	NewSink: func(connector.SinkConfig) (connector.Sink, error) { return &Sink{}, nil },
}

// Sink counts. Its counts may be read at any time, by anyone.
type Sink struct {
	pending            Counts // of the cut in work
	rows, weight, cuts atomic.Int64
}

// Counts are what a sink took: rows, the sum of their weights, and cuts.
type Counts struct{ Rows, Weight, Cuts int64 }

// Counts is what was committed.
func (s *Sink) Counts() Counts {
	return Counts{Rows: s.rows.Load(), Weight: s.weight.Load(), Cuts: s.cuts.Load()}
}

// Committed says that the sink does not know.
func (s *Sink) Committed() (uint64, bool) { return 0, false }

// Write counts a batch.
func (s *Sink) Write(_ uint64, changes *vec.Batch) error {
	s.pending.Rows += int64(changes.Rows())
	s.pending.Weight += weight(changes)
	return nil
}

// Gather implements connector.Gathering: a number is all that is kept of the rows.
func (s *Sink) Gather() connector.Gatherer { return &tally{} }

// tally counts the rows of a step, one of weight n as n rows.
type tally struct{ rows int64 }

func (t *tally) Add(b *vec.Batch) error {
	t.rows += weight(b)
	return nil
}

// Take gives a batch of as many rows, without columns.
func (t *tally) Take() []*vec.Batch {
	if t.rows == 0 {
		return nil
	}
	b := &vec.Batch{N: int(t.rows)}
	t.rows = 0
	return []*vec.Batch{b}
}

// weight is the sum of the weights of a batch's rows.
func weight(b *vec.Batch) (sum int64) {
	n := b.Rows()
	if b.Weights == nil {
		return int64(n)
	}
	for k := range n {
		sum += b.Weights[b.Row(k)]
	}
	return sum
}

// Commit adds the cut to what was committed.
func (s *Sink) Commit(uint64) error {
	s.rows.Add(s.pending.Rows)
	s.weight.Add(s.pending.Weight)
	s.cuts.Add(1)
	s.pending = Counts{}
	return nil
}

// Close drops the cut in work.
func (s *Sink) Close() error {
	s.pending = Counts{}
	return nil
}

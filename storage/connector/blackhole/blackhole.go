// Package blackhole is the sink that counts rows and keeps none: for benchmarks, and for views that are run for their cost. Asked for
// it, it also sums up a hash of every row, by which the results of two engines are compared.
//
// Invariants:
//   - It remembers nothing over a restart, so the job goes on from its own records; its counts are of this process.
//   - The checksum is that of the result as it stands, whatever order, batches and intermediate changes it came in.
package blackhole

import (
	"sync"
	"sync/atomic"

	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Connector is the blackhole connector.
var Connector = connector.Connector{
	Name:    "blackhole",
	Doc:     "Takes changes, counts them and drops them.",
	NewSink: newSink,
	SinkOptions: []connector.Option{
		{Name: "checksum", Kind: connector.Boolean, Default: "off",
			Doc: "Whether streamdb.sinks shows a checksum of the rows: the sum of their weights times the XXH3 hashes of their texts as COPY writes them."},
	},
}

// Sink counts. What it has taken may be asked at any time, by anyone.
type Sink struct {
	columns []connector.Column
	// sums tells a sink that makes a checksum.
	sums bool
	// gathered says that batches stand for rows that tasks have counted already.
	gathered atomic.Bool
	pending  connector.Taken // of the cut in work
	summing  *summer         // of batches that no task has summed
	mu       sync.Mutex
	taken    connector.Taken
}

func newSink(cfg connector.SinkConfig) (connector.Sink, error) {
	s := &Sink{columns: cfg.Columns, sums: cfg.Options.Bool("checksum")}
	if s.sums {
		s.summing = newSummer(cfg.Columns)
	}
	return s, nil
}

// Taken implements connector.Counting.
func (s *Sink) Taken() (t connector.Taken, summed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.taken, s.sums
}

// Committed says that the sink does not know.
func (s *Sink) Committed() (uint64, bool) { return 0, false }

// Write counts a batch.
func (s *Sink) Write(_ uint64, changes *vec.Batch) error {
	s.pending.Changes += int64(changes.Rows())
	s.pending.Rows += weight(changes)
	switch {
	case !s.sums:
	case s.gathered.Load():
		s.pending.Checksum += uint64(changes.Cols[0].I64[0])
	default:
		s.pending.Checksum += s.summing.sum(changes)
	}
	return nil
}

// Gather implements connector.Gathering: two numbers are all that is kept of the rows.
func (s *Sink) Gather() connector.Gatherer {
	s.gathered.Store(true)
	t := &tally{}
	if s.sums {
		t.summing = newSummer(s.columns)
	}
	return t
}

// tally counts the rows of a step, one of weight n as n rows.
type tally struct {
	rows     int64
	checksum uint64
	summing  *summer // nil: no checksum is asked for
}

func (t *tally) Add(b *vec.Batch) error {
	t.rows += weight(b)
	if t.summing != nil {
		t.checksum += t.summing.sum(b)
	}
	return nil
}

// Take gives a batch of as many rows, without columns, or with the rows' checksum as its only one.
func (t *tally) Take() []*vec.Batch {
	if t.rows == 0 {
		return nil
	}
	b := &vec.Batch{N: int(t.rows)}
	if t.summing != nil {
		b.Cols = []*vec.Vector{vec.NewConst(types.T(types.Int8), types.NewInt(int64(t.checksum)))}
	}
	t.rows, t.checksum = 0, 0
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
	s.mu.Lock()
	defer s.mu.Unlock()
	s.taken.Rows += s.pending.Rows
	s.taken.Changes += s.pending.Changes
	s.taken.Checksum += s.pending.Checksum
	s.pending = connector.Taken{}
	return nil
}

// Close drops the cut in work.
func (s *Sink) Close() error {
	s.pending = connector.Taken{}
	return nil
}

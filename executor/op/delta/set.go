package delta

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Set is a Z-set that is consolidated while it is gathered.
type Set struct {
	Index
	// Weights are the rows' weights, by number; they may be zero.
	Weights []int64

	numbers []int32
	live    []int32
	out     *vec.Batch
	weights []int64 // of out
}

// NewSet makes an empty set of rows with columns of types ts.
func NewSet(ts []types.Type) *Set {
	return &Set{Index: *NewIndex(ts), out: vec.NewBatch(ts, 0)}
}

// Add adds a batch. Its rows' numbers, in the order of its selection, are valid until the next call.
func (s *Set) Add(b *vec.Batch) (numbers []int32, err error) {
	s.numbers, err = s.Index.Add(b.Cols, b.Sel, b.N, nil, s.numbers)
	if err != nil {
		return nil, err
	}
	for len(s.Weights) < s.Len() {
		s.Weights = append(s.Weights, 0)
	}
	if b.Weights == nil {
		for _, n := range s.numbers {
			s.Weights[n]++
		}
		return s.numbers, nil
	}
	for k, n := range s.numbers {
		s.Weights[n] += b.Weights[b.Row(k)]
	}
	return s.numbers, nil
}

// Live is how many rows have a weight other than zero.
func (s *Set) Live() int {
	n := 0
	for _, w := range s.Weights {
		if w != 0 {
			n++
		}
	}
	return n
}

// Batches gives the rows that have not come to zero, up to vec.BatchSize at a time. The batch is the set's again when emit
// returns.
func (s *Set) Batches(emit func(*vec.Batch) error) error {
	s.live = s.live[:0]
	for n, w := range s.Weights {
		if w != 0 {
			s.live = append(s.live, int32(n))
		}
	}
	for from := 0; from < len(s.live); from += vec.BatchSize {
		rows := s.live[from:min(from+vec.BatchSize, len(s.live))]
		s.take(rows)
		if err := emit(s.out); err != nil {
			return err
		}
	}
	return nil
}

func (s *Set) take(rows []int32) {
	out, ones := s.out, true
	for c, v := range s.Cols {
		out.Cols[c].Take(v, rows)
	}
	s.weights = sized(s.weights, len(rows))
	for k, n := range rows {
		s.weights[k] = s.Weights[n]
		ones = ones && s.weights[k] == 1
	}
	out.N, out.Weights = len(rows), s.weights
	if ones {
		out.Weights = nil
	}
}

// Reset forgets all rows.
func (s *Set) Reset() {
	if s.Len() > keepRows {
		s.Weights, s.live, s.numbers = nil, nil, nil
	}
	s.Index.Reset()
	s.Weights = s.Weights[:0]
}

package delta

import "github.com/streamdb/streamdb/sql/vec"

// Consolidate replaces what r has by its sum, which it takes in s, an empty set. The hashes become those of the first keys
// columns, by vec.HashRows.
func (r *Rows) Consolidate(s *Set, keys int) error {
	defer s.Reset()
	for _, c := range r.Chunks {
		if _, err := s.Add(&c.Batch); err != nil {
			return err
		}
	}
	r.Reset()
	return s.Batches(func(b *vec.Batch) error {
		r.hashes = sized(r.hashes, b.N)
		vec.HashRows(b.Cols[:keys], nil, b.N, r.hashes)
		r.Add(b, r.hashes)
		return nil
	})
}

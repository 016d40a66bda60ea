package query

import (
	"context"

	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/sqlerr"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Recursion is a WITH RECURSIVE query: Seed's rows, then those of Step over what came last, until there are none. Its terms read that
// as the relation Work, and whoever reads the whole reads Result.
type Recursion struct {
	Name         string
	Seed, Step   *Prepared
	Work, Result uint32
	// Distinct leaves out rows that were there before.
	Distinct bool
}

// The limits of a recursion: one without an end must not take all the memory.
const (
	maxSteps         = 1_000_000
	maxRecursionRows = 10_000_000
)

// WithRecursions are rel and the results of recursions, which it runs, one after another.
func WithRecursions(ctx context.Context, list []Recursion, rel Relations, o Options) (Relations, error) {
	if len(list) == 0 {
		return rel, nil
	}
	all := &standIns{Relations: rel, rows: map[uint32]*vec.Batch{}}
	o.Instance = nil
	for i := range list {
		if err := all.run(ctx, &list[i], o); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// standIns are relations beside those of a transaction.
type standIns struct {
	Relations
	rows map[uint32]*vec.Batch
}

// Scan implements Relations.
func (s *standIns) Scan(ctx context.Context, x *physical.Scan, emit func(*vec.Batch) error) error {
	b, ok := s.rows[x.Relation]
	if !ok {
		return s.Relations.Scan(ctx, x, emit)
	}
	for from := 0; from < b.N; from += vec.BatchSize {
		part := &vec.Batch{N: b.N, Weights: b.Weights}
		for _, c := range x.Columns {
			part.Cols = append(part.Cols, b.Cols[c])
		}
		for i := from; i < min(from+vec.BatchSize, b.N); i++ {
			part.Sel = append(part.Sel, int32(i))
		}
		if err := emit(part); err != nil {
			return err
		}
	}
	return nil
}

// run computes a recursion's result.
func (s *standIns) run(ctx context.Context, r *Recursion, o Options) error {
	seen := map[string]bool{}
	work, err := s.term(ctx, r, r.Seed, o, seen)
	if err != nil {
		return err
	}
	result := vec.NewBatch(work.Types(), work.N)
	for step := 0; work.N > 0; step++ {
		result.AppendBatch(work)
		if step == maxSteps || result.N > maxRecursionRows {
			return r.endless()
		}
		s.rows[r.Work] = work
		if work, err = s.term(ctx, r, r.Step, o, seen); err != nil {
			return err
		}
	}
	delete(s.rows, r.Work)
	s.rows[r.Result] = result
	return nil
}

func (r *Recursion) endless() error {
	return sqlerr.New(sqlerr.ProgramLimitExceeded, "WITH RECURSIVE query %q has not ended after %d steps or %d rows", r.Name, maxSteps, maxRecursionRows).
		WithHint("Bound its depth by a condition in its recursive term.")
}

// term gathers what a term gives.
func (s *standIns) term(ctx context.Context, r *Recursion, p *Prepared, o Options, seen map[string]bool) (*vec.Batch, error) {
	out := vec.NewBatch(p.plan.Output().Types, 0)
	err := p.Run(ctx, s, o, func(b *vec.Batch) error {
		if r.Distinct {
			b = unseen(b, seen)
		}
		if out.AppendBatch(b); out.N > maxRecursionRows {
			return r.endless()
		}
		return nil
	})
	if err == nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return out, err
}

// unseen are the rows of a batch that are in none before, once each.
func unseen(b *vec.Batch, seen map[string]bool) *vec.Batch {
	out := *b
	out.Sel, out.Weights = []int32{}, nil
	fields := make([]types.Field, len(b.Cols))
	for k := range b.Rows() {
		i := b.Row(k)
		for c, v := range b.Cols {
			fields[c] = types.Field{Type: v.Type, Value: v.Datum(i)}
		}
		row := types.Datum{B: types.AppendRecord(nil, fields)}
		key := string(types.Key(types.T(types.Record), row).B)
		if !seen[key] {
			seen[key] = true
			out.Sel = append(out.Sel, int32(i))
		}
	}
	return &out
}

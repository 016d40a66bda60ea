package txn

import (
	"github.com/streamdb/streamdb/executor/database"
	"github.com/streamdb/streamdb/executor/epoch"
	"github.com/streamdb/streamdb/executor/relation"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// scanStream emits a stream's committed rows as of a view.
func (r *Reader) scanStream(o *database.Object, s *physical.Scan, at *view, emit func(*vec.Batch) error) error {
	log := r.txn.db.Log()
	switch {
	case o.Source != nil && s.Arrival:
		buf := sourceBatch(o.Source, s.Columns)
		return epoch.EachRange(log, s.Relation, at.epoch, func(x relation.Range, _ uint64, came int64) error {
			return scanRange(o.Source, x, s.Columns, buf, func(b *vec.Batch) error { return emit(arrived(b, came)) })
		})
	case o.Source != nil:
		return scanSource(o.Source, at.positions[s.Relation], s.Columns, emit)
	case s.Arrival:
		return scanArrivals(r, s, at.epoch, emit)
	}
	return epoch.ScanLog(log, s.Relation, 0, at.epoch+1, func(b *vec.Batch) error { return emit(pick(b, s.Columns)) })
}

// scanArrivals emits the rows of a stream that clients write, with when they came.
func scanArrivals(r *Reader, s *physical.Scan, upTo uint64, emit func(*vec.Batch) error) error {
	log := r.txn.db.Log()
	it, err := log.Blocks(s.Relation, 0, upTo+1)
	if err != nil {
		return err
	}
	defer it.Close()
	times, err := epoch.NewTimes(log, 0)
	if err != nil {
		return err
	}
	defer times.Close()
	for it.Next() {
		came, err := times.Of(it.Epoch())
		if err != nil {
			return err
		}
		if err := emit(arrived(pick(it.Batch(), s.Columns), came)); err != nil {
			return err
		}
	}
	return it.Err()
}

// arrived is b with when its rows came.
func arrived(b *vec.Batch, came int64) *vec.Batch {
	out := *b
	out.Cols = append(b.Cols[:len(b.Cols):len(b.Cols)], vec.NewConst(types.T(types.Timestamptz), types.NewInt(came)))
	return &out
}

// scanSource emits the rows of a replayable source up to positions.
func scanSource(s *epoch.Source, to map[string]connector.Position, columns []int, emit func(*vec.Batch) error) error {
	buf := sourceBatch(s, columns)
	for _, split := range s.Source.Splits() {
		if err := scanRange(s, relation.Range{Split: split, To: to[split]}, columns, buf, emit); err != nil {
			return err
		}
	}
	return nil
}

// sourceBatch is a batch for some columns of a source.
func sourceBatch(s *epoch.Source, columns []int) *vec.Batch {
	picked := make([]types.Type, len(columns))
	for i, c := range columns {
		picked[i] = s.Relation.Types[c]
	}
	return vec.NewBatch(picked, vec.BatchSize)
}

func scanRange(s *epoch.Source, x relation.Range, columns []int, buf *vec.Batch, emit func(*vec.Batch) error) error {
	if x.From == x.To {
		return nil
	}
	reader, err := s.Source.Open(x.Split, x.From, columns)
	if err != nil {
		return err
	}
	defer reader.Close()
	for {
		_, done, err := reader.Poll(buf, vec.BatchSize, x.To)
		if err != nil {
			return err
		}
		if buf.N > 0 {
			if err := emit(buf); err != nil {
				return err
			}
		}
		if done || buf.N == 0 {
			return nil
		}
	}
}

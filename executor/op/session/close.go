package session

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// closeUpTo gives closed the sessions that end at or before a watermark, and forgets them.
func (s *Tracker) closeUpTo(watermark int64, closed func(b *vec.Batch) error) error {
	if !s.Node.Closes || watermark == op.NoWatermark {
		return nil
	}
	for group := range state.Groups {
		for {
			b, err := s.sessions.closed(group, watermark)
			if err != nil {
				return err
			}
			if b == nil {
				break
			}
			if err := closed(b); err != nil {
				return err
			}
			if err := s.sessions.remove(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// closed are some of the sessions of a key group that end at or before a watermark; nil if there are none.
func (x *sessions) closed(group int, watermark int64) (*vec.Batch, error) {
	if err := x.byEnd.Scan(&x.cur, group); err != nil {
		return nil, err
	}
	if x.cur.Rows() == 0 {
		return nil, nil
	}
	// Mostly none has closed: one is read first.
	if ok, err := x.cur.Next(1); err != nil || !ok || x.cur.Batch.Cols[0].Datum(0).I > watermark {
		return nil, err
	}
	x.cur.SeekStart()
	if ok, err := x.cur.Next(vec.BatchSize); err != nil || !ok {
		return nil, err
	}
	b := x.cur.Batch
	n := 0
	for n < b.N && b.Cols[0].Datum(n).I <= watermark {
		n++
	}
	x.sel = x.sel[:0]
	for i := range n {
		x.sel = append(x.sel, int32(i))
	}
	part := vec.Batch{Cols: b.Cols, N: b.N, Sel: x.sel}
	return part.Clone(), nil // the state is written while it is read
}

// remove forgets sessions: by end, partition, start.
func (x *sessions) remove(b *vec.Batch) error {
	keys := b.Cols[1 : 1+x.key]
	hashes := make([]uint64, b.N)
	vec.HashRows(keys, nil, b.N, hashes)
	for i := range b.N {
		s := Span{b.Cols[1+x.key].Datum(i).I, b.Cols[0].Datum(i).I}
		if err := x.change(keys, i, hashes[i], s, -1); err != nil {
			return err
		}
	}
	return x.flush()
}

// free emits the rows of sessions that close, if they are to be emitted then, and drops them.
func (s *Session) free(b *vec.Batch) error {
	keys, ends, starts := b.Cols[1:1+s.Lay.Key], b.Cols[0], b.Cols[1+s.Lay.Key]
	hashes := make([]uint64, b.N)
	vec.HashRows(keys, nil, b.N, hashes)
	s.at.Resize(s.TimeType, b.N)
	for i := range b.N {
		x := Span{starts.Datum(i).I, ends.Datum(i).I}
		err := s.readRows(keys, s.at, i, hashes[i], x, func(rows *vec.Batch) error { return s.freeRows(rows, x, hashes[i]) })
		if err != nil {
			return err
		}
	}
	return s.flushGone()
}

// freeRows emits rows of a session and notes that they go.
func (s *Session) freeRows(rows *vec.Batch, x Span, hash uint64) error {
	if s.Node.EmitOnClose {
		out := s.bounded(rows, nil, s.constant(x.Start), s.constant(x.End))
		out.Weights = rows.Weights
		if err := s.emit.Batch(out); err != nil {
			return err
		}
	}
	s.gone.AppendBatch(rows)
	for range rows.N {
		s.goneHashes = append(s.goneHashes, hash)
	}
	return nil
}

// flushGone takes the rows of closed sessions out of the state.
func (s *Session) flushGone() error {
	if s.gone.N == 0 {
		return nil
	}
	s.weights = s.weights[:0]
	for i := range s.gone.N {
		s.weights = append(s.weights, -s.gone.Weight(i))
	}
	err := s.rows.Apply(&vec.Batch{Cols: s.gone.Cols, N: s.gone.N, Weights: s.weights}, s.goneHashes, nil)
	s.gone.Recycle()
	s.goneHashes = s.goneHashes[:0]
	return err
}

package session

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// grow brings in rows where none is ever taken back: a region is one session, and no row needs to be read to know its bounds.
func (s *Session) grow() error {
	for k := range s.Regions {
		r := &s.Regions[k]
		was := s.Old[r.From:r.To]
		if len(was) == 1 && was[0] == r.Span {
			continue
		}
		for _, o := range was {
			if err := s.move(r, o); err != nil {
				return err
			}
			if err := s.Change(r, o, -1); err != nil {
				return err
			}
		}
		if err := s.Change(r, r.Span, 1); err != nil {
			return err
		}
	}
	if err := s.emitRows(); err != nil {
		return err
	}
	if s.Ctx.Once {
		return nil // nothing will read it
	}
	return s.apply()
}

// move emits the rows of a session with the bounds of its region in place of its own.
func (s *Session) move(r *Region, o Span) error {
	if s.Node.EmitOnClose || o == r.Span {
		return nil
	}
	return s.read(r, o, func(b *vec.Batch) error {
		if err := s.add(b, o, -1); err != nil {
			return err
		}
		return s.add(b, r.Span, 1)
	})
}

// recompute brings in rows of which some may be taken back: what the regions' sessions were is emitted with -1, and what they are is found
// by reading their rows.
func (s *Session) recompute() error {
	for k := range s.Regions {
		r := &s.Regions[k]
		for _, o := range s.Old[r.From:r.To] {
			if err := s.Change(r, o, -1); err != nil {
				return err
			}
			if s.Node.EmitOnClose {
				continue
			}
			if err := s.read(r, o, func(b *vec.Batch) error { return s.add(b, o, -1) }); err != nil {
				return err
			}
		}
	}
	if err := s.apply(); err != nil {
		return err
	}
	for k := range s.Regions {
		if err := s.split(&s.Regions[k]); err != nil {
			return err
		}
	}
	return nil
}

// split finds the sessions that a region has now.
func (s *Session) split(r *Region) error {
	at := Span{}
	var found []Span
	err := s.read(r, r.Span, func(b *vec.Batch) error {
		for i := range b.N {
			t := b.Cols[s.time].Datum(i).I
			if len(found) == 0 || t >= at.End {
				found = append(found, Span{Start: t})
				at.Start = t
			}
			at.End = s.after(t)
			found[len(found)-1].End = at.End
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, f := range found {
		if err := s.Change(r, f, 1); err != nil {
			return err
		}
		if s.Node.EmitOnClose {
			continue
		}
		if err := s.read(r, f, func(b *vec.Batch) error { return s.add(b, f, 1) }); err != nil {
			return err
		}
	}
	return nil
}

// read gives the rows of the region's partition that are in the state with times in x.
func (s *Session) read(r *Region, x Span, f func(b *vec.Batch) error) error {
	return s.readRows(s.In.Keys.Cols, s.at, r.Part, s.In.Keys.Hashes()[r.Part], x, f)
}

// readRows gives the rows with times in x of the partition in row i of keys. at is a column of times, of which row i is written.
func (s *Session) readRows(keys []*vec.Vector, at *vec.Vector, i int, hash uint64, x Span, f func(b *vec.Batch) error) error {
	if err := s.rows.Open(&s.cur, keys, i, hash); err != nil {
		return err
	}
	prefix := append(append([]*vec.Vector(nil), keys...), at)
	at.I64[i] = x.End
	if err := s.cur.NarrowEnd(prefix, i, false); err != nil {
		return err
	}
	at.I64[i] = x.Start
	if err := s.cur.NarrowStart(prefix, i, false); err != nil {
		return err
	}
	for {
		ok, err := s.cur.Next(vec.BatchSize)
		if err != nil || !ok {
			return err
		}
		if err := f(s.cur.Batch); err != nil {
			return err
		}
	}
}

// apply brings the rows at hand that are not late into the state. What takes back a row that is not there, as that
// was late, is undone.
func (s *Session) apply() error {
	row := 0
	for _, c := range s.In.Chunks {
		s.sel, s.hashes = s.sel[:0], s.hashes[:0]
		for i := range c.N {
			if s.Bounds[row] != Late {
				s.sel, s.hashes = append(s.sel, int32(i)), append(s.hashes, c.Hashes[i])
			}
			row++
		}
		if len(s.sel) == 0 {
			continue
		}
		b := c.Batch
		b.Sel = s.sel
		if err := s.rows.Apply(&b, s.hashes, &s.changes); err != nil {
			return err
		}
		if !s.Node.AppendOnly {
			if err := s.putBack(&b); err != nil {
				return err
			}
		}
	}
	return nil
}

// putBack undoes what took rows back that were not there.
func (s *Session) putBack(b *vec.Batch) error {
	s.weights = append(s.weights[:0], make([]int64, b.N)...)
	sel, hashes := b.Sel[:0:0], s.hashes[:0:0]
	for k, n := range s.changes.New {
		if n < 0 {
			s.weights[b.Sel[k]] = -n
			sel, hashes = append(sel, b.Sel[k]), append(hashes, s.hashes[k])
		}
	}
	if len(sel) == 0 {
		return nil
	}
	return s.rows.Apply(&vec.Batch{Cols: b.Cols, N: b.N, Sel: sel, Weights: s.weights}, hashes, nil)
}

// emitRows emits the rows at hand with their bounds.
func (s *Session) emitRows() error {
	if s.Node.EmitOnClose {
		return nil
	}
	row := 0
	for _, c := range s.In.Chunks {
		s.starts.Resize(s.TimeType, c.N)
		s.ends.Resize(s.TimeType, c.N)
		s.sel = s.sel[:0]
		for i := range c.N {
			if x := s.Bounds[row]; x != Late {
				s.starts.I64[i], s.ends.I64[i] = x.Start, x.End
				s.sel = append(s.sel, int32(i))
			}
			row++
		}
		if len(s.sel) == 0 {
			continue
		}
		if _, err := s.out.Add(s.bounded(&c.Batch, s.sel, s.starts, s.ends)); err != nil {
			return err
		}
	}
	return nil
}

// add emits, times sign, rows of one session.
func (s *Session) add(b *vec.Batch, x Span, sign int64) error {
	s.weights = s.weights[:0]
	for i := range b.N {
		s.weights = append(s.weights, sign*b.Weight(i))
	}
	out := s.bounded(b, nil, s.constant(x.Start), s.constant(x.End))
	out.Weights = s.weights
	_, err := s.out.Add(out)
	return err
}

func (s *Session) constant(t int64) *vec.Vector { return vec.NewConst(s.TimeType, types.NewInt(t)) }

// bounded is a batch of rows of the layout as the output has them.
func (s *Session) bounded(b *vec.Batch, sel []int32, start, end *vec.Vector) *vec.Batch {
	s.Lay.Unview(b, &s.batch)
	s.batch.Cols = append(s.batch.Cols, start, end)
	s.batch.Sel = sel
	return &s.batch
}

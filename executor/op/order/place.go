package order

import "github.com/streamdb/streamdb/sql/vec"

// place is a place in a partition as of the last cut: before row mark of marks, of whose copies into are before it; a
// negative mark stands for the partition's end.
type place struct {
	mark int
	into int64
}

// placeAt notes what stands at a position of the partition at hand.
func (t *TopN) placeAt(pos int64) (place, error) {
	if pos >= t.cur.Weight() {
		return place{mark: -1}, nil
	}
	into, err := t.cur.SeekWeight(pos)
	if err != nil {
		return place{}, err
	}
	if _, err := t.cur.Next(1); err != nil {
		return place{}, err
	}
	t.marks.AppendBatch(t.cur.Batch)
	t.markWeights = append(t.markWeights, 0)
	return place{mark: t.marks.N - 1, into: into}, nil
}

// end is the position at which the window of the partition at hand ends.
func (t *TopN) end() (int64, error) {
	end := t.win.end
	if end >= t.cur.Weight() {
		return t.cur.Weight(), nil
	}
	if !t.node.WithTies {
		return end, nil
	}
	if _, err := t.cur.SeekWeight(end - 1); err != nil {
		return 0, err
	}
	if _, err := t.cur.Next(1); err != nil {
		return 0, err
	}
	if err := t.cur.Seek(t.cur.Batch.Cols[:t.lay.Prefix], 0, true); err != nil {
		return 0, err
	}
	return t.cur.Position(), nil
}

// move emits, times sign, how the rows before a place have changed: it was at x, and is at position pos now. The changed rows
// before x count, and those that are between x and the position.
func (t *TopN) move(p int, x place, pos int64, sign int8) error {
	for _, row := range t.in.Of(p) {
		c, i := t.in.Row(row)
		if t.bound.dropped(row) || x.mark >= 0 && t.lay.Compare(c.Cols, i, t.marks.Cols, x.mark) >= 0 {
			continue
		}
		t.times[row] += sign
	}
	if x.mark < 0 {
		t.cur.SeekEnd()
	} else {
		if err := t.cur.Seek(t.marks.Cols, x.mark, false); err != nil {
			return err
		}
		t.markWeights[x.mark] -= x.into * int64(sign)
	}
	need := pos - t.cur.Position()
	if need < 0 {
		return t.read(-need, -int64(sign), t.cur.Prev)
	}
	return t.read(need, int64(sign), t.cur.Next)
}

// readWindow emits, times sign, the rows of the window of the partition at hand.
func (t *TopN) readWindow(sign int64) error {
	end, err := t.end()
	if err != nil || end <= t.win.offset {
		return err
	}
	into, err := t.cur.SeekWeight(t.win.offset)
	if err != nil {
		return err
	}
	if into == 0 {
		return t.read(end-t.win.offset, sign, t.cur.Next)
	}
	// The first row begins before the window: what is before it is read, and taken back.
	if err := t.read(end-t.win.offset+into, sign, t.cur.Next); err != nil {
		return err
	}
	if _, err := t.cur.SeekWeight(t.win.offset); err != nil {
		return err
	}
	return t.read(into, -sign, t.cur.Next)
}

// read emits, times sign, so many rows on one side of the cursor, the last one's weight cut to what is left.
func (t *TopN) read(rows, sign int64, next func(limit int) (bool, error)) error {
	for rows > 0 {
		ok, err := next(int(min(rows, vec.BatchSize)))
		if err != nil || !ok {
			return err
		}
		b := t.cur.Batch
		t.weights = t.weights[:0]
		for i := range b.N {
			w := min(b.Weight(i), rows)
			rows -= w
			t.weights = append(t.weights, w*sign)
		}
		if _, err := t.out.Add(&vec.Batch{Cols: b.Cols, N: b.N, Weights: t.weights}); err != nil {
			return err
		}
	}
	return nil
}

package order

import (
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/vec"
)

// minHeld is how many rows of an append-only input are held before those that are in no window are dropped. It is more, up to
// maxHeld, while there are few rows to a partition, as each costs a search.
const (
	minHeld = 16 * vec.BatchSize
	maxHeld = 64 * minHeld
)

// bounded is what an append-only input needs besides: its rows leave the state as soon as they are behind the window.
type bounded struct {
	// touched are the partitions whose windows as of the last cut are in the output already, retracted: there were too many
	// changes to wait for the cut with all of them.
	touched *delta.Index
	numbers []int32
	// held is how many rows are held in this step.
	held int
	// drop says which of the changed rows came behind the window.
	drop []bool
	// bar is the last row of the window, when there is one partition and it is full: rows behind it are not even gathered.
	bar  *vec.Batch
	view vec.Batch
	sel  []int32
	// leaders are the rows of a batch that may be in the window by those beside them.
	leaders []int32
	// hashes is the partition's, as often as there are rows to be taken from it.
	hashes []uint64
}

func newBounded(l *sorted.Layout) bounded {
	return bounded{touched: delta.NewKeyIndex(l.Spec.Types[:l.Key]), bar: vec.NewBatch(l.Spec.Types, 1), sel: []int32{}, held: minHeld}
}

// absorbed says that windows as of the last cut are retracted in the output.
func (b *bounded) absorbed() bool { return b.touched.Len() > 0 }

func (b *bounded) dropped(row int32) bool { return int(row) < len(b.drop) && b.drop[row] }

func (b *bounded) reset() {
	b.touched.Reset()
	b.drop = b.drop[:0]
	b.held = minHeld
}

// pushBounded gathers those rows of a batch that may be in the window.
func (t *TopN) pushBounded(b *vec.Batch) error {
	x := *b
	if t.view(b) {
		if t.bound.bar.N > 0 {
			if x.Sel = t.beforeBar(b); x.Rows() == 0 {
				return nil
			}
		}
		t.leaders(&x)
	}
	t.in.Gather(&x)
	if t.in.Len() < t.bound.held {
		return nil
	}
	return t.absorb()
}

// view puts a batch in the layout's order, for its rows to be compared, if there is one partition. It is false if they cannot be.
func (t *TopN) view(b *vec.Batch) bool {
	if t.lay.Key > 0 {
		return false
	}
	t.lay.View(b, &t.bound.view)
	for _, v := range t.bound.view.Cols {
		if v.Const { // not what comparators are made for, and rare
			return false
		}
	}
	return true
}

// beforeBar gives the rows of a batch that are not behind the bar.
func (t *TopN) beforeBar(b *vec.Batch) []int32 {
	sel := t.bound.sel[:0]
	for k := range b.Rows() {
		if i := b.Row(k); !t.behind(t.bound.view.Cols, i, t.bound.bar.Cols, 0) {
			sel = append(sel, int32(i))
		}
	}
	t.bound.sel = sel
	return sel
}

// behind reports whether a row is of no use when the window ends with another.
func (t *TopN) behind(cols []*vec.Vector, i int, last []*vec.Vector, j int) bool {
	if t.node.WithTies {
		return t.lay.ComparePeers(cols, i, last, j) > 0
	}
	return t.lay.Compare(cols, i, last, j) >= 0
}

// absorb brings the rows gathered so far into the state, before the step is over.
func (t *TopN) absorb() error {
	if err := t.in.Group(); err != nil {
		return err
	}
	t.bound.drop = t.bound.drop[:0]
	known, keys := t.bound.touched.Len(), t.in.Keys
	var err error
	if t.bound.numbers, err = t.bound.touched.Add(keys.Cols, nil, keys.Len(), keys.Hashes(), t.bound.numbers); err != nil {
		return err
	}
	for p, number := range t.bound.numbers {
		if int(number) < known {
			continue
		}
		if err := t.open(p); err != nil {
			return err
		}
		if err := t.readWindow(-1); err != nil {
			return err
		}
	}
	if t.bounds() {
		if err := t.dropBehind(); err != nil {
			return err
		}
	}
	if err := t.apply(); err != nil {
		return err
	}
	for p := 0; p < keys.Len() && t.bounds(); p++ {
		if err := t.open(p); err != nil {
			return err
		}
		if err := t.trim(p); err != nil {
			return err
		}
	}
	if err := t.setBar(); err != nil {
		return err
	}
	if 8*keys.Len() > t.in.Len() {
		t.bound.held = min(2*t.bound.held, maxHeld)
	}
	t.in.Reset()
	t.bound.drop = t.bound.drop[:0]
	return nil
}

// absorbAll is the step for many rows that have all been gathered: they are absorbed part by part.
func (t *TopN) absorbAll() error {
	chunks := t.in.Chunks
	for len(chunks) > 0 {
		n := min(t.bound.held/vec.BatchSize, len(chunks))
		if t.bound.held > minHeld { // few rows to a partition: it is not worth while to look for rows to drop
			t.appends, n = false, len(chunks)
		}
		t.in.Chunks = chunks[:n:n]
		if err := t.absorb(); err != nil {
			return err
		}
		chunks = chunks[n:]
	}
	return t.finishAbsorbed()
}

// finishAbsorbed ends a step of which the windows as of the last cut are retracted already.
func (t *TopN) finishAbsorbed() error {
	if err := t.absorb(); err != nil {
		return err
	}
	touched := t.bound.touched
	for p := range touched.Len() {
		if err := t.arr.Open(&t.cur, touched.Cols, p, touched.Hashes()[p]); err != nil {
			return err
		}
		if err := t.readWindow(1); err != nil {
			return err
		}
	}
	return nil
}

// dropBehind takes the changed rows that are behind their partition's full window out of the selections.
func (t *TopN) dropBehind() error {
	t.bound.drop = t.bound.drop[:0]
	for range t.in.Len() {
		t.bound.drop = append(t.bound.drop, false)
	}
	for p := range t.in.Keys.Len() {
		if err := t.open(p); err != nil {
			return err
		}
		full, err := t.readLast()
		if err != nil {
			return err
		}
		if !full {
			continue
		}
		for _, row := range t.in.Of(p) {
			c, i := t.in.Row(row)
			t.bound.drop[row] = t.behind(c.Cols, i, t.cur.Batch.Cols, 0)
		}
	}
	drop := t.bound.drop
	for _, c := range t.in.Chunks {
		c.Sel = []int32{}
		hashes := c.Hashes[:0]
		for i := range c.N {
			if !drop[i] {
				c.Sel, hashes = append(c.Sel, int32(i)), append(hashes, c.Hashes[i])
			}
		}
		c.Hashes, drop = hashes, drop[c.N:]
	}
	return nil
}

// readLast makes the cursor's batch the last row of the window at hand, if that is full.
func (t *TopN) readLast() (full bool, err error) {
	if t.cur.Weight() < t.win.end {
		return false, nil
	}
	if _, err := t.cur.SeekWeight(t.win.end - 1); err != nil {
		return false, err
	}
	return t.cur.Next(1)
}

// trim takes what is behind the window of partition p, at which the cursor stands, out of the state.
func (t *TopN) trim(p int) error {
	for {
		end, err := t.end()
		if err != nil {
			return err
		}
		extra := t.cur.Weight() - end
		if extra == 0 {
			return nil
		}
		t.cur.SeekEnd()
		if _, err := t.cur.Prev(int(min(extra, vec.BatchSize))); err != nil {
			return err
		}
		b := *t.cur.Batch
		t.weights, t.bound.hashes = t.weights[:0], t.bound.hashes[:0]
		for i := range b.N {
			w := min(b.Weight(i), extra)
			extra -= w
			t.weights = append(t.weights, -w)
			t.bound.hashes = append(t.bound.hashes, t.in.Keys.Hashes()[p])
		}
		b.Weights = t.weights
		if err := t.arr.Apply(&b, t.bound.hashes); err != nil {
			return err
		}
		if err := t.open(p); err != nil {
			return err
		}
	}
}

// setBar notes the last row of the window, if there is but one partition.
func (t *TopN) setBar() error {
	if !t.bounds() || t.lay.Key > 0 || t.in.Keys.Len() == 0 {
		return nil
	}
	if err := t.open(0); err != nil {
		return err
	}
	full, err := t.readLast()
	if err != nil || !full {
		return err
	}
	t.bound.bar.Recycle()
	t.bound.bar.AppendBatch(t.cur.Batch)
	t.bound.bar.Weights = nil
	return nil
}

package window

import (
	"slices"

	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/delta"
	"github.com/streamdb/streamdb/sql/vec"
)

// freeAtLeast is how many rows of a partition are freed at a time: looking for them costs as much for one as for many.
const freeAtLeast = 16

// freeing takes those rows out of an Over's state that no result will depend on any more, but for what the accumulators (totals) have of
// them. What comes is not before the watermark, so what
// changes is as far before it at most as results reach. A partition is looked at when it has changed: one that does not change
// has no more rows than when it did.
type freeing struct {
	// mark are a partition's columns and the watermark, in a single row.
	mark []*vec.Vector
	row  [1]int32
	old  *delta.Rows
}

// newFreeing makes it for an Over whose rows are ordered by a time that carries a watermark.
func newFreeing(o *Over) *freeing {
	f := &freeing{old: delta.NewRows(o.lay.Spec.Types)}
	for _, t := range o.lay.Spec.Types[:o.lay.Key+1] {
		f.mark = append(f.mark, &vec.Vector{Type: t})
	}
	f.mark[o.lay.Key].AppendInt64(0)
	return f
}

// free frees what it can of the partitions that the step has changed.
func (o *Over) free() error {
	if o.freeing == nil || o.watermark == op.NoWatermark || o.kept.before >= all || o.kept.needBefore >= all {
		return nil
	}
	f := o.freeing
	defer f.old.Reset()
	for p := range o.parts {
		if o.parts[p].gone {
			continue
		}
		if err := o.arr.Open(&o.cur, o.in.Keys.Cols, p, o.in.Keys.Hashes()[p]); err != nil {
			return err
		}
		if o.cur.Weight() < o.kept.before+o.kept.needBefore+freeAtLeast {
			continue
		}
		if err := o.freePart(p); err != nil {
			return err
		}
	}
	o.fold()
	for _, c := range f.old.Chunks {
		if err := o.arr.Apply(&c.Batch, c.Hashes); err != nil {
			return err
		}
	}
	return nil
}

// freePart notes the rows of the partition at hand that are to be freed.
func (o *Over) freePart(p int) error {
	f := o.freeing
	f.row[0] = int32(p)
	for k := range o.lay.Key {
		f.mark[k].Take(o.in.Keys.Cols[k], f.row[:])
	}
	f.mark[o.lay.Key].I64[0] = o.watermark
	base, err := o.stillNeeded(f.mark)
	if err != nil || base < freeAtLeast {
		return err
	}
	if err := o.account(p, base); err != nil {
		return err
	}
	o.cur.SeekStart()
	for more := true; more && o.cur.Position() < base; {
		if more, err = o.cur.Next(vec.BatchSize); err != nil || !more {
			return err
		}
		f.note(o.cur.Batch, base-o.cur.Position(), o.in.Keys.Hashes()[p])
	}
	return nil
}

// account gathers the first n rows of partition p, the one at hand, for the accumulators.
func (o *Over) account(p int, n int64) error {
	if o.totals == nil {
		return nil
	}
	o.totals.free(p, n)
	if !slices.ContainsFunc(o.calls, func(c call) bool { return c.fold != nil }) {
		return nil
	}
	if err := o.block.read(&o.cur, span{hi: n, top: n}, p); err != nil {
		return err
	}
	if o.block.rows.N >= blockRows {
		o.fold()
	}
	return nil
}

// fold brings the rows that have been gathered into the accumulators.
func (o *Over) fold() {
	b := o.block
	if len(b.segs) == 0 {
		return
	}
	b.findPeers()
	for k := range o.calls {
		if o.calls[k].fold != nil {
			o.calls[k].fold(b)
		}
	}
	b.reset()
}

// note takes back the rows of a batch that has been read; past is how many rows it went beyond the last that is to be freed, as a negative
// number.
func (f *freeing) note(b *vec.Batch, past int64, hash uint64) {
	n := b.N
	for ; past < 0 && n > 0; n-- {
		past += b.Weight(n - 1)
	}
	rows, weights, hashes := make([]int32, n), make([]int64, b.N), make([]uint64, n)
	for i := range n {
		rows[i], weights[i], hashes[i] = int32(i), -b.Weight(i), hash
	}
	gone := *b
	gone.Sel, gone.Weights = rows, weights
	f.old.Add(&gone, hashes)
}

// stillNeeded is the position of the first row of the partition at hand that a change from the watermark on may need, other than by the
// accumulators.
func (o *Over) stillNeeded(mark []*vec.Vector) (int64, error) {
	if err := o.cur.Seek(mark, 0, false); err != nil {
		return 0, err
	}
	if o.cur.Position() < freeAtLeast {
		return 0, nil // not worth it, whatever else is needed
	}
	lo := max(0, o.cur.Position()-o.kept.before)
	base := lo
	for _, r := range o.ranges {
		for _, d := range []*distance{&r.ahead, &r.back} { // the partition may have no row from the watermark on
			pos, err := r.before(&o.cur, d, mark, 0, o.lay.Key)
			if err != nil {
				return 0, err
			}
			if base = min(base, pos); d == &r.ahead {
				lo = min(lo, pos)
			}
		}
	}
	if lo == o.cur.Weight() {
		base = max(0, base-o.kept.needBefore)
	} else if need, err := o.firstNeeded(&o.kept, lo); err != nil {
		return 0, err
	} else if need < base {
		base = need
	}
	if o.kept.peers { // a group of peers stays or goes as a whole
		return o.firstEqual(base, o.lay.Prefix)
	}
	return o.firstEqual(base, len(o.lay.Cols)) // so do the copies of a row
}

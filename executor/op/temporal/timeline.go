package temporal

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// timeline is rows in the order of a time, in each key group.
type timeline struct {
	lay  *sorted.Layout
	rows *state.Ordered
	cur  state.Cursor
	// limit is the time up to which rows are taken, as a prefix to seek.
	limit *vec.Vector

	view, back vec.Batch
}

func newTimeline(ts []types.Type, time int, mem *state.Memory) *timeline {
	lay := sorted.NewLayout(ts, nil, []physical.SortKey{{Column: time}})
	return &timeline{lay: lay, rows: state.NewOrdered(mem, lay.Spec), limit: vec.New(ts[time], 1)}
}

// apply adds some rows of a dense batch, with their weights.
func (l *timeline) apply(b *vec.Batch, rows []int32, h *hasher) error {
	part := *b
	part.Sel = rows
	l.lay.View(&part, &l.view)
	return l.rows.Apply(&l.view, h.hashes(&part), nil)
}

// take removes the rows up to a time, and gives them batch by batch, dense and in the input's order of columns.
func (l *timeline) take(upTo int64, h *hasher, give func(*vec.Batch) error) error {
	for group := range state.Groups {
		for {
			more, err := l.due(group, upTo)
			if err != nil {
				return err
			}
			if !more {
				break
			}
			taken := l.cur.Batch.Clone() // what follows writes to the arrangement
			l.lay.Unview(taken, &l.back)
			rows := l.back
			rows.Cols = append([]*vec.Vector(nil), rows.Cols...) // give may take rows of another timeline
			if err := l.remove(taken, h.hashes(&rows)); err != nil {
				return err
			}
			if err := give(&rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// due reads the first rows of a key group, if their time is not after another.
func (l *timeline) due(group int, upTo int64) (bool, error) {
	if err := l.rows.Scan(&l.cur, group); err != nil || l.cur.Rows() == 0 {
		return false, err
	}
	l.limit.Reset(l.limit.Type)
	l.limit.Append(types.NewInt(upTo))
	if err := l.cur.NarrowEnd([]*vec.Vector{l.limit}, 0, true); err != nil {
		return false, err
	}
	return l.cur.Next(vec.BatchSize)
}

// remove takes rows out again, which are in the arrangement's order of columns.
func (l *timeline) remove(rows *vec.Batch, hashes []uint64) error {
	gone := *rows
	gone.Weights = make([]int64, rows.N)
	for i := range gone.Weights {
		gone.Weights[i] = -rows.Weight(i)
	}
	return l.rows.Apply(&gone, hashes, nil)
}

// first is the earliest time of all rows; op.EndOfTime if there are none.
func (l *timeline) first() (int64, error) {
	first := int64(op.EndOfTime)
	for group := range state.Groups {
		if err := l.rows.Scan(&l.cur, group); err != nil {
			return 0, err
		}
		if l.cur.Rows() == 0 {
			continue
		}
		more, err := l.cur.Next(1)
		if err != nil {
			return 0, err
		}
		if more {
			first = min(first, l.cur.Batch.Cols[0].I64[0])
		}
	}
	return first, nil
}

// hasher hashes rows by the columns that divide them among tasks: their key groups are those by which an exchange sends them.
type hasher struct {
	keys []int
	cols []*vec.Vector
	out  []uint64
}

func (h *hasher) hashes(b *vec.Batch) []uint64 {
	h.cols = h.cols[:0]
	for _, k := range h.keys {
		h.cols = append(h.cols, b.Cols[k])
	}
	if n := b.Rows(); cap(h.out) < n {
		h.out = make([]uint64, max(n, vec.BatchSize))
	}
	h.out = h.out[:b.Rows()]
	vec.HashRows(h.cols, b.Sel, b.N, h.out)
	return h.out
}

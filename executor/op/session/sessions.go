package session

import (
	"math"

	"github.com/streamdb/streamdb/executor/op/sorted"
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/state"
)

// sessions are the open sessions, twice: by partition and start, and by end. Those by end have no key columns: a key group has one
// order, from the session that closes first.
type sessions struct {
	key            int
	byStart, byEnd *state.Ordered
	cur            state.Cursor
	prefix         []*vec.Vector
	// put gathers sessions that begin and that end: the partition, start, end.
	put     *vec.Batch
	weights []int64
	hashes  []uint64
	view    vec.Batch
	sel     []int32
}

func newSessions(lay *sorted.Layout, timeType types.Type, mem *state.Memory) *sessions {
	keys := lay.Spec.Types[:lay.Key]
	byStart := state.Spec{Types: append(append([]types.Type(nil), keys...), timeType, timeType), Key: lay.Key, Order: []state.Order{{Col: lay.Key}}}
	byEnd := state.Spec{Types: append([]types.Type{timeType}, byStart.Types[:lay.Key+1]...), Order: []state.Order{{Col: 0}}}
	return &sessions{key: lay.Key, byStart: state.NewOrdered(mem, byStart), byEnd: state.NewOrdered(mem, byEnd), put: vec.NewBatch(byStart.Types, 0)}
}

// open turns to the partition in row i of keys.
func (x *sessions) open(keys []*vec.Vector, i int, hash uint64) error {
	return x.byStart.Open(&x.cur, keys, i, hash)
}

// none is behind all sessions.
var none = Span{math.MaxInt64, math.MaxInt64}

// from gives the first session of the partition that ends behind the time in row i of at.
func (x *sessions) from(keys []*vec.Vector, at *vec.Vector, i int) (Span, error) {
	if x.cur.Rows() == 0 {
		return none, nil
	}
	x.prefix = append(append(x.prefix[:0], keys...), at)
	if err := x.cur.Seek(x.prefix, i, true); err != nil {
		return none, err
	}
	ok, err := x.cur.Prev(1)
	if err != nil {
		return none, err
	}
	if !ok || x.session().End <= at.I64[i] {
		if err := x.cur.Seek(x.prefix, i, true); err != nil {
			return none, err
		}
	}
	return x.next()
}

// next gives the session at the cursor.
func (x *sessions) next() (Span, error) {
	if x.cur.Rows() == 0 {
		return none, nil
	}
	ok, err := x.cur.Next(1)
	if err != nil || !ok {
		return none, err
	}
	return x.session(), nil
}

func (x *sessions) session() Span {
	b := x.cur.Batch
	return Span{b.Cols[x.key].Datum(0).I, b.Cols[x.key+1].Datum(0).I}
}

// change notes that a session of the partition in row i of keys is there from now on, or no more.
func (x *sessions) change(keys []*vec.Vector, i int, hash uint64, s Span, weight int64) error {
	for c, v := range keys {
		x.put.Cols[c].Append(v.Datum(i))
	}
	x.put.Cols[x.key].Append(types.NewInt(s.Start))
	x.put.Cols[x.key+1].Append(types.NewInt(s.End))
	x.weights, x.hashes = append(x.weights, weight), append(x.hashes, hash)
	if x.put.N++; x.put.N < vec.BatchSize {
		return nil
	}
	return x.flush()
}

// flush brings the changes into the state.
func (x *sessions) flush() error {
	if x.put.N == 0 {
		return nil
	}
	x.put.Weights = x.weights
	if err := x.byStart.Apply(x.put, x.hashes, nil); err != nil {
		return err
	}
	x.view = vec.Batch{Cols: append(append(x.view.Cols[:0], x.put.Cols[x.key+1]), x.put.Cols[:x.key+1]...), N: x.put.N, Weights: x.put.Weights}
	if err := x.byEnd.Apply(&x.view, x.hashes, nil); err != nil {
		return err
	}
	x.put.Recycle()
	x.weights, x.hashes = x.weights[:0], x.hashes[:0]
	return nil
}

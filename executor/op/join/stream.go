package join

import (
	"github.com/streamdb/streamdb/executor/op"
	"github.com/streamdb/streamdb/planner/physical"
	"github.com/streamdb/streamdb/sql/vec"
)

// streams reports whether a join's output can never be revised: each batch meets what the other side has so far, and emits
// its pairs at once.
func streams(n *physical.Join) bool {
	return n.Join == physical.InnerJoin && n.LeftAppendOnly && n.RightAppendOnly
}

// stream emits the pairs of a batch.
func (j *Join) stream(port int, b *vec.Batch, out op.Output) error {
	from, to := j.sides[port], j.sides[1-port]
	d := from.look(b)
	if d.Rows() == 0 {
		return nil
	}
	j.emit.begin(out, true)
	if err := j.pairs.each(d, from, to, j.pair); err != nil {
		return err
	}
	return from.arr.insert(&d.Batch, d.Hashes) // nothing is ever taken back, so no row need be found again
}

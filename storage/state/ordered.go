package state

import "github.com/streamdb/streamdb/sql/vec"

// Ordered is an arrangement sorted by (key, order columns, all other columns) within each key group. Groups do not
// follow each other in key order; an arrangement that needs one order over everything has Key 0. Writing, freezing and
// moving groups are as with Hashed.
type Ordered struct {
	OrderedReader
}

// OrderedReader is what can be asked of an ordered arrangement: of the writer at any time, or of a Version.
type OrderedReader struct{}

// NewOrdered makes an empty arrangement whose pages live in mem.
func NewOrdered(mem *Memory, spec Spec) *Ordered { return &Ordered{} }

// Apply adds a delta, as Hashed.Apply does.
func (o *Ordered) Apply(b *vec.Batch, hashes []uint64, ch *Changes) error { return errForeign }

// Cursor stands between two rows of the range it was opened on. It is invalid after the arrangement was written; a cursor
// may be reused.
type Cursor struct {
	// Cols are the columns to give; nil means all. To be set before the first read.
	Cols []int
	// Batch has the rows of the last Next or Prev, with their weights, until the next call.
	Batch *vec.Batch
}

// Open puts c at the beginning of the rows whose first columns, in sort order (key columns, then order columns, then the
// others), are not distinct from row i of prefix. The prefix has at least the key columns. hash is that of the key.
func (o *OrderedReader) Open(c *Cursor, prefix []*vec.Vector, i int, hash uint64) error {
	return errForeign
}

// Weight is the total weight of the range: the number of SQL rows in it.
func (c *Cursor) Weight() int64 { return 0 }

// Position is the total weight of the rows of the range before the cursor.
func (c *Cursor) Position() int64 { return 0 }

// SeekWeight puts c before the row that covers position at (0 is the first) and returns how much of that row's weight lies
// before it: so OFFSET and row_number find their row by counting nodes. Past the end it stands at the end.
func (c *Cursor) SeekWeight(at int64) (into int64, err error) { return 0, errForeign }

// Seek puts c before the first row of the range whose first columns in sort order are at or behind row i of prefix, or with
// after behind it.
func (c *Cursor) Seek(prefix []*vec.Vector, i int, after bool) error { return errForeign }

// SeekStart and SeekEnd put c at the ends of its range.
func (c *Cursor) SeekStart() error { return errForeign }

// SeekEnd puts c behind the last row of the range.
func (c *Cursor) SeekEnd() error { return errForeign }

// Next reads up to limit distinct rows (at most vec.BatchSize) and moves behind them; false means the range is at its end.
func (c *Cursor) Next(limit int) (bool, error) { return false, errForeign }

// Prev reads up to limit distinct rows before the cursor, the nearest first, and moves before them.
func (c *Cursor) Prev(limit int) (bool, error) { return false, errForeign }

package connector

import "github.com/streamdb/streamdb/sql/vec"

// Sink is where a view's changes go. One goroutine at a time uses it.
//
// For each cut its changes are written in any number of batches and then committed. After a crash Committed tells the cut up
// to which the target has everything: the job goes on from exactly there, cutting at that epoch, and so writes nothing twice.
type Sink interface {
	// Committed is the epoch of the last cut that the target shows. known is false for a target that cannot remember; the
	// job then goes on from its own records.
	Committed() (epoch uint64, known bool)
	// Write takes a batch of consolidated changes of the cut at epoch. Nothing of it is to be seen yet. The batch is the
	// sink's until it returns.
	Write(epoch uint64, changes *vec.Batch) error
	// Commit makes the cut at epoch visible and durable, whole. A cut without changes need not be committed. After an error of
	// Write or Commit the sink must be closed and made anew.
	Commit(epoch uint64) error
	// Close drops what was not committed.
	Close() error
}

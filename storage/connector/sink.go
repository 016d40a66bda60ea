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

// Gathering is a Sink that need not have copies of all rows of a cut: the tasks that make insertions give it their batches as they
// come, and it says what to remember of them until the cut is complete.
type Gathering interface {
	Sink
	// Gather makes what one task gathers its rows in. It is safe for concurrent use.
	Gather() Gatherer
}

// Gatherer gathers the rows that one task makes in a step. One goroutine at a time uses it; what it holds of a step that never
// completes is dropped with it.
type Gatherer interface {
	// Add takes a batch, which is its maker's again when it returns. Nothing of it is to be seen yet.
	Add(b *vec.Batch) error
	// Take ends the step: it gives the batches that stand for the rows added since the last Take, for Write to be called
	// with. They are the taker's.
	Take() []*vec.Batch
}

// Counting is a Sink that tells what it has taken, for streamdb.sinks.
type Counting interface {
	Sink
	// Taken is what was committed since the sink was opened; summed says whether its Checksum counts. It is safe for
	// concurrent use.
	Taken() (t Taken, summed bool)
}

// Taken is what a sink has taken.
type Taken struct {
	// Rows is the sum of the weights: how many rows the result has now.
	Rows int64
	// Changes is how many changes were written.
	Changes int64
	// Checksum is the sum, modulo 2^64, of weight times hash of the rows' texts; how texts are made and hashed is the sink's.
	Checksum uint64
}

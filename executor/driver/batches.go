package driver

// Batcher is a driver that works in batches and can tell of them.
type Batcher interface {
	// Batches are the newest ones that have completed, oldest first.
	Batches() []BatchInfo
	// Lineage is what has been made again.
	Lineage() LineageInfo
	// Base is the epoch past which the driver may read its inputs once more, to make lost versions again: what it was fed of later
	// epochs must stay in the log. It rises when a snapshot has been stored; a driver that has stopped needs nothing.
	Base() uint64
	// Starved reports whether workers have nothing to do though batches are under way: these wait for slow tasks.
	Starved() bool
}

// BatchInfo is how a micro-batch went. Times are in microseconds.
type BatchInfo struct {
	Epoch   uint64
	Started int64 // when it was cut, since 1970
	Rows    int64 // of the leaves
	Tasks   int
	// Planning is the time for its tasks to be made, Scheduling that until the first began, Run that until the last had finished,
	// and Commit that until the result was handed over.
	Planning, Scheduling, Run, Commit int64
	// Retries are attempts that were repeated because they failed, Speculative those that were begun because another was slow.
	Retries, Speculative int
}

// LineageInfo counts what has been made again since the driver began.
type LineageInfo struct {
	// Partitions is how many lost versions were rebuilt, Rows the rows that their tasks read for it, and Tasks these tasks.
	Partitions, Tasks int
	Rows              int64
	// Took is how long it last took, in microseconds from the loss until all that was lost was there again.
	Took int64
	// Blocks is how many blocks had to be made again from their parents for that.
	Blocks int
	// Spilled is of how many batches the blocks were written to the scratch file, and Loaded how many blocks were read from there.
	Spilled, Loaded int
	// KeptBatches is how many batches have come since the base, the newest snapshot, KeptRows how many rows these have of the leaves,
	// and KeptBytes the memory of their blocks. Dropped is how many batches' blocks went because there were too many.
	KeptBatches int
	KeptRows    int64
	KeptBytes   int64
	Dropped     int
	// Failures are lost versions and failed tasks.
	Failures int
}

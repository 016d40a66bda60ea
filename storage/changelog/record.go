package changelog

import "github.com/streamdb/streamdb/sql/vec"

// Record is what an epoch is: all that replay needs to repeat it, but for the rows themselves.
type Record struct {
	// Epoch is the epoch's number. Epochs rise; a number may be left out.
	Epoch uint64
	// Time is when the epoch was closed, in microseconds since 1970. It never falls from one epoch to the next.
	Time int64
	// Relations say which relations have rows in the log in this epoch. Append fills it in.
	Relations []RelationRows
	// Splits are the splits of polled sources that moved in this epoch, or became idle or busy.
	Splits []Split
	// Watermarks are the watermarks that moved in this epoch.
	Watermarks []Watermark
	// Seen are the highest event times seen, of streams and splits that can become idle, where they have risen in this epoch.
	Seen []Watermark
	// Statuses are those of streams that became idle, or were idle and are not any more.
	Statuses []Status
	// Catalog is the catalog change, in the catalog's own encoding; empty for most epochs.
	Catalog []byte
}

// RelationRows says how many rows a relation has in an epoch, in how many blocks (those of stages included).
type RelationRows struct {
	Relation uint32
	Chunks   uint32
	Rows     uint64
}

// Split is how far a split of a polled source has come at the end of an epoch.
type Split struct {
	// Relation is the source's, and Name the split's within it.
	Relation uint32
	Name     string
	// Position is where the next epoch goes on reading, in the connector's own encoding.
	Position []byte
	// Idle says that the split holds up no watermark.
	Idle bool
}

// Watermark is the event time up to which a relation, or one split of it, is complete at the end of an epoch.
type Watermark struct {
	Relation uint32
	// Split is a split's name, or empty for the relation's own watermark.
	Split string
	// Time is in microseconds since 1970; math.MaxInt64 is the end of a bounded source.
	Time int64
}

// Status says whether a stream holds up the watermark where it meets others, from the end of the epoch on.
type Status struct {
	Relation uint32
	Idle     bool
}

// RelationData is what one relation receives in an epoch: rows in memory, and stages filled before.
type RelationData struct {
	Relation uint32
	Batches  []*vec.Batch
	Stages   []*Stage
}

package connector

import (
	"math"
	"time"

	"github.com/streamdb/streamdb/sql/vec"
)

// Position is how far a split has been read: the first row not yet read. What it counts is the connector's business (events,
// bytes, offsets); it grows as rows are read, zero is the split's beginning, and it is stored in epoch records.
type Position uint64

// MaxPosition is past every row.
const MaxPosition Position = math.MaxUint64

// Traits are what a source promises, for the clock and the planner.
type Traits struct {
	// Replayable sources give the rows of any range again, so their rows are not stored.
	Replayable bool
	// Bounded sources end.
	Bounded bool
	// Paced sources let rows through by the clock: read them no further than Due. The others are read as fast as jobs go.
	Paced bool
	// Divisible sources give any range of positions without reading what is before it, and know from the start where they
	// end: [a, c) may be read as [a, b) and [b, c) by two readers at the same time.
	Divisible bool
	// Counter, when not empty, names what the positions count: sources with the same Counter have one position together,
	// and the clock moves them all to the same one in each epoch.
	Counter string
	// Ascending are the columns whose values never fall from one row of a split to the next, and of which any 256 positions have
	// a row: the end of a range tells its highest event time.
	Ascending []string
}

// Source is the input of one stream. It is safe for concurrent use.
type Source interface {
	Traits() Traits
	// Splits are the names of the source's parallel units, in a fixed order. Positions are stored by these names.
	Splits() []string
	// Due is the position that a split of a paced source may be read to when elapsed has passed on the clock since the stream
	// began; never beyond End. For one that is not paced it is End.
	Due(elapsed time.Duration) Position
	// End is where every split of a bounded and divisible source ends; MaxPosition for any other.
	End() Position
	// Open starts reading a split at a position. The batches that the reader fills have the columns wanted, by index in
	// SourceConfig.Columns, in that order; the others cost nothing.
	Open(split string, from Position, wanted []int) (Reader, error)
	// Close ends the source once its readers are closed.
	Close() error
}

// Reader reads one split from a position on. Each job has its own. It is not safe for concurrent use.
type Reader interface {
	// Poll fills dst with the next rows: at most maxRows, and none at or behind the position until. It returns where it now
	// stands: a position that a new reader can be opened at. done says that the split has ended or that it stands at until;
	// without done and without rows there is nothing now.
	//
	// dst has the columns asked for in Open; what it held before is gone, and its buffers are used again except for the Data
	// of strings, which may be shared between batches. dst.N is the number of rows; there is no selection and no weights.
	Poll(dst *vec.Batch, maxRows int, until Position) (at Position, done bool, err error)
	Close() error
}

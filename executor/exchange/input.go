package exchange

import (
	"math"

	"github.com/streamdb/streamdb/sql/vec"
)

// Input is rows that never change: a block, or a part of one. It can be read any number of times, also at once.
type Input interface {
	// Open begins to read.
	Open() (Feed, error)
	// Release says that it will not be opened again. Feeds that are open may be read to their end.
	Release()
}

// Feed is a reading of an Input. Its receiver pulls, so that reading and generating happen in the task that uses the rows, at
// its pace. It may span several epochs; then the watermark of each stands behind its rows.
type Feed interface {
	// Next gives the next item: a batch, which is valid until the next call, or a watermark, or neither at the end.
	Next() (Item, error)
	Close()
}

// Item is what a Feed gives: a batch, or a watermark; NoItem is none.
type Item struct {
	Batch *vec.Batch
	// Epoch is that of the batch's rows, or at whose end the watermark came into force; 0 where rows are the content of a relation, of many epochs.
	Epoch     uint64
	Watermark int64
}

// NoItem is the end of a feed.
var NoItem = Item{Watermark: math.MinInt64}

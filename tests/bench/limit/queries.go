package limit

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
	"github.com/streamdb/streamdb/storage/connector"
)

// Query is a query as a loop.
type Query struct {
	Name string
	// SQL is what it answers, where that is not all of the Nexmark query of that name.
	SQL     string
	Columns []connector.Column // of its rows
	// Run gives the rows of the answer to emit; those of a worker come from one goroutine at a time. A batch is the query's again
	// when emit returns.
	Run func(e Events, emit func(worker int, b *vec.Batch)) error
}

var (
	bigint    = types.T(types.Int8)
	text      = types.T(types.Text)
	timestamp = types.T(types.Timestamp).WithTypmod(3)
	// thousandths is numeric(18,3): what 0.908 times a bigint needs.
	thousandths = types.NumericType(18, 3)
)

// winningTypes are those of an auction's columns and of its bid's.
var winningTypes = []types.Type{bigint, text, text, bigint, bigint, timestamp, timestamp, bigint, bigint, text,
	bigint, bigint, bigint, timestamp, text}

func columns(ts ...types.Type) []connector.Column {
	out := make([]connector.Column, len(ts))
	for i, t := range ts {
		out[i].Type = t
	}
	return out
}

// Queries are those that there is a loop for.
var Queries = []Query{
	{Name: "q0", Columns: columns(bigint, bigint, bigint, timestamp, text), Run: passThrough},
	{Name: "q1", Columns: columns(bigint, bigint, thousandths, timestamp, text), Run: convert},
	{Name: "q2", Columns: columns(bigint, bigint), Run: selectAuctions},
	{Name: "q4", Columns: columns(bigint, bigint), Run: averagePrices},
	{Name: "q5", Columns: columns(bigint, bigint), Run: hotItems},
	{Name: "q7", Columns: columns(bigint, bigint, bigint, timestamp, text), Run: highestBids},
	{Name: "q9", Columns: columns(winningTypes...), Run: winningBids},
	{Name: "q17", SQL: "SELECT auction, to_char(date_time, 'YYYY-MM-DD') AS day, count(*), max(price) FROM bid GROUP BY auction, to_char(date_time, 'YYYY-MM-DD')",
		Columns: columns(bigint, text, bigint, bigint), Run: countAndMax},
	{Name: "q18", Columns: columns(bigint, bigint, bigint, text, text, timestamp, text), Run: lastBids},
}

// rows fills batches row by row and emits full ones.
type rows struct {
	batch *vec.Batch
	emit  func(worker int, b *vec.Batch)
}

func newRows(ts []types.Type, emit func(int, *vec.Batch)) *rows {
	return &rows{vec.NewBatch(ts, vec.BatchSize), emit}
}

// added says that every column has been appended to.
func (r *rows) added() {
	r.batch.N++
	if r.batch.N == vec.BatchSize {
		r.flush()
	}
}

func (r *rows) flush() {
	r.emit(0, r.batch)
	r.batch.Recycle()
}

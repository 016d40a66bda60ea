package format

import (
	"github.com/streamdb/streamdb/sql/types"
	"github.com/streamdb/streamdb/sql/vec"
)

// Column is a column of the rows: its name is for headers, members of objects and errors.
type Column struct {
	Name string
	Type types.Type
}

// Decoder reads rows from bytes that come in chunks. After an error it is of no more use.
type Decoder interface {
	// Feed adds bytes behind those fed before, when Next had no more rows; p is the caller's again when it returns.
	Feed(p []byte)
	// End says that there are no more bytes.
	End()
	// Next fills dst with the next rows, at most maxRows, of what was fed. No row and no error means that Feed or End has to
	// come first, or, after End, that there are no more rows. dst has the decoder's columns; what it held before is gone.
	Next(dst *vec.Batch, maxRows int) (rows int, err error)
	// Where is the context line of row i of the last batch, for errors that others find in it.
	Where(i int) string
	// Consumed is how many of the bytes fed the rows returned so far have taken, with what stands before and between them.
	Consumed() int64
}

// Encoder writes rows as bytes. It appends to dst and returns it, as append does.
type Encoder interface {
	// Header is what comes before all rows.
	Header(dst []byte) []byte
	// Rows are the rows of a batch; their weights are not looked at.
	Rows(dst []byte, b *vec.Batch) []byte
	// Trailer is what comes after all rows.
	Trailer(dst []byte) []byte
}

// Types are the types of columns.
func Types(cols []Column) []types.Type {
	ts := make([]types.Type, len(cols))
	for i, c := range cols {
		ts[i] = c.Type
	}
	return ts
}

package expr

import (
	"slices"

	"github.com/streamdb/streamdb/sql/sqlerr"
)

// Errors collects the errors of rows; its Fail is a Ctx's. The zero value is empty. A statement stops at the first; an
// operator of a view waits until it knows which rows are there at a cut.
type Errors struct {
	rows map[int32]error
}

// Fail records the error of row i, unless it has one.
func (e *Errors) Fail(i int32, err error) {
	if e.rows == nil {
		e.rows = map[int32]error{}
	}
	if _, ok := e.rows[i]; !ok {
		e.rows[i] = err
	}
}

// Reset forgets all errors.
func (e *Errors) Reset() { clear(e.rows) }

// Any reports whether a row failed.
func (e *Errors) Any() bool { return len(e.rows) > 0 }

// Row is the error of row i, or nil.
func (e *Errors) Row(i int32) error { return e.rows[i] }

// Rows are the rows that failed, ascending.
func (e *Errors) Rows() []int32 {
	rows := make([]int32, 0, len(e.rows))
	for i := range e.rows {
		rows = append(rows, i)
	}
	slices.Sort(rows)
	return rows
}

// First is the error of the first row that failed, for a statement to stop with, or nil.
func (e *Errors) First() error {
	if len(e.rows) == 0 {
		return nil
	}
	return sqlerr.From(e.rows[e.Rows()[0]])
}

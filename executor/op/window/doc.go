// Package window has the Over operator: window functions, and aggregates over frames.
//
// The rows are kept in an ordered arrangement by partition and order. A step's output is a difference: what the affected rows
// of each changed partition had before the changes were applied is computed once more and taken back, and what they have
// after is emitted. Which rows are affected follows from the calls (reach.go): a row's number depends on all rows before it,
// lag on one, a frame of ROWS on those it spans; a frame of RANGE with an offset on those within that
// distance (rangereach.go); so an append to a partition touches its end alone where nothing depends on more. Calls that look
// at the whole partition (ntile, GROUPS, lag with an offset that is a column, …) have it computed as a whole. A running
// aggregate goes on from the partition's total, less the rows from the first affected one on (totals.go).
//
// Where rows are freed behind the watermark (free.go), what calls that look back to a partition's first row need of them is kept with the
// totals: how many they were, and a state for each such call.
//
// A block is the affected rows of several partitions with what they depend on, each copy of a row of weight n being a row: the
// functions are loops over its columns.
//
// Rows that tie by ORDER BY go by all other columns.
package window

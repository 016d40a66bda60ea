// Package order has the TopN operator: the first rows of each partition, by an order.
//
// The rows are kept in an ordered arrangement that counts, so that a place in a partition is found in logarithmic time. The
// output of a partition is its rows from place offset to place offset + limit: what stands before the second place less
// what stands before the first. What stands before a place changes by the changed rows before it, and by rows that are
// pushed over it: the output's change is told without reading a window (place.go), unless the window is no larger than the
// changes, when it is read before and after (TopN.replace).
//
// Over append-only input a row behind the window will never be in it. Such rows are dropped when they come, or as soon as
// they are pushed out, and state is bounded by the windows (bounded.go).
//
// Rows that tie by ORDER BY go by all other columns, so which of them are in the window is not left to chance.
package order

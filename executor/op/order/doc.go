// Package order has the operators TopN and FirstRows: the first rows of each partition, by an order.
//
// TopN takes any input and any window of places. Its rows are kept in an ordered arrangement that counts, so that a place in a
// partition is found in logarithmic time. The output of a partition is its rows from place offset to place offset + limit: what stands before the second place less
// what stands before the first. What stands before a place changes by the changed rows before it, and by rows that are
// pushed over it: the output's change is told without reading a window (place.go), unless the window is no larger than the
// changes, when it is read before and after (TopN.replace).
//
// Over append-only input a row behind the window will never be in it. Such rows are dropped when they come, or as soon as
// they are pushed out, and state is bounded by the windows (bounded.go).
//
// FirstRows does the usual case of that, a few rows of each partition of an append-only input, without an order in its state: rows are found by
// the hash of their partition. What a step touches is worked out beside the state. The first row of a partition that comes brings those which the
// partition had as of the last cut; the others are compared with the last of what it has by now, and a row is copied only if it has a place when
// its batch has been looked at (ranking.go). The cut tells the places before from those after, so what is pushed out again within a
// step is never written nor emitted, and numbers of places come for nothing (firstemit.go).
//
// Rows that tie by ORDER BY go by all other columns, so which of them are in the window is not left to chance.
package order

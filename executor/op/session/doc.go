// Package session finds sessions: rows of a partition, in the order of time, each of which comes less than a gap after the one before. It has
// the operator of the Session node, and the Tracker that this and the aggregation of sessions (op/agg) are made with.
//
// The tracker keeps the open sessions: by partition and start, so that those that new rows touch are found without reading rows, and by end,
// so that those that close are. The operator keeps their rows in order of time. A step's rows are taken by the watermark they are
// stamped with, lowest first, and epoch by epoch: what has closed by then is closed, and then the rows of a partition are swept together with the sessions
// that they touch (region.go), which makes each region one session, or, where rows were taken back, perhaps several or none.
//
// Without EMIT ON WINDOW CLOSE the output is a difference: the rows of a session whose bounds have changed are taken back with the old ones
// and come again with the new.
//
// Invariants:
//   - Two open sessions of a partition are at least a gap apart, and each has a row at its start and at its end less the gap.
//   - A row is late if the region it is in has no open session and ends at or before its stamp. The outcome depends on what rows are stamped
//     with and not on the order in which they come. Rows of one epoch are judged together.
package session

// Package changelog is the durable ordered log of epochs: what happened, in which order, and the rows that clients wrote.
//
// An epoch is appended by one atomic commit: its record (time, positions of polled sources, watermarks, catalog change)
// and its rows, as blocks of columns under (relation, epoch, chunk). Group commit is the caller's business: the clock
// gathers what waits, and appends it as one epoch with one fsync.
//
// Rows of a large COPY do not wait in memory for their epoch. They are written to a stage, which spills sorted runs past
// the write-ahead log, and the epoch's commit only names the stage: no row is written twice. What Append itself is given
// takes the same way when it is large.
//
// Invariants:
//   - Epochs rise, and their times never fall. An epoch is in the log whole or not at all; once durable it never changes.
//   - Rows of a stage are nowhere to be seen until an epoch names it; stages that no epoch names are removed at Open.
//   - A block holds at most blockRows rows and is read whole: memory of a scan does not depend on the size of an epoch.
//   - Every record and block carries a checksum; damage is XX001 and names the relation, epoch and chunk.
//   - Trimming removes rows, never records of epochs that are still needed: those go by TrimRecords.
//   - A scan sees the log as it was when the scan began, whatever is appended or trimmed meanwhile.
package changelog

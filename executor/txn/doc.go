// Package txn is transactions: what a statement reads at which epoch, what a transaction has written and not yet committed,
// constraints, ON CONFLICT, and the locks of writers.
//
// Invariants:
//   - A transaction's writes are in its write sets and nowhere else until Commit hands them to the clock, whole.
//   - Writers of one table take turns: who writes it holds its lock until the transaction ends. So what a writer has read of
//     its table (keys, rows to update) still holds when it commits, and unique keys need no second look.
//   - A statement that fails leaves the write sets as they were before it.
//   - Within a transaction a statement sees the committed rows of its epoch and the transaction's own writes.
package txn

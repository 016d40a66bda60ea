// Package temporal has the operator of temporal filters: conditions that compare a column with the clock, so that rows expire, or appear,
// as time passes (Materialize calls them that; the idea is older: Snodgrass's now-relative predicates).
//
// The clock is the recorded time of a cut's epoch (op.Context.Time), so that every replay of a cut gives the same rows.
//
// Invariants:
//   - waiting has the rows whose time has not come, by From; shown those that are out and will expire, by To. A row is in one of them at
//     most; rows that have expired, and those that never will, are in none.
//   - The output is emitted at EndStep only, consolidated.
//   - Due is when the clock alone changes the output next: whoever closes epochs need not look before.
package temporal

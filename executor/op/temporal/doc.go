// Package temporal has the operators whose output changes as time passes. Temporal is that of temporal filters: conditions that compare a
// column with the clock, so that rows expire, or appear (Materialize calls them that; the idea is older: Snodgrass's now-relative
// predicates). Expiry shows each row for a length of time after it has come.
//
// The clock is the recorded time of a cut's epoch (op.Context.Time), so that every replay of a cut gives the same rows.
//
// Invariants:
//   - Temporal's waiting has the rows whose time has not come, by From; shown those that are out and will expire, by To. A row is in one of
//     them at most; rows that have expired, and those that never will, are in none.
//   - Expiry's shown and copies have the same rows: those that are out. What has expired is in neither.
//   - The output is emitted at EndStep only, consolidated.
//   - Due is when the clock alone changes the output next: whoever closes epochs need not look before.
package temporal

// Package join has the operators of the Join and Asof nodes. Each side's rows are kept in an arrangement by the join key, the
// columns that nothing needs left out. Where none is ever taken back and they are large, the arrangement has only their keys, and a log the rest
// (shelf.go); what the log has may wait for the arrangement until somebody looks there (deferred.go).
//
//   - Join gathers both sides' changes and joins them at the cut, or streams (stream.go) where nothing can be revised. With dA and dB the changes of its two sides, it emits
//     A_old ⋈ dB + dA ⋈ B_new, which is what dA ⋈ B_old + A_new ⋈ dB is; so over empty state (an ad hoc query) it builds B
//     and probes it with A, as any hash join does, and never looks at A's state.
//   - NotIn is the anti join whose nulls are those of NOT IN.
//   - WindowJoin joins windows whole, when they have closed.
//   - LookUp joins a row with what is there when it comes.
//   - Asof joins a row with the one that is nearest in time (asof.go, asofchange.go, asoffree.go).
//
// Outer, semi and anti joins also follow which rows have a partner. Without a residual that is a matter of the key alone:
// a row's key is among the other side's or not, which the other side's arrangement tells (keymatch.go). With one, the
// number of partners of each row that has any is kept, as the weights of a Z-set of these rows (rowmatch.go). Where a row alone
// is to come out only when it is sure to stay so, those that wait are kept by time (closematch.go).
//
// A join with a bound keeps its rows in slices by time (store.go), which go as the watermarks rise (bound.go): a row goes when the
// other side can have no partner for it any more. Rows that say by a column of their own when that is are swept instead (sweep.go). What it has made of the row stays right, so this changes no answer.
//
// Invariants:
//   - At the end of a step nothing waits: what is frozen is all there is.
//   - Rows with a null key that matches nothing are not kept. If their side is preserved they go straight to the output (or wait for
//     their window, in a WindowJoin).
//   - A pair is one row of each side; its weight is the product of theirs. Pairs are made in batches of at most
//     vec.BatchSize and, where nothing can be retracted in the step, streamed; else they are consolidated first.
//   - A pair whose residual fails is no pair; its error counts with the pair's weight.
//   - No operator here judges what is late: the rows of a join with a bound are on time, which is seen to below.
package join

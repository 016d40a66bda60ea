// Package agg has the operators of the Aggregate, SliceAggregate and SessionAggregate nodes. The second (slices.go) is made of two of the
// first: one that gathers rows by slice, and one that has the windows. The third (sessions.go) has an aggregate for each open session.
//
// A step goes in two parts. Push numbers the groups of a batch and steps its rows into dense vectors of partial states
// (scratch.go): no look-up in the state, one loop a call. At the cut the touched groups are looked up once, a chunk at a
// time: their results as they are, the merge, their results as they are to be, and what differs is emitted (merge.go).
//
// A PartialAggregate (partial.go, partial_ints.go) does the first part before an exchange: it gives groups as columns of states, which
// are merged into the scratch above as rows are stepped into it elsewhere.
//
// A call follows its input in one of these ways (layout.go):
//   - merged: the function's state, where changes can be merged into it: it can be retracted, or nothing is.
//   - counted: count(*) is the count of rows that tells when a group is empty.
//   - ordered: the group's input in order, where a retraction cannot be undone in a state or the order matters (list.go).
//
// DISTINCT stands before these: what appears among a group's values, and what goes, is the input (distinct.go, numbering.go). Groups of windows
// are kept in slices by window end (store.go, close.go).
//
// Invariants:
//   - Every group of the state has a count other than 0, but for a global aggregate's, which is always there. The count is
//     the weight of the group's rows; a group of a positive count has a row in the output.
//   - The state tells what was emitted: the results of a group, computed from its row in the arrangement (ordered calls
//     have theirs in it), are the row that is out. Therefore nothing else is kept from step to step.
//   - A step in which a group's results fail has a fault, and is not gone on from.
//   - Results do not depend on the order of the input: of several forms of one key (1.0, 1.00) the least is shown.
package agg

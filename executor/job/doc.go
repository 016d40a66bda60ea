// Package job runs views and sinks: each is a job, which feeds what its inputs' relations change into a driver, cut by cut,
// and publishes what comes out.
//
// Invariants:
//   - A job cuts at every epoch that changes one of its inputs, in order, and at no epoch before all its inputs are complete
//     up to it. What it publishes at a cut is its query's change since the cut before.
//   - A job's frontier is worked out when asked: it is as complete as its inputs unless a block of theirs waits. So an
//     epoch costs nothing to a job whose inputs it does not touch.
//   - A new job's first step is its back-fill: all its inputs' rows as of the epoch at which it began.
//   - A job that fails stops at its last good cut; nobody but its dependants notices.
package job
